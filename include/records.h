/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Everything that crosses the border, from whatever source (live kernel, recorded file, test text)
 * to whatever sink (model, recorder). A record is a header and fixed-width fields; a reader skips
 * a kind that it does not know by its size, and counts it. All values are absolute, never deltas:
 * losing a record loses freshness, not time.
 *
 * Clocks. `sched` is the run queue's clock, in nanoseconds: near CLOCK_MONOTONIC but not it. All
 * thread times are in it. The FRAME record gives one instant in all clocks.
 *
 * Order. A source sends one frame as: PROCESS, THREAD, EDGE, FOLD, SOCKET, NAME, HOST, DISK,
 * CGROUP, STATUS records in any order, then FRAME. Of one instant to the next: THREADs that have
 * EXITED, then FOLDs, then the other THREADs are read (model.h tells why).
 */
#ifndef TAILBACK_RECORDS_H
#define TAILBACK_RECORDS_H

#include "hist.h"
#include "object.h"
#include "states.h"
#include "types.h"

#define TB_COMM_LEN 16
#define TB_PATH_LEN 256
#define TB_NAME_LEN 64

/* clang-format off */
/*       id       number  struct       what */
#define TB_RECORDS(X)                                                                              \
	X(FRAME,   1,  tb_frame,   "the end of one frame: one instant in all clocks")              \
	X(THREAD,  2,  tb_thread,  "one thread's totals and what it does now")                     \
	X(EDGE,    3,  tb_edge,    "one process's waits for one object")                           \
	X(FOLD,    4,  tb_fold,    "totals of one process's threads that have exited")             \
	X(PROCESS, 5,  tb_process, "who a process is")                                             \
	X(SOCKET,  6,  tb_socket,  "one socket and a process that holds it")                       \
	X(NAME,    7,  tb_name,    "the text for an object: a path, an address")                   \
	X(HOST,    8,  tb_host,    "CPU, memory and pressure of the whole host")                   \
	X(DISK,    9,  tb_disk,    "one block device")                                             \
	X(CGROUP,  10, tb_cgroup,  "one control group's CPU quota and memory limit")               \
	X(STATUS,  11, tb_status,  "what the tool itself lost, missed and cost")
/* clang-format on */

enum tb_record_kind {
#define X(id, number, type, text) TB_REC_##id = number,
	TB_RECORDS(X)
#undef X
};

struct tb_record {
	__u16 kind;    /* enum tb_record_kind */
	__u16 cpu;     /* that wrote it; 0 from user space */
	__u32 size;    /* bytes, this header included; a multiple of 8 */
	__u64 time_ns; /* sched clock; 0: known as of its frame */
};

struct tb_frame {
	struct tb_record h; /* time_ns: the instant of the frame */
	__u64 monotonic_ns;
	__u64 boottime_ns;
	__u64 realtime_ns; /* since 1970, UTC */
	__u64 walk_ns;	   /* how long the walk over all threads took */
	__u32 threads;	   /* that the walk visited */
	__u32 cpus;	   /* online */
};

/* Who a thread is: tid alone is reused. */
struct tb_thread_id {
	__u32 tid; /* as the host's first pid namespace counts */
	__u32 tgid;
	__u64 start_ns;	       /* boottime of the thread's start */
	__u64 leader_start_ns; /* of its process's first thread: (tgid, this) names a process */
};

#define TB_THREAD_EXITED   1u /* the last record of this thread; its totals are in a FOLD too */
#define TB_THREAD_EXISTED  2u /* older than the tool: accounted from the first walk on */
#define TB_THREAD_KERNEL   4u
#define TB_THREAD_ESTIMATE 8u  /* since_ns is an estimate: blocked since before the tool started */
#define TB_THREAD_WOKEN	   16u /* blocked for `state` and already woken, now waiting for a CPU */

