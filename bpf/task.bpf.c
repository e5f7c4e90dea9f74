// SPDX-License-Identifier: GPL-2.0-only
/*
 * The beginning of a thread. Storage is made at fork, in process context; the account begins when
 * the scheduler first queues the thread, with its own stamp, so that no clock is read here either.
 * Memory can be refused at fork for the moment (7.x allocates without waiting for a lock): the
 * second hook tries again, and it counts the loss.
 */
#include "shared.bpf.h"

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	bpf_task_storage_get(&threads, child, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	return 0;
}

/* Workers of io_uring and vhost are born without a fork event: they get their storage here. */
SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(on_wakeup_new, struct task_struct *task)
{
	u64 flags = knobs.create_at_wakeup ? BPF_LOCAL_STORAGE_GET_F_CREATE : 0;
	struct thread *t = bpf_task_storage_get(&threads, task, NULL, flags);
	struct tb_stamps stamps;

	if (!t) {
		if (counters.walks) /* before, it was forked before the first hook stood */
			count_one(lost_threads);
		return 0;
	}
	stamps_take(&stamps, task, task->sched_info.last_queued);
	thread_change_begin(t);
	__builtin_memset(&t->account, 0, sizeof(t->account));
	tb_account_begin(&t->account, &stamps, TB_RUNQUEUE);
	thread_change_end(t);
	return 0;
}
