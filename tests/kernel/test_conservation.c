// SPDX-License-Identifier: GPL-2.0-only
/*
 * No thread-time is lost: for every record of every thread, old and new, living and dead, the parts
 * sum to the wall time exactly, through all that can happen to a task; and what threads leave
 * behind when they die is what their process's fold holds.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/collect.h"
#include "skeleton.h"

#define ELDER_AGE_US	300000
#define CLOCKS_APART_NS 20000000 /* the estimate is made from three clocks of the kernel */

/* A thread that was there, and blocked, before the tool. */
struct elder {
	pid_t pid;
	int pipe[2];
	__u64 forked_ns, blocked_ns; /* CLOCK_MONOTONIC: it blocked for good between the two */
};

struct conservation {
	struct collect *collect;
	struct elder elder;
};

static __u64 monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (__u64)now.tv_sec * 1000000000u + (__u64)now.tv_nsec;
}

static char state_letter(pid_t pid)
{
	char path[64], letter = '?';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "r");
	if (!file)
		return letter;
	if (fscanf(file, "%*d (%*[^)]) %c", &letter) != 1)
		letter = '?';
	fclose(file);
	return letter;
}

static int elder_start(struct elder *elder)
{
	char byte;

	if (pipe(elder->pipe))
		return -1;
	elder->forked_ns = monotonic_ns();
	elder->pid = fork();
	if (!elder->pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(elder->pipe[1]);
		_exit(read(elder->pipe[0], &byte, 1) != 1);
	}
	while (state_letter(elder->pid) != 'S')
		usleep(1000);
	elder->blocked_ns = monotonic_ns();
	usleep(ELDER_AGE_US);
	return 0;
}

static int setup(void **state)
{
	struct conservation *c = calloc(1, sizeof(*c));

	if (!c || elder_start(&c->elder))
		return -1;
	*state = c;
	return collect_setup((void **)&c->collect);
}

static int teardown(void **state)
{
	struct conservation *c = *state;
	int err = collect_teardown((void **)&c->collect);

	kill(c->elder.pid, SIGKILL);
	waitpid(c->elder.pid, NULL, 0);
	free(c);
	return err;
}

static struct collect *collect_of(void **state)
{
	return ((struct conservation *)*state)->collect;
}

static void every_record_sums_to_its_wall_time(void **state)
{
	static const char *const argv[] = { "stress_tasks", "4", NULL };
	struct collect *c = collect_of(state);

	assert_int_equal(collect_while(c, argv, 50), 0);
	print_message("%lu records, %lu exits, torn %llu, clamped %llu\n", c->records, c->exits,
		      c->status.torn, c->status.clamped);
	assert_true(c->exits > 100);
	assert_int_equal(c->broken, 0);
	assert_int_equal(c->shrunk, 0);
	assert_int_equal(c->status.gaps, 0);
	assert_int_equal(c->status.lost_threads, 0);
}

static void a_thread_older_than_the_tool_is_told_from_its_first_walk_on(void **state)
{
	const struct conservation *c = *state;
	const struct seen_thread *seen = collect_thread(c->collect, (__u32)c->elder.pid);

	assert_non_null(seen);
	assert_true(seen->last.flags & TB_THREAD_EXISTED);
	assert_true(seen->records > 1);
	assert_int_equal(seen->last.birth_ns, seen->first.birth_ns);
	assert_true(seen->last.h.time_ns > seen->first.h.time_ns);
	assert_int_equal(seen->last.state, TB_PIPE);
	assert_int_equal(seen->last.object.kind, TB_OBJ_PIPE);
}

static void how_long_it_has_been_blocked_is_estimated_and_says_so(void **state)
{
	const struct conservation *c = *state;
	const struct seen_thread *seen = collect_thread(c->collect, (__u32)c->elder.pid);
	__u64 offset_ns, since_ns;

	assert_non_null(seen);
	assert_true(seen->last.flags & TB_THREAD_ESTIMATE);
	assert_int_equal(seen->last.since_ns, seen->first.since_ns);
	offset_ns = (__u64)c->collect->kernel.loader.skel->bss->counters.clock_offset_ns;
	since_ns = seen->last.since_ns + offset_ns;
	print_message("blocked %+.3f ms after its fork, seen blocked at %.3f ms\n",
		      (double)(__s64)(since_ns - c->elder.forked_ns) / 1e6,
		      (double)(c->elder.blocked_ns - c->elder.forked_ns) / 1e6);
	assert_in_range(since_ns, c->elder.forked_ns - CLOCKS_APART_NS,
			c->elder.blocked_ns + CLOCKS_APART_NS);
}

