// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes of the model: who they are, when they are forgotten, what each of them adds up to.
 * Called by model.c and model_thread.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
	free(process->unfolded);
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

static bool process_is_gone(const struct tb_model *model, const struct tb_model_process *process)
{
	return !process->threads && process->seen + MODEL_GONE_FRAMES < model->generation;
}

/* What an ended process left in the overflow stays known. */
static void process_forget(struct tb_model *model, struct tb_model_process *process)
{
	if (process->unfolded)
		model_sums_add(&model->overflow_known, process->unfolded);
	process_remove(model, process);
}

/* Too many ended in this window: the oldest become `other`, with their past, so that sums stay. */
static void process_sweep(struct tb_model *model, struct tb_model_process *process)
{
	if (!model_process_get(model, 0, 0) || process == model->other)
		return;
	model_sums_add(&model->swept, &process->dead);
	model_sums_add(&model->other->mark, &process->mark);
	process_forget(model, process);
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

/* Once a frame: whoever looks at processes looks at all of them, several times. */
static void processes_total(struct tb_model *model)
{
	struct tb_model_process *process, *next;
	const struct tb_model_thread *thread;

	HASH_ITER(hh, model->processes, process, next) {
		process->total = process->dead;
		DL_FOREACH(process->threads, thread)
			model_sums_add_thread(&process->total, &thread->now);
	}
}

int model_processes_end(struct tb_model *model, bool lost)
{
	int err = model_dead_end(model, lost);

	processes_bound(model);
	model_other_end(model);
	processes_total(model);
	return err;
}

/* Who ended before the window has no place in it. */
void model_processes_mark(struct tb_model *model)
{
	struct tb_model_process *process, *next;

	HASH_ITER(hh, model->processes, process, next) {
		if (process != model->other && process_is_gone(model, process)) {
			process_forget(model, process);
			continue;
		}
		process->mark = process->total;
	}
}
