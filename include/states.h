/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one list of thread states. A thread is at every instant in exactly one of them: on a CPU,
 * waiting for one (queued, or held back by a CPU quota), or blocked for one reason. The names are
 * also JSON keys, metric labels and the words of `--reason`; the letters draw the bar of `top`.
 *
 * `throttled` is the part of the time without a CPU that a cgroup quota is known to have caused.
 * A new reason is one row here, one case in classify.h and one row in its test.
 */
#ifndef TAILBACK_STATES_H
#define TAILBACK_STATES_H

/* clang-format off */
/*       id          name         letter  idle  what a person reads */
#define TB_STATES(X)                                                                               \
	X(ONCPU,     "oncpu",     '#',    0,    "running on a CPU")                                \
	X(RUNQUEUE,  "runqueue",  'q',    0,    "ready, waiting for a CPU")                        \
	X(THROTTLED, "throttled", 'Q',    0,    "ready, held back by a CPU quota")                 \
	X(LOCK,      "lock",      'l',    0,    "a user-space lock")                               \
	X(EVENT,     "event",     'e',    1,    "a futex: condition, semaphore or park")           \
	X(JOIN,      "join",      'j',    1,    "another thread's end")                            \
	X(NET,       "net",       'n',    0,    "one socket: connect, send or receive")            \
	X(ACCEPT,    "accept",    'a',    1,    "a new connection on a listening socket")          \
	X(POLL,      "poll",      'p',    1,    "several descriptors at once")                     \
	X(DISK,      "disk",      'd',    0,    "block I/O")                                       \
	X(MEMORY,    "memory",    'm',    0,    "reclaim, swap or the memory-map lock")            \
	X(PIPE,      "pipe",      'i',    0,    "a pipe or FIFO")                                  \
	X(FILELOCK,  "filelock",  'f',    0,    "an flock or fcntl lock")                          \
	X(IPC,       "ipc",       'c',    0,    "a message queue, semaphore, eventfd or signalfd") \
	X(TIMER,     "timer",     't',    1,    "a sleep")                                         \
	X(CHILD,     "child",     'w',    1,    "a child process")                                 \
	X(KERNEL,    "kernel",    'k',    0,    "a kernel lock or an uninterruptible wait")        \
	X(STOPPED,   "stopped",   's',    1,    "a stop signal, tracer or freezer")                \
	X(IOURING,   "iouring",   'u',    0,    "an io_uring completion")                          \
	X(OTHER,     "other",     'o',    1,    "another system call")
/* clang-format on */

enum tb_state {
#define X(id, name, letter, idle, text) TB_##id,
	TB_STATES(X) TB_STATE_NR
#undef X
};

#define TB_FIRST_REASON TB_LOCK
#define TB_REASON_NR	(TB_STATE_NR - TB_FIRST_REASON)

/* Is this state a reason for being blocked, rather than on a CPU or waiting for one? */
#define tb_is_reason(state) ((state) >= TB_FIRST_REASON && (state) < TB_STATE_NR)

#endif
