/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What limits the processes of one window, if anything does: findings, and the verdict that they
 * give. The command makes one after its window; views read it and put it in words. Pure, as the
 * model is.
 *
 * This version judges the capacity side: CPU, quota, disk, memory, and the stalled disk. All of
 * them need a loser: somebody whose time goes to the limit. Who only uses much is a busy batch job.
 */
#ifndef TAILBACK_VERDICT_H
#define TAILBACK_VERDICT_H

#include "filter.h"
#include "findings.h"
#include "window.h"

#define TB_FINDINGS_MAX 16 /* the rest is counted */
#define TB_WHO_MAX	4

/*	id, name: what a finding costs */
#define TB_SEVERITIES(X)                                                       \
	X(NOW, "now")	    /* it costs somebody time in this window */        \
	X(LATENT, "latent") /* a proven defect that this load does not feel */ \
	X(NOTE, "note")	    /* context */

#define TB_HELPS(X)   \
	X(YES, "yes") \
	X(NO, "no")   \
	X(AFTER_FIX, "after_fix")

#define TB_CONFIDENCES(X)   \
	X(HIGH, "high")     \
	X(MEDIUM, "medium") \
	X(LOW, "low")

#define X(id, name) TB_SEVERITY_##id,
enum tb_severity { TB_SEVERITIES(X) };
#undef X
#define X(id, name) TB_HELP_##id,
enum tb_help { TB_HELPS(X) };
#undef X
#define X(id, name) TB_CONFIDENCE_##id,
enum tb_confidence { TB_CONFIDENCES(X) };
#undef X

#define TB_EV_CPU    (1u << 0)
#define TB_EV_QUOTA  (1u << 1)
#define TB_EV_DISK   (1u << 2)
#define TB_EV_STALL  (1u << 3)
#define TB_EV_MEMORY (1u << 4)
#define TB_EV_ALL    (~0u)

/*
 *	id, JSON key, findings that have it. Shares are 0 to 1, threads and CPUs are means over the
 *	window; a number that is not known is negative.
 */
#define TB_EVIDENCE(X)                                                                        \
	X(LOST_SHARE, "lost_share", TB_EV_ALL)	   /* of the losers' time, to the limit */    \
	X(LOST_THREADS, "lost_threads", TB_EV_ALL) /* that wait for it, all losers */         \
	X(HOST_BUSY, "host_busy_share", TB_EV_ALL)                                            \
	X(HOST_IDLE, "host_idle_share", TB_EV_ALL) /* waiting for I/O is idle too */          \
	X(STEAL, "steal_share", TB_EV_CPU | TB_EV_QUOTA)                                      \
	X(CPUS, "cpus", TB_EV_CPU | TB_EV_QUOTA)                                              \
	X(WANTED, "wanted_cpus", TB_EV_CPU)		/* on CPU and queued */               \
	X(QUEUE_EACH, "queued_each_seconds", TB_EV_CPU) /* a loser's mean wait for one run */ \
	X(CPU_PRESSURE, "pressure_cpu_share", TB_EV_CPU)                                      \
	X(QUOTA, "quota_cpus", TB_EV_QUOTA)                                                   \
	X(USED, "used_cpus", TB_EV_QUOTA)                                                     \
	X(PERIODS, "periods", TB_EV_QUOTA)                                                    \
	X(THROTTLED_PERIODS, "throttled_periods", TB_EV_QUOTA)                                \
	X(THROTTLED_S, "throttled_seconds", TB_EV_QUOTA) /* threads', by their states */      \
	X(DEVICE_BUSY, "device_busy_share", TB_EV_DISK | TB_EV_STALL)                         \
	X(IN_FLIGHT, "in_flight", TB_EV_DISK | TB_EV_STALL) /* at the end */                  \
	X(IN_FLIGHT_MEAN, "in_flight_mean", TB_EV_DISK | TB_EV_STALL)                         \
	X(REQUESTS, "requests_per_second", TB_EV_DISK | TB_EV_STALL)                          \
	X(READ_BYTES, "read_bytes_per_second", TB_EV_DISK | TB_EV_STALL)                      \
	X(WRITTEN_BYTES, "written_bytes_per_second", TB_EV_DISK | TB_EV_STALL)                \
	X(AWAIT, "await_seconds", TB_EV_DISK | TB_EV_STALL)                                   \
	X(STALLED, "stalled_seconds", TB_EV_STALL) /* since a request was last completed */   \
	X(BLOCKED, "blocked_threads", TB_EV_STALL) /* at the end */                           \
	X(LONGEST, "longest_wait_seconds", TB_EV_DISK | TB_EV_STALL | TB_EV_MEMORY)           \
	X(IO_PRESSURE, "pressure_io_share", TB_EV_DISK | TB_EV_STALL)                         \
	X(MEMORY_PRESSURE, "pressure_memory_share", TB_EV_MEMORY)                             \
	X(SWAP, "swap_pages_per_second", TB_EV_MEMORY)                                        \
	X(RECLAIM, "reclaim_pages_per_second", TB_EV_MEMORY)                                  \
	X(MAJOR_FAULTS, "major_faults_per_second", TB_EV_MEMORY)                              \
	X(LIMIT, "limit_bytes", TB_EV_MEMORY) /* the cgroup's */                              \
	X(LIMIT_USED, "limit_used_bytes", TB_EV_MEMORY)                                       \
	X(LIMIT_GREW, "limit_grew_bytes", TB_EV_MEMORY)                                       \
	X(LIMIT_EVENTS, "limit_events", TB_EV_MEMORY) /* times that it was met */             \
	X(OOM_KILLS, "oom_kills", TB_EV_MEMORY)                                               \
	X(AVAILABLE, "available_bytes", TB_EV_MEMORY) /* the host's */                        \
	X(TOTAL, "total_bytes", TB_EV_MEMORY)

