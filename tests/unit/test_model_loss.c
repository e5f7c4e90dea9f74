// SPDX-License-Identifier: GPL-2.0-only
/*
 * A host in small, with threads that live for long or die at once and a ring that loses exits:
 * after all that the model holds exactly the time that there was, and on the way no process ever
 * shrinks.
 */
#include "world.h"

#include "account.h"

#define PROCESSES 6
#define THREADS	  12 /* of each process, places: who dies leaves his to another */
#define FRAMES	  400
#define TICK_NS	  1000000

struct sim_thread {
	struct tb_account account;
	__u64 start_ns;
	__u32 tid;
	__u32 stays; /* 1 in so many moments is its last */
	int alive;
};

struct sim_process {
	struct sim_thread threads[THREADS];
	struct tb_fold fold;
	__u64 shown; /* sum at the frame before */
};

struct sim {
	struct world *world;
	struct sim_process processes[PROCESSES];
	__u64 now_ns, seed, lost_ring;
	__u32 next_tid;
	__u32 lossy;   /* 1 exit in so many is lost, 0: none */
	__u32 crowded; /* 1 exit in so many finds no fold slot, 0: none */
	struct tb_fold overflow;
	struct tb_thread exits[PROCESSES * THREADS * 8]; /* in the ring */
	unsigned int exits_nr;
};

static __u64 chance(struct sim *sim, __u64 below)
{
	sim->seed = sim->seed * 6364136223846793005ull + 1442695040888963407ull;
	return (sim->seed >> 33) % below;
}

static void record_fill(const struct sim *sim, const struct sim_process *process,
			const struct sim_thread *thread, struct tb_thread *record)
{
	const struct tb_account *a = &thread->account;

	memset(record, 0, sizeof(*record));
	record->h = (struct tb_record){ .kind = TB_REC_THREAD,
					.size = sizeof(*record),
					.time_ns = sim->now_ns };
	record->id.tid = thread->tid;
	record->id.tgid = process->fold.tgid;
	record->id.start_ns = thread->start_ns;
	record->id.leader_start_ns = 1;
	memcpy(record->ns, a->ns, sizeof(record->ns));
	record->birth_ns = a->birth_ns;
	record->last_ns = a->last_ns;
	record->state = a->state;
	record->blocked_state = tb_account_reason(a);
	record->open_ns[TB_OPEN_BLOCKED] = sim->now_ns - a->last_ns;
}

static void thread_step(struct sim *sim, struct sim_thread *thread)
{
	struct tb_stamps stamps = { .now_ns = sim->now_ns,
				    .arrival_ns = sim->now_ns - chance(sim, TICK_NS),
				    .switches = thread->account.kernel_switches + 1 };

	tb_account_close(&thread->account, &stamps);
	tb_account_open(&thread->account, TB_FIRST_REASON + (__u32)chance(sim, TB_REASON_NR));
}

static void fold_add(struct tb_fold *fold, const struct tb_account *a)
{
	int i;

	fold->threads++;
	fold->lifetime_ns += a->last_ns - a->birth_ns;
	for (i = 0; i < TB_STATE_NR; i++)
		fold->ns[i] += a->ns[i];
}

static void thread_die(struct sim *sim, struct sim_process *process, struct sim_thread *thread)
{
	struct tb_thread *record = &sim->exits[sim->exits_nr];
	bool crowded = sim->crowded && !chance(sim, sim->crowded);

	thread_step(sim, thread);
	thread->alive = 0;
	fold_add(crowded ? &sim->overflow : &process->fold, &thread->account);
	if (sim->lossy && !chance(sim, sim->lossy)) {
		sim->lost_ring++;
		return;
	}
	assert_in_range(++sim->exits_nr, 1, sizeof(sim->exits) / sizeof(sim->exits[0]) - 1);
	record_fill(sim, process, thread, record);
	record->flags = TB_THREAD_EXITED;
	record->nth = crowded ? 0 : process->fold.threads;
}

