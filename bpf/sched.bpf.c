// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one hook on the hot path: sched_switch, for the thread that leaves. Everything about its last
 * round is booked here, and what it now waits for is decided here. No clock is read.
 */
#include "shared.bpf.h"
#include "edge.bpf.h"
#include "exit.bpf.h"
#include "wait.bpf.h"

/* Threads of the tool itself pass here as well; they pair the two clocks. */
static __always_inline void clock_calibrate(u64 now_ns)
{
	s64 offset = (s64)(bpf_ktime_get_ns() - now_ns);
	s64 error = offset - counters.clock_offset_ns;

	if (!counters.clock_offset_ns || error < 0)
		counters.clock_offset_ns = offset;
	else
		counters.clock_offset_ns += error / 8;
}

/*
 * A thread for which there is no storage: before 6.4 it cannot be made here, and memory may be
 * refused. Its time on the CPU can still be told, once the first walk has been everywhere.
 */
static __always_inline void stranger_switch(struct task_struct *prev, u64 now_ns)
{
	if (!counters.walks)
		return;
	__sync_fetch_and_add(&counters.strangers_ns, now_ns - prev->sched_info.last_arrival);
	count_one(lost_threads);
}

static __always_inline void wait_close(struct thread *t, const struct tb_split *split, u32 gaps)
{
	if (tb_is_reason(t->account.state) && split->blocked_ns)
		edge_close(t, split->blocked_ns);
	if (unlikely(split->clamped))
		count_one(clamped);
	if (unlikely(t->account.gaps != gaps))
		__sync_fetch_and_add(&counters.gaps, t->account.gaps - gaps);
}

static __always_inline void wait_open(struct thread *t, struct task_struct *prev, u64 now_ns)
{
	struct tb_block block = {};
	struct tb_object object = {};
	const struct pt_regs *regs;
	struct tb_cause cause;
	u64 file;

	regs = block_take(&block, prev, t->wait.nr);
	cause = tb_classify(&block);
	if (cause.look == TB_LOOK_POLL || cause.look == TB_LOOK_SELECT)
		cause.fd = user_single_fd(&t->user, regs, &block, now_ns);
	object.nr = block.nr;
	file = cause_finish(prev, &t->sock, &cause, &object);
	tb_account_open(&t->account, cause.state);
	t->wait.nr = block.nr;
	t->wait.fd = cause.fd;
	t->wait.place = edge_open(t, prev, &object, file);
}

static __always_inline void thread_switch(struct thread *t, struct task_struct *prev, u64 now_ns)
{
	struct tb_stamps stamps;
	struct tb_split split;
	u32 gaps = t->account.gaps;

	stamps_take(&stamps, prev, now_ns);
	thread_change_begin(t);
	if (unlikely(!t->account.birth_ns)) {
		tb_account_begin(&t->account, &stamps, TB_ONCPU);
		t->account.flags = TB_THREAD_EXISTED;
	} else {
		split = tb_account_close(&t->account, &stamps);
		wait_close(t, &split, gaps);
	}
	if (unlikely(prev->__state & TB_TASK_DEAD))
		thread_exit(t, prev);
	else if (likely(task_is_blocked(prev)))
		wait_open(t, prev, now_ns);
	else
		tb_account_open(&t->account, task_is_throttled(prev) ? TB_THROTTLED : TB_RUNQUEUE);
	thread_change_end(t);
}

/*
 * One run in TB_SAMPLE_EVERY times itself: the tool's own cost. 0: not this one. The thread's id
 * takes part, or every first run, which is the dearest, would be one of them.
 */
static __always_inline u64 sample_begin(const struct thread *t, u32 tid)
{
	return likely((t->account.switches + tid) % TB_SAMPLE_EVERY) ? 0 : bpf_ktime_get_ns();
}

static __always_inline void sample_end(u64 begin_ns)
{
	if (likely(!begin_ns))
		return;
	__sync_fetch_and_add(&counters.sampled_ns, bpf_ktime_get_ns() - begin_ns);
	count_one(sampled_runs);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(on_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	/* Whom neither fork nor walk has shown, since some are hidden from it, begins here. */
	u64 flags = knobs.create_at_wakeup ? BPF_LOCAL_STORAGE_GET_F_CREATE : 0;
	struct thread *t;
	u64 now_ns, begin_ns;

	if (!prev->pid)
		return 0;
	now_ns = prev->se.cfs_rq->rq->clock;
	if (unlikely(prev->tgid == (int)knobs.self_tgid))
		clock_calibrate(now_ns);
	t = bpf_task_storage_get(&threads, prev, NULL, flags);
	if (unlikely(!t)) {
		stranger_switch(prev, now_ns);
		return 0;
	}
	begin_ns = sample_begin(t, (u32)prev->pid);
	thread_switch(t, prev, now_ns);
	sample_end(begin_ns);
	return 0;
}