/*
 * Invariant: sum(ns) == last_ns - birth_ns, exactly. A reader that sees another sum holds a torn
 * copy and must drop it. sum(open_ns) == h.time_ns - last_ns.
 */
struct tb_thread {
	struct tb_record h;
	struct tb_thread_id id;
	char comm[TB_COMM_LEN]; /* any bytes; not always terminated */
	__u32 flags;		/* TB_THREAD_* */
	__u32 state;		/* enum tb_state, now */
	__u64 since_ns;		/* sched clock: in this state since */
	__u64 birth_ns;		/* sched clock: accounted from here on */
	__u64 last_ns;		/* sched clock: ns[] is complete up to here */
	__u64 ns[TB_STATE_NR];
	__u64 open_ns[3];	  /* since last_ns: blocked (in blocked_state), queued, on CPU */
	__u32 blocked_state;	  /* enum tb_state that open_ns[0] will be booked to */
	__u32 gaps;		  /* switches missed: time may carry a wrong label, none is lost */
	__u64 switches;		  /* switch-outs seen */
	__u32 count[TB_STATE_NR]; /* times entered */
	struct tb_object object;  /* what it is blocked on, where state is a reason */
	__u64 nth;		  /* at its exit: which one of those in its FOLD; 0: in nobody\'s */
};

enum { TB_OPEN_BLOCKED, TB_OPEN_QUEUED, TB_OPEN_ONCPU };

/*
 * Closed waits of one process for one object. Waits still open are in the THREAD records. A total
 * smaller than before: the slot was needed for others meanwhile, and a new one began from zero.
 */
struct tb_edge {
	struct tb_record h;
	__u32 tgid;  /* 0: waits that found no slot */
	__u32 state; /* enum tb_state: the reason */
	__u64 leader_start_ns;
	__u64 count;
	__u64 total_ns;
	__u64 max_ns;
	struct tb_object object;
	__u32 hist[TB_HIST_NR];
};

struct tb_fold {
	struct tb_record h;
	__u32 tgid;    /* 0: threads that found no slot; their processes are unknown */
	__u32 threads; /* that have exited */
	__u64 leader_start_ns;
	char comm[TB_COMM_LEN]; /* of the last one that exited */
	__u64 lifetime_ns;	/* sum(ns) == lifetime_ns */
	__u64 ns[TB_STATE_NR];
	__u64 count[TB_STATE_NR];
	__u64 switches;
	__u64 gaps;
	__u64 begun; /* threads, counted before their time is added: other than `threads`: torn */
};

struct tb_process {
	struct tb_record h;
	__u32 tgid;
	__u32 ppid;
	__u64 leader_start_ns;
	__u32 ns_tgid; /* as its own pid namespace counts */
	__u32 uid;
	char comm[TB_COMM_LEN];
	char exe[TB_NAME_LEN];	  /* base name of the executable; empty for kernel threads */
	char cgroup[TB_PATH_LEN]; /* at or below the one that limits its CPU; ended by 0 */
};

#define TB_SOCKET_LISTENS 1u

struct tb_socket {
	struct tb_record h;
	__u32 tgid;
	__u32 flags; /* TB_SOCKET_* */
	__u32 netns;
	__u8 family;	  /* TB_AF_* */
	__u8 kind;	  /* TB_OBJ_TCP, UDP or UNIX */
	__u16 local_port; /* host order */
	__u16 remote_port;
	__u16 reserved[3];
	__u8 local_addr[16];
	__u8 remote_addr[16];
	__u64 ino;
	__u64 peer_ino; /* unix */
	__u64 id;	/* unix: as in tb_object */
};

/* Text for the objects of one identity: the path of a file, the bound path of a unix socket. */
struct tb_name {
	struct tb_record h;
	__u8 kind; /* enum tb_object_kind */
	__u8 reserved[7];
	__u64 id;
	char text[TB_PATH_LEN]; /* any bytes, ended by 0 */
};

