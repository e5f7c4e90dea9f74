/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why a thread blocks, decided at the moment it does, from its saved registers and its own flags.
 * Pure inlines in two steps: tb_classify says what can be told from the system call alone and
 * whether a descriptor must be looked at; tb_classify_fd finishes with what the descriptor is.
 * The kernel side fetches; nothing is fetched here.
 */
#ifndef TAILBACK_CLASSIFY_H
#define TAILBACK_CLASSIFY_H

#include "object.h"
#include "states.h"
#include "syscalls.h"
#include "types.h"

/* Values of task_struct.__state, .flags and .jobctl that matter here (include/linux/sched.h). */
#define TB_TASK_UNINTERRUPTIBLE 0x0002u
#define TB_TASK_STOPPED_TRACED	0x000cu
#define TB_TASK_DEAD		0x0080u
#define TB_TASK_NOLOAD		0x0400u
#define TB_TASK_RTLOCK_WAIT	0x1000u /* PREEMPT_RT: a spinlock that sleeps */
#define TB_TASK_FROZEN		0x8000u
#define TB_PF_IO_WORKER		0x00000010u
#define TB_PF_MEMALLOC		0x00000800u
#define TB_PF_KTHREAD		0x00200000u
#define TB_JOBCTL_TRAP_FREEZE	(1u << 23)

/* futex(2): the operation without its flags, and the flags. */
#define TB_FUTEX_WAIT_BITSET 9
#define TB_FUTEX_CMD_MASK    0x7fu
#define TB_FUTEX_PRIVATE     0x80u
#define TB_FUTEX_REALTIME    0x100u

struct tb_block {
	__u32 task_state; /* task_struct.__state */
	__u32 task_flags; /* task_struct.flags */
	__u32 jobctl;
	__u8 in_iowait;	  /* waits for block I/O */
	__u8 in_memstall; /* in reclaim or swap-in, as PSI sees it */
	__u8 foreign;	  /* a 32-bit system call table: numbers mean something else */
	__u8 reserved;
	__u32 nr;    /* system call, TB_NO_SYSCALL if none */
	__u32 class; /* enum tb_syscall_class of nr */
	__u64 arg[4];
};

/* What is left to be looked at before the reason is known. */
enum tb_look {
	TB_LOOK_NOT,	/* state and object are final */
	TB_LOOK_NAME,	/* state is final; the descriptor names the object */
	TB_LOOK_FD,	/* the descriptor decides */
	TB_LOOK_POLL,	/* user memory: one pollfd at arg[0] */
	TB_LOOK_SELECT, /* user memory: sets at arg[1..2], arg[0] descriptors */
};

struct tb_cause {
	__u8 state; /* enum tb_state */
	__u8 look;  /* enum tb_look */
	__u8 kind;  /* enum tb_object_kind where no descriptor is involved */
	__u8 reserved;
	__s32 fd;
	__u64 id; /* the object's, where no descriptor is involved */
};

#define TB_CAUSE(s, l, k, f, i) \
	((struct tb_cause){ .state = (s), .look = (l), .kind = (k), .fd = (f), .id = (i) })

TB_INLINE int tb_uninterruptible(const struct tb_block *b)
{
	if (b->task_state & TB_TASK_RTLOCK_WAIT)
		return 1;
	return (b->task_state & TB_TASK_UNINTERRUPTIBLE) && !(b->task_state & TB_TASK_NOLOAD);
}

TB_INLINE int tb_class_has_fd(__u32 class)
{
	return class == TB_CLASS_FD || class == TB_CLASS_SOCKET || class == TB_CLASS_SYNC;
}

/* A wait whose reason is known without its descriptor; where there is one it names the object. */
TB_INLINE struct tb_cause tb_cause_named(const struct tb_block *b, __u32 state)
{
	if (b->nr == TB_NO_SYSCALL)
		return TB_CAUSE(state, TB_LOOK_NOT, TB_OBJ_FAULT, -1, 0);
	if (tb_class_has_fd(b->class))
		return TB_CAUSE(state, TB_LOOK_NAME, TB_OBJ_SYSCALL, (__s32)b->arg[0], b->nr);
	return TB_CAUSE(state, TB_LOOK_NOT, TB_OBJ_SYSCALL, -1, b->nr);
}

TB_INLINE struct tb_cause tb_cause_kernel_thread(const struct tb_block *b)
{
	__u32 state = b->in_iowait ? TB_DISK : tb_uninterruptible(b) ? TB_KERNEL : TB_OTHER;

	return TB_CAUSE(state, TB_LOOK_NOT, TB_OBJ_KTHREAD, -1, 0);
}

/*
 * pthread_join waits for the thread's id to be cleared: WAIT_BITSET, CLOCK_REALTIME, not private,
 * and the expected value is that id (glibc 2.36; 0 in shared semaphores, which look alike).
 */
TB_INLINE struct tb_cause tb_cause_futex(const struct tb_block *b)
{
	__u32 op = (__u32)b->arg[1], value = (__u32)b->arg[2];

	if ((op & TB_FUTEX_CMD_MASK) == TB_FUTEX_WAIT_BITSET && (op & TB_FUTEX_REALTIME) &&
	    !(op & TB_FUTEX_PRIVATE) && value && value <= 0x3fffffff)
		return TB_CAUSE(TB_JOIN, TB_LOOK_NOT, TB_OBJ_THREAD, -1, value);
	return TB_CAUSE(TB_EVENT, TB_LOOK_NOT, TB_OBJ_FUTEX, -1, b->arg[0]);
}

