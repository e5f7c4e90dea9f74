// SPDX-License-Identifier: GPL-2.0-only
/*
 * No thread-time is lost: for every record of every thread, old and new, living and dead, the parts
 * sum to the wall time exactly, through all that can happen to a task; and what threads leave behind
 * when they die is what their process's fold holds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/collect.h"

static void every_record_sums_to_its_wall_time(void **state)
{
	static const char *const argv[] = { "stress_tasks", "4", NULL };
	struct collect *c = *state;

	assert_int_equal(collect_while(c, argv, 50), 0);
	print_message("%lu records, %lu exits, torn %llu, clamped %llu\n", c->records, c->exits,
		      c->status.torn, c->status.clamped);
	assert_true(c->exits > 100);
	assert_int_equal(c->broken, 0);
	assert_int_equal(c->shrunk, 0);
	assert_int_equal(c->status.gaps, 0);
	assert_int_equal(c->status.lost_threads, 0);
}

static void threads_older_than_the_tool_are_accounted_too(void **state)
{
	const struct collect *c = *state;
	const struct seen_thread *seen = collect_thread(c, 1);

	assert_non_null(seen);
	assert_true(seen->last.flags & TB_THREAD_EXISTED);
	assert_true(seen->records > 1);
	assert_int_equal(seen->last.birth_ns, seen->first.birth_ns);
	assert_true(seen->last.h.time_ns > seen->first.h.time_ns);
}

/* Two walks apart: what the thread's states gained is the time between them, to the nanosecond. */
static void the_time_between_two_walks_is_all_accounted(void **state)
{
	struct collect *c = *state;
	const struct seen_thread *seen;
	unsigned long checked = 0;
	int i;

	for (seen = c->threads; seen; seen = seen->hh.next) {
		const struct tb_thread *a = &seen->first, *b = &seen->last;
		__u64 gained = 0;

		if (a->birth_ns != b->birth_ns)
			continue;
		for (i = 0; i < TB_STATE_NR; i++)
			gained += b->ns[i] - a->ns[i];
		for (i = 0; i < 3; i++)
			gained += b->open_ns[i] - a->open_ns[i];
		assert_int_equal(gained, b->h.time_ns - a->h.time_ns);
		checked++;
	}
	assert_true(checked > 10);
}

/* With nothing lost, the exits that the ring told of are what the folds hold. */
static void folds_hold_what_the_dead_left(void **state)
{
	struct collect *c = *state;
	const struct seen_thread *seen;
	const struct seen_fold *fold;
	__u64 exits_ns[TB_STATE_NR] = {}, folds_ns[TB_STATE_NR] = {};
	unsigned long threads = 0;

	assert_int_equal(c->status.lost_ring + c->status.lost_folds, 0);
	for (seen = c->threads; seen; seen = seen->hh.next)
		for (int i = 0; i < TB_STATE_NR && (seen->last.flags & TB_THREAD_EXITED); i++)
			exits_ns[i] += seen->last.ns[i];
	for (fold = c->folds; fold; fold = fold->hh.next) {
		threads += fold->last.threads;
		for (int i = 0; i < TB_STATE_NR; i++)
			folds_ns[i] += fold->last.ns[i];
	}
	assert_int_equal(threads, c->exits);
	for (int i = 0; i < TB_STATE_NR; i++)
		assert_int_equal(exits_ns[i], folds_ns[i]);
}

/* The account's clock runs as CLOCK_MONOTONIC does: a sleep of known length is that long. */
static void the_clock_of_the_account_is_the_walls(void **state)
{
	struct collect *c = *state;
	const struct seen_thread *seen;
	struct timespec begin, end;
	double wall_ns, account_ns;

	collect_frame(c);
	seen = collect_thread(c, (__u32)getpid());
	account_ns = -(double)seen->last.h.time_ns;
	clock_gettime(CLOCK_MONOTONIC, &begin);
	usleep(500000);
	collect_frame(c);
	clock_gettime(CLOCK_MONOTONIC, &end);
	seen = collect_thread(c, (__u32)getpid());
	account_ns += (double)seen->last.h.time_ns;
	wall_ns = (double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec);
	print_message("wall %.3f ms, account %.3f ms\n", wall_ns / 1e6, account_ns / 1e6);
	assert_true(account_ns > 0.5e9 * 0.99 && account_ns < wall_ns * 1.5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_record_sums_to_its_wall_time),
		cmocka_unit_test(threads_older_than_the_tool_are_accounted_too),
		cmocka_unit_test(the_time_between_two_walks_is_all_accounted),
		cmocka_unit_test(folds_hold_what_the_dead_left),
		cmocka_unit_test(the_clock_of_the_account_is_the_walls),
	};

	return cmocka_run_group_tests(tests, collect_setup, collect_teardown);
}