/* Counters as /proc has them, in nanoseconds. pressure_*: total stall time; ~0 where unknown. */
struct tb_host {
	struct tb_record h;
	__u64 user_ns, system_ns, idle_ns, iowait_ns, steal_ns;
	__u32 cpus;
	__u32 running; /* threads on CPU or queued */
	__u64 memory_total_bytes, memory_available_bytes;
	__u64 swap_in_pages, swap_out_pages;
	__u64 reclaim_direct_pages; /* scanned by tasks themselves */
	__u64 major_faults;
	__u64 pressure_cpu_some_ns, pressure_io_some_ns, pressure_io_full_ns;
	__u64 pressure_memory_some_ns, pressure_memory_full_ns;
	char name[TB_NAME_LEN];
	char boot_id[40];
	char release[TB_NAME_LEN];
};

struct tb_disk {
	struct tb_record h;
	char name[32];
	__u32 dev;	     /* kernel dev_t: major << 20 | minor */
	__u32 in_flight;     /* now */
	__u64 reads, writes; /* completed, flushes and discards among the writes */
	__u64 read_bytes, written_bytes;
	__u64 busy_ns;	   /* time with at least one request in flight */
	__u64 weighted_ns; /* in flight x time: divided by time the mean queue */
};

#define TB_UNLIMITED (~(__u64)0)

struct tb_cgroup {
	struct tb_record h;
	char path[TB_PATH_LEN];
	__u64 quota_us; /* per period; TB_UNLIMITED if none */
	__u64 period_us;
	__u64 periods, throttled_periods;
	__u64 throttled_ns; /* per CPU's run queue, added up */
	__u64 usage_ns;
	__u64 memory_bytes, memory_limit_bytes; /* of two limits, the lower */
	__u64 memory_high_events, memory_max_events, oom_kills;
};

struct tb_status {
	struct tb_record h;
	__u64 events;	       /* records that reached user space through the ring */
	__u64 lost_ring;       /* records that found the ring full */
	__u64 lost_threads;    /* switches of threads for which there was no storage */
	__u64 lost_edges;      /* waits that found no edge slot */
	__u64 lost_folds;      /* exits that found no fold slot */
	__u64 gaps;	       /* switches that no program saw */
	__u64 missed_runs;     /* runs that the kernel skipped (recursion) */
	__u64 clamped;	       /* where two CPUs' clocks disagreed */
	__u64 torn;	       /* copies that broke the invariant, dropped */
	__u64 skipped_records; /* of kinds this build does not know */
	__u64 user_faults;     /* reads of user memory that failed: object unknown */
	__u64 bpf_ns;	       /* CPU time of the BPF programs, sampled */
	__u64 user_ns;	       /* CPU time of the tool itself */
	__u64 map_bytes;
	__u64 rss_bytes;
	__u32 degraded;	    /* bit i: row i of TB_HOOKS is not attached */
	__u32 bpf_ns_known; /* 0: bpf_ns could not be measured */
};

#define TB_ASSERT_RECORD(type, bytes)                                      \
	_Static_assert(sizeof(struct type) == (bytes) && (bytes) % 8 == 0, \
		       #type " has a known size")

TB_ASSERT_RECORD(tb_record, 16);
TB_ASSERT_RECORD(tb_frame, 56);
TB_ASSERT_RECORD(tb_thread, 456);
TB_ASSERT_RECORD(tb_edge, 328);
TB_ASSERT_RECORD(tb_fold, 400);
TB_ASSERT_RECORD(tb_process, 376);
TB_ASSERT_RECORD(tb_socket, 96);
TB_ASSERT_RECORD(tb_name, 288);
TB_ASSERT_RECORD(tb_host, 320);
TB_ASSERT_RECORD(tb_disk, 104);
TB_ASSERT_RECORD(tb_cgroup, 360);
TB_ASSERT_RECORD(tb_status, 144);

#endif
