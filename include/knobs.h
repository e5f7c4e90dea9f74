/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the loader tells the programs (knobs, before the load; handles, after it) and what they
 * count for it. One struct each, so that both sides agree on them.
 */
#ifndef TAILBACK_KNOBS_H
#define TAILBACK_KNOBS_H

#include "object.h"
#include "types.h"

#define TB_EDGE_SLOTS	16384 /* mmapped, at most 65536; slot 0 takes what finds none */
#define TB_FOLD_SLOTS	16384
#define TB_RING_BYTES	(1u << 20)
#define TB_SAMPLE_EVERY 64 /* one run in so many of a thread times itself */

/* Read-only in the programs: the verifier removes what a knob switches off. */
struct tb_knobs {
	__u32 self_tgid;       /* the tool itself: its switches calibrate the clock */
	__u8 has_rdonly_cast;  /* bpf_rdonly_cast exists: descriptors by direct loads */
	__u8 has_user_reads;   /* bpf_probe_read_user is allowed */
	__u8 create_at_wakeup; /* task storage may be made under the run queue's lock (6.4) */
	__u8 has_kernel_reads; /* bpf_probe_read_kernel is allowed */
};

/* Addresses of file_operations, learned on descriptors of the tool's own. */
struct tb_handles {
	__u64 f_op[TB_OBJ_NR]; /* by enum tb_object_kind; 0 unknown */
};

/* What the learning iterator tells of one descriptor. */
struct tb_learned {
	__u32 fd;
	__u32 reserved;
	__u64 f_op;
};

struct tb_counters {
	__u64 lost_ring;
	__u64 lost_threads;
	__u64 lost_edges;
	__u64 lost_folds;
	__u64 clamped;
	__u64 gaps;
	__u64 torn;
	__u64 user_faults;
	__u64 sampled_runs;
	__u64 sampled_ns;
	__u64 strangers_ns;    /* on-CPU time of threads without storage */
	__u32 edge_next;       /* slots handed out so far */
	__u32 walks;	       /* that are over; from the first on, no storage is a loss */
	__s64 clock_offset_ns; /* CLOCK_MONOTONIC - sched clock */
};

#endif