/* What it waited for before anybody looked is booked when it ends. */
static void the_wait_of_an_older_thread_goes_to_its_reason(void **state)
{
	struct conservation *c = *state;
	const struct seen_thread *seen;

	assert_int_equal(write(c->elder.pipe[1], "x", 1), 1);
	while (state_letter(c->elder.pid) != 'Z')
		usleep(1000);
	collect_frame(c->collect);
	seen = collect_thread(c->collect, (__u32)c->elder.pid);
	assert_true(seen->last.flags & TB_THREAD_EXITED);
	assert_false(seen->last.flags & TB_THREAD_ESTIMATE);
	assert_int_equal(seen->last.gaps, 0);
	assert_true(seen->last.ns[TB_PIPE] >= seen->first.h.time_ns - seen->first.birth_ns);
	assert_int_equal(seen->last.count[TB_PIPE], 1);
}

/* Two walks apart: what the thread's states gained is the time between them, to the nanosecond. */
static void the_time_between_two_walks_is_all_accounted(void **state)
{
	struct collect *c = collect_of(state);
	const struct seen_thread *seen;
	unsigned long checked = 0;
	int i;

	for (seen = c->threads; seen; seen = seen->hh.next) {
		const struct tb_thread *a = &seen->first, *b = &seen->last;
		__u64 gained = 0;

		if (a->birth_ns != b->birth_ns)
			continue;
		for (i = 0; i < TB_STATE_NR; i++)
			gained += b->ns[i] - a->ns[i];
		for (i = 0; i < 3; i++)
			gained += b->open_ns[i] - a->open_ns[i];
		assert_int_equal(gained, b->h.time_ns - a->h.time_ns);
		checked++;
	}
	assert_true(checked > 10);
}

/* A process of which all exits were told has their sum in its fold, any other has more. */
static void fold_check(const struct seen_fold *fold)
{
	int i;

	assert_true(fold->exits <= fold->last.threads);
	for (i = 0; i < TB_STATE_NR; i++)
		if (fold->exits == fold->last.threads ? fold->exits_ns[i] != fold->last.ns[i]
						      : fold->exits_ns[i] > fold->last.ns[i])
			fail_msg("%.16s (%u), %u threads, %lu told: state %d is %llu, told %llu",
				 fold->last.comm, fold->key.tgid, fold->last.threads, fold->exits,
				 i, fold->last.ns[i], fold->exits_ns[i]);
}

static void folds_hold_what_the_dead_left(void **state)
{
	struct collect *c = collect_of(state);
	const struct seen_fold *fold;
	unsigned long threads = 0;

	assert_int_equal(collect_folds(c), 0);
	print_message("%lu exits, %llu lost\n", c->exits, c->status.lost_ring);
	assert_int_equal(c->status.lost_folds, 0);
	for (fold = c->folds; fold; fold = fold->hh.next) {
		threads += fold->last.threads;
		if (fold->key.tgid)
			fold_check(fold);
	}
	assert_int_equal(threads, c->exits + c->status.lost_ring);
}

/* The account's clock runs as CLOCK_MONOTONIC does: a sleep of known length is that long. */
static void the_clock_of_the_account_is_the_walls(void **state)
{
	struct collect *c = collect_of(state);
	__u64 begin_ns, wall_ns, inner_ns, account_ns;

	begin_ns = monotonic_ns();
	collect_frame(c);
	account_ns = collect_thread(c, (__u32)getpid())->last.h.time_ns;
	inner_ns = monotonic_ns();
	usleep(500000);
	inner_ns = monotonic_ns() - inner_ns;
	collect_frame(c);
	account_ns = collect_thread(c, (__u32)getpid())->last.h.time_ns - account_ns;
	wall_ns = monotonic_ns() - begin_ns;
	print_message("wall %.3f to %.3f ms, account %.3f ms\n", (double)inner_ns / 1e6,
		      (double)wall_ns / 1e6, (double)account_ns / 1e6);
	assert_in_range(account_ns, inner_ns - inner_ns / 100, wall_ns + wall_ns / 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_record_sums_to_its_wall_time),
		cmocka_unit_test(a_thread_older_than_the_tool_is_told_from_its_first_walk_on),
		cmocka_unit_test(how_long_it_has_been_blocked_is_estimated_and_says_so),
		cmocka_unit_test(the_wait_of_an_older_thread_goes_to_its_reason),
		cmocka_unit_test(the_time_between_two_walks_is_all_accounted),
		cmocka_unit_test(folds_hold_what_the_dead_left),
		cmocka_unit_test(the_clock_of_the_account_is_the_walls),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
