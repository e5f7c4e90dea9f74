/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a task that blocks to the reason and the object. wait_decide runs in sched_switch for the
 * task that leaves and in the walk for any other; only the former can read the task's memory.
 */
#ifndef TAILBACK_WAIT_BPF_H
#define TAILBACK_WAIT_BPF_H

#include "resolve.bpf.h"

/*
 * Must stand in the same object as the programs: a table of the linked skeleton's .rodata. The rows
 * that an architecture lacks share one slot, which nobody asks for.
 */
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Winitializer-overrides"
static const u8 syscall_class[TB_SYSCALL_NR_MAX] = {
#define X(name, x86, arm64, class) [TB_SYSCALL_SLOT(TB_SYSCALL_NR(x86, arm64))] = TB_CLASS_##class,
	TB_SYSCALLS(X)
#undef X
};
#pragma clang diagnostic pop

static __always_inline u32 class_of(u64 nr)
{
	TB_FORGET(nr);
	return nr < TB_SYSCALL_NR_MAX ? syscall_class[nr] : TB_CLASS_OTHER;
}

/*
 * What a task blocks in. A system call that a stop or a tracer interrupted is taken up again under
 * another number, with the arguments that it had: then it is the one that the task was in before.
 * Returns the user's registers.
 */
static __always_inline const struct pt_regs *block_take(struct tb_block *b,
							struct task_struct *task, u32 nr_before)
{
	const struct pt_regs *regs = (const struct pt_regs *)bpf_task_pt_regs(task);

	b->task_state = task->__state;
	b->task_flags = task->flags;
	b->jobctl = (u32)task->jobctl;
	b->in_iowait = BPF_CORE_READ_BITFIELD(task, in_iowait);
	b->in_memstall = bpf_core_field_exists(task->in_memstall)
				 ? BPF_CORE_READ_BITFIELD(task, in_memstall)
				 : 0;
	b->foreign = task_is_foreign(task);
	b->nr = TB_NO_SYSCALL;
	b->class = TB_CLASS_OTHER;
	if (b->task_flags & (TB_PF_KTHREAD | TB_PF_IO_WORKER))
		return regs;
	regs_syscall(regs, b);
	if (unlikely(b->nr == TB_NR_RESTART))
		b->nr = nr_before;
	b->class = class_of(b->nr);
	return regs;
}

struct pollfd_head {
	s32 fd;
	u16 events;
	u16 revents;
};

/* The one descriptor in a pair of fd sets; -1 if there are more, or none. */
static __always_inline s32 select_single(const struct tb_block *b)
{
	u64 in = 0, out = 0, both, limit;
	u32 nr = (u32)b->arg[0];

	if (b->arg[1] && bpf_probe_read_user(&in, sizeof(in), (void *)b->arg[1]))
		return -1;
	if (b->arg[2] && bpf_probe_read_user(&out, sizeof(out), (void *)b->arg[2]))
		return -1;
	limit = nr >= 64 ? ~0ull : (1ull << nr) - 1;
	both = (in | out) & limit;
	if (!both || (both & (both - 1)))
		return -1;
	return (s32)tb_log2(both);
}

static __always_inline s32 poll_single(const struct tb_block *b)
{
	struct pollfd_head head;

	if (!bpf_probe_read_user(&head, sizeof(head), (void *)b->arg[0]))
		return head.fd;
	count_one(user_faults);
	return -1;
}

/*
 * The only descriptor of a poll or select, from user memory. The read costs more than all the rest,
 * so what was read is good for a millisecond, the same address and the same caller.
 */
static __always_inline s32 user_single_fd(struct user_read *user, const struct pt_regs *regs,
					  const struct tb_block *b, u64 now_ns)
{
	int polls = b->class == TB_CLASS_POLL;
	u64 address = polls ? b->arg[0] : b->arg[1] ^ b->arg[2];
	u32 caller = regs_caller(regs) ^ b->nr << 16;

	if (!knobs.has_user_reads)
		return -1;
	if (user->address == address && user->caller == caller &&
	    now_ns - user->at_ns < USER_READ_TTL_NS)
		return user->fd;
	user->fd = polls ? poll_single(b) : select_single(b);
	user->address = address;
	user->caller = caller;
	user->at_ns = now_ns;
	return user->fd;
}

/*
 * Finish a cause whose descriptor, if it has one, is in cause->fd: identify the object, and let it
 * decide the reason where it must. known: the thread's last socket, or NULL. Returns the file, or
 * 0.
 */
static __always_inline u64 cause_finish(struct task_struct *task, struct sock_ref *known,
					struct tb_cause *cause, struct tb_object *o)
{
	u64 file;

	o->kind = cause->kind;
	o->id = cause->id;
	o->fd = cause->fd;
	if (cause->look == TB_LOOK_NOT || cause->fd < 0)
		return 0;
	file = fd_file(task, cause->fd);
	if (!file)
		return 0;
	object_identify(file, known, o);
	if (cause->look != TB_LOOK_NAME)
		cause->state = tb_classify_fd(cause->state, o->kind, o->role);
	return file;
}

#endif
