// SPDX-License-Identifier: GPL-2.0-only
/*
 * Folds: what the kernel holds of the dead replaces what the model heard of them, exactly when it
 * must. Totals stay true through lost exits, vanished threads and processes that found no fold.
 */
#include "world.h"

static void a_fold_that_tells_nothing_new_changes_nothing(void **state)
{
	struct world *w = *state;

	world_feed(w,
		   "at 10s\nTHREAD tid=7 flags=exited oncpu=3ms\nFOLD tgid=7 oncpu=3ms\nFRAME\n");
	assert_int_equal(world_total(w, 7, TB_ONCPU), 3 * MS);
	assert_int_equal(world_process(w, 7)->dead.threads, 1);
}

/*
 * Without a loss the fold is ahead of the exits that are still under way: they come by themselves.
 */
static void a_fold_that_is_ahead_waits_for_the_exit(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nFOLD tgid=7 oncpu=3ms\nFRAME\n");
	assert_int_equal(world_total(w, 7, TB_ONCPU), 0);
	world_feed(w,
		   "at 11s\nTHREAD tid=7 flags=exited last=9.9s oncpu=3ms\nFOLD tgid=7 oncpu=3ms\n"
		   "FRAME\n");
	assert_int_equal(world_total(w, 7, TB_ONCPU), 3 * MS);
}

static void a_lost_exit_is_found_in_the_fold(void **state)
{
	struct world *w = *state;

	world_feed(w,
		   "at 10s\nTHREAD tid=7 birth=9s oncpu=1s\nSTATUS\nFRAME\n"
		   "at 11s\nFOLD tgid=7 oncpu=1.3s net=200ms n.net=4 gaps=1\nSTATUS lost_ring=1\n"
		   "FRAME\n");
	assert_int_equal(world_process(w, 7)->thread_nr, 0);
	assert_int_equal(world_total(w, 7, TB_ONCPU), 1300 * MS);
	assert_int_equal(world_total(w, 7, TB_NET), 200 * MS);
	assert_int_equal(world_process(w, 7)->total.gaps, 1);
}

/* Its exit was lost after the folds of that frame were read. */
static void an_exit_lost_at_the_end_of_a_frame_is_found_in_the_next_ones_fold(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nTHREAD tid=7 birth=9s oncpu=1s\nSTATUS\nFRAME\n"
		      "at 11s\nSTATUS lost_ring=1\nFRAME\n"
		      "at 12s\nFOLD tgid=7 oncpu=1.3s\nSTATUS lost_ring=1\nFRAME\n");
	assert_int_equal(world_process(w, 7)->thread_nr, 0);
	assert_int_equal(world_total(w, 7, TB_ONCPU), 1300 * MS);
}

/* It ended between the reading of the folds and the walk: the fold is too small to hold it. */
static void a_lost_exit_that_no_fold_holds_yet_keeps_its_thread(void **state)
{
	struct world *w = *state;

	world_feed(w,
		   "at 10s\nTHREAD tid=7 birth=9s oncpu=1s\nTHREAD tid=8 tgid=7 oncpu=2ms\nSTATUS\n"
		   "FRAME\n"
		   "at 11s\nFOLD tgid=7 oncpu=5ms\nSTATUS lost_ring=1\nFRAME\n");
	assert_int_equal(world_process(w, 7)->thread_nr, 1);
	assert_int_equal(world_total(w, 7, TB_ONCPU), 1005 * MS);
	world_feed(w, "at 12s\nFOLD tgid=7 threads=2 oncpu=1.9s\nSTATUS lost_ring=1\nFRAME\n");
	assert_int_equal(world_process(w, 7)->thread_nr, 0);
	assert_int_equal(world_total(w, 7, TB_ONCPU), 1900 * MS);
}

static void a_thread_that_the_walk_shows_is_never_taken_for_dead(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nTHREAD tid=7 birth=9s oncpu=1s\nSTATUS\nFRAME\n"
		      "at 11s\nFOLD tgid=7 oncpu=7s\nTHREAD tid=7 birth=9s oncpu=2s\n"
		      "STATUS lost_ring=1\nFRAME\n");
	assert_int_equal(world_process(w, 7)->thread_nr, 1);
	assert_int_equal(world_total(w, 7, TB_ONCPU), 9000 * MS);
}

static void an_exit_that_a_taken_fold_holds_is_not_added_twice(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nTHREAD tid=7 birth=9s oncpu=1s\nSTATUS\nFRAME\n"
		      "at 11s\nFOLD tgid=7 oncpu=1.3s\nSTATUS lost_ring=1\nFRAME\n"
		      "at 12s\nTHREAD tid=7 flags=exited nth=1 last=10.9s birth=9s oncpu=1.3s "
		      "runqueue=600ms\n"
		      "THREAD tid=8 tgid=7 flags=exited nth=2 last=10.8s oncpu=100ms\n"
		      "STATUS lost_ring=1\nFRAME\n");
	assert_int_equal(world_total(w, 7, TB_ONCPU), 1400 * MS);
}

