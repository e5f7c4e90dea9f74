// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits that the running kernel enforces are in the frames of the live source: a CPU quota and its
 * throttling, a memory limit that is met. Under v1 and v2, whichever has the controllers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <signal.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/collect.h"
#include "live.h"

#define FRAMES_MAX 200
#define FRAME_US   100000
#define SKIP	   77 /* of the fixture: no hierarchy has the controller */

struct watch {
	struct tb_live *live;
	char path[64];		  /* of the fixture's group */
	struct tb_process inside; /* the last one told of */
	struct tb_cgroup first, last;
	unsigned int records;
};

static int watch_record(void *ctx, const struct tb_record *record)
{
	const struct tb_process *process = (const struct tb_process *)record;
	const struct tb_cgroup *group = (const struct tb_cgroup *)record;
	struct watch *w = ctx;

	if (record->kind == TB_REC_PROCESS && !strcmp(process->cgroup, w->path))
		w->inside = *process;
	if (record->kind != TB_REC_CGROUP || strcmp(group->path, w->path))
		return 0;
	if (!w->records++)
		w->first = *group;
	w->last = *group;
	return 0;
}

static int watch_setup(void **state)
{
	struct watch *w = calloc(1, sizeof(*w));

	*state = w;
	return w ? tb_live_open(&w->live, NULL) : -1;
}

static int watch_teardown(void **state)
{
	struct watch *w = *state;

	tb_live_close(w->live);
	free(w);
	return 0;
}

static bool throttled(const struct watch *w)
{
	return w->last.throttled_periods > w->first.throttled_periods &&
	       w->last.throttled_ns > w->first.throttled_ns; /* known when it is over */
}

static bool limit_met(const struct watch *w)
{
	return w->last.memory_max_events + w->last.memory_high_events > 0;
}

/* Frames while the script runs under the limit, until `seen`; then it is ended. */
static void watch_limit(struct watch *w, const char *limit, const char *script,
			bool (*seen)(const struct watch *w))
{
	const char *argv[] = { "../fixtures/in_cgroup", limit, "sh", "-c", script, NULL };
	struct tb_sink sink = { .ctx = w, .record = watch_record };
	int out, frames, status;
	pid_t pid = workload_start(argv, &out);

	snprintf(w->path, sizeof(w->path), "/tailback-test-%d", pid);
	for (frames = 0; frames < FRAMES_MAX && !seen(w); frames++) {
		usleep(FRAME_US);
		assert_int_equal(tb_live_frame(w->live, &sink), 0);
	}
	kill(pid, SIGTERM);
	status = workload_wait(pid);
	close(out);
	if (status == SKIP)
		skip();
	assert_true(seen(w));
	assert_string_equal(w->inside.cgroup, w->path);
}

static void a_cpu_quota_is_told_with_its_throttling(void **state)
{
	struct watch *w = *state;

	watch_limit(w, "cpu=20%", "while :; do :; done", throttled);
	assert_string_equal(w->inside.comm, "sh");
	assert_int_equal(w->last.quota_us, 20000);
	assert_int_equal(w->last.period_us, 100000);
	assert_true(w->last.periods > w->first.periods);
	assert_true(w->last.throttled_ns > w->first.throttled_ns);
	assert_true(w->last.memory_limit_bytes == TB_UNLIMITED);
}

static void a_memory_limit_is_told_when_it_is_met(void **state)
{
	struct watch *w = *state;

	watch_limit(w, "memory=8M",
		    "cd ${WAIT_REASON_DIR:-/var/tmp} && exec 3<>tailback-limit-$$ &&"
		    "rm tailback-limit-$$ && f=/proc/self/fd/3 && while :; do"
		    " head -c 12000000 /dev/zero >$f; cat $f >/dev/null; done",
		    limit_met);
	assert_int_equal(w->last.memory_limit_bytes, 8 << 20);
	assert_in_range(w->last.memory_bytes, 1, 16 << 20);
	assert_true(w->last.quota_us == TB_UNLIMITED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_cpu_quota_is_told_with_its_throttling,
						watch_setup, watch_teardown),
		cmocka_unit_test_setup_teardown(a_memory_limit_is_told_when_it_is_met, watch_setup,
						watch_teardown),
	};

	return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
