// SPDX-License-Identifier: GPL-2.0-only
/* What happened between the mark and the last frame: usage, waits, the host, and how far to trust
 * it. */
#include "world.h"

#include "window.h"

#define NET   "object=tcp/client/127.0.0.1:5432"
#define SERVE "object=tcp/server/127.0.0.1:8000"

static void assert_near(double value, double expected)
{
	if (value < expected - 1e-9 || value > expected + 1e-9)
		fail_msg("%.12g is not %.12g", value, expected);
}

static struct tb_usage usage_of(const struct world *w, __u32 tgid)
{
	struct tb_usage usage;

	tb_window_process(&w->model, world_process(w, tgid), &usage);
	return usage;
}

static void without_a_mark_there_is_no_window(void **state)
{
	struct world *w = *state;
	struct tb_usage usage;

	world_feed(w, "at 10s\nTHREAD tid=7 oncpu=1s\nFRAME\n");
	usage = usage_of(w, 7);
	assert_int_equal(tb_window_ns(&w->model), 0);
	assert_int_equal(usage.ns[TB_ONCPU], 0);
	assert_near(tb_usage_mean(&usage, 5), 0);
}

static void usage_is_what_came_since_the_mark(void **state)
{
	struct world *w = *state;
	struct tb_usage usage;

	world_feed(w, "at 10s\nTHREAD tid=7 birth=5s oncpu=2s disk=3s n.disk=30 gaps=1\nFRAME\n");
	tb_model_mark(&w->model);
	world_feed(w, "at 12s\nTHREAD tid=7 birth=5s oncpu=2.5s disk=4.5s n.disk=33 gaps=2\n"
		      "THREAD tid=8 tgid=7 birth=11s net=1s\nFRAME\n");
	usage = usage_of(w, 7);
	assert_int_equal(usage.window_ns, 2000 * MS);
	assert_int_equal(usage.ns[TB_ONCPU], 500 * MS);
	assert_int_equal(usage.ns[TB_DISK], 1500 * MS);
	assert_int_equal(usage.count[TB_DISK], 3);
	assert_int_equal(usage.gaps, 1);
	assert_int_equal(usage.threads, 2);
	assert_near(tb_usage_mean(&usage, usage.ns[TB_DISK]), 0.75);
	assert_near(tb_usage_mean(&usage, tb_usage_blocked_ns(&usage)), 1.25);
}

static void a_frame_that_ended_late_stretches_no_window(void **state)
{
	struct world *w = *state;
	struct tb_disk_usage disk;
	struct tb_usage usage;

	world_feed(w, "at 10s\nTHREAD tid=7 birth=5s oncpu=5s\nDISK name=a dev=8:0\n"
		      "at 10.5s\nFRAME\n");
	tb_model_mark(&w->model);
	world_feed(w, "at 11s\nTHREAD tid=7 birth=5s oncpu=6s\nDISK name=a dev=8:0 busy=300ms\n"
		      "at 11.1s\nFRAME\n");
	usage = usage_of(w, 7);
	assert_int_equal(tb_window_ns(&w->model), 1000 * MS);
	assert_near(tb_usage_mean(&usage, usage.ns[TB_ONCPU]), 1);
	tb_window_disk(&w->model, tb_window_busiest_disk(&w->model), &disk);
	assert_near(disk.busy, 0.5);
}

static void a_process_born_in_the_window_counts_from_its_birth(void **state)
{
	struct world *w = *state;
	struct tb_usage usage;

	world_feed(w, "at 10s\nFRAME\n");
	tb_model_mark(&w->model);
	world_feed(w, "at 11s\nTHREAD tid=7 birth=10.6s oncpu=400ms\nFRAME\n");
	usage = usage_of(w, 7);
	assert_int_equal(usage.ns[TB_ONCPU], 400 * MS);
}

