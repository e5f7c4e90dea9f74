// SPDX-License-Identifier: GPL-2.0-only
/*
 * The model over the running kernel: while tasks live and die in every way, and exits are lost, no
 * process's total shrinks from one frame to the next, and a thread's total is its age.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/collect.h"
#include "live.h"
#include "model.h"

#define FRAME_US 50000
/* The walk's own clock is a moment ahead of the run queue's, which stamps the end. */
#define CLOCKS_APART_NS 1000000
#define SMALL_RING	4096
#define FEW_FOLDS	1024

/* What a process had at the frame before. */
struct past {
	struct tb_process_key key;
	__u64 sum_ns;
	UT_hash_handle hh;
};

struct watch {
	struct tb_live *live;
	struct tb_model model;
	struct past *pasts;
	unsigned long frames, compared;
};

static int watch_setup(void **state, const struct tb_live_options *options)
{
	struct watch *w = calloc(1, sizeof(*w));

	*state = w;
	if (!w)
		return -1;
	tb_model_init(&w->model);
	return tb_live_open(&w->live, options);
}

static int setup(void **state)
{
	return watch_setup(state, NULL);
}

static int setup_small(void **state)
{
	const struct tb_live_options options = { .loader = { .ring_bytes = SMALL_RING,
							     .fold_slots = FEW_FOLDS } };

	return watch_setup(state, &options);
}

static int teardown(void **state)
{
	struct watch *w = *state;
	struct past *past, *next;

	HASH_ITER(hh, w->pasts, past, next) {
		HASH_DEL(w->pasts, past);
		free(past);
	}
	tb_model_release(&w->model);
	tb_live_close(w->live);
	free(w);
	return 0;
}

static __u64 sum_of(const struct tb_model_process *process)
{
	__u64 sum_ns = 0;
	int i;

	for (i = 0; i < TB_STATE_NR; i++)
		sum_ns += process->total.ns[i];
	return sum_ns;
}

static void process_compare(struct watch *w, const struct tb_model_process *process)
{
	__u64 sum_ns = sum_of(process);
	struct past *past = NULL;

	HASH_FIND(hh, w->pasts, &process->key, sizeof(process->key), past);
	if (!past) {
		past = calloc(1, sizeof(*past));
		assert_non_null(past);
		past->key = process->key;
		HASH_ADD(hh, w->pasts, key, sizeof(past->key), past);
	} else {
		w->compared++;
	}
	/* `other` is what is left when all that is known is taken away: it gives as well. */
	if (sum_ns + CLOCKS_APART_NS < past->sum_ns && process != w->model.other)
		fail_msg("frame %lu: %s (%u) shrank by %llu of %llu ns", w->frames, process->comm,
			 process->key.tgid, past->sum_ns - sum_ns, past->sum_ns);
	past->sum_ns = sum_ns;
}

static void watch_frame(struct watch *w)
{
	struct tb_sink sink = { .ctx = &w->model, .record = tb_model_record };
	const struct tb_model_process *process, *next;

	assert_int_equal(tb_live_frame(w->live, &sink), 0);
	w->frames++;
	HASH_ITER(hh, w->model.processes, process, next)
		process_compare(w, process);
}

static void watch_while(struct watch *w, const char *const argv[])
{
	pid_t pid, ended = 0;
	int out, status = 0;

	pid = workload_start(argv, &out);
	while (!ended) {
		usleep(FRAME_US);
		watch_frame(w);
		ended = waitpid(pid, &status, WNOHANG);
	}
	close(out);
	assert_int_equal(status, 0);
	watch_frame(w);
	print_message("%lu frames, %lu comparisons, %llu exits lost\n", w->frames, w->compared,
		      w->model.status.lost_ring);
	assert_true(w->compared > 1000);
}

/* One thread of ours: all time since its account began, up to the walk that showed it. */
static void own_age_check(const struct watch *w)
{
	const struct tb_model_process *self = tb_model_pid(&w->model, (__u32)getpid());

	assert_non_null(self);
	assert_int_equal(self->thread_nr, 1);
	assert_int_equal(sum_of(self), self->threads->now.h.time_ns - self->threads->now.birth_ns);
}

static void no_process_shrinks_while_tasks_live_and_die(void **state)
{
	static const char *const argv[] = { "stress_tasks", "4", NULL };

	watch_while(*state, argv);
	own_age_check(*state);
}

static void no_process_shrinks_while_exits_are_lost(void **state)
{
	static const char *const argv[] = { "stress_tasks", "4", NULL };
	struct watch *w = *state;

	watch_while(w, argv);
	assert_true(w->model.status.lost_ring > 0);
	own_age_check(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(no_process_shrinks_while_tasks_live_and_die, setup,
						teardown),
		cmocka_unit_test_setup_teardown(no_process_shrinks_while_exits_are_lost,
						setup_small, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
