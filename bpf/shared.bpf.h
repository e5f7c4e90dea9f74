/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the objects of bpf/ share: the state kept per thread, the maps (defined in maps.bpf.c) and
 * the counters. Included first by every program file.
 */
#ifndef TAILBACK_SHARED_BPF_H
#define TAILBACK_SHARED_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "account.h"
#include "classify.h"
#include "hist.h"
#include "keys.h"
#include "knobs.h"
#include "records.h"

#define EDGE_REFS	 4
#define USER_READ_TTL_NS 1000000

/* Which place a thread used lately for an object: saves the hash on the hot path. */
struct edge_ref {
	u64 id;
	u32 sig;
	u32 place; /* TB_PLACE; 0: there was none */
};

/* The wait that a thread is in. */
struct open_wait {
	u64 id;	   /* the object's */
	u32 sig;   /* tb_edge_sig(): reason, kind, role, port */
	u32 place; /* TB_PLACE that it will be booked to; 0: none */
	u32 nr;
	s32 fd;
};

/* The last descriptor read from user memory: good for USER_READ_TTL_NS and the same caller. */
struct user_read {
	u64 address;
	u64 at_ns;
	s32 fd;
	u32 caller; /* regs_caller() */
};

/* What the last socket was that a thread waited for: inet_identify() tells why. */
struct sock_ref {
	u64 sk;
	u32 ports;
	u8 kind;
	u8 role;
	u16 reserved;
};

/*
 * Task storage: one per thread. `version` is odd while the account and the wait are being changed,
 * so that the walk, which reads them from another CPU, knows a copy that is no good.
 */
struct thread {
	u32 version;
	u32 reserved;
	struct tb_account account;
	struct open_wait wait;
	struct user_read user;
	struct sock_ref sock;
	struct edge_ref refs[EDGE_REFS];
};

/* With the 72 bytes that the kernel puts before it, one object of 512 bytes: more would take 1024.
 */
_Static_assert(sizeof(struct thread) <= 440, "the storage of a thread fits its slab");

#define DEFINE_THREADS                                   \
	struct {                                         \
		__uint(type, BPF_MAP_TYPE_TASK_STORAGE); \
		__uint(map_flags, BPF_F_NO_PREALLOC);    \
		__type(key, int);                        \
		__type(value, struct thread);            \
	}
#define DEFINE_EDGES                                \
	struct {                                    \
		__uint(type, BPF_MAP_TYPE_ARRAY);   \
		__uint(map_flags, BPF_F_MMAPABLE);  \
		__uint(max_entries, TB_EDGE_SLOTS); \
		__type(key, u32);                   \
		__type(value, struct tb_edge);      \
	}
#define DEFINE_EDGE_INDEX                           \
	struct {                                    \
		__uint(type, BPF_MAP_TYPE_HASH);    \
		__uint(max_entries, TB_EDGE_SLOTS); \
		__type(key, struct tb_edge_key);    \
		__type(value, u32);                 \
	}
#define DEFINE_EDGE_FREE                            \
	struct {                                    \
		__uint(type, BPF_MAP_TYPE_QUEUE);   \
		__uint(max_entries, TB_EDGE_SLOTS); \
		__type(value, u32);                 \
	}
#define DEFINE_FOLDS                                \
	struct {                                    \
		__uint(type, BPF_MAP_TYPE_HASH);    \
		__uint(max_entries, TB_FOLD_SLOTS); \
		__type(key, struct tb_process_key); \
		__type(value, struct tb_fold);      \
	}
#define DEFINE_RING                                 \
	struct {                                    \
		__uint(type, BPF_MAP_TYPE_RINGBUF); \
		__uint(max_entries, TB_RING_BYTES); \
	}

#ifndef TAILBACK_MAPS
extern DEFINE_THREADS threads SEC(".maps");
extern DEFINE_EDGES edges SEC(".maps");
extern DEFINE_EDGE_INDEX edge_index SEC(".maps");
extern DEFINE_EDGE_FREE edge_free SEC(".maps");
extern DEFINE_FOLDS folds SEC(".maps");
extern DEFINE_RING ring SEC(".maps");
extern const volatile struct tb_knobs knobs;
extern struct tb_handles handles;
extern struct tb_counters counters;
extern struct tb_fold fold_overflow;
extern const struct tb_fold fold_empty;
#endif

#define count_one(field) __sync_fetch_and_add(&counters.field, 1)

/* Keeps what is rare out of the way of what happens at every switch. */
#define likely(condition)   __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)

/* Only the thread's own CPU changes it: plain stores, in this order. */
static __always_inline void thread_change_begin(struct thread *t)
{
	t->version++;
	barrier();
}

static __always_inline void thread_change_end(struct thread *t)
{
	barrier();
	t->version++;
}

/* Scheduler's stamps of a thread; the caller knows the instant. */
static __always_inline void stamps_take(struct tb_stamps *s, struct task_struct *task, u64 now_ns)
{
	s->now_ns = now_ns;
	s->arrival_ns = task->sched_info.last_arrival;
	s->run_delay_ns = task->sched_info.run_delay;
	s->switches = task->nvcsw + task->nivcsw;
	s->exec_ns = task->se.sum_exec_runtime;
}

#endif