static void thread_birth(struct sim *sim, struct sim_thread *thread)
{
	struct tb_stamps stamps = { .now_ns = sim->now_ns };

	memset(thread, 0, sizeof(*thread));
	tb_account_begin(&thread->account, &stamps, TB_RUNQUEUE);
	thread->tid = sim->next_tid++;
	thread->start_ns = sim->now_ns;
	thread->stays = chance(sim, 2) ? 4 : 4000;
	thread->alive = 1;
}

/* A moment passes: everybody may run, die, be born. */
static void sim_live(struct sim *sim)
{
	int p, t;

	sim->now_ns += TICK_NS;
	for (p = 0; p < PROCESSES; p++)
		for (t = 0; t < THREADS; t++) {
			struct sim_thread *thread = &sim->processes[p].threads[t];

			if (!thread->alive)
				thread_birth(sim, thread);
			else if (!chance(sim, thread->stays))
				thread_die(sim, &sim->processes[p], thread);
			else if (chance(sim, 2))
				thread_step(sim, thread);
		}
}

static void put(struct sim *sim, const struct tb_record *record)
{
	assert_int_equal(tb_model_record(&sim->world->model, record), 0);
}

static void frame_drain(struct sim *sim)
{
	unsigned int i;

	for (i = 0; i < sim->exits_nr; i++)
		put(sim, &sim->exits[i].h);
	sim->exits_nr = 0;
}

static void frame_folds(struct sim *sim)
{
	int p;

	for (p = 0; p < PROCESSES; p++) {
		sim->processes[p].fold.h.time_ns = sim->now_ns;
		put(sim, &sim->processes[p].fold.h);
	}
	sim->overflow.h.time_ns = sim->now_ns;
	if (sim->overflow.threads)
		put(sim, &sim->overflow.h);
}

static void frame_walk(struct sim *sim)
{
	struct tb_thread record;
	int p, t;

	for (p = 0; p < PROCESSES; p++)
		for (t = 0; t < THREADS; t++) {
			if (!sim->processes[p].threads[t].alive)
				continue;
			record_fill(sim, &sim->processes[p], &sim->processes[p].threads[t],
				    &record);
			put(sim, &record.h);
		}
}

static void frame_end(struct sim *sim)
{
	struct tb_status status = { .h = { .kind = TB_REC_STATUS, .size = sizeof(status) },
				    .lost_ring = sim->lost_ring };
	struct tb_frame frame = {
		.h = { .kind = TB_REC_FRAME, .size = sizeof(frame), .time_ns = sim->now_ns }
	};

	put(sim, &status.h);
	put(sim, &frame.h);
}

/* As the live source does it; threads go on living and dying between its steps. */
static void sim_frame(struct sim *sim, int quiet)
{
	frame_drain(sim);
	if (!quiet)
		sim_live(sim);
	frame_folds(sim);
	if (!quiet)
		sim_live(sim);
	frame_walk(sim);
	if (!quiet)
		sim_live(sim);
	frame_end(sim);
}

static void shown_check(struct sim *sim)
{
	int p;

	for (p = 0; p < PROCESSES; p++) {
		__u64 sum = world_sum(world_process(sim->world, sim->processes[p].fold.tgid));

		if (sum < sim->processes[p].shown)
			fail_msg("process %d shrank by %llu ns", p, sim->processes[p].shown - sum);
		sim->processes[p].shown = sum;
	}
}

static __u64 sim_true(const struct sim *sim, const struct sim_process *process, __u32 state)
{
	__u64 ns = process->fold.ns[state];
	int t;

	for (t = 0; t < THREADS; t++) {
		const struct sim_thread *thread = &process->threads[t];

		if (!thread->alive)
			continue;
		ns += thread->account.ns[state];
		if (tb_account_reason(&thread->account) == state)
			ns += sim->now_ns - thread->account.last_ns;
	}
	return ns;
}

