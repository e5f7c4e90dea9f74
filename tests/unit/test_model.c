// SPDX-License-Identifier: GPL-2.0-only
/* What the model holds of threads and processes while they live, end, change their names and
 * return. */
#include "world.h"

#include <utlist.h>

static void a_process_is_the_sum_of_its_threads(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\n"
		      "THREAD tid=7 oncpu=100ms net=400ms state=net for=50ms\n"
		      "THREAD tid=8 tgid=7 oncpu=20ms state=runqueue for=3ms n.oncpu=4\n"
		      "THREAD tid=9 oncpu=1s\nFRAME\n");
	assert_int_equal(world_process(w, 7)->thread_nr, 2);
	assert_int_equal(world_total(w, 7, TB_ONCPU), 120 * MS);
	assert_int_equal(world_total(w, 7, TB_NET), 450 * MS);
	assert_int_equal(world_total(w, 7, TB_RUNQUEUE), 3 * MS);
	assert_int_equal(world_total(w, 9, TB_ONCPU), 1000 * MS);
	assert_int_equal(HASH_COUNT(w->model.threads), 3);
}

static void a_woken_threads_open_time_is_split(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nTHREAD tid=7 oncpu=1ms state=runqueue queued=2ms blocked=5ms "
		      "blocked_state=disk flags=woken\nFRAME\n");
	assert_int_equal(world_total(w, 7, TB_DISK), 5 * MS);
	assert_int_equal(world_total(w, 7, TB_RUNQUEUE), 2 * MS);
}

static void an_exit_keeps_the_time_and_ends_the_thread(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nTHREAD tid=7 birth=9s oncpu=300ms state=timer for=700ms\n"
		      "THREAD tid=8 tgid=7 birth=9s last=9.001s oncpu=1ms running=999ms\nFRAME\n"
		      "at 11s\nTHREAD tid=7 flags=exited birth=9s last=10.5s oncpu=400ms "
		      "timer=1.1s n.timer=3 gaps=2\n"
		      "THREAD tid=8 tgid=7 birth=9s oncpu=2s\nFRAME\n");
	assert_int_equal(world_process(w, 7)->thread_nr, 1);
	assert_null(tb_model_thread(&w->model, 7, 1));
	assert_int_equal(world_total(w, 7, TB_ONCPU), 2400 * MS);
	assert_int_equal(world_total(w, 7, TB_TIMER), 1100 * MS);
	assert_int_equal(world_process(w, 7)->dead.threads, 1);
	assert_int_equal(world_process(w, 7)->total.gaps, 2);
}

static void a_thread_that_no_walk_saw_counts_by_its_exit(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nTHREAD tid=7 oncpu=3ms flags=exited\nFRAME\n");
	assert_int_equal(world_total(w, 7, TB_ONCPU), 3 * MS);
	assert_int_equal(HASH_COUNT(w->model.threads), 0);
}

/* A thread that has given back its number is in no walk, and may be long on its way to its end. */
static void a_thread_missing_from_walks_keeps_its_time_until_its_end_is_told(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nTHREAD tid=7 birth=9s oncpu=1s\nFRAME\n"
		      "at 10.1s\nFRAME\nat 10.2s\nFRAME\nat 10.3s\nFRAME\n");
	assert_int_equal(world_process(w, 7)->thread_nr, 1);
	assert_int_equal(world_total(w, 7, TB_ONCPU), 1000 * MS);
	world_feed(w,
		   "at 10.4s\nTHREAD tid=7 flags=exited birth=9s last=10.2s oncpu=1.2s\nFRAME\n");
	assert_int_equal(world_process(w, 7)->thread_nr, 0);
	assert_int_equal(world_total(w, 7, TB_ONCPU), 1200 * MS);
}

static void a_thread_missing_from_many_walks_is_forgotten(void **state)
{
	struct world *w = *state;
	int i;

	world_feed(w, "at 10s\nTHREAD tid=7 oncpu=3ms\nFRAME\n");
	for (i = 0; i < 20; i++)
		world_feed(w, "FRAME\n");
	assert_int_equal(world_process(w, 7)->thread_nr, 0);
	assert_int_equal(HASH_COUNT(w->model.threads), 0);
}

/* exec in another thread than the first: the account goes on under the first one's name. */
static void an_exec_in_another_thread_keeps_its_account(void **state)
{
	struct world *w = *state;
	const struct tb_model_thread *thread;

	world_feed(w, "at 10s\nTHREAD tid=7 birth=5s oncpu=2s net=3s\n"
		      "THREAD tid=8 tgid=7 start=9s birth=9s oncpu=900ms net=100ms\nFRAME\n");
	tb_model_mark(&w->model);
	world_feed(
		w,
		"at 11s\nTHREAD tid=8 tgid=7 flags=exited birth=5s last=10.5s oncpu=2s net=3.5s\n"
		"THREAD tid=7 birth=9s oncpu=1.7s net=300ms\nFRAME\n");
	assert_int_equal(world_process(w, 7)->thread_nr, 1);
	assert_int_equal(HASH_COUNT(w->model.threads), 1);
	assert_int_equal(world_total(w, 7, TB_ONCPU), 3700 * MS);
	assert_int_equal(world_total(w, 7, TB_NET), 3800 * MS);
	thread = tb_model_thread(&w->model, 7, 1);
	assert_non_null(thread);
	assert_int_equal(thread->mark[TB_ONCPU], 900 * MS); /* the window goes on too */
}

