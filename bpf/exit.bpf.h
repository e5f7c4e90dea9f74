/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of a thread: its totals go to its process's fold, which no loss can touch, and as one
 * record to the ring. Also the one door to the ring.
 */
#ifndef TAILBACK_EXIT_BPF_H
#define TAILBACK_EXIT_BPF_H

#include "shared.bpf.h"

#define RING_WAKE_SHARE 2 /* wake the reader when half of the ring is full; else it polls */

static __always_inline void *ring_reserve(u64 size)
{
	void *record = bpf_ringbuf_reserve(&ring, size, 0);

	if (!record)
		count_one(lost_ring);
	return record;
}

static __always_inline void ring_submit(void *record)
{
	u64 waiting = bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA);
	u64 size = bpf_ringbuf_query(&ring, BPF_RB_RING_SIZE);

	bpf_ringbuf_submit(record, waiting > size / RING_WAKE_SHARE ? BPF_RB_FORCE_WAKEUP
								    : BPF_RB_NO_WAKEUP);
}

/*
 * Returns which exit of the fold it is, from 1. Whoever copies the fold meanwhile sees that more
 * have begun than ended.
 */
static __always_inline u64 fold_add(struct tb_fold *fold, const struct tb_account *a)
{
	u64 nth = __sync_fetch_and_add(&fold->begun, 1) + 1;
	int i;

	for (i = 0; i < TB_STATE_NR; i++) {
		__sync_fetch_and_add(&fold->ns[i], a->ns[i]);
		__sync_fetch_and_add(&fold->count[i], a->count[i]);
	}
	__sync_fetch_and_add(&fold->lifetime_ns, a->last_ns - a->birth_ns);
	__sync_fetch_and_add(&fold->switches, a->switches);
	__sync_fetch_and_add(&fold->gaps, a->gaps);
	__sync_fetch_and_add(&fold->threads, 1);
	return nth;
}

/* The fold of a process, made on first use; NULL when there is no room. */
static __always_inline struct tb_fold *fold_find(struct task_struct *task)
{
	struct tb_process_key key = { .tgid = task->tgid };
	struct tb_fold *fold;

	key.leader_start_ns = task->group_leader->start_boottime;
	fold = bpf_map_lookup_elem(&folds, &key);
	if (fold)
		return fold;
	bpf_map_update_elem(&folds, &key, &fold_empty, BPF_NOEXIST);
	fold = bpf_map_lookup_elem(&folds, &key);
	if (!fold)
		return NULL;
	fold->h.kind = TB_REC_FOLD;
	fold->h.size = sizeof(*fold);
	fold->tgid = key.tgid;
	fold->leader_start_ns = key.leader_start_ns;
	return fold;
}

static __always_inline void thread_id_take(struct tb_thread_id *id, struct task_struct *task)
{
	id->tid = task->pid;
	id->tgid = task->tgid;
	id->start_ns = task->start_boottime;
	id->leader_start_ns = task->group_leader->start_boottime;
}

/* The part of a THREAD record that is the account. */
static __always_inline void account_copy(struct tb_thread *record, const struct tb_account *a)
{
	__builtin_memcpy(record->ns, a->ns, sizeof(record->ns));
	__builtin_memcpy(record->count, a->count, sizeof(record->count));
	record->birth_ns = a->birth_ns;
	record->last_ns = a->last_ns;
	record->since_ns = a->last_ns;
	record->switches = a->switches;
	record->gaps = a->gaps;
	record->flags = a->flags;
	record->state = a->state;
}

static __always_inline void exit_record(const struct tb_account *a, struct task_struct *task,
					u64 nth)
{
	struct tb_thread *record = ring_reserve(sizeof(*record));

	if (!record)
		return;
	__builtin_memset(record, 0, sizeof(*record));
	record->h.kind = TB_REC_THREAD;
	record->h.size = sizeof(*record);
	record->h.time_ns = a->last_ns;
	thread_id_take(&record->id, task);
	__builtin_memcpy(record->comm, task->comm, sizeof(record->comm));
	account_copy(record, a);
	record->flags |= TB_THREAD_EXITED;
	record->nth = nth;
	if (task->flags & TB_PF_KTHREAD)
		record->flags |= TB_THREAD_KERNEL;
	ring_submit(record);
}

/* The overflow, where there is no room for a fold, cannot fail. */
static __always_inline void thread_exit(struct thread *t, struct task_struct *task)
{
	struct tb_fold *fold = fold_find(task);
	u64 nth = 0;

	if (fold) {
		nth = fold_add(fold, &t->account);
		__builtin_memcpy(fold->comm, task->comm, sizeof(fold->comm));
	} else {
		count_one(lost_folds);
		fold_add(&fold_overflow, &t->account);
	}
	t->account.flags |= TB_THREAD_EXITED;
	exit_record(&t->account, task, nth);
}

#endif
