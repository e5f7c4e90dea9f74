// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes of the model: who they are, and what their dead threads left. The rule by which the
 * dead total and the kernel's fold are one is in model.h. Called by model.c and model_thread.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "model_parts.h"

struct tb_model_process *tb_model_process(const struct tb_model *model, __u32 tgid,
					  __u64 leader_start_ns)
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

struct tb_model_process *model_process_get(struct tb_model *model, __u32 tgid,
					   __u64 leader_start_ns)
{
	struct tb_model_process *process;

	if (!tgid) /* there is one nobody */
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

static void sums_from_fold(struct tb_sums *sum, const struct tb_fold *fold)
{
	memcpy(sum->ns, fold->ns, sizeof(sum->ns));
	memcpy(sum->count, fold->count, sizeof(sum->count));
	sum->gaps = fold->gaps;
	sum->threads = fold->threads;
}

static void sums_add(struct tb_sums *sum, const struct tb_sums *more)
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
	process->fold_read_ns = record->h.time_ns;
	if (!process->comm[0])
		model_process_comm(process, record->comm);
	return 0;
}

/*
 * Exits that found no fold slot are in the overflow, and, if their EXIT record came through, in
 * their process too: what the processes have above their folds.
 */
static void other_settle(struct tb_model *model)
{
	struct tb_model_process *process, *next;
	struct tb_sums known = model->overflow_known;

	if (!model->other)
		return;
	HASH_ITER(hh, model->processes, process, next)
		if (process != model->other && process->dead.threads > process->fold.threads)
			sums_add_excess(&known, &process->dead, &process->fold);
	model->other->dead = model->swept;
	sums_add_excess(&model->other->dead, &model->overflow, &known);
	model->other->seen = model->generation;
}

static bool process_is_gone(const struct tb_model *model, const struct tb_model_process *process)
{
	return !process->threads && process->seen + MODEL_GONE_FRAMES < model->generation;
}

/* Too many ended in this window: the oldest become `other`, with their past, so that sums stay. */
static void process_sweep(struct tb_model *model, struct tb_model_process *process)
{
	if (!model_process_get(model, 0, 0) || process == model->other)
		return;
	sums_add(&model->swept, &process->dead);
	sums_add(&model->other->mark, &process->mark);
	if (process->dead.threads > process->fold.threads)
		sums_add_excess(&model->overflow_known, &process->dead, &process->fold);
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

/*
 * The fold replaces the dead. It was read before the walk, so no thread of the walk is in it; one
 * that the walk did not find is, if the fold has grown by its time, else it ended between the two.
 */
static void process_settle(struct tb_model *model, struct tb_model_process *process)
{
	struct tb_model_thread *thread, *next;
	struct tb_sums more = {};

	sums_add_excess(&more, &process->fold, &process->dead);
	DL_FOREACH_SAFE(process->threads, thread, next) {
		if (thread->seen == model->generation || !sums_include(&more, &thread->now))
			continue;
		sums_subtract(&more, &thread->now);
		model_thread_remove(model, thread);
	}
	process->dead = process->fold;
	process->fold_ns = process->fold_read_ns;
	process->vanished = false;
}

static void sums_add_thread(struct tb_sums *sum, const struct tb_thread *thread)
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

/* Once a frame: whoever looks at processes looks at all of them, several times. */
static void processes_total(struct tb_model *model)
{
	struct tb_model_process *process, *next;
	const struct tb_model_thread *thread;

	HASH_ITER(hh, model->processes, process, next) {
		process->total = process->dead;
		DL_FOREACH(process->threads, thread)
			sums_add_thread(&process->total, &thread->now);
	}
}

void model_processes_end(struct tb_model *model, bool lost)
{
	struct tb_model_process *process, *next;

	HASH_ITER(hh, model->processes, process, next)
		if (process->fold.threads > process->dead.threads && (lost || process->vanished))
			process_settle(model, process);
	processes_bound(model);
	other_settle(model);
	processes_total(model);
}

/* Who ended before the window has no place in it; what it left in the overflow stays known. */
void model_processes_mark(struct tb_model *model)
{
	struct tb_model_process *process, *next;

	HASH_ITER(hh, model->processes, process, next) {
		if (process != model->other && process_is_gone(model, process)) {
			if (process->dead.threads > process->fold.threads)
				sums_add_excess(&model->overflow_known, &process->dead,
						&process->fold);
			process_remove(model, process);
			continue;
		}
		process->mark = process->total;
	}
}
