// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads of the model: taken from walks, ended by EXIT records, forgotten when they vanish. Called
 * by model.c. A thread's values are its last record's; nothing is added up here but what is still
 * open.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "model_parts.h"

static __u64 sum_open(const struct tb_thread *record)
{
	return record->open_ns[0] + record->open_ns[1] + record->open_ns[2];
}

/* A copy that does not add up was torn, by whatever source. */
static bool record_is_whole(const struct tb_thread *record)
{
	return record->state < TB_STATE_NR && record->blocked_state < TB_STATE_NR &&
	       record->last_ns >= record->birth_ns &&
	       tb_account_sums(record->ns, record->birth_ns, record->last_ns) &&
	       (record->flags & TB_THREAD_EXITED ||
		sum_open(record) == record->h.time_ns - record->last_ns);
}

void tb_thread_totals(const struct tb_thread *thread, __u64 total[TB_STATE_NR])
{
	__u32 queue = thread->state == TB_THROTTLED ? TB_THROTTLED : TB_RUNQUEUE;

	memcpy(total, thread->ns, sizeof(thread->ns));
	total[thread->blocked_state] += thread->open_ns[TB_OPEN_BLOCKED];
	total[queue] += thread->open_ns[TB_OPEN_QUEUED];
	total[TB_ONCPU] += thread->open_ns[TB_OPEN_ONCPU];
}

static struct tb_model_thread *thread_find(const struct tb_model *model, __u32 tid, __u64 start_ns)
{
	struct tb_thread_key key = { .tid = tid, .start_ns = start_ns };
	struct tb_model_thread *thread = NULL;

	HASH_FIND(hh, model->threads, &key, sizeof(key), thread);
	return thread;
}

struct tb_model_thread *tb_model_thread(const struct tb_model *model, __u32 tid, __u64 start_ns)
{
	return thread_find(model, tid, start_ns);
}

void model_thread_remove(struct tb_model *model, struct tb_model_thread *thread)
{
	DL_DELETE(thread->process->threads, thread);
	thread->process->thread_nr--;
	HASH_DEL(model->threads, thread);
	free(thread);
}

void model_thread_mark(struct tb_model_thread *thread)
{
	int i;

	tb_thread_totals(&thread->now, thread->mark);
	for (i = 0; i < TB_STATE_NR; i++)
		thread->mark_count[i] = thread->now.count[i];
	thread->mark_ns = thread->now.h.time_ns;
}

/* exec in a thread other than the leader: the same account goes on under the leader's id. */
static struct tb_model_thread *thread_of_account(const struct tb_model_process *process,
						 __u64 birth_ns)
{
	struct tb_model_thread *thread;

	DL_FOREACH(process->threads, thread)
		if (thread->now.birth_ns == birth_ns)
			return thread;
	return NULL;
}

static void mark_move(struct tb_model_thread *to, const struct tb_model_thread *from)
{
	memcpy(to->mark, from->mark, sizeof(to->mark));
	memcpy(to->mark_count, from->mark_count, sizeof(to->mark_count));
	to->mark_ns = from->mark_ns;
}

/*
 * Where the window begins for a thread that was not known before: at its birth. One that should
 * have been known is an account under a new id, or one that walks had missed: its window begins
 * now.
 */
static void thread_begin(struct tb_model *model, struct tb_model_thread *thread)
{
	struct tb_model_thread *same;
	__u64 birth_ns = thread->now.birth_ns;

	thread->mark_ns = birth_ns;
	if (model->generation == 1 || birth_ns >= model->walk_ns)
		return;
	same = thread_of_account(thread->process, birth_ns);
	if (same) {
		mark_move(thread, same);
		model_thread_remove(model, same);
	} else if (birth_ns < model->mark_walk_ns) {
		model_thread_mark(thread);
	}
}

