// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thread that polls one descriptor, then another, from one place on its stack and within the time
 * for which a read of user memory is good: each wait is booked to its own descriptor.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/collect.h"

#define ROUNDS	 20
#define SHORT_NS 100000
#define LONG_NS	 20000000

struct waits {
	int fd[2]; /* a pipe's end, a socket */
	long timeout_ns[2];
	pid_t tid;
	int done[2], leave[2]; /* pipes */
	pthread_t thread;
};

/* As a library does it: the descriptor comes from the caller, its pollfd lies on the stack. */
static __attribute__((noinline)) int readable(int fd, long timeout_ns)
{
	const struct timespec timeout = { .tv_nsec = timeout_ns };
	struct pollfd one = { .fd = fd, .events = POLLIN };

	return ppoll(&one, 1, &timeout, NULL);
}

static void *waits_run(void *arg)
{
	struct waits *w = arg;
	char byte = 0;
	int i;

	w->tid = gettid();
	for (i = 0; i < 2 * ROUNDS; i++)
		readable(w->fd[i % 2], w->timeout_ns[i % 2]);
	return write(w->done[1], &byte, 1) == 1 && !read(w->leave[0], &byte, 1) ? NULL : w;
}

static void neighbours_on_the_stack_keep_their_own_waits(void **state)
{
	struct waits w = { .timeout_ns = { SHORT_NS, LONG_NS } };
	const struct seen_thread *seen;
	int fds[2], pair[2];
	char byte;

	assert_false(pipe(fds) || pipe(w.done) || pipe(w.leave) ||
		     socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	w.fd[0] = fds[0];
	w.fd[1] = pair[0];
	assert_int_equal(pthread_create(&w.thread, NULL, waits_run, &w), 0);
	assert_int_equal(read(w.done[0], &byte, 1), 1);
	collect_frame(*state);
	seen = collect_thread(*state, (__u32)w.tid);
	assert_non_null(seen);
	print_message("pipe %u times, %.3f ms; socket %u times, %.3f ms\n",
		      seen->last.count[TB_PIPE], (double)seen->last.ns[TB_PIPE] / 1e6,
		      seen->last.count[TB_NET], (double)seen->last.ns[TB_NET] / 1e6);
	assert_in_range(seen->last.count[TB_NET], ROUNDS, ROUNDS + 1);
	assert_in_range(seen->last.count[TB_PIPE], ROUNDS, ROUNDS + 2);
	close(w.leave[1]);
	pthread_join(w.thread, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(neighbours_on_the_stack_keep_their_own_waits),
	};

	return cmocka_run_group_tests(tests, collect_setup, collect_teardown);
}