/* An uninterruptible sleep that is not accounted as waiting for I/O. */
TB_INLINE struct tb_cause tb_cause_uninterruptible(const struct tb_block *b)
{
	switch (b->class) {
	case TB_CLASS_VFORK:
	case TB_CLASS_CHILD:
		return tb_cause_named(b, TB_CHILD);
	case TB_CLASS_SYNC:
	case TB_CLASS_SYNC_ALL:
	case TB_CLASS_AIO:
		return tb_cause_named(b, TB_DISK);
	case TB_CLASS_MEMORY:
		return tb_cause_named(b, TB_MEMORY);
	}
	return tb_cause_named(b, b->nr == TB_NO_SYSCALL ? TB_MEMORY : TB_KERNEL);
}

TB_INLINE struct tb_cause tb_cause_poll(const struct tb_block *b)
{
	if (b->class == TB_CLASS_EPOLL)
		return TB_CAUSE(TB_POLL, TB_LOOK_NAME, TB_OBJ_SYSCALL, (__s32)b->arg[0], b->nr);
	if (b->class == TB_CLASS_POLL && b->arg[1] == 0)
		return tb_cause_named(b, TB_TIMER);
	if (b->class == TB_CLASS_POLL && b->arg[1] == 1)
		return TB_CAUSE(TB_POLL, TB_LOOK_POLL, TB_OBJ_SYSCALL, -1, b->nr);
	if (b->class == TB_CLASS_SELECT && !b->arg[1] && !b->arg[2] && !b->arg[3])
		return tb_cause_named(b, TB_TIMER);
	if (b->class == TB_CLASS_SELECT && b->arg[0] <= 64)
		return TB_CAUSE(TB_POLL, TB_LOOK_SELECT, TB_OBJ_SYSCALL, -1, b->nr);
	return tb_cause_named(b, TB_POLL);
}

/* An interruptible sleep in a system call. */
TB_INLINE struct tb_cause tb_cause_interruptible(const struct tb_block *b)
{
	switch (b->class) {
	case TB_CLASS_FUTEX:
		return tb_cause_futex(b);
	case TB_CLASS_FUTEX_WAIT:
		return TB_CAUSE(TB_EVENT, TB_LOOK_NOT, TB_OBJ_FUTEX, -1, b->arg[0]);
	case TB_CLASS_FD:
	case TB_CLASS_SOCKET:
		return TB_CAUSE(TB_OTHER, TB_LOOK_FD, TB_OBJ_SYSCALL, (__s32)b->arg[0], b->nr);
	case TB_CLASS_POLL:
	case TB_CLASS_SELECT:
	case TB_CLASS_EPOLL:
		return tb_cause_poll(b);
	case TB_CLASS_SLEEP:
		return tb_cause_named(b, TB_TIMER);
	case TB_CLASS_CHILD:
	case TB_CLASS_VFORK:
		return tb_cause_named(b, TB_CHILD);
	case TB_CLASS_FLOCK:
	case TB_CLASS_FCNTL:
		return TB_CAUSE(TB_FILELOCK, TB_LOOK_NAME, TB_OBJ_SYSCALL, (__s32)b->arg[0], b->nr);
	case TB_CLASS_IPC:
		return tb_cause_named(b, TB_IPC);
	case TB_CLASS_SYNC:
	case TB_CLASS_SYNC_ALL:
	case TB_CLASS_AIO:
		return tb_cause_named(b, TB_DISK);
	}
	return tb_cause_named(b, TB_OTHER);
}

/* First step: from the task and its system call alone. */
TB_INLINE struct tb_cause tb_classify(const struct tb_block *b)
{
	if ((b->task_state & (TB_TASK_STOPPED_TRACED | TB_TASK_FROZEN)) ||
	    (b->jobctl & TB_JOBCTL_TRAP_FREEZE))
		return tb_cause_named(b, TB_STOPPED);
	if (b->task_flags & (TB_PF_KTHREAD | TB_PF_IO_WORKER))
		return tb_cause_kernel_thread(b);
	if (b->in_memstall || (b->task_flags & TB_PF_MEMALLOC))
		return tb_cause_named(b, TB_MEMORY);
	if (b->foreign)
		return TB_CAUSE(b->in_iowait ? TB_DISK : TB_OTHER, TB_LOOK_NOT, TB_OBJ_NONE, -1, 0);
	if (b->task_state & TB_TASK_RTLOCK_WAIT)
		return tb_cause_named(b, TB_KERNEL);
	if (b->class == TB_CLASS_URING)
		return tb_cause_named(b, TB_IOURING);
	if (b->in_iowait)
		return tb_cause_named(b, TB_DISK);
	if (tb_uninterruptible(b))
		return tb_cause_uninterruptible(b);
	return tb_cause_interruptible(b);
}

/* Second step, for TB_LOOK_FD, TB_LOOK_POLL and TB_LOOK_SELECT: what the descriptor decides. */
TB_INLINE __u32 tb_classify_fd(__u32 state, __u32 kind, __u32 role)
{
	switch (kind) {
	case TB_OBJ_TCP:
	case TB_OBJ_UDP:
	case TB_OBJ_UNIX:
	case TB_OBJ_SOCKET:
		return role == TB_ROLE_LISTENER ? TB_ACCEPT : TB_NET;
	case TB_OBJ_PIPE:
		return TB_PIPE;
	case TB_OBJ_EVENTFD:
	case TB_OBJ_SIGNALFD:
		return TB_IPC;
	case TB_OBJ_TIMERFD:
		return TB_TIMER;
	case TB_OBJ_EPOLL:
		return TB_POLL;
	}
	return state;
}

#endif