static void an_exit_found_nowhere_but_in_the_overflow_belongs_to_other(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nFOLD tgid=0 threads=3 oncpu=30ms comm=x\nFRAME\n");
	assert_int_equal(world_total(w, 0, TB_ONCPU), 30 * MS);
	assert_string_equal(world_process(w, 0)->comm, "other");
	assert_ptr_equal(w->model.other, world_process(w, 0));
}

static void an_exit_that_was_told_is_not_in_other_as_well(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nTHREAD tid=7 flags=exited oncpu=10ms\n" /* found no fold */
		      "FOLD tgid=0 threads=3 oncpu=30ms\nFRAME\n");
	assert_int_equal(world_total(w, 7, TB_ONCPU), 10 * MS);
	assert_int_equal(world_total(w, 0, TB_ONCPU), 20 * MS);
	tb_model_mark(&w->model);
	world_feed(w, "at 11s\nFRAME\nat 12s\nFRAME\nat 13s\nFRAME\nat 14s\nFRAME\n");
	tb_model_mark(&w->model); /* forgets process 7, not what it told */
	world_feed(w, "at 15s\nFOLD tgid=0 threads=4 oncpu=35ms\nFRAME\n");
	assert_null(tb_model_process(&w->model, 7, 1));
	assert_int_equal(world_total(w, 0, TB_ONCPU), 25 * MS);
}

/* Nothing tells of its end: what was seen of it stays its own, and is not in `other` as well. */
static void an_exit_lost_twice_leaves_what_was_seen_of_it(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nTHREAD tid=7 birth=9s oncpu=1s\nSTATUS\nFRAME\n"
		      "at 11s\nFOLD tgid=0 oncpu=1.3s\nSTATUS lost_ring=1\nFRAME\n"
		      "at 12s\nFOLD tgid=0 oncpu=1.3s\nSTATUS lost_ring=1\nFRAME\n");
	assert_int_equal(world_process(w, 7)->thread_nr, 0);
	assert_int_equal(world_total(w, 7, TB_ONCPU), 1000 * MS);
	assert_int_equal(world_total(w, 0, TB_ONCPU), 300 * MS);
}

/* The first exit of a process found no slot, the second did, and is lost. */
static void a_fold_that_begins_late_holds_the_rest(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nTHREAD tid=8 tgid=7 flags=exited oncpu=5ms\nFOLD tgid=0 oncpu=5ms\n"
		      "THREAD tid=7 birth=9s oncpu=1s\nSTATUS\nFRAME\n");
	assert_int_equal(world_total(w, 0, TB_ONCPU), 0);
	world_feed(w, "at 11s\nFOLD tgid=0 oncpu=5ms\nFOLD tgid=7 oncpu=1.3s\n"
		      "STATUS lost_ring=1\nFRAME\n");
	assert_int_equal(world_total(w, 7, TB_ONCPU), 1305 * MS);
	assert_int_equal(world_total(w, 0, TB_ONCPU), 0);
}

static void waits_without_a_slot_belong_to_other(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nEDGE tgid=0 count=5 total=3ms\nFRAME\n");
	assert_non_null(w->model.other);
	assert_string_equal(w->model.other->comm, "other");
	assert_int_equal(w->model.other->edges->now.count, 5);
}

/* More ended processes than there is room for: the oldest become `other`, and the sum stays. */
static void processes_beyond_the_bound_are_summed_up(void **state)
{
	const unsigned int processes = TB_MODEL_GONE_MAX + 500;
	const struct tb_model_process *process, *next;
	struct world *w = *state;
	char line[128];
	__u64 sum = 0;
	unsigned int i;

	world_feed(w, "at 10s\nFRAME\n");
	tb_model_mark(&w->model);
	for (i = 0; i < processes; i++) {
		snprintf(line, sizeof(line), "THREAD tid=%u flags=exited oncpu=1us", i + 10);
		world_line(w, line);
	}
	world_feed(w, "FRAME\nat 11s\nFRAME\nat 12s\nFRAME\nat 13s\nFRAME\nat 14s\nFRAME\n");
	assert_in_range(HASH_COUNT(w->model.processes), TB_MODEL_GONE_MAX, TB_MODEL_GONE_MAX + 1);
	HASH_ITER(hh, w->model.processes, process, next)
		sum += world_sum(process);
	assert_int_equal(sum, processes * 1000ull);
	assert_int_equal(world_sum(world_process(w, 0)), 500 * 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(a_fold_that_tells_nothing_new_changes_nothing),
		world_test(a_fold_that_is_ahead_waits_for_the_exit),
		world_test(a_lost_exit_is_found_in_the_fold),
		world_test(an_exit_lost_at_the_end_of_a_frame_is_found_in_the_next_ones_fold),
		world_test(a_lost_exit_that_no_fold_holds_yet_keeps_its_thread),
		world_test(a_thread_that_the_walk_shows_is_never_taken_for_dead),
		world_test(an_exit_that_a_taken_fold_holds_is_not_added_twice),
		world_test(an_exit_found_nowhere_but_in_the_overflow_belongs_to_other),
		world_test(an_exit_that_was_told_is_not_in_other_as_well),
		world_test(an_exit_lost_twice_leaves_what_was_seen_of_it),
		world_test(a_fold_that_begins_late_holds_the_rest),
		world_test(waits_without_a_slot_belong_to_other),
		world_test(processes_beyond_the_bound_are_summed_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
