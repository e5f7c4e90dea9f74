/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * many_threads N SECONDS [BUSY_MS]: N threads with small stacks that sleep; the first of them, at
 * most 64, wake every 100 ms, and spin for BUSY_MS in all of it (0). Prints "ready" when all stand,
 * so that a bench knows when to measure. Load of the scale tests.
 */
#include "workload.h"

#include <limits.h>
#include <pthread.h>
#include <sys/resource.h>

#define WAKERS_MAX 64
#define PERIOD_NS  (100 * NS_PER_MS)

static uint64_t busy_ns, end_ns;
static unsigned started;

static void spin(uint64_t cpu_ns)
{
	uint64_t until_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) + cpu_ns;

	while (clock_ns(CLOCK_THREAD_CPUTIME_ID) < until_ns)
		;
}

static void *sleeper(UNUSED void *arg)
{
	__atomic_add_fetch(&started, 1, __ATOMIC_RELAXED);
	sleep_until(end_ns);
	return NULL;
}

static void *waker(UNUSED void *arg)
{
	__atomic_add_fetch(&started, 1, __ATOMIC_RELAXED);
	while (now_ns() < end_ns) {
		sleep_ns(PERIOD_NS);
		spin(busy_ns);
	}
	return NULL;
}

/* The limit of processes counts threads too; root may raise it. */
static void limit_raise(unsigned threads)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NPROC, &limit) || limit.rlim_cur > threads)
		return;
	limit.rlim_cur = limit.rlim_max = threads + 1000;
	setrlimit(RLIMIT_NPROC, &limit);
}

static void threads_start(unsigned nr)
{
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN + 4096);
	pthread_attr_setguardsize(&attributes, 0);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	for (unsigned i = 0; i < nr; i++) {
		int error = pthread_create(&thread, &attributes, i < WAKERS_MAX ? waker : sleeper,
					   NULL);

		if (error)
			die(EXIT_SKIP, "SKIP: thread %u of %u: %s", i, nr, strerror(error));
	}
	while (__atomic_load_n(&started, __ATOMIC_RELAXED) < nr)
		sleep_ns(NS_PER_MS);
}

int main(int argc, char **argv)
{
	unsigned nr, wakers;
	double seconds;

	if (argc < 3 || argc > 4)
		die(EXIT_USAGE, "usage: many_threads N SECONDS [BUSY_MS]");
	nr = parse_count(argv[1]);
	seconds = parse_seconds(argv[2]);
	wakers = nr < WAKERS_MAX ? nr : WAKERS_MAX;
	busy_ns = argc == 4 ? parse_count(argv[3]) * NS_PER_MS / wakers : 0;
	bound_life(seconds + 60);
	limit_raise(nr);
	end_ns = now_ns() + (uint64_t)(seconds * (double)NS_PER_SEC);
	threads_start(nr);
	printf("ready threads=%u waking=%u\n", nr, wakers);
	fflush(stdout);
	sleep_until(end_ns);
	return 0;
}
