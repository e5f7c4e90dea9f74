/* SPDX-License-Identifier: GPL-2.0-only */
/* What oracle.bpf.c measures in ways that the product does not use, shared with test_oracles.c. */
#ifndef TAILBACK_TESTS_ORACLE_H
#define TAILBACK_TESTS_ORACLE_H

#include "types.h"

#define ORACLE_LONG_NS 1000000 /* waits of 1 ms and more are compared */

struct oracle {
	__u64 queued_at_ns;    /* CLOCK_MONOTONIC at the wake or the preemption; 0: not queued */
	__u64 queued_ns;       /* sum of long waits in run queues */
	__u64 queued_short_ns; /* and of the others */
	__u64 switches;	       /* switch-outs */
	__u64 kernel_switches; /* nvcsw + nivcsw at the last of them */
	__u64 born_ns; /* sched_info.last_queued at its first wake: names the thread for good */
	__u64 exec_ns; /* sum_exec_runtime at the end */
};

struct oracle_key {
	__u64 start_ns;
	__u32 tid;
	__u32 reserved;
};

#endif
