/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The window: what happened between the mark and the last frame. Views and verdicts call it; the
 * differences are never negative. Means are numbers of threads: 3.27 blocked means that 3.27
 * threads waited at any time.
 */
#ifndef TAILBACK_WINDOW_H
#define TAILBACK_WINDOW_H

#include "model.h"

/* What one thread, one process or all of them did in the window. */
struct tb_usage {
	__u64 window_ns; /* to divide by for means */
	__u64 ns[TB_STATE_NR];
	__u64 count[TB_STATE_NR]; /* times entered */
	__u64 idle[TB_STATE_NR];  /* of ns[]: waiting for work */
	__u64 idle_ns;		  /* sum(idle) */
	__u64 gaps;
	__u32 threads; /* alive at the end */
};

/* One line of "who waits for what". */
struct tb_wait {
	const struct tb_model_edge *edge;
	__u64 ns;      /* in the window, closed and open */
	__u64 count;   /* closed in the window */
	__u64 open_ns; /* of the threads that still wait, together */
	__u32 open_nr;
	bool idle;
};

/* A wait that is still open at the last frame. */
struct tb_longest {
	const struct tb_model_thread *thread; /* NULL: nobody waits */
	__u64 ns;
	bool estimate; /* it began before the tool did */
};

/* What a counter gained. A source that began anew has smaller ones: nothing, then. */
static inline __u64 tb_grown(__u64 now, __u64 before)
{
	return now > before ? now - before : 0;
}

__u64 tb_window_ns(const struct tb_model *model);

/*
 * Is the wait for work? What tb_wait_is_idle says of its kind, and what the window shows of it: a
 * reader of a pipe or of a queue that was not woken once in the whole window sleeps, whoever may
 * wake it.
 */
bool tb_edge_is_idle(const struct tb_model_edge *edge);
bool tb_thread_is_idle(const struct tb_model *model, const struct tb_model_thread *thread);

void tb_window_process(const struct tb_model *model, const struct tb_model_process *process,
		       struct tb_usage *usage);
void tb_window_thread(const struct tb_model *model, const struct tb_model_thread *thread,
		      struct tb_usage *usage);
void tb_usage_add(struct tb_usage *sum, const struct tb_usage *usage);

/* Mean number of threads in a time; of blocked time; of blocked time that is not idle. */
double tb_usage_mean(const struct tb_usage *usage, __u64 ns);
__u64 tb_usage_blocked_ns(const struct tb_usage *usage);
__u64 tb_usage_busy_ns(const struct tb_usage *usage); /* all but idle waits */

/*
 * The waits of a process in the window, longest first; returns how many there are, fills up to
 * `max`.
 */
size_t tb_window_waits(const struct tb_model_process *process, struct tb_wait *waits, size_t max);

/* The wait with most time; idle ones only if `idle`. False if there is none. */
bool tb_window_top_wait(const struct tb_model_process *process, bool idle, struct tb_wait *wait);

struct tb_longest tb_process_longest(const struct tb_model *model,
				     const struct tb_model_process *process, bool idle);
struct tb_longest tb_thread_longest(const struct tb_model *model,
				    const struct tb_model_thread *thread, bool idle);

/* Shares of the window, 0 to 1; negative where nothing is known. */
struct tb_host_usage {
	double busy, steal, iowait; /* of all CPUs */
	double pressure_cpu, pressure_io, pressure_memory;
	double swap_pages_per_s, reclaim_pages_per_s, major_faults_per_s;
};

void tb_window_host(const struct tb_model *model, struct tb_host_usage *usage);

struct tb_disk_usage {
	double busy;  /* share of the window with a request in flight */
	double queue; /* mean number of requests in flight */
	double reads_per_s, writes_per_s;
	double read_bytes_per_s, written_bytes_per_s;
	double await_s; /* mean time of a request; negative if none ended */
};

void tb_window_disk(const struct tb_model *model, const struct tb_model_disk *disk,
		    struct tb_disk_usage *usage);
const struct tb_model_disk *tb_window_busiest_disk(const struct tb_model *model);

/* How far the window can be believed. */
struct tb_trust {
	bool complete;	  /* nothing lost and no gap in the window */
	__u64 lost_total; /* since the tool began */
	__u64 lost_window;
	__u64 gaps;	      /* in the window */
	__u64 torn;	      /* in the window */
	double unknown_share; /* of the threads' time: no reason, or no process, could be told */
	double bpf_cpu_fraction, user_cpu_fraction; /* of one CPU; negative if unknown */
};

void tb_window_trust(const struct tb_model *model, struct tb_trust *trust);

#endif