static void totals_check(struct sim *sim)
{
	__u32 reason;
	int p;

	for (p = 0; p < PROCESSES; p++)
		for (reason = 0; reason < TB_STATE_NR; reason++)
			assert_int_equal(
				world_total(sim->world, sim->processes[p].fold.tgid, reason),
				sim_true(sim, &sim->processes[p], reason));
}

/*
 * All that there was is somewhere: in a process, or in `other`. Where an exit was lost twice, what
 * is taken for a process's own may be another's, and `other` cannot give more than it has.
 */
static void sum_check(const struct sim *sim)
{
	const struct tb_model_process *process, *next;
	__u64 sum = 0, truth = 0;
	__u32 reason;
	int p;

	HASH_ITER(hh, sim->world->model.processes, process, next)
		sum += world_sum(process);
	for (reason = 0; reason < TB_STATE_NR; reason++) {
		truth += sim->overflow.ns[reason];
		for (p = 0; p < PROCESSES; p++)
			truth += sim_true(sim, &sim->processes[p], reason);
	}
	if (sim->lossy && sim->crowded)
		assert_in_range(sum, truth, truth + truth / 10000);
	else
		assert_int_equal(sum, truth);
}

static struct sim *sim_new(struct world *world, __u32 lossy, __u32 crowded)
{
	struct sim *sim = calloc(1, sizeof(*sim));
	int p;

	assert_non_null(sim);
	sim->world = world;
	sim->now_ns = 1000 * (__u64)TICK_NS;
	sim->seed = lossy + 1;
	sim->next_tid = 1000;
	sim->lossy = lossy;
	sim->crowded = crowded;
	sim->overflow.h = (struct tb_record){ .kind = TB_REC_FOLD, .size = sizeof(sim->overflow) };
	for (p = 0; p < PROCESSES; p++) {
		sim->processes[p].fold.h = sim->overflow.h;
		sim->processes[p].fold.tgid = (__u32)p + 100;
		sim->processes[p].fold.leader_start_ns = 1;
	}
	return sim;
}

static void sim_run(struct world *world, __u32 lossy, __u32 crowded)
{
	struct sim *sim = sim_new(world, lossy, crowded);
	int frame, i;

	for (frame = 0; frame < FRAMES; frame++) {
		for (i = 0; i < 5; i++)
			sim_live(sim);
		sim_frame(sim, 0);
		shown_check(sim);
	}
	for (frame = 0; frame < 3; frame++)
		sim_frame(sim, 1);
	if (!crowded)
		totals_check(sim);
	sum_check(sim);
	free(sim);
}

static void with_nothing_lost_the_model_holds_all_time_there_was(void **state)
{
	sim_run(*state, 0, 0);
}

static void with_exits_lost_the_model_holds_all_time_there_was(void **state)
{
	sim_run(*state, 3, 0);
}

static void with_one_exit_in_fifty_lost_the_model_holds_all_time_there_was(void **state)
{
	sim_run(*state, 50, 0);
}

static void with_every_exit_lost_the_model_holds_all_time_there_was(void **state)
{
	sim_run(*state, 1, 0);
}

static void with_no_room_for_folds_the_exits_are_enough(void **state)
{
	sim_run(*state, 0, 2);
}

static void with_exits_lost_and_no_room_for_some_folds_the_sum_is_all_there_was(void **state)
{
	sim_run(*state, 3, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(with_nothing_lost_the_model_holds_all_time_there_was),
		world_test(with_exits_lost_the_model_holds_all_time_there_was),
		world_test(with_one_exit_in_fifty_lost_the_model_holds_all_time_there_was),
		world_test(with_every_exit_lost_the_model_holds_all_time_there_was),
		world_test(with_no_room_for_folds_the_exits_are_enough),
		world_test(with_exits_lost_and_no_room_for_some_folds_the_sum_is_all_there_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
