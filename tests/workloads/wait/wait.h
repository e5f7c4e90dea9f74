/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One way to wait is one row: who wakes, and how. wait_reason.c drives the rows, the files beside
 * this one hold them by subject. A row must block its waiter exactly once in its reason per round,
 * and must leave nothing behind when the program is killed: no named object, no file.
 *
 * A round:  helper: hold        waiter: arm, clock on, wait ............ clock off
 *                   sleep until the deadline, act -------------------^
 */
#ifndef WAIT_H
#define WAIT_H

#include <pthread.h>
#include <semaphore.h>

#include "workload.h"

/* Who ends the wait. A helper thread shares memory with the waiter, a helper process does not. */
enum wait_helper { HELPER_NONE, HELPER_THREAD, HELPER_PROCESS };

enum wait_script {
	SCRIPT_EXACT,	 /* each wait lasts the time asked for */
	SCRIPT_MEASURED, /* only the program's own measure tells how long it lasted */
	SCRIPT_APPEARS,	 /* some of the measured time is spent in the reason */
};

#define WAIT_FDS 4

/* Lies in shared memory, so that a helper process sees it too. */
struct wait {
	uint64_t ns; /* of one wait, whole milliseconds */
	unsigned count;
	unsigned round;		  /* 1 .. count */
	pid_t waiter;		  /* thread id; the waiter is the process's first thread */
	int fd[WAIT_FDS];	  /* the waiter's ends, -1 if unused */
	int far[WAIT_FDS];	  /* the helper's ends */
	int object;		  /* id of a System V object */
	uint16_t port;		  /* of fd[0], network order */
	uint64_t deadline_ns;	  /* CLOCK_MONOTONIC: when the helper acts in this round */
	uint64_t took_ns;	  /* set by .wait where the driver's clock does not fit */
	uint32_t ready, go, done; /* rounds: the helper holds; the waiter begins; it is through */
	pthread_mutex_t mutex;
	pthread_t thread;
	sem_t sem;
	pid_t child;
	void *buffer; /* 4096 bytes, aligned so */
};

/*
 * Functions of the waiter return 0, or -errno; -ENOTSUP: not on this kernel or with these rights.
 */
struct wait_kind {
	const char *name;
	const char *reason; /* as tailback must call it */
	enum wait_helper helper;
	enum wait_script script;
	int (*setup)(struct wait *w); /* once, before the helper starts */
	void (*hold)(struct wait *w); /* helper: takes what the waiter will wait for */
	int (*arm)(struct wait *w);   /* waiter: before the clock starts */
	int (*wait)(struct wait *w);  /* waiter: blocks */
	void (*act)(struct wait *w);  /* helper: ends the wait */
};

extern const struct wait_kind wait_sync_kinds[], wait_net_kinds[], wait_poll_kinds[],
	wait_file_kinds[], wait_disk_kinds[], wait_ipc_kinds[], wait_task_kinds[],
	wait_timer_kinds[], wait_kernel_kinds[], wait_memory_kinds[], wait_cpu_kinds[];

/* helper.c */
int helper_start(const struct wait_kind *kind, struct wait *w);
void helper_await_hold(struct wait *w);
void helper_go(struct wait *w);
void helper_done(struct wait *w);

/* A result of read, write and their like as .wait wants it: 0 or -errno. */
static inline int wait_result(ssize_t got)
{
	return got >= 0 ? 0 : -errno;
}

/* Shared ends of the byte-through-a-descriptor rows. */
int wait_read_byte(struct wait *w);  /* read(fd[0]) */
int wait_write_byte(struct wait *w); /* write(fd[0]) */
void act_write_byte(struct wait *w); /* write(far[0]) */
void act_drain(struct wait *w);	     /* read(far[0]) until empty */

#endif
