// SPDX-License-Identifier: GPL-2.0-only
/*
 * What threads leave behind when they end: exits as they are told, the kernel's folds of them, and
 * the one fold of all that found no place. How they are made one is in model.h. Called by model.c,
 * model_thread.c and model_process.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "model_parts.h"

#define LATE_FRAMES 16

static void sums_from_fold(struct tb_sums *sum, const struct tb_fold *fold)
{
	memcpy(sum->ns, fold->ns, sizeof(sum->ns));
	memcpy(sum->count, fold->count, sizeof(sum->count));
	sum->gaps = fold->gaps;
	sum->threads = fold->threads;
}

void model_sums_add(struct tb_sums *sum, const struct tb_sums *more)
{
	int i;

	for (i = 0; i < TB_STATE_NR; i++) {
		sum->ns[i] += more->ns[i];
		sum->count[i] += more->count[i];
	}
	sum->gaps += more->gaps;
	sum->threads += more->threads;
}

/* What `more` has above `less`, nowhere below 0. */
static void sums_add_excess(struct tb_sums *sum, const struct tb_sums *more,
			    const struct tb_sums *less)
{
	int i;

	for (i = 0; i < TB_STATE_NR; i++) {
		if (more->ns[i] > less->ns[i])
			sum->ns[i] += more->ns[i] - less->ns[i];
		if (more->count[i] > less->count[i])
			sum->count[i] += more->count[i] - less->count[i];
	}
}

void model_sums_add_thread(struct tb_sums *sum, const struct tb_thread *thread)
{
	__u64 total[TB_STATE_NR];
	int i;

	tb_thread_totals(thread, total);
	for (i = 0; i < TB_STATE_NR; i++) {
		sum->ns[i] += total[i];
		sum->count[i] += thread->count[i];
	}
	sum->gaps += thread->gaps;
	sum->threads++;
}

int model_fold_record(struct tb_model *model, const struct tb_fold *record)
{
	struct tb_model_process *process;

	if (!tb_account_sums(record->ns, 0, record->lifetime_ns)) {
		model->torn++;
		return 0;
	}
	process = model_process_get(model, record->tgid, record->leader_start_ns);
	if (!process)
		return -ENOMEM;
	process->seen = model->generation;
	if (!record->tgid) {
		sums_from_fold(&model->overflow, record);
		return 0;
	}
	sums_from_fold(&process->fold, record);
	if (!process->comm[0])
		model_process_comm(process, record->comm);
	return 0;
}

/* Does what a fold holds beyond the dead include all that this thread was last seen to have? */
static bool sums_include(const struct tb_sums *more, const struct tb_thread *thread)
{
	__u64 total[TB_STATE_NR];
	int i;

	tb_thread_totals(thread, total);
	for (i = 0; i < TB_STATE_NR; i++)
		if (total[i] > more->ns[i])
			return false;
	return true;
}

static void sums_subtract(struct tb_sums *more, const struct tb_thread *thread)
{
	__u64 total[TB_STATE_NR];
	int i;

	tb_thread_totals(thread, total);
	for (i = 0; i < TB_STATE_NR; i++)
		more->ns[i] -= total[i];
}

/* Exits of the process that the kernel holds, in its fold or in nobody's. */
static struct tb_sums process_held(const struct tb_model_process *process)
{
	struct tb_sums held = process->fold;

	if (process->unfolded)
		model_sums_add(&held, process->unfolded);
	return held;
}

static struct tb_sums *process_unfolded(struct tb_model_process *process)
{
	if (!process->unfolded)
		process->unfolded = calloc(1, sizeof(*process->unfolded));
	return process->unfolded;
}

/* Nothing tells of its end but nobody's fold: what was seen of it stays where it belongs. */
static int thread_unfold(struct tb_model_process *process, const struct tb_thread *thread)
{
	struct tb_sums *unfolded = process_unfolded(process);

	if (!unfolded)
		return -ENOMEM;
	model_sums_add_thread(unfolded, thread);
	model_sums_add_thread(&process->dead, thread);
	return 0;
}

