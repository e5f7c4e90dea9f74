/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * forks_per_second SECONDS [RATE]: forks children that end at once, RATE (1000) a second, and says
 * how many. Load of the tests that must not lose a thread; reaps every child it made.
 */
#include "workload.h"

#include <sys/wait.h>

static void fork_one(pid_t parent)
{
	pid_t child = fork();

	if (child < 0)
		die(1, "fork: %s", strerror(errno));
	if (!child) {
		die_with_parent(parent);
		_exit(0);
	}
	waitpid(child, NULL, 0);
}

int main(int argc, char **argv)
{
	uint64_t start_ns = now_ns(), gap_ns, forks = 0, end_ns;
	double seconds;

	if (argc < 2 || argc > 3)
		die(EXIT_USAGE, "usage: forks_per_second SECONDS [RATE]");
	seconds = parse_seconds(argv[1]);
	gap_ns = NS_PER_SEC / (argc == 3 ? parse_count(argv[2]) : 1000);
	end_ns = start_ns + (uint64_t)(seconds * (double)NS_PER_SEC);
	bound_life(seconds + 10);
	/* By the schedule, not by the last fork: one that was late is made up for. */
	for (uint64_t next_ns = start_ns; now_ns() < end_ns; next_ns += gap_ns) {
		sleep_until(next_ns);
		fork_one(getpid());
		forks++;
	}
	printf("forks=%llu seconds=%.3f per_second=%.0f\n", (unsigned long long)forks,
	       (double)(now_ns() - start_ns) / 1e9,
	       (double)forks * 1e9 / (double)(now_ns() - start_ns));
	return 0;
}
