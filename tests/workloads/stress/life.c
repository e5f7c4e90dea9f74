/* SPDX-License-Identifier: GPL-2.0-only */
/* Actors that are born and die in every way there is. Run by stress_tasks.c. */
#include "stress.h"

static void execute(const char *how)
{
	char *const arguments[] = { "stress_tasks", (char *)how, NULL };

	execv("/proc/self/exe", arguments);
	_exit(1);
}

static unsigned round_fork(void)
{
	pid_t child = child_fork();

	if (!child)
		_exit(0);
	child_reap(child);
	return 1;
}

/* Several at once, so that tids are used again while siblings still live. */
static unsigned round_forks(void)
{
	pid_t children[8];

	for (int i = 0; i < 8; i++) {
		children[i] = child_fork();
		if (!children[i]) {
			sleep_ns((uint64_t)i * 100000);
			_exit(0);
		}
	}
	for (int i = 0; i < 8; i++)
		child_reap(children[i]);
	return 8;
}

static unsigned round_exec(void)
{
	pid_t child = child_fork();

	if (!child)
		execute(STRESS_ENDS_AT_ONCE);
	child_reap(child);
	return 1;
}

static unsigned round_vfork(void)
{
	pid_t child = vfork();

	if (child < 0)
		die(1, "vfork: %s", strerror(errno));
	if (!child)
		execute(STRESS_ENDS_AT_ONCE);
	child_reap(child);
	return 1;
}

static void *thread_executes(UNUSED void *arg)
{
	execute(STRESS_ENDS_SOON);
	return NULL;
}

static void *thread_sleeps(UNUSED void *arg)
{
	sleep_ns(SOON_NS);
	return NULL;
}

static void *thread_waits_long(UNUSED void *arg)
{
	sleep_ns(10 * NS_PER_SEC);
	return NULL;
}

static void thread_start(void *(*run)(void *))
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, run, NULL))
		_exit(1);
	pthread_detach(thread);
}

/*
 * The thread that executes takes over the tid of the leader, which dies of it, as does the other.
 */
static unsigned round_exec_thread(void)
{
	pid_t child = child_fork();

	if (!child) {
		thread_start(thread_waits_long);
		thread_start(thread_executes);
		sleep_ns(10 * NS_PER_SEC);
		_exit(1);
	}
	child_reap(child);
	return 1;
}

/* The leader stays behind as a zombie until its threads have ended. */
static unsigned round_leader_first(void)
{
	pid_t child = child_fork();

	if (!child) {
		thread_start(thread_sleeps);
		thread_start(thread_sleeps);
		syscall(SYS_exit, 0);
	}
	child_reap(child);
	return 1;
}

/* The leader has ended, then one of its threads executes. */
static unsigned round_leader_first_exec(void)
{
	pid_t child = child_fork();

	if (!child) {
		thread_start(thread_executes);
		syscall(SYS_exit, 0);
	}
	child_reap(child);
	return 1;
}

static unsigned round_exit_group(void)
{
	pid_t child = child_fork();

	if (!child) {
		for (int i = 0; i < 4; i++)
			thread_start(thread_waits_long);
		_exit(0);
	}
	child_reap(child);
	return 1;
}

static unsigned round_killed(void)
{
	pid_t child = child_fork();

	if (!child) {
		for (int i = 0; i < 4; i++)
			thread_start(thread_waits_long);
		thread_waits_long(NULL);
		_exit(1);
	}
	sleep_ns(SOON_NS);
	kill(child, SIGKILL);
	child_reap(child);
	return 1;
}

static void *thread_ends(UNUSED void *arg)
{
	return NULL;
}

static unsigned round_threads(void)
{
	pthread_t threads[32];
	unsigned nr = 0;

	while (nr < 32 &&
	       !pthread_create(&threads[nr], NULL, nr & 1 ? thread_ends : thread_sleeps, NULL))
		nr++;
	for (unsigned i = 0; i < nr; i++)
		pthread_join(threads[i], NULL);
	return nr;
}

const struct actor life_actors[] = {
	{ "fork", round_fork },
	{ "forks_at_once", round_forks },
	{ "exec", round_exec },
	{ "vfork_exec", round_vfork },
	{ "exec_by_thread", round_exec_thread },
	{ "leader_ends_first", round_leader_first },
	{ "leader_ends_first_exec", round_leader_first_exec },
	{ "exit_group", round_exit_group },
	{ "killed", round_killed },
	{ "threads", round_threads },
	{ 0 },
};
