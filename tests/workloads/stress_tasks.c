/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stress_tasks SECONDS: tasks that live, change and die in every way at once, for the tests that
 * hold that no thread's time is lost. Each actor of stress/ is a process of its own; when the time
 * is over all have ended, and one line per actor says how often it did its thing.
 *
 * Nothing stays behind: every process dies with the one that forked it, and is reaped.
 */
#include "stress/stress.h"

#include <sys/mman.h>

#define ACTORS_MAX 32
#define PAUSE_NS   NS_PER_MS /* between rounds: this is a stress of bookkeeping, not of CPUs */

struct cast {
	const struct actor *actors[ACTORS_MAX];
	pid_t pids[ACTORS_MAX];
	uint64_t *counts; /* shared with the actors */
	unsigned nr;
};

static void cast_add(struct cast *cast, const struct actor *actors)
{
	for (; actors->name; actors++)
		cast->actors[cast->nr++] = actors;
}

static void actor_run(const struct actor *actor, uint64_t *count, uint64_t end_ns)
{
	char name[16];

	snprintf(name, sizeof(name), "s-%s", actor->name);
	prctl(PR_SET_NAME, name);
	while (now_ns() < end_ns) {
		*count += actor->round();
		sleep_ns(PAUSE_NS);
	}
	_exit(0);
}

static void cast_start(struct cast *cast, uint64_t end_ns)
{
	cast->counts = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (cast->counts == MAP_FAILED)
		die(1, "no memory: %s", strerror(errno));
	for (unsigned i = 0; i < cast->nr; i++) {
		cast->pids[i] = child_fork();
		if (!cast->pids[i])
			actor_run(cast->actors[i], &cast->counts[i], end_ns);
	}
}

/* Returns 1 if an actor failed or never got through a round. */
static int cast_end(struct cast *cast)
{
	int failed = 0;

	for (unsigned i = 0; i < cast->nr; i++) {
		int status = 0;

		while (waitpid(cast->pids[i], &status, 0) < 0 && errno == EINTR)
			;
		printf("%s=%llu\n", cast->actors[i]->name, (unsigned long long)cast->counts[i]);
		if (status || !cast->counts[i]) {
			fprintf(stderr, "stress_tasks: %s failed, wait status %d\n",
				cast->actors[i]->name, status);
			failed = 1;
		}
	}
	return failed;
}

int main(int argc, char **argv)
{
	struct cast cast = { 0 };
	double seconds;

	if (argc != 2)
		die(EXIT_USAGE, "usage: stress_tasks SECONDS");
	if (!strcmp(argv[1], STRESS_ENDS_AT_ONCE))
		return 0;
	if (!strcmp(argv[1], STRESS_ENDS_SOON)) {
		sleep_ns(SOON_NS);
		return 0;
	}
	seconds = parse_seconds(argv[1]);
	bound_life(seconds + 30);
	cast_add(&cast, life_actors);
	cast_add(&cast, disturb_actors);
	cast_start(&cast, now_ns() + (uint64_t)(seconds * (double)NS_PER_SEC));
	return cast_end(&cast);
}
