// SPDX-License-Identifier: GPL-2.0-only
/*
 * The walk over all threads: one THREAD record each, settled to the instant of the visit on a copy,
 * never on the account itself, which may change on another CPU meanwhile. Threads older than the
 * tool get their account here.
 *
 * A copy is whole if the thread's version was even and the same before and after, and the scheduler
 * did not put it on a CPU meanwhile. Where stores are seen out of order (arm64) that is not proof,
 * so the parts must sum too. A copy that is not whole is taken again, then dropped and counted.
 */
#define FETCH_BY_PROBE
#include "shared.bpf.h"
#include "edge.bpf.h"
#include "exit.bpf.h"
#include "wait.bpf.h"

#define COPY_TRIES  8
#define TASK_NEW    0x0800u /* forked, not woken yet: its account begins when it is */
#define MAX_RT_PRIO 100

/* The iterator has one reader, and it runs in one thread: plain scratch will do. */
static struct tb_thread record;
static struct thread fresh;

static __always_inline u64 sched_now(void)
{
	return bpf_ktime_get_ns() - counters.clock_offset_ns;
}

/* What a thread older than the tool does, told from outside: no user memory. */
static __always_inline u32 walk_state(struct task_struct *task, struct thread *t,
				      struct tb_object *object, u64 *file)
{
	struct tb_block block = {};
	struct tb_cause cause;

	if (task->on_cpu)
		return TB_ONCPU;
	if (!task_is_blocked(task))
		return task_is_throttled(task) ? TB_THROTTLED : TB_RUNQUEUE;
	block_take(&block, task, TB_NR_RESTART);
	cause = tb_classify(&block);
	object->nr = block.nr;
	*file = cause_finish(task, NULL, &cause, object);
	t->wait.nr = block.nr;
	t->wait.fd = cause.fd;
	return cause.state;
}

/*
 * Begin the account of a thread that existed before. It may be in the middle of a switch on another
 * CPU, counted but not yet traced: its first switch here is held against no count.
 */
static __always_inline struct thread *walk_adopt(struct task_struct *task)
{
	struct tb_object object = {};
	struct tb_stamps stamps;
	u64 file = 0;

	__builtin_memset(&fresh, 0, sizeof(fresh));
	stamps_take(&stamps, task, sched_now());
	tb_account_begin(&fresh.account, &stamps, walk_state(task, &fresh, &object, &file));
	/* When this wait ends, its time has a place; but sleepers must not take all the places. */
	if (tb_is_reason(fresh.account.state) && counters.edge_next < TB_EDGE_SLOTS / 2)
		fresh.wait.place = edge_open(&fresh, task, &object, file);
	fresh.account.flags = TB_THREAD_EXISTED;
	fresh.account.kernel_switches = TB_SWITCHES_UNKNOWN;
	return bpf_task_storage_get(&threads, task, &fresh, BPF_LOCAL_STORAGE_GET_F_CREATE);
}

/* Time since last_ns, from the scheduler's stamps now: blocked, queued, on the CPU. */
static __always_inline void walk_open(struct task_struct *task, const struct tb_account *a)
{
	struct tb_stamps stamps;
	struct tb_split split;
	u64 queued_since, arrival_ns;

	stamps_take(&stamps, task, record.h.time_ns);
	if (task->on_cpu) {
		arrival_ns = tb_account_arrival(a, &stamps);
		record.state = TB_ONCPU;
		record.since_ns = arrival_ns > a->last_ns ? arrival_ns : a->last_ns;
	} else {
		queued_since = task_is_blocked(task) ? 0 : task->sched_info.last_queued;
		stamps.arrival_ns = stamps.now_ns;
		if (queued_since && queued_since < stamps.now_ns)
			stamps.run_delay_ns += stamps.now_ns - queued_since;
		if (queued_since && tb_is_reason(a->state)) {
			record.flags |= TB_THREAD_WOKEN;
			record.state = TB_RUNQUEUE;
			record.since_ns = queued_since;
		}
	}
	split = tb_account_split(a, &stamps);
	record.open_ns[TB_OPEN_BLOCKED] = split.blocked_ns;
	record.open_ns[TB_OPEN_QUEUED] = split.queued_ns;
	record.open_ns[TB_OPEN_ONCPU] = split.oncpu_ns;
	record.blocked_state = tb_account_reason(a);
}

/* The object that a wait began with, as its edge describes it; what names it if there is none. */
static __always_inline void walk_object_begun(const struct open_wait *wait)
{
	struct tb_edge *edge = edge_at(TB_PLACE_SLOT(wait->place));

	__builtin_memset(&record.object, 0, sizeof(record.object));
	if (wait->place && edge && edge->h.cpu == TB_PLACE_GENERATION(wait->place))
		record.object = edge->object;
	else
		tb_edge_sig_object(wait->sig, wait->id, &record.object);
}

