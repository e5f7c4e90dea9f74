/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows that do not block: on a CPU for a known time, and ready but queued behind another spinner.
 */
#include "wait.h"

#include <sched.h>

/* Returns the time that passed; the thread was never blocked in it. */
static uint64_t spin(uint64_t cpu_ns)
{
	uint64_t start_ns = now_ns(), end_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) + cpu_ns;

	while (clock_ns(CLOCK_THREAD_CPUTIME_ID) < end_ns)
		;
	return now_ns() - start_ns;
}

static int wait_oncpu(struct wait *w)
{
	uint64_t before_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);

	spin(w->ns);
	w->took_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - before_ns;
	return 0;
}

/* A rival on the same CPU, for the whole run. */
static int setup_rival(struct wait *w)
{
	pid_t parent = getpid();
	cpu_set_t one;
	int cpu = sched_getcpu();

	CPU_ZERO(&one);
	CPU_SET(cpu < 0 ? 0 : cpu, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		return -errno;
	w->child = fork();
	if (w->child)
		return w->child < 0 ? -errno : 0;
	die_with_parent(parent);
	for (;;)
		spin(NS_PER_SEC);
}

/* The rival takes half of the CPU, so twice the CPU time passes; the difference is the queue. */
static int wait_runqueue(struct wait *w)
{
	uint64_t before_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID), wall_ns = spin(w->ns);

	w->took_ns = wall_ns - (clock_ns(CLOCK_THREAD_CPUTIME_ID) - before_ns);
	return 0;
}

const struct wait_kind wait_cpu_kinds[] = {
	{ .name = "oncpu", .reason = "oncpu", .wait = wait_oncpu },
	{ .name = "runqueue",
	  .reason = "runqueue",
	  .script = SCRIPT_MEASURED,
	  .setup = setup_rival,
	  .wait = wait_runqueue },
	{ 0 },
};