static int thread_add(struct tb_model *model, struct tb_model_process *process,
		      const struct tb_thread *record)
{
	struct tb_model_thread *thread = calloc(1, sizeof(*thread));

	if (!thread)
		return -ENOMEM;
	thread->key.tid = record->id.tid;
	thread->key.start_ns = record->id.start_ns;
	thread->process = process;
	thread->now = *record;
	thread->seen = model->generation;
	thread_begin(model, thread);
	DL_APPEND(process->threads, thread);
	process->thread_nr++;
	HASH_ADD(hh, model->threads, key, sizeof(thread->key), thread);
	return 0;
}

/* A woken thread's record no longer says what it waited for; the same wait had the same object. */
static void thread_update(struct tb_model_thread *thread, const struct tb_thread *record)
{
	struct tb_object object = thread->now.object;
	bool same_wait = thread->now.last_ns == record->last_ns;

	thread->now = *record;
	if (same_wait && record->object.kind == TB_OBJ_NONE)
		thread->now.object = object;
}

static void dead_add(struct tb_sums *dead, const struct tb_thread *record)
{
	int i;

	for (i = 0; i < TB_STATE_NR; i++) {
		dead->ns[i] += record->ns[i];
		dead->count[i] += record->count[i];
	}
	dead->gaps += record->gaps;
	dead->threads++;
}

/*
 * The thread whose last record this is. An exec in another thread than the first swaps ids: that
 * one goes on under the first one's name, and the first one ends under the other's id with its own
 * start.
 */
static struct tb_model_thread *thread_of_exit(const struct tb_model *model,
					      const struct tb_model_process *process,
					      const struct tb_thread *record)
{
	struct tb_model_thread *thread = thread_find(model, record->id.tid, record->id.start_ns);

	if (thread && thread->now.birth_ns == record->birth_ns)
		return thread;
	if (record->id.start_ns != record->id.leader_start_ns)
		return NULL;
	return thread_of_account(process, record->birth_ns);
}

/* The last record. If a fold was taken that already holds this exit, only the thread goes. */
static void thread_exit(struct tb_model *model, struct tb_model_process *process,
			const struct tb_thread *record)
{
	struct tb_model_thread *thread = thread_of_exit(model, process, record);

	if (thread)
		model_thread_remove(model, thread);
	if (!record->nth || record->nth > process->fold_nth)
		dead_add(&process->dead, record);
}

/*
 * The name now means another account. After an exec by a thread that was known, the first thread's
 * end is still to be told, under another name: until then it keeps its time.
 */
static void thread_replace(struct tb_model *model, struct tb_model_thread *thread,
			   const struct tb_thread *record)
{
	if (!thread_of_account(thread->process, record->birth_ns)) {
		model_thread_remove(model, thread);
		return;
	}
	HASH_DEL(model->threads, thread);
	thread->key.reserved = 1;
	HASH_ADD(hh, model->threads, key, sizeof(thread->key), thread);
}

static void process_learn(struct tb_model_process *process, const struct tb_thread *record,
			  __u64 generation)
{
	process->seen = generation;
	if (record->flags & TB_THREAD_KERNEL)
		process->kernel = true;
	if (record->id.tid == record->id.tgid || !process->comm[0])
		model_process_comm(process, record->comm);
}

int model_thread_record(struct tb_model *model, const struct tb_thread *record)
{
	struct tb_model_process *process;
	struct tb_model_thread *thread;

	if (!record_is_whole(record)) {
		model->torn++;
		return 0;
	}
	process = model_process_get(model, record->id.tgid, record->id.leader_start_ns);
	if (!process)
		return -ENOMEM;
	process_learn(process, record, model->generation);
	if (record->flags & TB_THREAD_EXITED) {
		thread_exit(model, process, record);
		return 0;
	}
	if (!model->walk_begin_ns || record->h.time_ns < model->walk_begin_ns)
		model->walk_begin_ns = record->h.time_ns;
	thread = thread_find(model, record->id.tid, record->id.start_ns);
	if (thread && (thread->now.birth_ns != record->birth_ns || thread->process != process)) {
		thread_replace(model, thread, record);
		thread = NULL;
	}
	if (!thread)
		return thread_add(model, process, record);
	thread_update(thread, record);
	thread->seen = model->generation;
	return 0;
}