/*
 * The object of a blocked thread, as it stands now: which of a listener's connections, which path.
 * What it was when the wait began is what the wait will be booked to: if that is another one (the
 * descriptor was used again, the thread has moved on since the copy), it is the answer.
 */
static __always_inline void walk_object(struct task_struct *task, const struct open_wait *wait)
{
	struct tb_block block = {};
	struct tb_cause cause;
	u64 file;

	block_take(&block, task, wait->nr);
	cause = tb_classify(&block);
	cause.fd = wait->fd;
	record.object.nr = block.nr;
	file = cause_finish(task, NULL, &cause, &record.object);
	if (wait->sig &&
	    (record.object.id != wait->id || tb_edge_sig(cause.state, &record.object) != wait->sig))
		walk_object_begun(wait);
	else if (file)
		object_describe(file, &record.object);
}

/* Somebody still waits for it: the edge of a wait in progress is not given to others. */
static __always_inline void walk_mark(const struct open_wait *wait)
{
	struct tb_edge *edge = edge_at(TB_PLACE_SLOT(wait->place));

	if (edge && edge->h.cpu == TB_PLACE_GENERATION(wait->place))
		edge->count = counters.walks + 1;
}

static __always_inline int walk_copy(struct task_struct *task, const struct thread *t,
				     struct open_wait *wait)
{
	const struct tb_account *a = &t->account;
	u64 arrival_ns;
	u32 version;
	int try;

	for (try = 0; try < COPY_TRIES; try++) {
		version = t->version;
		arrival_ns = task->sched_info.last_arrival;
		barrier(); /* read what follows now, and not before */
		record.h.time_ns = sched_now();
		account_copy(&record, a);
		*wait = t->wait;
		if (record.h.time_ns < record.last_ns)
			record.h.time_ns = record.last_ns;
		walk_open(task, a);
		barrier(); /* look again, rather than remember */
		if (!(version & 1) && t->version == version &&
		    task->sched_info.last_arrival == arrival_ns &&
		    tb_account_sums(record.ns, record.birth_ns, record.last_ns))
			return 1;
	}
	return 0;
}

/*
 * When a thread left its CPU: it got there at last_arrival and ran as long as its run time grew
 * since the scheduler picked it. Not se.exec_start: that is in the clock of tasks, which time
 * stolen by a hypervisor puts behind the run queue's for good. Real-time classes do not keep the
 * second figure.
 */
static __always_inline u64 walk_left_ns(struct task_struct *task)
{
	u64 arrival_ns = task->sched_info.last_arrival;

	if (task->prio < MAX_RT_PRIO)
		return arrival_ns;
	return arrival_ns + task->se.sum_exec_runtime - task->se.prev_sum_exec_runtime;
}

/* Blocked since before the tool: the scheduler knows when it last ran. */
static __always_inline void walk_estimate(struct task_struct *task)
{
	if (record.switches || !(record.flags & TB_THREAD_EXISTED) || record.state == TB_ONCPU ||
	    (record.flags & TB_THREAD_WOKEN))
		return;
	record.flags |= TB_THREAD_ESTIMATE;
	record.since_ns = walk_left_ns(task);
	if (record.since_ns > record.birth_ns)
		record.since_ns = record.birth_ns;
}

static __always_inline void walk_describe(struct task_struct *task, const struct open_wait *wait)
{
	record.h.kind = TB_REC_THREAD;
	record.h.size = sizeof(record);
	thread_id_take(&record.id, task);
	__builtin_memcpy(record.comm, task->comm, sizeof(record.comm));
	record.flags &= ~TB_THREAD_EXITED; /* it ended under our eyes: the ring tells */
	if (task->flags & TB_PF_KTHREAD)
		record.flags |= TB_THREAD_KERNEL;
	if (tb_is_reason(record.state)) {
		walk_object(task, wait);
		walk_mark(wait);
	} else if (tb_is_reason(record.blocked_state) && record.open_ns[TB_OPEN_BLOCKED]) {
		walk_object_begun(wait);
	}
	walk_estimate(task);
}

SEC("iter/task")
int on_walk(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct open_wait wait;
	struct thread *t;

	if (!task)
		return 0;
	t = bpf_task_storage_get(&threads, task, NULL, 0);
	if (!t && !task->exit_state && !(task->__state & TASK_NEW))
		t = walk_adopt(task);
	if (!t || !t->account.birth_ns || (t->account.flags & TB_THREAD_EXITED))
		return 0;
	__builtin_memset(&record, 0, sizeof(record));
	if (!walk_copy(task, t, &wait)) {
		count_one(torn);
		return 0;
	}
	walk_describe(task, &wait);
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return 0;
}
