/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One actor is one row and one process: it does its thing again and again, until the end, and
 * counts. stress_tasks.c starts the actors; the files beside this one hold them.
 */
#ifndef STRESS_H
#define STRESS_H

#include <pthread.h>
#include <sys/wait.h>

#include "workload.h"

struct actor {
	const char *name;
	/* One round; returns how many things it did. Reaps what it started. */
	unsigned (*round)(void);
};

extern const struct actor life_actors[], disturb_actors[];

/* Arguments by which the program, executed again, knows what to do. */
#define STRESS_ENDS_AT_ONCE "--ends-at-once"
#define STRESS_ENDS_SOON    "--ends-soon"

#define SOON_NS (2 * NS_PER_MS)

static inline void spin_ns(uint64_t cpu_ns)
{
	uint64_t end_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) + cpu_ns;

	while (clock_ns(CLOCK_THREAD_CPUTIME_ID) < end_ns)
		;
}

/* Forks a child that dies with this process; 0 in the child. */
static inline pid_t child_fork(void)
{
	pid_t parent = getpid(), child = fork();

	if (child < 0)
		die(1, "fork: %s", strerror(errno));
	if (!child)
		die_with_parent(parent);
	return child;
}

static inline void child_reap(pid_t child)
{
	while (waitpid(child, NULL, __WALL) < 0 && errno == EINTR)
		;
}

#endif