/*
 * Is it time to think that the end of a thread will not be told? It can be late: a thread that has
 * given back its number is in no walk, and on a busy machine its last switch is yet to come. But it
 * is told, unless exits were lost since the last walk that showed it.
 */
static bool thread_is_overdue(const struct tb_model *model, const struct tb_model_thread *thread)
{
	__u64 frames = model->generation - thread->seen;

	return frames > LATE_FRAMES || (frames > 1 && model->lost_seen > thread->seen);
}

static bool process_is_overdue(const struct tb_model *model, const struct tb_model_process *process)
{
	const struct tb_model_thread *thread;

	DL_FOREACH(process->threads, thread)
		if (thread_is_overdue(model, thread))
			return true;
	return false;
}

/*
 * Threads that this walk did not show, and whose end was not told. Folds are older than the walk:
 * one by whose time the fold has grown is in there. Another is in the next fold, or, if it is
 * overdue, in nobody's. Those that were seen first go first: they have most time, and are surest to
 * be told apart.
 */
static int process_bury(struct tb_model *model, struct tb_model_process *process,
			struct tb_sums *more)
{
	struct tb_model_thread *thread, *next;
	int err = 0;

	DL_FOREACH_SAFE(process->threads, thread, next) {
		if (thread->seen == model->generation || err)
			continue;
		if (more && sums_include(more, &thread->now))
			sums_subtract(more, &thread->now);
		else if (!thread_is_overdue(model, thread))
			continue;
		else if (model->overflow.threads)
			err = thread_unfold(process, &thread->now);
		model_thread_remove(model, thread);
	}
	return err;
}

/* Exits were lost, and the kernel holds more of them than were told: what it holds is the truth. */
static int process_settle(struct tb_model *model, struct tb_model_process *process)
{
	struct tb_sums held = process_held(process), more = {};
	int err;

	sums_add_excess(&more, &held, &process->dead);
	err = process_bury(model, process, &more);
	process->dead = process_held(process);
	process->fold_nth = process->fold.threads;
	process->vanished = false;
	return err;
}

/* More exits were told than the kernel holds for the process: the rest is in nobody's fold. */
static int process_unfold(struct tb_model_process *process)
{
	struct tb_sums held = process_held(process);
	struct tb_sums *unfolded = process_unfolded(process);

	if (!unfolded)
		return -ENOMEM;
	sums_add_excess(unfolded, &process->dead, &held);
	unfolded->threads += process->dead.threads - held.threads;
	return 0;
}

static int process_end(struct tb_model *model, struct tb_model_process *process, bool lost)
{
	__u32 held = process->fold.threads + (process->unfolded ? process->unfolded->threads : 0);
	bool overdue = process_is_overdue(model, process);
	int err = 0;

	process->vanished |= overdue;
	if (process->dead.threads < held && (lost || process->vanished))
		return process_settle(model, process);
	if (process->dead.threads > held && model->overflow.threads)
		err = process_unfold(process);
	return err || !overdue ? err : process_bury(model, process, NULL);
}

int model_dead_end(struct tb_model *model, bool lost)
{
	struct tb_model_process *process, *next;
	int err = 0;

	HASH_ITER(hh, model->processes, process, next)
		if (process != model->other && !err)
			err = process_end(model, process, lost);
	return err;
}

/* Of the fold of nobody, what no process is known to have left there. */
void model_other_end(struct tb_model *model)
{
	struct tb_model_process *process, *next;
	struct tb_sums known = model->overflow_known;

	if (!model->other)
		return;
	HASH_ITER(hh, model->processes, process, next)
		if (process->unfolded)
			model_sums_add(&known, process->unfolded);
	model->other->dead = model->swept;
	sums_add_excess(&model->other->dead, &model->overflow, &known);
	model->other->seen = model->generation;
}
