/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cpu_hog SECONDS [THREADS]: as many threads as there are CPUs, or as asked for, that do nothing
 * but run. Prints the CPU time that they got.
 */
#include "workload.h"

#include <pthread.h>

#define THREADS_MAX 256

static uint64_t end_ns;

static void *hog(UNUSED void *arg)
{
	while (now_ns() < end_ns)
		;
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS_MAX];
	unsigned nr;
	double seconds;

	if (argc < 2 || argc > 3)
		die(EXIT_USAGE, "usage: cpu_hog SECONDS [THREADS]");
	seconds = parse_seconds(argv[1]);
	nr = argc == 3 ? parse_count(argv[2]) : (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
	if (nr > THREADS_MAX)
		die(EXIT_USAGE, "at most %d threads", THREADS_MAX);
	bound_life(seconds + 10);
	end_ns = now_ns() + (uint64_t)(seconds * (double)NS_PER_SEC);
	for (unsigned i = 0; i < nr; i++)
		if (pthread_create(&threads[i], NULL, hog, NULL))
			die(1, "no thread");
	for (unsigned i = 0; i < nr; i++)
		pthread_join(threads[i], NULL);
	printf("threads=%u cpu_seconds=%.3f\n", nr,
	       (double)clock_ns(CLOCK_PROCESS_CPUTIME_ID) / 1e9);
	return 0;
}
