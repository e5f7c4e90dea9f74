// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes of the model: who they are, and what their dead threads left. The rule by which the dead
 * total and the kernel's fold are one is in model.h. Called by model.c and model_thread.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "model_parts.h"

struct tb_model_process *tb_model_process(const struct tb_model *model, __u32 tgid, __u64 leader_start_ns)
{
	struct tb_process_key key = { .tgid = tgid, .leader_start_ns = leader_start_ns };
	struct tb_model_process *process = NULL;

	HASH_FIND(hh, model->processes, &key, sizeof(key), process);
	return process;
}

struct tb_model_process *tb_model_pid(const struct tb_model *model, __u32 tgid)
{
	struct tb_model_process *process = NULL;

	HASH_FIND(hh_pid, model->pids, &tgid, sizeof(tgid), process);
	return process;
}

/* A pid belongs to the youngest that had it. */
static void pid_take(struct tb_model *model, struct tb_model_process *process)
{
	struct tb_model_process *before = tb_model_pid(model, process->key.tgid);

	if (before && before->key.leader_start_ns > process->key.leader_start_ns)
		return;
	if (before)
		HASH_DELETE(hh_pid, model->pids, before);
	HASH_ADD(hh_pid, model->pids, key.tgid, sizeof(process->key.tgid), process);
}

struct tb_model_process *model_process_get(struct tb_model *model, __u32 tgid, __u64 leader_start_ns)
{
	struct tb_model_process *process;

	if (!tgid)	/* there is one nobody */
		leader_start_ns = 0;
	process = tb_model_process(model, tgid, leader_start_ns);
	if (process)
		return process;
	process = calloc(1, sizeof(*process));
	if (!process)
		return NULL;
	process->key.tgid = tgid;
	process->key.leader_start_ns = leader_start_ns;
	process->seen = model->generation;
	HASH_ADD(hh, model->processes, key, sizeof(process->key), process);
	pid_take(model, process);
	if (!tgid) {
		model->other = process;
		model_process_comm(process, "other\0\0\0\0\0\0\0\0\0\0\0");
	}
	return process;
}

static void process_remove(struct tb_model *model, struct tb_model_process *process)
{
	while (process->threads)
		model_thread_remove(model, process->threads);
	while (process->edges)
		model_edge_remove(model, process->edges);
	if (process == model->other)
		model->other = NULL;
	if (tb_model_pid(model, process->key.tgid) == process)
		HASH_DELETE(hh_pid, model->pids, process);
	HASH_DEL(model->processes, process);
	free(process);
}

void model_processes_release(struct tb_model *model)
{
	struct tb_model_process *process, *next;

	HASH_ITER(hh, model->processes, process, next)
		process_remove(model, process);
}

void model_process_comm(struct tb_model_process *process, const char comm[TB_COMM_LEN])
{
	memcpy(process->comm, comm, TB_COMM_LEN);
	process->comm[TB_COMM_LEN] = '\0';
}

int model_process_record(struct tb_model *model, const struct tb_process *record)
{
	struct tb_model_process *process =
		model_process_get(model, record->tgid, record->leader_start_ns);

	if (!process)
		return -ENOMEM;
	process->info = *record;
	process->info.cgroup[TB_PATH_LEN - 1] = '\0';
	process->info.exe[TB_NAME_LEN - 1] = '\0';
	process->seen = model->generation;
	model_process_comm(process, record->comm);
	return 0;
}

static void dead_from_fold(struct tb_dead *dead, const struct tb_fold *fold)
{
	memcpy(dead->ns, fold->ns, sizeof(dead->ns));
	memcpy(dead->count, fold->count, sizeof(dead->count));
	dead->gaps = fold->gaps;
	dead->threads = fold->threads;
}

static void dead_add(struct tb_dead *sum, const struct tb_dead *dead)
{
	int i;

	for (i = 0; i < TB_STATE_NR; i++) {
		sum->ns[i] += dead->ns[i];
		sum->count[i] += dead->count[i];
	}
	sum->gaps += dead->gaps;
	sum->threads += dead->threads;
}

/* What `more` has above `less`, nowhere below 0. */
static void dead_add_excess(struct tb_dead *sum, const struct tb_dead *more, const struct tb_dead *less)
{
	int i;

	for (i = 0; i < TB_STATE_NR; i++) {
		if (more->ns[i] > less->ns[i])
			sum->ns[i] += more->ns[i] - less->ns[i];
		if (more->count[i] > less->count[i])
			sum->count[i] += more->count[i] - less->count[i];
	}
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
		dead_from_fold(&model->overflow, record);
		return 0;
	}
	dead_from_fold(&process->fold, record);
	process->fold_read_ns = record->h.time_ns;
	if (!process->comm[0])
		model_process_comm(process, record->comm);
	return 0;
}

/*
 * Exits that found no fold slot are in the overflow, and, if their EXIT record came through, in their
 * process too: what the processes have above their folds.
 */