/* A walk can miss a thread; when it shows again, its past is not this window's. */
static void a_thread_found_late_brings_no_time_from_before_the_window(void **state)
{
	struct world *w = *state;
	struct tb_usage usage;

	world_feed(w, "at 10s\nTHREAD tid=7 birth=5s oncpu=5s\nFRAME\n");
	tb_model_mark(&w->model);
	world_feed(w, "at 11s\nTHREAD tid=7 birth=5s oncpu=6s\n"
		      "THREAD tid=8 tgid=7 birth=4s poll=7s\nFRAME\n");
	tb_window_thread(&w->model, tb_model_thread(&w->model, 8, 1), &usage);
	assert_int_equal(usage.ns[TB_POLL], 0);
	assert_int_equal(usage.threads, 1);
}

static void open_time_before_the_mark_is_not_in_the_window(void **state)
{
	struct world *w = *state;
	struct tb_usage usage;

	world_feed(w, "at 10s\nTHREAD tid=7 state=disk for=5s last=5s object=file/8:1/5\nFRAME\n");
	tb_model_mark(&w->model);
	world_feed(w, "at 11s\nTHREAD tid=7 state=disk for=6s last=5s object=file/8:1/5\nFRAME\n");
	usage = usage_of(w, 7);
	assert_int_equal(usage.ns[TB_DISK], 1000 * MS);
}

static void waits_for_work_are_idle_and_the_rest_is_busy(void **state)
{
	struct world *w = *state;
	struct tb_usage usage;

	world_feed(w, "at 10s\nFRAME\n");
	tb_model_mark(&w->model);
	world_feed(w, "at 12s\nTHREAD tid=7 birth=10s oncpu=200ms net=1s poll=500ms disk=300ms\n"
		      "EDGE tgid=7 state=net total=600ms " SERVE "\n"
		      "EDGE tgid=7 state=net total=400ms " NET "\nFRAME\n");
	usage = usage_of(w, 7);
	assert_int_equal(usage.idle[TB_NET], 600 * MS);
	assert_int_equal(usage.idle[TB_POLL], 500 * MS);
	assert_int_equal(usage.idle_ns, 1100 * MS);
	assert_int_equal(tb_usage_busy_ns(&usage), 900 * MS);
}

static void idle_time_is_never_more_than_the_time(void **state)
{
	struct world *w = *state;
	struct tb_usage usage;

	world_feed(w, "at 10s\nFRAME\n");
	tb_model_mark(&w->model);
	world_feed(w, "at 12s\nTHREAD tid=7 birth=11s net=1s\n"
		      "EDGE tgid=7 state=net total=5s " SERVE "\nFRAME\n");
	usage = usage_of(w, 7);
	assert_int_equal(usage.idle_ns, 1000 * MS);
	assert_int_equal(tb_usage_busy_ns(&usage), 0);
}

static void usages_add_up(void **state)
{
	struct world *w = *state;
	struct tb_usage sum = {}, usage;

	world_feed(w, "at 10s\nFRAME\n");
	tb_model_mark(&w->model);
	world_feed(w, "at 11s\nTHREAD tid=7 birth=10s oncpu=1s\nTHREAD tid=8 birth=10s "
		      "timer=1s\nFRAME\n");
	usage = usage_of(w, 7);
	tb_usage_add(&sum, &usage);
	usage = usage_of(w, 8);
	tb_usage_add(&sum, &usage);
	assert_int_equal(sum.threads, 2);
	assert_int_equal(sum.ns[TB_ONCPU], 1000 * MS);
	assert_int_equal(sum.idle_ns, 1000 * MS);
	assert_near(tb_usage_mean(&sum, tb_usage_busy_ns(&sum)), 1);
}

