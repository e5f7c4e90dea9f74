/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one list of finding kinds: names are JSON values and the words of `--fail-on`. The class is
 * the verdict that a finding of this kind gives when it is the first. `judged` is 1 where this
 * version has the rule; the others are named as not judged, never as absent.
 *
 * A new rule is one row here, one function in the model's verdict, one golden, one scenario pair.
 */
#ifndef TAILBACK_FINDINGS_H
#define TAILBACK_FINDINGS_H

/*	id, name, class, judged, what it is */
#define TB_FINDINGS(X)                                                                             \
	X(N_PLUS_ONE, "n_plus_one", DESIGN, 0,                                                     \
	  "many like round trips to one peer in one unit of work")                                 \
	X(SYNC_FANOUT, "sync_fanout", DESIGN, 0, "several peers visited one after another")        \
	X(DOWNSTREAM_WAIT, "downstream_wait", DOWNSTREAM, 0, "the unit's time is one peer's time") \
	X(SLOW_PEER_WORK, "slow_peer_work", DESIGN, 0,                                             \
	  "the peer spends the exchange on CPU or disk")                                           \
	X(POOL_EXHAUSTED, "pool_exhausted", DESIGN, 0, "all connections of a fixed set are busy")  \
	X(POOL_LEAK, "pool_leak", DESIGN, 0, "connections sit checked out and idle")               \
	X(CONNECTION_HELD, "connection_held", DESIGN, 0,                                           \
	  "a connection stays taken during other work")                                            \
	X(CONNECTION_CHURN, "connection_churn", DESIGN, 0,                                         \
	  "a new connection for each unit of work")                                                \
	X(WORKERS_EXHAUSTED, "workers_exhausted", DESIGN, 0,                                       \
	  "requests wait while every worker is busy")                                              \
	X(LOCK_CONTENTION, "lock_contention", DESIGN, 0, "units wait for one lock")                \
	X(LOCK_ACROSS_IO, "lock_across_io", DESIGN, 0, "the holder of a lock is itself blocked")   \
	X(FILE_LOCK, "file_lock", DESIGN, 0, "units wait for a file lock")                         \
	X(SERIAL_EXECUTOR, "serial_executor", DESIGN, 0, "everybody waits for one thread on CPU")  \
	X(SYNC_DISK_IO, "sync_disk_io", DESIGN, 0, "units wait for serial disk I/O")               \
	X(UNBOUNDED_WORK, "unbounded_work", DESIGN, 0,                                             \
	  "a unit's work grows with the data or with time")                                        \
	X(DEADLOCK, "deadlock", FAULT, 0, "a cycle of holders")                                    \
	X(DISK_STALLED, "disk_stalled", FAULT, 1,                                                  \
	  "requests are in flight on a device and none completes")                                 \
	X(FAILING_DOWNSTREAM, "failing_downstream", FAULT, 0, "connects to a peer fail")           \
	X(RETRY_STORM, "retry_storm", FAULT, 0, "attempts rise while completions fall")            \
	X(UNBOUNDED_WAIT, "unbounded_wait", FAULT, 0, "a stuck wait without a timeout")            \
	X(CPU_SATURATED, "cpu_saturated", SATURATED, 1, "the machine's CPUs are the limit")        \
	X(CPU_QUOTA, "cpu_quota", SATURATED, 1, "a cgroup quota is the limit")                     \
	X(DISK_SATURATED, "disk_saturated", SATURATED, 1, "a device is the limit")                 \
	X(MEMORY_PRESSURE, "memory_pressure", SATURATED, 1, "reclaim or swap is the limit")

enum tb_finding_kind {
#define X(id, name, class, judged, text) TB_FINDING_##id,
	TB_FINDINGS(X) TB_FINDING_NR
#undef X
};

/*	id, name: what `verdict` may say; the class of the first finding, or why there is none */
#define TB_VERDICTS(X)              \
	X(DESIGN, "design")         \
	X(SATURATED, "saturated")   \
	X(FAULT, "fault")           \
	X(DOWNSTREAM, "downstream") \
	X(HEALTHY, "healthy")       \
	X(IDLE, "idle")             \
	X(UNKNOWN, "unknown")

enum tb_verdict_class {
#define X(id, name) TB_VERDICT_##id,
	TB_VERDICTS(X) TB_VERDICT_NR
#undef X
};

#endif
