// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every reason that can be scripted, by a workload that says what it waits for: the label and the
 * counts are held here, the durations are printed by the bench. Rows come from `wait_reason --list`.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/collect.h"

#define ROWS 96
#define WAITS 3
#define WAIT_SECONDS "0.05"
#define SKIPPED 77

static const char *const state_names[TB_STATE_NR] = {
#define X(id, name, letter, idle, text) name,
	TB_STATES(X)
#undef X
};

struct row {
	char name[32];
	char reason[32];
	char script[32];
};

static struct row rows[ROWS];
static struct CMUnitTest tests[ROWS];
static char titles[ROWS][128];
static void *shared;

static int state_number(const char *name)
{
	int i;

	for (i = 0; i < TB_STATE_NR; i++)
		if (!strcmp(state_names[i], name))
			return i;
	return -1;
}

/* A busy machine queues the thread, and between its waits the workload sleeps. */
static int state_counts(int state, int expected)
{
	return state == expected || (state != TB_RUNQUEUE && state != TB_TIMER);
}

/* The state that the thread spent most of its time in. */
static int state_longest(const struct tb_thread *thread, int expected)
{
	int i, longest = TB_ONCPU;

	for (i = 0; i < TB_STATE_NR; i++)
		if (state_counts(i, expected) && thread->ns[i] > thread->ns[longest])
			longest = i;
	return longest;
}

static void a_wait_is_booked_to_its_reason(void **state)
{
	const struct row *row = *state;
	const char *argv[] = { "wait_reason", row->name, WAIT_SECONDS, "3", NULL };
	int expected = state_number(row->reason), status;
	const struct seen_thread *seen;

	assert_in_range(expected, 0, TB_STATE_NR - 1);
	status = collect_while(shared, argv, 20);
	if (status == SKIPPED)
		skip();
	assert_int_equal(status, 0);
	seen = collect_thread(shared, (__u32)workload_value("tid"));
	assert_non_null(seen);
	assert_true(seen->last.flags & TB_THREAD_EXITED);
	assert_int_equal(seen->last.gaps, 0);
	if (strcmp(row->script, "exact")) {	/* only part of the time is that reason's */
		assert_true(seen->last.ns[expected] > 0);
		return;
	}
	assert_string_equal(state_names[state_longest(&seen->last, expected)], row->reason);
	assert_true(seen->last.count[expected] >= WAITS);
}

static size_t rows_read(void)
{
	const char *argv[] = { "wait_reason", "--list", NULL };
	size_t used = 0, count = 0;
	char *line, *save = NULL;
	int out;
	pid_t pid = workload_start(argv, &out);
	ssize_t got;

	while ((got = read(out, workload_output + used, sizeof(workload_output) - 1 - used)) > 0)
		used += (size_t)got;
	workload_output[used] = '\0';
	close(out);
	workload_wait(pid);
	for (line = strtok_r(workload_output, "\n", &save); line && count < ROWS;
	     line = strtok_r(NULL, "\n", &save)) {
		struct row *row = &rows[count];

		if (sscanf(line, "%31s %31s %31s", row->name, row->reason, row->script) == 3)
			count++;
	}
	return count;
}

static int shared_setup(void **state)
{
	return collect_setup(&shared);
}

static int shared_teardown(void **state)
{
	return collect_teardown(&shared);
}

int main(void)
{
	size_t i, count = rows_read();

	for (i = 0; i < count; i++) {
		snprintf(titles[i], sizeof(titles[i]), "a_wait_for_%.31s_is_booked_to_%.31s",
			 rows[i].name, rows[i].reason);
		tests[i] = (struct CMUnitTest){ .name = titles[i],
						.test_func = a_wait_is_booked_to_its_reason,
						.initial_state = &rows[i] };
	}
	return _cmocka_run_group_tests("reasons", tests, count, shared_setup, shared_teardown);
}