static void waits_come_longest_first_and_no_more_than_fit(void **state)
{
	struct world *w = *state;
	struct tb_wait waits[2], top;
	char line[128];
	int i;

	world_feed(
		w,
		"at 10s\nTHREAD tid=7\nEDGE tgid=7 state=disk total=9s object=file/8:1/1\nFRAME\n");
	tb_model_mark(&w->model);
	assert_int_equal(tb_window_waits(world_process(w, 7), waits, 2), 0);
	for (i = 1; i <= 5; i++) {
		snprintf(line, sizeof(line),
			 "EDGE tgid=7 state=disk count=%d total=%dms object=file/8:1/%d", i,
			 i * 7 % 5 + 1, 100 + i);
		world_line(w, line);
	}
	world_feed(w, "THREAD tid=7\nat 11s\nFRAME\n");
	assert_int_equal(tb_window_waits(world_process(w, 7), waits, 2), 5);
	assert_int_equal(waits[0].ns, 5 * MS); /* i = 2 */
	assert_int_equal(waits[0].count, 2);
	assert_int_equal(waits[1].ns, 4 * MS); /* i = 4 */
	assert_int_equal(tb_window_waits(world_process(w, 7), NULL, 0), 5);
	assert_true(tb_window_top_wait(world_process(w, 7), false, &top));
	assert_int_equal(top.edge->now.object.ino, 102);
}

static void an_idle_wait_is_top_only_if_asked_for(void **state)
{
	struct world *w = *state;
	struct tb_wait top;

	world_feed(w, "at 10s\nTHREAD tid=7\nFRAME\n");
	tb_model_mark(&w->model);
	world_feed(w, "at 11s\nTHREAD tid=7\nEDGE tgid=7 state=poll total=900ms "
		      "object=syscall/7\nFRAME\n");
	assert_false(tb_window_top_wait(world_process(w, 7), false, &top));
	assert_true(tb_window_top_wait(world_process(w, 7), true, &top));
	assert_true(top.idle);
	assert_int_equal(top.ns, 900 * MS);
}

static void the_longest_open_wait_says_if_it_is_an_estimate(void **state)
{
	struct world *w = *state;
	struct tb_longest longest;

	world_feed(w, "at 100s\nTHREAD tid=7 state=disk for=2s object=file/8:1/5\n"
		      "THREAD tid=8 tgid=7 state=disk for=1s since=10s flags=existed,estimate\n"
		      "THREAD tid=9 tgid=7 state=timer for=99s\nFRAME\n");
	longest = tb_process_longest(&w->model, world_process(w, 7), false);
	assert_int_equal(longest.thread->now.id.tid, 8);
	assert_int_equal(longest.ns, 90000 * MS);
	assert_true(longest.estimate);
	longest = tb_process_longest(&w->model, world_process(w, 7), true);
	assert_int_equal(longest.thread->now.id.tid, 9);
	assert_false(longest.estimate);
	world_feed(w, "at 101s\nTHREAD tid=10\nFRAME\n");
	assert_null(tb_process_longest(&w->model, world_process(w, 10), true).thread);
}

static void host_shares_are_of_what_passed(void **state)
{
	struct world *w = *state;
	struct tb_host_usage usage;

	world_feed(w, "at 10s\nHOST user=1s system=1s idle=8s iowait=0 steal=0 "
		      "pressure_io_some=1s\nFRAME\n");
	tb_model_mark(&w->model);
	world_feed(w, "at 12s\nHOST user=2s system=1.5s idle=9s iowait=1s steal=500ms "
		      "pressure_io_some=1.5s major_faults=4\nFRAME\n");
	tb_window_host(&w->model, &usage);
	assert_near(usage.busy, 0.375);
	assert_near(usage.iowait, 0.25);
	assert_near(usage.steal, 0.125);
	assert_near(usage.pressure_io, 0.25);
	assert_true(usage.pressure_cpu < 0); /* this kernel does not tell */
	assert_near(usage.major_faults_per_s, 2);
}

