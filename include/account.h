/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state machine of one thread, as pure inlines: the kernel runs them in sched_switch, the walk
 * on a copy, the tests without a kernel.
 *
 * It is touched once per switch, when the thread leaves the CPU. The scheduler's own stamps tell
 * what happened since the last time: [last, arrival) off the CPU, of it the growth of
 * sched_info.run_delay in the run queue and the rest blocked; [arrival, now) on the CPU. All
 * three come from the run queue's clock, so they telescope: sum(ns) == last - birth, always.
 */
#ifndef TAILBACK_ACCOUNT_H
#define TAILBACK_ACCOUNT_H

#include "states.h"
#include "types.h"

struct tb_account {	       /* what every switch needs comes first: it shares a cache line */
	__u32 state;	       /* enum tb_state entered at last_ns */
	__u32 flags;	       /* TB_THREAD_* */
	__u64 birth_ns;	       /* accounted from here on; 0: not yet */
	__u64 last_ns;	       /* ns[] is complete up to here */
	__u64 run_delay_ns;    /* sched_info.run_delay at last_ns */
	__u64 kernel_switches; /* nvcsw + nivcsw at last_ns, or TB_SWITCHES_UNKNOWN */
	__u64 exec_ns;	       /* sum_exec_runtime at last_ns, if it was queued then */
	__u64 switches;	       /* switch-outs seen */
	__u64 ns[TB_STATE_NR];
	__u32 count[TB_STATE_NR];
	__u32 gaps;
	__u32 reserved;
};

/*
 * The kernel counts a switch a moment before it tells of it: whether an account that began
 * meanwhile has counted its first one already is not known.
 */
#define TB_SWITCHES_UNKNOWN (~0ull)

/* What the scheduler knows of a thread at one instant. */
struct tb_stamps {
	__u64 now_ns;
	__u64 arrival_ns;   /* when it last got a CPU */
	__u64 run_delay_ns; /* all its time in run queues, up to its last arrival */
	__u64 switches;	    /* nvcsw + nivcsw */
	__u64 exec_ns;	    /* sum_exec_runtime: all its time on CPUs */
};

/* The three parts of the time since last_ns; they sum to it. */
struct tb_split {
	__u64 blocked_ns;
	__u64 queued_ns;
	__u64 oncpu_ns;
	__u32 clamped; /* two CPUs' clocks disagreed */
};

TB_INLINE int tb_state_is_queue(__u32 state)
{
	return state == TB_RUNQUEUE || state == TB_THROTTLED;
}

/* Begin a thread's account at an instant; state is what it is doing there. */
TB_INLINE void tb_account_begin(struct tb_account *a, const struct tb_stamps *s, __u32 state)
{
	a->birth_ns = a->last_ns = s->now_ns;
	a->run_delay_ns = s->run_delay_ns;
	a->kernel_switches = s->switches;
	a->exec_ns = s->exec_ns;
	a->state = state;
	if (state < TB_STATE_NR)
		a->count[state]++;
}

/*
 * The scheduler stamps the arrival only of whom it has stamped as queued, and that it does not
 * where a thread that is about to sleep is preempted first (sched_info_depart asks for
 * TASK_RUNNING). Then the time it has run since tells when it came.
 */
TB_INLINE __u64 tb_account_arrival(const struct tb_account *a, const struct tb_stamps *s)
{
	__u64 ran_ns = s->exec_ns - a->exec_ns;

	if (s->arrival_ns >= a->last_ns || !tb_state_is_queue(a->state))
		return s->arrival_ns;
	return ran_ns < s->now_ns ? s->now_ns - ran_ns : 0;
}

/*
 * Split the time since last_ns for a thread that is on a CPU at s->now_ns. An arrival before
 * last_ns is a thread that was on the CPU when its account began, or a disagreement of clocks.
 */
TB_INLINE struct tb_split tb_account_split(const struct tb_account *a, const struct tb_stamps *s)
{
	__u64 now = s->now_ns, arrival = tb_account_arrival(a, s), off;
	struct tb_split split = {};

	if (now < a->last_ns) {
		now = a->last_ns;
		split.clamped = 1;
	}
	if (arrival < a->last_ns) {
		split.clamped |= a->state != TB_ONCPU;
		arrival = a->last_ns;
	}
	if (arrival > now) {
		arrival = now;
		split.clamped = 1;
	}
	off = arrival - a->last_ns;
	split.oncpu_ns = now - arrival;
	split.queued_ns = s->run_delay_ns - a->run_delay_ns;
	if (split.queued_ns > off || tb_state_is_queue(a->state))
		split.queued_ns = off;
	split.blocked_ns = off - split.queued_ns;
	return split;
}

/* The reason that blocked time since last_ns belongs to. ONCPU: its beginning was not seen. */
TB_INLINE __u32 tb_account_reason(const struct tb_account *a)
{
	return tb_is_reason(a->state) ? a->state : TB_OTHER;
}

/* The thread leaves its CPU: book everything up to now. Returns what was booked. */
TB_INLINE struct tb_split tb_account_close(struct tb_account *a, const struct tb_stamps *s)
{
	struct tb_split split = tb_account_split(a, s);
	__u32 queue = a->state == TB_THROTTLED ? TB_THROTTLED : TB_RUNQUEUE;
	__u64 reason = tb_account_reason(a);

	TB_FORGET(reason);
	if (reason < TB_STATE_NR)
		a->ns[reason] += split.blocked_ns;
	a->ns[queue] += split.queued_ns;
	a->ns[TB_ONCPU] += split.oncpu_ns;
	a->last_ns += split.blocked_ns + split.queued_ns + split.oncpu_ns;
	a->count[TB_ONCPU]++;
	a->run_delay_ns = s->run_delay_ns;
	a->exec_ns = s->exec_ns;
	if (a->kernel_switches != TB_SWITCHES_UNKNOWN)
		a->gaps += (__u32)(s->switches - a->kernel_switches - 1);
	a->kernel_switches = s->switches;
	a->switches++;
	return split;
}

/* What the thread leaves the CPU for. Follows tb_account_close at the same instant. */
TB_INLINE void tb_account_open(struct tb_account *a, __u32 state)
{
	a->state = state;
	if (state < TB_STATE_NR)
		a->count[state]++;
}

/* The invariant that makes a copy trustworthy. */
TB_INLINE int tb_account_sums(const __u64 *ns, __u64 birth_ns, __u64 last_ns)
{
	__u64 sum = 0;
	int i;

	for (i = 0; i < TB_STATE_NR; i++)
		sum += ns[i];
	return sum == last_ns - birth_ns;
}

#endif
