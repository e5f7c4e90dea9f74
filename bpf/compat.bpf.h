/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every difference between kernels and architectures, each with the version that made it. A renamed
 * field is one entry here and one line of vmlinux.h.
 */
#ifndef TAILBACK_COMPAT_BPF_H
#define TAILBACK_COMPAT_BPF_H

#include "shared.bpf.h"

#define TS_COMPAT     0x0002u /* x86, asm/thread_info.h: in a 32-bit system call */
#define TIF_32BIT_A64 22      /* arm64: a 32-bit task */

/*
 * Read one field of a struct at an address that the verifier knows nothing of: a direct load where
 * bpf_rdonly_cast exists (6.2, a35707c3d850), else bpf_probe_read_kernel. Under
 * lockdown=confidentiality the latter is refused, and the field reads as 0: unknown.
 *
 * Only one object of a skeleton may name the function: libbpf 1.1's linker wants a size of it when
 * a second one does. The hot path takes it; others define FETCH_BY_PROBE first.
 */
#define fetch_probe(dst, type, ptr, field)                                                       \
	({                                                                                       \
		typeof(((type *)0)->field) read__ = 0;                                           \
		if (knobs.has_kernel_reads)                                                      \
			bpf_core_read((void *)&read__, sizeof(read__), &((type *)(ptr))->field); \
		(dst) = (typeof(dst))read__;                                                     \
	})

#ifdef FETCH_BY_PROBE
#define fetch		fetch_probe
#define fetch_is_direct 0
#else
extern void *bpf_rdonly_cast(const void *obj, __u32 btf_id) __ksym __weak;

#define fetch_is_direct (knobs.has_rdonly_cast)
#define fetch(dst, type, ptr, field)                                                           \
	({                                                                                     \
		if (fetch_is_direct) {                                                         \
			type *typed__ =                                                        \
				bpf_rdonly_cast((void *)(ptr), bpf_core_type_id_kernel(type)); \
			(dst) = (typeof(dst))typed__->field;                                   \
		} else {                                                                       \
			fetch_probe(dst, type, ptr, field);                                    \
		}                                                                              \
	})
#endif

/*
 * Fields that not every kernel has, in types of their own: a header generated from a kernel without
 * them lacks them too. CO-RE ignores what follows the three underscores.
 */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct sched_entity___delayed {
	unsigned char sched_delayed;
};

struct task_struct___delayed {
	struct sched_entity___delayed se;
};

struct task_struct___throttled {
	bool throttled;
};

#pragma clang attribute pop

/* 6.12 (152e11f6df29): a blocked task may stay queued for a while, marked as delayed. */
static __always_inline int task_is_blocked(struct task_struct *task)
{
	struct task_struct___delayed *delayed = (void *)task;

	if (!task->on_rq)
		return 1;
	return bpf_core_field_exists(delayed->se.sched_delayed) && delayed->se.sched_delayed;
}

/*
 * Held back by a quota: before 6.18 the whole queue is taken off, since e1fad12dcb66 each task
 * takes itself off and says so.
 */
static __always_inline int task_is_throttled(struct task_struct *task)
{
	struct task_struct___throttled *throttled = (void *)task;

	if (bpf_core_field_exists(throttled->throttled))
		return throttled->throttled;
	if (bpf_core_field_exists(task->se.cfs_rq->throttle_count))
		return task->se.cfs_rq->throttle_count != 0;
	return 0;
}

/* Does the task use a 32-bit system call table, where numbers mean something else? */
static __always_inline int task_is_foreign(struct task_struct *task)
{
#if defined(__TARGET_ARCH_arm64)
	return (task->thread_info.flags >> TIF_32BIT_A64) & 1;
#else
	return (task->thread_info.status & TS_COMPAT) != 0;
#endif
}

/*
 * The system call that a task is in, from the registers saved at its entry. x86 saves the number
 * in orig_ax and puts -1 there for faults and interrupts; arm64 has a field of its own.
 */
static __always_inline void regs_syscall(const struct pt_regs *regs, struct tb_block *b)
{
#if defined(__TARGET_ARCH_arm64)
	b->nr = (u32)regs->syscallno;
	b->arg[0] = regs->orig_x0;
	b->arg[1] = regs->regs[1];
	b->arg[2] = regs->regs[2];
	b->arg[3] = regs->regs[3];
#else
	b->nr = (u32)regs->orig_ax;
	b->arg[0] = regs->di;
	b->arg[1] = regs->si;
	b->arg[2] = regs->dx;
	b->arg[3] = regs->r10;
#endif
}

/*
 * Tells two callers of one system call apart, in one thread: a mix of the stack pointer and of the
 * registers that calls preserve, in which the callers keep what they work on.
 */
static __always_inline u32 regs_caller(const struct pt_regs *regs)
{
	u64 mix;

#if defined(__TARGET_ARCH_arm64)
	mix = regs->sp ^ regs->regs[19] ^ regs->regs[20] << 8 ^ regs->regs[21] << 16 ^
	      regs->regs[22] << 24 ^ regs->regs[29] << 4;
#else
	mix = regs->sp ^ regs->bx ^ regs->bp << 4 ^ regs->r12 << 8 ^ regs->r13 << 16 ^
	      regs->r14 << 24 ^ regs->r15 << 12;
#endif
	return (u32)(mix ^ mix >> 32);
}

#endif