static void a_disk_is_busy_by_its_counters_and_unknown_is_no_number(void **state)
{
	struct world *w = *state;
	struct tb_disk_usage usage;

	world_feed(w, "at 10s\nDISK name=sda dev=8:0 reads=10 busy=1s weighted=2s\n"
		      "DISK name=sdb dev=8:16\nFRAME\n");
	tb_model_mark(&w->model);
	world_feed(w, "at 12s\nDISK name=sda dev=8:0 reads=14 read_bytes=8192 busy=2s weighted=5s\n"
		      "DISK name=sdb dev=8:16\nFRAME\n");
	tb_window_disk(&w->model, tb_window_busiest_disk(&w->model), &usage);
	assert_string_equal(tb_window_busiest_disk(&w->model)->now.name, "sda");
	assert_near(usage.busy, 0.5);
	assert_near(usage.queue, 1.5);
	assert_near(usage.reads_per_s, 2);
	assert_near(usage.read_bytes_per_s, 4096);
	assert_near(usage.await_s, 0.75);
}

static void a_loss_or_a_gap_in_the_window_makes_it_incomplete(void **state)
{
	struct world *w = *state;
	struct tb_trust trust;

	world_feed(w, "at 10s\nSTATUS lost_ring=5 gaps=2\nFRAME\n");
	tb_model_mark(&w->model);
	world_feed(w, "at 11s\nSTATUS lost_ring=5 gaps=2 user=10ms bpf=20ms\nFRAME\n");
	tb_window_trust(&w->model, &trust);
	assert_true(trust.complete);
	assert_int_equal(trust.lost_total, 5);
	assert_near(trust.user_cpu_fraction, 0.01);
	assert_near(trust.bpf_cpu_fraction, 0.02);
	world_feed(w, "at 12s\nSTATUS lost_ring=5 lost_edges=1 gaps=2 bpf_ns_known=0\nFRAME\n");
	tb_window_trust(&w->model, &trust);
	assert_false(trust.complete);
	assert_int_equal(trust.lost_window, 1);
	assert_true(trust.bpf_cpu_fraction < 0);
	world_feed(w,
		   "at 13s\nSTATUS lost_ring=5 gaps=3\nTHREAD tid=7 oncpu=1ms birth=1s\nFRAME\n");
	tb_window_trust(&w->model, &trust);
	assert_false(trust.complete);
	assert_int_equal(trust.gaps, 1);
	assert_int_equal(trust.torn, 1);
}

static void time_without_a_reason_or_a_process_is_unknown(void **state)
{
	struct world *w = *state;
	struct tb_trust trust;

	world_feed(w, "at 10s\nFRAME\n");
	tb_model_mark(&w->model);
	world_feed(w, "at 12s\nTHREAD tid=7 birth=10s oncpu=1s other=1s\n"
		      "EDGE tgid=7 state=other total=1s\n"
		      "THREAD tid=2 birth=10s other=2s flags=kernel\n"
		      "FOLD tgid=0 threads=1 oncpu=2s\nFRAME\n");
	tb_window_trust(&w->model, &trust);
	assert_near(trust.unknown_share, 0.75); /* 1 s and 2 s of 4 s */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(without_a_mark_there_is_no_window),
		world_test(usage_is_what_came_since_the_mark),
		world_test(a_frame_that_ended_late_stretches_no_window),
		world_test(a_process_born_in_the_window_counts_from_its_birth),
		world_test(a_thread_found_late_brings_no_time_from_before_the_window),
		world_test(open_time_before_the_mark_is_not_in_the_window),
		world_test(waits_for_work_are_idle_and_the_rest_is_busy),
		world_test(idle_time_is_never_more_than_the_time),
		world_test(usages_add_up),
		world_test(waits_come_longest_first_and_no_more_than_fit),
		world_test(an_idle_wait_is_top_only_if_asked_for),
		world_test(the_longest_open_wait_says_if_it_is_an_estimate),
		world_test(host_shares_are_of_what_passed),
		world_test(a_disk_is_busy_by_its_counters_and_unknown_is_no_number),
		world_test(a_loss_or_a_gap_in_the_window_makes_it_incomplete),
		world_test(time_without_a_reason_or_a_process_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
