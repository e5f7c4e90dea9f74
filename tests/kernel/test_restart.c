// SPDX-License-Identifier: GPL-2.0-only
/*
 * A sleep that a stop interrupts goes on under the number of restart_syscall: it is still a sleep.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/collect.h"

#define FRAME_US   20000
#define FRAMES_MAX 500

static pid_t sleeper_start(void)
{
	const struct timespec length = { .tv_sec = 60 };
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	nanosleep(&length, NULL);
	_exit(0);
}

/* Frames until the thread is in a state. */
static const struct tb_thread *await_state(struct collect *c, pid_t pid, __u32 wanted)
{
	const struct seen_thread *seen;
	int i;

	for (i = 0; i < FRAMES_MAX; i++) {
		collect_frame(c);
		seen = collect_thread(c, (__u32)pid);
		if (seen && seen->last.state == wanted)
			return &seen->last;
		usleep(FRAME_US);
	}
	return NULL;
}

static void a_sleep_that_was_stopped_is_a_sleep_again(void **state)
{
	const struct tb_thread *thread;
	pid_t pid = sleeper_start();

	assert_non_null(await_state(*state, pid, TB_TIMER));
	assert_int_equal(kill(pid, SIGSTOP), 0);
	assert_non_null(await_state(*state, pid, TB_STOPPED));
	assert_int_equal(kill(pid, SIGCONT), 0);
	thread = await_state(*state, pid, TB_TIMER);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_non_null(thread);
	assert_int_equal(thread->ns[TB_OTHER], 0);
	assert_int_equal(thread->object.kind, TB_OBJ_SYSCALL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sleep_that_was_stopped_is_a_sleep_again),
	};

	return cmocka_run_group_tests(tests, collect_setup, collect_teardown);
}
