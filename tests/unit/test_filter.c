// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which processes and threads are shown: each option of the filter, and what it says when none is.
 */
#include "world.h"

#include "filter.h"

/* A window of one second with a web server, its idle twin, a batch job and a kernel thread. */
static int busy_setup(void **state)
{
	struct world *w;

	if (world_setup(state))
		return -1;
	w = *state;
	world_feed(w, "at 10s\nFRAME\n");
	tb_model_mark(&w->model);
	world_feed(w,
		   "at 11s\n"
		   "PROCESS tgid=100 comm=gunicorn cgroup=/system.slice/gunicorn.service/worker\n"
		   "THREAD tid=100 comm=gunicorn birth=10s net=1s n.net=10\n"
		   "THREAD tid=101 tgid=100 comm=worker birth=10s oncpu=300ms disk=700ms n.disk=2\n"
		   "EDGE tgid=100 state=net count=10 total=1s object=tcp/client/127.0.0.1:5432\n"
		   "EDGE tgid=100 state=disk count=2 total=700ms object=file/8:1/5\n"
		   "PROCESS tgid=200 comm=nginx cgroup=/system.slice/nginx.service\n"
		   "THREAD tid=200 comm=nginx birth=10s poll=998ms oncpu=2ms\n"
		   "PROCESS tgid=300 comm=tar cgroup=/user.slice/user-0.slice/session-1.scope\n"
		   "THREAD tid=300 comm=tar birth=10s oncpu=100ms state=filelock for=900ms\n"
		   "THREAD tid=9 comm=kworker/0:1 flags=kernel birth=10s oncpu=1s\nFRAME\n");
	return 0;
}

#define busy_test(name) cmocka_unit_test_setup_teardown(name, busy_setup, world_teardown)

static bool shows(const struct world *w, const struct tb_filter *filter, __u32 tgid)
{
	return tb_filter_process(filter, &w->model, world_process(w, tgid));
}

static bool shows_thread(const struct world *w, const struct tb_filter *filter, __u32 tid)
{
	const struct tb_model_thread *thread = tb_model_thread(&w->model, tid, 1);

	assert_non_null(thread);
	return tb_filter_thread(filter, &w->model, thread);
}

/* Of gunicorn, nginx, tar and the kernel thread. */
static void assert_shown(const struct world *w, const struct tb_filter *filter,
			 const char *expected)
{
	static const __u32 tgids[] = { 100, 200, 300, 9 };
	char got[5] = "----";
	int i;

	for (i = 0; i < 4; i++)
		if (shows(w, filter, tgids[i]))
			got[i] = "gntk"[i];
	assert_string_equal(got, expected);
}

static void by_default_idle_processes_and_kernel_threads_are_hidden(void **state)
{
	struct tb_filter filter = tb_filter_default();

	assert_shown(*state, &filter, "g-t-");
	assert_false(tb_filter_is_set(&filter));
	filter.idle = true;
	assert_shown(*state, &filter, "gnt-");
	filter.kernel_threads = true;
	assert_shown(*state, &filter, "gntk");
	assert_false(tb_filter_is_set(&filter));
}

static void pids_are_shown_whatever_they_do(void **state)
{
	struct tb_filter filter = tb_filter_default();

	filter.pids[0] = 200;
	filter.pids[1] = 9;
	filter.pid_nr = 2;
	assert_shown(*state, &filter, "-n-k");
	assert_true(tb_filter_is_set(&filter));
}

static void a_thread_is_shown_with_its_process(void **state)
{
	struct tb_filter filter = tb_filter_default();

	filter.tid = 101;
	assert_shown(*state, &filter, "g---");
	assert_true(shows_thread(*state, &filter, 101));
	assert_false(shows_thread(*state, &filter, 100));
	filter.tid = 4711;
	assert_shown(*state, &filter, "----");
}

static void names_are_globs_on_the_process(void **state)
{
	struct tb_filter filter = tb_filter_default();

	filter.comm = "g*n";
	assert_shown(*state, &filter, "g---");
	assert_true(shows_thread(*state, &filter, 101)); /* of such a process */
	filter.comm = "n?inx";
	assert_shown(*state, &filter, "-n--"); /* asked for by name: idle or not */
	filter.comm = "worker";
	assert_shown(*state, &filter, "----");
}

static void groups_are_globs_on_the_whole_path(void **state)
{
	struct tb_filter filter = tb_filter_default();

	filter.cgroup = "/system.slice/*";
	assert_shown(*state, &filter, "gn--");
	filter.cgroup = "gunicorn";
	assert_shown(*state, &filter, "----");
}

