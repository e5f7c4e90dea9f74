/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Actors whose life is disturbed: signals, stops, tracers, priorities, other CPUs. Run by
 * stress_tasks.c. Each round has its own victim, so that one round cannot spoil the next.
 */
#include "stress.h"

#include <sched.h>
#include <sys/ptrace.h>
#include <sys/resource.h>

static void on_signal(UNUSED int signal)
{
}

/* Sleeps and spins by turns until killed. */
__attribute__((noreturn)) static void victim_run(void)
{
	for (;;) {
		sleep_ns(300000);
		spin_ns(100000);
	}
}

/* Returns when the victim runs: one stopped before it asked to die with its parent would stay. */
static pid_t victim_start(void)
{
	int ends[2];
	pid_t victim;
	char byte;

	signal(SIGUSR1, on_signal);
	if (pipe(ends))
		die(1, "pipe: %s", strerror(errno));
	victim = child_fork();
	if (!victim) {
		close(ends[0]);
		close(ends[1]);
		victim_run();
	}
	close(ends[1]);
	while (read(ends[0], &byte, 1) < 0 && errno == EINTR)
		;
	close(ends[0]);
	return victim;
}

static void victim_end(pid_t victim)
{
	kill(victim, SIGKILL);
	child_reap(victim);
}

static unsigned round_signals(void)
{
	pid_t victim = victim_start();
	unsigned nr;

	for (nr = 0; nr < 50; nr++) {
		kill(victim, SIGUSR1);
		sleep_ns(50000);
	}
	victim_end(victim);
	return nr;
}

static unsigned round_stops(void)
{
	pid_t victim = victim_start();
	unsigned nr;

	for (nr = 0; nr < 10; nr++) {
		kill(victim, SIGSTOP);
		waitpid(victim, NULL, WUNTRACED);
		sleep_ns(500000);
		kill(victim, SIGCONT);
		sleep_ns(500000);
	}
	victim_end(victim);
	return nr;
}

/* The last one is killed while it is stopped. */
static unsigned round_killed_stopped(void)
{
	pid_t victim = victim_start();

	kill(victim, SIGSTOP);
	waitpid(victim, NULL, WUNTRACED);
	victim_end(victim);
	return 1;
}

static unsigned round_ptrace(void)
{
	pid_t victim = victim_start();
	unsigned nr;

	for (nr = 0; nr < 10; nr++) {
		if (ptrace(PTRACE_SEIZE, victim, NULL, NULL))
			break;
		ptrace(PTRACE_INTERRUPT, victim, NULL, NULL);
		waitpid(victim, NULL, __WALL);
		sleep_ns(300000);
		ptrace(PTRACE_DETACH, victim, NULL, NULL);
		sleep_ns(300000);
	}
	victim_end(victim);
	return nr;
}

/* What this process may not become it skips: SCHED_FIFO needs root, or a limit above 0. */
static unsigned round_policies(void)
{
	static const int policies[] = { SCHED_BATCH, SCHED_IDLE, SCHED_FIFO, SCHED_RR,
					SCHED_OTHER };
	unsigned nr = 0;

	for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
		int real_time = policies[i] == SCHED_FIFO || policies[i] == SCHED_RR;
		struct sched_param param = { .sched_priority = real_time ? 1 : 0 };

		nr += !sched_setscheduler(0, policies[i], &param);
		spin_ns(100000);
		sleep_ns(300000);
	}
	for (int nice_value = 0; nice_value <= 19; nice_value += 5) {
		nr += !setpriority(PRIO_PROCESS, 0, nice_value);
		sleep_ns(200000);
	}
	setpriority(PRIO_PROCESS, 0, 0);
	return nr;
}

static unsigned round_migrations(void)
{
	cpu_set_t all, one;
	unsigned nr = 0;

	sched_getaffinity(0, sizeof(all), &all);
	for (int cpu = 0; cpu < CPU_SETSIZE && nr < 64; cpu++) {
		if (!CPU_ISSET(cpu, &all))
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		nr += !sched_setaffinity(0, sizeof(one), &one);
		spin_ns(50000);
		sleep_ns(50000);
	}
	sched_setaffinity(0, sizeof(all), &all);
	return nr;
}

/* Moves a victim that runs or sleeps elsewhere, while it does. */
static unsigned round_moved(void)
{
	pid_t victim = victim_start();
	cpu_set_t all, one;
	unsigned nr = 0;

	sched_getaffinity(0, sizeof(all), &all);
	for (int i = 0; i < 40; i++) {
		CPU_ZERO(&one);
		CPU_SET(i & 1, &one);
		nr += !sched_setaffinity(victim, sizeof(one), &one);
		sleep_ns(150000);
	}
	victim_end(victim);
	return nr;
}

/* One pinned pair that never leaves its CPU and wakes each other through a pipe. */
static unsigned round_pinned(void)
{
	cpu_set_t all, one;
	int ends[2];
	pid_t child;
	char byte = 0;

	sched_getaffinity(0, sizeof(all), &all);
	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
	if (pipe(ends))
		die(1, "pipe: %s", strerror(errno));
	child = child_fork();
	if (!child) {
		while (read(ends[0], &byte, 1) == 1 && byte != 'e')
			;
		_exit(0);
	}
	for (int i = 0; i < 100; i++) {
		byte = i < 99 ? 'x' : 'e';
		if (write(ends[1], &byte, 1) != 1)
			die(1, "write: %s", strerror(errno));
		sched_yield();
	}
	close(ends[0]);
	close(ends[1]);
	child_reap(child);
	sched_setaffinity(0, sizeof(all), &all);
	return 100;
}

const struct actor disturb_actors[] = {
	{ "signals", round_signals },
	{ "stops", round_stops },
	{ "killed_stopped", round_killed_stopped },
	{ "ptrace", round_ptrace },
	{ "policies", round_policies },
	{ "migrations", round_migrations },
	{ "moved", round_moved },
	{ "pinned", round_pinned },
	{ 0 },
};
