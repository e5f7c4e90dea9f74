// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every reason that can be scripted, by a workload that says what it waits for: the label and the
 * counts are held here, the durations are printed by the bench. Rows come from `wait_reason
 * --list`.
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

#define ROWS	     96
#define WAITS	     3
#define WAIT_SECONDS "0.05"
#define WAIT_MS	     "50"
#define LONG_SECONDS "0.3" /* of a wait that only appears in what the workload does */
#define SKIPPED	     77
#define SLOW_DISK    "tests/fixtures/slowdisk"

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
static char disk[32]; /* the directory of the slow disk, if this test made one */

static int state_number(const char *name)
{
	int i;

	for (i = 0; i < TB_STATE_NR; i++)
		if (!strcmp(state_names[i], name))
			return i;
	return -1;
}

/* What the workload does besides: it runs, is queued on a busy machine, sleeps between its waits.
 */
static int state_counts(int state, int expected)
{
	return state == expected || (state >= TB_FIRST_REASON && state != TB_TIMER);
}

/* The state that the thread spent most of its time in. */
static int state_longest(const struct tb_thread *thread, int expected)
{
	int i, longest = expected;

	for (i = 0; i < TB_STATE_NR; i++)
		if (state_counts(i, expected) && thread->ns[i] > thread->ns[longest])
			longest = i;
	return longest;
}

static int row_is_exact(const struct row *row)
{
	return !strcmp(row->script, "exact");
}

/* The workload alone, or, where it waits for memory to be reclaimed, under a limit. */
static int row_run(const struct row *row)
{
	const char *seconds = row_is_exact(row) ? WAIT_SECONDS : LONG_SECONDS;
	const char *alone[] = { "wait_reason", row->name, seconds, "3", NULL };
	char path[600];
	const char *limited[] = {
		"../fixtures/in_cgroup", "memory=16M", path, row->name, seconds, "3", NULL
	};

	if (strncmp(row->name, "memory-", strlen("memory-")))
		return collect_while(shared, alone, 20);
	workload_path(path, sizeof(path), alone[0]);
	return collect_while(shared, limited, 20);
}

static void a_wait_is_booked_to_its_reason(void **state)
{
	const struct row *row = *state;
	int expected = state_number(row->reason), status;
	const struct seen_thread *seen;

	assert_in_range(expected, 0, TB_STATE_NR - 1);
	status = row_run(row);
	if (status == SKIPPED)
		skip();
	assert_int_equal(status, 0);
	seen = collect_thread(shared, (__u32)workload_value("tid"));
	assert_non_null(seen);
	assert_true(seen->last.flags & TB_THREAD_EXITED);
	assert_int_equal(seen->last.gaps, 0);
	assert_true(seen->last.ns[expected] > 0);
	if (!row_is_exact(row)) /* only part of the time is that reason's */
		return;
	assert_string_equal(state_names[state_longest(&seen->last, expected)], row->reason);
	if (tb_is_reason(expected)) /* who is never preempted is on a CPU once */
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

/* A test machine brings its slow disk; elsewhere one is made, or the rows of disks skip. */
static int disk_start(void)
{
	char command[512], device[64] = "";
	FILE *file;

	if (getenv("WAIT_REASON_DEVICE") || access(SLOW_DISK, X_OK))
		return 0;
	snprintf(disk, sizeof(disk), "/tmp/tailback-reasons-%d", getpid());
	snprintf(command, sizeof(command),
		 SLOW_DISK " start %s 64 %d >&2 && " SLOW_DISK " delay %s " WAIT_MS
			   " && cat %s/device",
		 disk, getpid(), disk, disk);
	file = popen(command, "r");
	if (!file)
		return -1;
	if (fscanf(file, "%63s", device) == 1)
		setenv("WAIT_REASON_DEVICE", device, 1);
	pclose(file);
	return 0;
}

static void disk_stop(void)
{
	char command[256];

	if (!*disk)
		return;
	snprintf(command, sizeof(command), SLOW_DISK " stop %s", disk);
	if (system(command))
		print_message("%s: the slow disk did not go\n", disk);
}

static int shared_setup(void **state)
{
	if (disk_start())
		return -1;
	return collect_setup(&shared);
}

static int shared_teardown(void **state)
{
	disk_stop();
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
