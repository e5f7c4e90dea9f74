/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wait_reason NAME SECONDS [COUNT]: the first thread waits COUNT times for SECONDS in a known
 * reason and says how long it meant to and did. Oracle of the kernel tests and the bench for what
 * tailback calls each wait; the rows are in wait/. `--list` prints name, reason and how well the
 * time is known: exact, measured (by the program only) or appears (part of it is the reason).
 *
 * Output: "tid=N" before the first wait, "scripted_ns=N measured_ns=N waits=N" after the last.
 * Exit: 0 done, 1 a wait failed, 2 usage, 77 not possible here.
 */
#include "wait/wait.h"

#include <sys/mman.h>

static const struct wait_kind *const subjects[] = {
	wait_sync_kinds, wait_net_kinds,    wait_poll_kinds,   wait_file_kinds,
	wait_disk_kinds, wait_ipc_kinds,    wait_task_kinds,   wait_timer_kinds,
	wait_cpu_kinds,	 wait_kernel_kinds, wait_memory_kinds,
};
#define SUBJECTS (sizeof(subjects) / sizeof(subjects[0]))

static const char *const script_names[] = {
	[SCRIPT_EXACT] = "exact",
	[SCRIPT_MEASURED] = "measured",
	[SCRIPT_APPEARS] = "appears",
};

static void kinds_list(void)
{
	for (size_t i = 0; i < SUBJECTS; i++)
		for (const struct wait_kind *kind = subjects[i]; kind->name; kind++)
			printf("%s %s %s\n", kind->name, kind->reason, script_names[kind->script]);
}

static const struct wait_kind *kind_find(const char *name)
{
	for (size_t i = 0; i < SUBJECTS; i++)
		for (const struct wait_kind *kind = subjects[i]; kind->name; kind++)
			if (!strcmp(kind->name, name))
				return kind;
	return NULL;
}

static struct wait *wait_new(double seconds, unsigned count)
{
	struct wait *w =
		mmap(NULL, sizeof(*w), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (w == MAP_FAILED)
		die(1, "no memory: %s", strerror(errno));
	w->ns = (uint64_t)(seconds * 1000 + 0.5) * NS_PER_MS;
	if (!w->ns)
		w->ns = NS_PER_MS;
	w->count = count;
	w->waiter = own_tid();
	memset(w->fd, -1, sizeof(w->fd));
	memset(w->far, -1, sizeof(w->far));
	if (posix_memalign(&w->buffer, 4096, 4096))
		die(1, "no memory");
	memset(w->buffer, 0, 4096);
	return w;
}

static void check(const struct wait_kind *kind, const char *step, int error)
{
	if (error == -ENOTSUP)
		die(EXIT_SKIP, "SKIP %s: not possible on this kernel, device or with these rights",
		    kind->name);
	if (error)
		die(1, "%s, %s: %s", kind->name, step, strerror(-error));
}

/* One wait; returns how long it took. */
static uint64_t round_run(const struct wait_kind *kind, struct wait *w)
{
	uint64_t start_ns, took_ns;

	if (kind->helper)
		helper_await_hold(w);
	if (kind->arm)
		check(kind, "getting ready", kind->arm(w));
	w->took_ns = 0;
	if (kind->helper)
		helper_go(w);
	start_ns = now_ns();
	check(kind, "waiting", kind->wait(w));
	took_ns = w->took_ns ? w->took_ns : now_ns() - start_ns;
	helper_done(w);
	return took_ns;
}

static void kind_run(const struct wait_kind *kind, struct wait *w)
{
	uint64_t measured_ns = 0;

	if (kind->setup)
		check(kind, "setup", kind->setup(w));
	if (kind->helper)
		check(kind, "starting the helper", helper_start(kind, w));
	printf("tid=%d\n", w->waiter);
	fflush(stdout);
	for (w->round = 1; w->round <= w->count; w->round++)
		measured_ns += round_run(kind, w);
	printf("scripted_ns=%llu measured_ns=%llu waits=%u\n",
	       (unsigned long long)(kind->script == SCRIPT_EXACT ? w->ns * w->count : 0),
	       (unsigned long long)measured_ns, w->count);
}

int main(int argc, char **argv)
{
	const struct wait_kind *kind;
	unsigned count;
	double seconds;

	if (argc == 2 && !strcmp(argv[1], "--list")) {
		kinds_list();
		return 0;
	}
	if (argc < 3 || argc > 4)
		die(EXIT_USAGE, "usage: wait_reason NAME SECONDS [COUNT] | --list");
	kind = kind_find(argv[1]);
	if (!kind)
		die(EXIT_USAGE, "'%s' is not in `wait_reason --list`", argv[1]);
	seconds = parse_seconds(argv[2]);
	count = argc == 4 ? parse_count(argv[3]) : 1;
	bound_life(seconds * count * 40 + 60); /* on a machine that many share */
	kind_run(kind, wait_new(seconds, count));
	return 0;
}