static void the_first_thread_of_an_exec_keeps_its_time_until_its_end_is_told(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nTHREAD tid=7 birth=5s oncpu=2s net=3s\n"
		      "THREAD tid=8 tgid=7 start=9s birth=9s oncpu=900ms net=100ms\nFRAME\n"
		      "at 11s\nTHREAD tid=7 birth=9s oncpu=1.7s net=300ms\nFRAME\n");
	assert_int_equal(world_total(w, 7, TB_ONCPU), 3700 * MS);
	world_feed(
		w,
		"at 12s\nTHREAD tid=8 tgid=7 flags=exited birth=5s last=10.5s oncpu=2s net=3.5s\n"
		"THREAD tid=7 birth=9s oncpu=2.7s net=300ms\nFRAME\n");
	assert_int_equal(world_total(w, 7, TB_ONCPU), 4700 * MS);
	assert_int_equal(world_total(w, 7, TB_NET), 3800 * MS);
	assert_int_equal(world_process(w, 7)->thread_nr, 1);
}

static void an_exec_and_its_end_between_two_walks_leave_nobody(void **state)
{
	struct world *w = *state;

	world_feed(
		w,
		"at 10s\nTHREAD tid=7 birth=5s oncpu=2s net=3s\n"
		"THREAD tid=8 tgid=7 start=9s birth=9s oncpu=900ms net=100ms\nFRAME\n"
		"at 11s\nTHREAD tid=8 tgid=7 flags=exited birth=5s last=10.5s oncpu=2s net=3.5s\n"
		"THREAD tid=7 flags=exited birth=9s last=10.8s oncpu=1.6s net=200ms\nFRAME\n");
	assert_int_equal(world_process(w, 7)->thread_nr, 0);
	assert_int_equal(world_sum(world_process(w, 7)), 7300 * MS);
	assert_int_equal(world_process(w, 7)->dead.threads, 2);
}

static void a_pid_that_returns_is_another_process(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nTHREAD tid=7 start=1s leader=1s oncpu=3ms flags=exited\nFRAME\n"
		      "at 11s\nTHREAD tid=7 start=10s leader=10s oncpu=5ms\nFRAME\n");
	assert_int_equal(HASH_COUNT(w->model.processes), 2);
	assert_int_equal(world_sum(tb_model_process(&w->model, 7, 1000 * MS)), 3 * MS);
	assert_int_equal(world_sum(tb_model_process(&w->model, 7, 10000 * MS)), 5 * MS);
	assert_ptr_equal(tb_model_pid(&w->model, 7), tb_model_process(&w->model, 7, 10000 * MS));
	world_feed(w, "FOLD tgid=7 leader=1s oncpu=3ms\nFRAME\n"); /* news of the old one */
	assert_ptr_equal(tb_model_pid(&w->model, 7), tb_model_process(&w->model, 7, 10000 * MS));
}

static void the_first_thread_names_the_process_and_an_exec_renames_it(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nTHREAD tid=8 tgid=7 comm=worker\n");
	assert_string_equal(world_process(w, 7)->comm, "worker");
	world_feed(w, "THREAD tid=7 comm=gunicorn\nTHREAD tid=8 tgid=7 comm=worker\nFRAME\n");
	assert_string_equal(world_process(w, 7)->comm, "gunicorn");
	world_feed(w,
		   "at 11s\nPROCESS tgid=7 comm=sh exe=dash cgroup=/a\nTHREAD tid=7 comm=perl\n");
	assert_string_equal(world_process(w, 7)->comm, "perl");
	assert_string_equal(world_process(w, 7)->info.exe, "dash");
	assert_string_equal(world_process(w, 7)->info.cgroup, "/a");
}

static void a_name_of_full_length_is_ended(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nTHREAD tid=7 comm=0123456789abcdef\n");
	assert_string_equal(world_process(w, 7)->comm, "0123456789abcdef");
}

static void kernel_threads_make_kernel_processes(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nTHREAD tid=2 flags=kernel comm=kthreadd\nTHREAD tid=7\nFRAME\n");
	assert_true(world_process(w, 2)->kernel);
	assert_false(world_process(w, 7)->kernel);
}

static void a_woken_thread_keeps_the_object_of_its_wait(void **state)
{
	struct world *w = *state;
	const struct tb_model_thread *thread;

	world_feed(w,
		   "at 10s\nTHREAD tid=7 state=disk for=2ms last=9998ms object=file/8:1/5\nFRAME\n"
		   "at 10.001s\nTHREAD tid=7 state=runqueue blocked=2ms queued=1ms last=9998ms "
		   "blocked_state=disk flags=woken\nFRAME\n");
	thread = tb_model_thread(&w->model, 7, 1);
	assert_int_equal(thread->now.object.kind, TB_OBJ_FILE);
	world_feed(
		w,
		"at 10.002s\nTHREAD tid=7 disk=2ms runqueue=1ms birth=9998ms oncpu=1ms\nFRAME\n");
	assert_int_equal(thread->now.object.kind, TB_OBJ_NONE);
}

