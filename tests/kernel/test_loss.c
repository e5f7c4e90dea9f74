// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nothing is lost silently: with a ring of one page and nobody reading it while a thousand
 * processes a second are born and die, the totals are still exact and what did not fit is counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <unistd.h>

#include <cmocka.h>

#include "lib/collect.h"

static unsigned long folded_threads(const struct collect *c)
{
	const struct seen_fold *fold;
	unsigned long threads = 0;

	for (fold = c->folds; fold; fold = fold->hh.next)
		threads += fold->last.threads;
	return threads;
}

static void a_stopped_reader_loses_records_but_no_time(void **state)
{
	static const char *const argv[] = { "forks_per_second", "10", "1000", NULL };
	struct collect *c = *state;
	unsigned long before, forks;
	size_t used = 0;
	ssize_t got;
	pid_t pid;
	int out;

	before = folded_threads(c);
	pid = workload_start(argv, &out);
	while ((got = read(out, workload_output + used, sizeof(workload_output) - 1 - used)) > 0)
		used += (size_t)got;
	workload_output[used] = '\0';
	close(out);
	assert_int_equal(workload_wait(pid), 0);
	collect_frame(c);
	forks = (unsigned long)workload_value("forks");
	print_message("%lu forks, %lu dead in folds, ring lost %llu, folds overflowed %llu\n",
		      forks, folded_threads(c) - before, c->status.lost_ring, c->status.lost_folds);
	print_message("gaps %llu, threads without storage %llu, runs missed %llu, clamped %llu\n",
		      c->status.gaps, c->status.lost_threads, c->status.missed_runs,
		      c->status.clamped);
	assert_true(forks > 1024);
	assert_true(folded_threads(c) - before >= forks + 1);
	assert_true(c->status.lost_ring > 0);
	assert_true(c->status.lost_folds > 0);
	assert_int_equal(c->broken, 0);
	assert_int_equal(c->status.gaps, 0);
	assert_int_equal(c->status.lost_threads, 0);
}

/* Does a short flood find a fold for each of its dead? */
static bool there_is_room(struct collect *c)
{
	static const char *const argv[] = { "forks_per_second", "0.2", "100", NULL };
	__u64 lost = c->status.lost_folds;

	assert_int_equal(collect_while(c, argv, 50), 0);
	return c->status.lost_folds == lost;
}

/* After the flood the folds of the dead are removed and there is room again, whoever else forks. */
static void folds_of_the_dead_are_given_back(void **state)
{
	struct collect *c = *state;
	bool room = false;
	int i;

	for (i = 0; i < 4; i++)
		collect_frame(c);
	for (i = 0; i < 50 && !room; i++)
		room = there_is_room(c);
	assert_true(room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stopped_reader_loses_records_but_no_time),
		cmocka_unit_test(folds_of_the_dead_are_given_back),
	};

	return cmocka_run_group_tests(tests, collect_setup_small, collect_teardown);
}