static void units_may_leave_out_their_suffix(void **state)
{
	struct tb_filter filter = tb_filter_default();

	filter.unit = "gunicorn";
	assert_shown(*state, &filter, "g---");
	filter.unit = "gunicorn.service";
	assert_shown(*state, &filter, "g---");
	filter.unit = "session-1.scope";
	assert_shown(*state, &filter, "--t-");
	filter.unit = "guni";
	assert_shown(*state, &filter, "----");
	filter.unit = "system.slice"; /* a service has its own name */
	assert_shown(*state, &filter, "----");
}

static void the_unit_is_the_last_component_that_is_one(void **state)
{
	static const char *const rows[][2] = {
		{ "/system.slice/gunicorn.service/worker", "gunicorn.service" },
		{ "/user.slice/user-0.slice/session-1.scope", "session-1.scope" },
		{ "/user.slice", "user.slice" },
		{ "/docker/0123abcd", NULL },
		{ "/.service", NULL },
		{ "//a.service//", "a.service" },
		{ "", NULL },
	};
	size_t i, length;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *unit = tb_cgroup_unit(rows[i][0], &length);

		if (!rows[i][1]) {
			assert_null(unit);
			assert_int_equal(length, 0);
			continue;
		}
		assert_non_null(unit);
		assert_int_equal(length, strlen(rows[i][1]));
		assert_memory_equal(unit, rows[i][1], length);
	}
}

static void a_reason_shows_who_waited_for_it(void **state)
{
	struct tb_filter filter = tb_filter_default();

	filter.reason = TB_DISK;
	assert_shown(*state, &filter, "g---");
	assert_false(shows_thread(*state, &filter, 100));
	assert_true(shows_thread(*state, &filter, 101));
	filter.reason = TB_POLL; /* idle waits too: they were asked for */
	assert_shown(*state, &filter, "-n--");
	filter.reason = TB_MEMORY;
	assert_shown(*state, &filter, "----");
	assert_true(tb_filter_is_set(&filter));
}

static void a_least_wait_is_met_by_an_open_one_or_the_mean_of_closed_ones(void **state)
{
	struct tb_filter filter = tb_filter_default();

	filter.min_ns = 350 * MS; /* gunicorn: 350 ms at the disk; tar: 900 ms and still waiting */
	assert_shown(*state, &filter, "g-t-");
	filter.min_ns = 351 * MS;
	assert_shown(*state, &filter, "--t-");
	assert_true(shows_thread(*state, &filter, 300));
	filter.min_ns = 901 * MS;
	assert_shown(*state, &filter, "----");
	assert_true(tb_filter_is_set(&filter));
}

static void conditions_are_all_to_be_met(void **state)
{
	struct tb_filter filter = tb_filter_default();

	filter.comm = "tar";
	filter.reason = TB_FILELOCK;
	assert_shown(*state, &filter, "--t-");
	filter.reason = TB_DISK;
	assert_shown(*state, &filter, "----");
}

static void what_there_is_to_see_is_told_busiest_first(void **state)
{
	struct world *w = *state;
	const char *names[TB_FILTER_SEEN_MAX];
	char line[64];
	int i;

	assert_int_equal(tb_filter_seen(&w->model, names), 3);
	assert_string_equal(names[0], "gunicorn");
	assert_string_equal(names[1], "tar");
	assert_string_equal(names[2], "nginx");
	for (i = 0; i < 20; i++) {
		snprintf(line, sizeof(line), "THREAD tid=%d comm=job-%d birth=10s oncpu=1s",
			 500 + i, i / 2);
		world_line(w, line);
	}
	world_feed(w, "FRAME\n");
	assert_int_equal(tb_filter_seen(&w->model, names), TB_FILTER_SEEN_MAX);
	assert_string_equal(names[0], "gunicorn"); /* each name once, two jobs share one */
	for (i = 1; i < TB_FILTER_SEEN_MAX; i++)
		assert_string_not_equal(names[i], names[i - 1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		busy_test(by_default_idle_processes_and_kernel_threads_are_hidden),
		busy_test(pids_are_shown_whatever_they_do),
		busy_test(a_thread_is_shown_with_its_process),
		busy_test(names_are_globs_on_the_process),
		busy_test(groups_are_globs_on_the_whole_path),
		busy_test(units_may_leave_out_their_suffix),
		cmocka_unit_test(the_unit_is_the_last_component_that_is_one),
		busy_test(a_reason_shows_who_waited_for_it),
		busy_test(a_least_wait_is_met_by_an_open_one_or_the_mean_of_closed_ones),
		busy_test(conditions_are_all_to_be_met),
		busy_test(what_there_is_to_see_is_told_busiest_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