enum tb_evidence {
#define X(id, key, kinds) TB_EVIDENCE_##id,
	TB_EVIDENCE(X)
#undef X
		TB_EVIDENCE_NR
};

/* What could not be seen, and would have made a finding surer. */
#define TB_MISSINGS(X)                                                                   \
	X(DISK_USERS, "who fills the device is told by who waits for it")                \
	X(DISK_OF_WAIT, "some waits do not tell their device")                           \
	X(HOST, "the host's CPU counters: idle is reckoned from the threads")            \
	X(THROTTLE_STATE, "this kernel tells the group's throttling, not each thread's") \
	X(CGROUP, "the counters of the control group that throttles")                    \
	X(AFFINITY, "which CPUs its threads may use")                                    \
	X(MEMORY_USERS, "memory by process: who grew is told by group")

enum tb_missing {
#define X(id, text) TB_MISSING_##id,
	TB_MISSINGS(X)
#undef X
		TB_MISSING_NR
};

/* Processes that are one service, as far as can be told: same cgroup, executable and name. */
struct tb_group {
	const struct tb_model_process *process;	       /* the busiest of them */
	const struct tb_model_process *const *members; /* in tb_verdict.processes */
	size_t member_nr;
	struct tb_usage usage; /* of all members */
	__u64 active_ns; /* the time that shares are of: without idle waits and quiet threads */
	bool serves;	 /* waits for clients: on a listener, as a server, in an event loop */
	bool stuck;	 /* a thread waits for the kernel or a device since long */
	bool judged;	 /* the filter chose it */
	bool kernel;	 /* kernel threads */
	bool self;	 /* tailback */
};

/* Somebody's part in a finding. */
struct tb_part {
	const struct tb_group *group;
	double threads; /* mean number: on CPU, or waiting */
	double share;	/* of the group's active time */
};

struct tb_who {
	struct tb_part part[TB_WHO_MAX]; /* most threads first */
	size_t nr, more;
	double threads, active_threads; /* sums over all of them, also those not kept */
};

struct tb_finding {
	enum tb_finding_kind kind;
	enum tb_severity severity;
	enum tb_confidence confidence;
	const struct tb_group *group;	  /* who is hit; in a note who uses; NULL: nobody known */
	const struct tb_model_disk *disk; /* NULL: not about one */
	const struct tb_model_cgroup *cgroup;
	struct tb_who losers, users;
	enum tb_help help, help_latency, help_throughput;
	int caused_by; /* index, -1: none */
	bool alone;    /* losers and users are the same group */
	bool pinned;   /* it waits for CPUs while others idle */
	double evidence[TB_EVIDENCE_NR];
	unsigned int missing; /* bit set, enum tb_missing */
};

struct tb_verdict {
	enum tb_verdict_class verdict;
	bool trusted;  /* if not, only faults are judged */
	bool filtered; /* the user named whom to judge */
	struct tb_trust trust;
	double loss_share; /* events by which time was lost or mislabelled, of all */
	struct tb_host_usage host;
	double host_busy, host_idle; /* by the host's counters, else by the threads' */
	unsigned int cpus;
	struct tb_finding findings[TB_FINDINGS_MAX]; /* most important first */
	size_t finding_nr, finding_more;
	struct tb_group *groups; /* busiest first */
	size_t group_nr;
	const struct tb_model_process **processes; /* by group */
	size_t process_nr;
	size_t judged_nr, idle_nr; /* processes that the filter chose; of them idle */
};

/* 0 or -ENOMEM. The model must not change while the verdict is read. */
int tb_verdict_make(struct tb_verdict *verdict, const struct tb_model *model,
		    const struct tb_filter *filter);
void tb_verdict_release(struct tb_verdict *verdict);

/* Is a finding of one of these kinds (bit set) here, with severity `now`? */
bool tb_verdict_has(const struct tb_verdict *verdict, __u64 kinds);

/*
 * Works much, for nobody who waits on a socket, and gets on: most of its time is on CPU, in the run
 * queue or in the kernel.
 */
bool tb_group_is_batch(const struct tb_group *group);

/* Share of a group's active time; 0 if it has none. */
double tb_group_share(const struct tb_group *group, __u64 ns);

const char *tb_severity_name(enum tb_severity severity);
const char *tb_help_name(enum tb_help help);
const char *tb_confidence_name(enum tb_confidence confidence);
const char *tb_missing_text(enum tb_missing missing);

/* The JSON key of a number; NULL if findings of this kind do not have it. */
const char *tb_evidence_key(enum tb_evidence evidence, enum tb_finding_kind kind);

#endif