static void records_that_do_not_sum_are_dropped_and_counted(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nTHREAD tid=7 oncpu=3ms birth=1s\n"    /* other than last - birth */
		      "THREAD tid=8 oncpu=3ms birth=11s last=10s\n"  /* ends before its birth */
		      "THREAD tid=9 oncpu=3ms queued=5ms last=10s\n" /* open time is not */
		      "FOLD tgid=10 oncpu=3ms lifetime=2ms\nFRAME\n");
	assert_int_equal(w->model.torn, 4);
	assert_int_equal(HASH_COUNT(w->model.threads), 0);
}

static void a_state_beyond_the_table_is_dropped_and_counted(void **state)
{
	struct world *w = *state;
	struct tb_thread thread = { .h = { .kind = TB_REC_THREAD, .size = sizeof(thread) },
				    .state = TB_STATE_NR };
	struct tb_edge edge = { .h = { .kind = TB_REC_EDGE, .size = sizeof(edge) }, .state = 99 };

	assert_int_equal(tb_model_record(&w->model, &thread.h), 0);
	thread.state = 0;
	thread.blocked_state = 77;
	assert_int_equal(tb_model_record(&w->model, &thread.h), 0);
	assert_int_equal(tb_model_record(&w->model, &edge.h), 0);
	assert_int_equal(w->model.torn, 3);
}

static void unknown_kinds_and_short_records_are_counted_and_skipped(void **state)
{
	struct world *w = *state;
	struct tb_record unknown = { .kind = 4711, .size = sizeof(unknown) };
	struct tb_thread cut = { .h = { .kind = TB_REC_THREAD, .size = sizeof(cut) - 8 } };

	assert_int_equal(tb_model_record(&w->model, &unknown), 0);
	assert_int_equal(tb_model_record(&w->model, &cut.h), 0);
	assert_int_equal(w->model.unknown_records, 2);
	assert_int_equal(HASH_COUNT(w->model.threads), 0);
}

static void a_longer_record_of_a_later_version_is_read(void **state)
{
	struct world *w = *state;
	struct {
		struct tb_thread thread;
		__u64 later;
	} grown = { .thread = {
			    .h = { .kind = TB_REC_THREAD, .size = sizeof(grown) },
			    .id = { .tid = 7, .tgid = 7, .start_ns = 1, .leader_start_ns = 1 } } };

	assert_int_equal(tb_model_record(&w->model, &grown.thread.h), 0);
	assert_non_null(tb_model_thread(&w->model, 7, 1));
}

static void who_ended_is_kept_through_its_window_and_forgotten_after(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nTHREAD tid=1\nFRAME\n");
	tb_model_mark(&w->model);
	world_feed(w, "at 11s\nTHREAD tid=7 oncpu=3ms flags=exited\nTHREAD tid=1\nFRAME\n"
		      "at 12s\nTHREAD tid=1\nFRAME\nat 13s\nTHREAD tid=1\nFRAME\n"
		      "at 14s\nTHREAD tid=1\nFRAME\n");
	assert_int_equal(world_total(w, 7, TB_ONCPU), 3 * MS);
	tb_model_mark(&w->model);
	assert_null(tb_model_process(&w->model, 7, 1));
	assert_null(tb_model_pid(&w->model, 7));
	assert_non_null(tb_model_process(&w->model, 1, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(a_process_is_the_sum_of_its_threads),
		world_test(a_woken_threads_open_time_is_split),
		world_test(an_exit_keeps_the_time_and_ends_the_thread),
		world_test(a_thread_that_no_walk_saw_counts_by_its_exit),
		world_test(a_thread_missing_from_walks_keeps_its_time_until_its_end_is_told),
		world_test(a_thread_missing_from_many_walks_is_forgotten),
		world_test(an_exec_in_another_thread_keeps_its_account),
		world_test(the_first_thread_of_an_exec_keeps_its_time_until_its_end_is_told),
		world_test(an_exec_and_its_end_between_two_walks_leave_nobody),
		world_test(a_pid_that_returns_is_another_process),
		world_test(the_first_thread_names_the_process_and_an_exec_renames_it),
		world_test(a_name_of_full_length_is_ended),
		world_test(kernel_threads_make_kernel_processes),
		world_test(a_woken_thread_keeps_the_object_of_its_wait),
		world_test(records_that_do_not_sum_are_dropped_and_counted),
		world_test(a_state_beyond_the_table_is_dropped_and_counted),
		world_test(unknown_kinds_and_short_records_are_counted_and_skipped),
		world_test(a_longer_record_of_a_later_version_is_read),
		world_test(who_ended_is_kept_through_its_window_and_forgotten_after),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
