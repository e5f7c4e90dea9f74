/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a system call can block on, by its number: the first question of classify.h. One row per
 * call that can sleep in a way worth telling apart; everything else is CLASS_OTHER and named.
 * Numbers are the kernel's own (arch/x86/entry/syscalls/syscall_64.tbl, asm-generic/unistd.h);
 * -1 where an architecture has no such call. A test holds both columns against the headers.
 */
#ifndef TAILBACK_SYSCALLS_H
#define TAILBACK_SYSCALLS_H

#include "types.h"

enum tb_syscall_class {
	TB_CLASS_OTHER,
	TB_CLASS_FUTEX,	     /* futex(uaddr, op, val, timeout) */
	TB_CLASS_FUTEX_WAIT, /* futex_wait(uaddr, val, mask, flags, timeout), futex_waitv */
	TB_CLASS_SLEEP,
	TB_CLASS_CHILD,
	TB_CLASS_VFORK,	 /* clone and its kin: waits only for a vfork child */
	TB_CLASS_POLL,	 /* poll(fds, nfds) */
	TB_CLASS_SELECT, /* select(n, in, out, ex) */
	TB_CLASS_EPOLL,	 /* epoll_wait(epfd) */
	TB_CLASS_FD,	 /* reads or writes its first argument, of whatever kind */
	TB_CLASS_SOCKET, /* its first argument is a socket */
	TB_CLASS_SYNC,	 /* writes its first argument back */
	TB_CLASS_SYNC_ALL,
	TB_CLASS_FLOCK,
	TB_CLASS_FCNTL, /* blocks for locks only */
	TB_CLASS_IPC,
	TB_CLASS_MEMORY, /* changes the address space */
	TB_CLASS_URING,
	TB_CLASS_AIO,
};

/*	name, x86-64, arm64, class */
#define TB_SYSCALLS(X)                       \
	X(futex, 202, 98, FUTEX)             \
	X(futex_waitv, 449, 449, FUTEX_WAIT) \
	X(futex_wait, 455, 455, FUTEX_WAIT)  \
	X(nanosleep, 35, 101, SLEEP)         \
	X(clock_nanosleep, 230, 115, SLEEP)  \
	X(wait4, 61, 260, CHILD)             \
	X(waitid, 247, 95, CHILD)            \
	X(vfork, 58, -1, VFORK)              \
	X(clone, 56, 220, VFORK)             \
	X(clone3, 435, 435, VFORK)           \
	X(poll, 7, -1, POLL)                 \
	X(ppoll, 271, 73, POLL)              \
	X(select, 23, -1, SELECT)            \
	X(pselect6, 270, 72, SELECT)         \
	X(epoll_wait, 232, -1, EPOLL)        \
	X(epoll_pwait, 281, 22, EPOLL)       \
	X(epoll_pwait2, 441, 441, EPOLL)     \
	X(read, 0, 63, FD)                   \
	X(write, 1, 64, FD)                  \
	X(readv, 19, 65, FD)                 \
	X(writev, 20, 66, FD)                \
	X(pread64, 17, 67, FD)               \
	X(pwrite64, 18, 68, FD)              \
	X(preadv, 295, 69, FD)               \
	X(pwritev, 296, 70, FD)              \
	X(preadv2, 327, 286, FD)             \
	X(pwritev2, 328, 287, FD)            \
	X(ioctl, 16, 29, FD)                 \
	X(sendfile, 40, 71, FD)              \
	X(splice, 275, 76, FD)               \
	X(tee, 276, 77, FD)                  \
	X(vmsplice, 278, 75, FD)             \
	X(copy_file_range, 326, 285, FD)     \
	X(getdents64, 217, 61, FD)           \
	X(ftruncate, 77, 46, FD)             \
	X(fallocate, 285, 47, FD)            \
	X(readahead, 187, 213, FD)           \
	X(close, 3, 57, FD)                  \
	X(recvfrom, 45, 207, SOCKET)         \
	X(recvmsg, 47, 212, SOCKET)          \
	X(recvmmsg, 299, 243, SOCKET)        \
	X(sendto, 44, 206, SOCKET)           \
	X(sendmsg, 46, 211, SOCKET)          \
	X(sendmmsg, 307, 269, SOCKET)        \
	X(connect, 42, 203, SOCKET)          \
	X(accept, 43, 202, SOCKET)           \
	X(accept4, 288, 242, SOCKET)         \
	X(shutdown, 48, 210, SOCKET)         \
	X(fsync, 74, 82, SYNC)               \
	X(fdatasync, 75, 83, SYNC)           \
	X(sync_file_range, 277, 84, SYNC)    \
	X(syncfs, 306, 267, SYNC)            \
	X(sync, 162, 81, SYNC_ALL)           \
	X(msync, 26, 227, SYNC_ALL)          \
	X(flock, 73, 32, FLOCK)              \
	X(fcntl, 72, 25, FCNTL)              \
	X(msgrcv, 70, 188, IPC)              \
	X(msgsnd, 69, 189, IPC)              \
	X(semop, 65, 193, IPC)               \
	X(semtimedop, 220, 192, IPC)         \
	X(mq_timedsend, 242, 182, IPC)       \
	X(mq_timedreceive, 243, 183, IPC)    \
	X(mmap, 9, 222, MEMORY)              \
	X(munmap, 11, 215, MEMORY)           \
	X(mprotect, 10, 226, MEMORY)         \
	X(mremap, 25, 216, MEMORY)           \
	X(brk, 12, 214, MEMORY)              \
	X(madvise, 28, 233, MEMORY)          \
	X(mlock, 149, 228, MEMORY)           \
	X(munlock, 150, 229, MEMORY)         \
	X(mlockall, 151, 230, MEMORY)        \
	X(process_madvise, 440, 440, MEMORY) \
	X(swapoff, 168, 225, MEMORY)         \
	X(io_uring_enter, 426, 426, URING)   \
	X(io_getevents, 208, 4, AIO)         \
	X(io_pgetevents, 333, 292, AIO)

#define TB_SYSCALL_NR_MAX 512
#define TB_NO_SYSCALL	  0xffffffffu
#define TB_NR_RESTART	  TB_SYSCALL_NR(219, 128) /* restart_syscall */

#if defined(__TARGET_ARCH_arm64) || (!defined(__TARGET_ARCH_x86) && defined(__aarch64__))
#define TB_SYSCALL_NR(x86, arm64) (arm64)
#else
#define TB_SYSCALL_NR(x86, arm64) (x86)
#endif

/* Slot 511 takes the rows that this architecture lacks; no kernel numbers a call so. */
#define TB_SYSCALL_SLOT(nr) ((nr) < 0 ? TB_SYSCALL_NR_MAX - 1 : (nr))

#endif