static void other_settle(struct tb_model *model)
{
	struct tb_model_process *process, *next;
	struct tb_dead known = model->overflow_known;

	if (!model->other)
		return;
	HASH_ITER(hh, model->processes, process, next)
		if (process != model->other && process->dead.threads > process->fold.threads)
			dead_add_excess(&known, &process->dead, &process->fold);
	model->other->dead = model->swept;
	dead_add_excess(&model->other->dead, &model->overflow, &known);
	model->other->seen = model->generation;
}

static bool process_is_gone(const struct tb_model *model, const struct tb_model_process *process)
{
	return !process->threads && process->seen + MODEL_GONE_FRAMES < model->generation;
}

/* Too many ended in this window: the oldest become `other`, with their past, so that sums stay. */
static void process_sweep(struct tb_model *model, struct tb_model_process *process)
{
	int i;

	if (!model_process_get(model, 0, 0) || process == model->other)
		return;
	dead_add(&model->swept, &process->dead);
	for (i = 0; i < TB_STATE_NR; i++) {
		model->other->mark[i] += process->mark[i];
		model->other->mark_count[i] += process->mark_count[i];
	}
	model->other->mark_gaps += process->mark_gaps;
	if (process->dead.threads > process->fold.threads)
		dead_add_excess(&model->overflow_known, &process->dead, &process->fold);
	process_remove(model, process);
}

static void processes_bound(struct tb_model *model)
{
	struct tb_model_process *process, *next;
	size_t gone = 0;

	HASH_ITER(hh, model->processes, process, next)
		gone += process_is_gone(model, process);
	if (gone <= TB_MODEL_GONE_MAX)
		return;
	HASH_ITER(hh, model->processes, process, next)
		if (gone > TB_MODEL_GONE_MAX && process_is_gone(model, process)) {
			process_sweep(model, process);
			gone--;
		}
}

/* Does what a fold holds beyond the dead include all that this thread was last seen to have? */
static bool dead_includes(const struct tb_dead *more, const struct tb_thread *thread)
{
	__u64 total[TB_STATE_NR];
	int i;

	tb_thread_totals(thread, total);
	for (i = 0; i < TB_STATE_NR; i++)
		if (total[i] > more->ns[i])
			return false;
	return true;
}

static void dead_subtract(struct tb_dead *more, const struct tb_thread *thread)
{
	__u64 total[TB_STATE_NR];
	int i;

	tb_thread_totals(thread, total);
	for (i = 0; i < TB_STATE_NR; i++)
		more->ns[i] -= total[i];
}

/*
 * The fold replaces the dead. It was read before the walk, so no thread of the walk is in it; one that
 * the walk did not find is, if the fold has grown by its time, else it ended between the two.
 */
static void process_settle(struct tb_model *model, struct tb_model_process *process)
{
	struct tb_model_thread *thread, *next;
	struct tb_dead more = {};

	dead_add_excess(&more, &process->fold, &process->dead);
	DL_FOREACH_SAFE(process->threads, thread, next) {
		if (thread->seen == model->generation || !dead_includes(&more, &thread->now))
			continue;
		dead_subtract(&more, &thread->now);
		model_thread_remove(model, thread);
	}
	process->dead = process->fold;
	process->fold_ns = process->fold_read_ns;
	process->vanished = false;
}

void model_processes_end(struct tb_model *model, bool lost)
{
	struct tb_model_process *process, *next;

	HASH_ITER(hh, model->processes, process, next)
		if (process->fold.threads > process->dead.threads && (lost || process->vanished))
			process_settle(model, process);
	processes_bound(model);
	other_settle(model);
}

void tb_process_totals(const struct tb_model_process *process, __u64 total[TB_STATE_NR])
{
	const struct tb_model_thread *thread;
	__u64 own[TB_STATE_NR];
	int i;

	memcpy(total, process->dead.ns, sizeof(process->dead.ns));
	DL_FOREACH(process->threads, thread) {
		tb_thread_totals(&thread->now, own);
		for (i = 0; i < TB_STATE_NR; i++)
			total[i] += own[i];
	}
}

void tb_process_counts(const struct tb_model_process *process, __u64 count[TB_STATE_NR])
{
	const struct tb_model_thread *thread;
	int i;

	memcpy(count, process->dead.count, sizeof(process->dead.count));
	DL_FOREACH(process->threads, thread)
		for (i = 0; i < TB_STATE_NR; i++)
			count[i] += thread->now.count[i];
}

__u64 tb_process_gaps(const struct tb_model_process *process)
{
	const struct tb_model_thread *thread;
	__u64 gaps = process->dead.gaps;

	DL_FOREACH(process->threads, thread)
		gaps += thread->now.gaps;
	return gaps;
}

/* Who ended before the window has no place in it; what it left in the overflow stays known. */
void model_processes_mark(struct tb_model *model)
{
	struct tb_model_process *process, *next;

	HASH_ITER(hh, model->processes, process, next) {
		if (process != model->other && process_is_gone(model, process)) {
			if (process->dead.threads > process->fold.threads)
				dead_add_excess(&model->overflow_known, &process->dead, &process->fold);
			process_remove(model, process);
			continue;
		}
		tb_process_totals(process, process->mark);
		tb_process_counts(process, process->mark_count);
		process->mark_gaps = tb_process_gaps(process);
	}
}
