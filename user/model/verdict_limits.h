/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where "much" begins: every threshold of the verdict, in one table. They are starting points of
 * the design, to be calibrated on scenarios; docs/design.md, section 7, says them in words.
 */
#ifndef TAILBACK_VERDICT_LIMITS_H
#define TAILBACK_VERDICT_LIMITS_H

/*	id, value, what it bounds */
#define TB_LIMITS(X)                                                                              \
	X(TRUST_LOSS, 0.01)	 /* lost events, of all: more, and only faults are judged */      \
	X(TRUST_UNKNOWN, 0.20)	 /* time without a reason, of all: the same */                    \
	X(IDLE_THREADS, 0.10)	 /* working threads: below, nothing is busy */                    \
	X(IDLE_HOST, 0.05)	 /* of the CPUs busy: the same, for the whole host */             \
	X(HOST_IDLE, 0.10)	 /* of the CPUs: below, the host is full */                       \
	X(QUEUE_SHARE, 0.15)	 /* of a loser's time, in the run queue */                        \
	X(QUEUE_THREADS, 0.02)	 /* ... and so many threads: less is nobody */                    \
	X(QUEUE_LOST, 0.10)	 /* threads of all losers: less is context */                     \
	X(PINNED_THREADS, 0.25)	 /* queued while CPUs are idle */                                 \
	X(PINNED_EACH_S, 0.001)	 /* ... each time: shorter is a wake-up next to its waker */      \
	X(STEAL, 0.05)		 /* of the CPUs: worth naming */                                  \
	X(QUOTA_SHARE, 0.10)	 /* of a loser's time, throttled */                               \
	X(QUOTA_PERIODS, 0.10)	 /* throttled periods: queued time may be throttled time */       \
	X(QUOTA_THREADS, 0.01)	 /* of a loser, throttled */                                      \
	X(DISK_BUSY, 0.90)	 /* of the window, with a request in flight */                    \
	X(DISK_QUEUE, 1.5)	 /* requests in flight: others' are before one's own */           \
	X(DISK_SHARE, 0.30)	 /* of a loser's time, waiting for the device */                  \
	X(DISK_THREADS, 0.05)	 /* of a loser, waiting for it */                                 \
	X(DISK_CROWD, 1.5)	 /* threads that wait: fewer, and a batch job waits for itself */ \
	X(STALL_S, 2.0)		 /* in flight and none completed */                               \
	X(STALL_WAIT_S, 1.0)	 /* a thread that waits for it, so long */                        \
	X(MEMORY_SHARE, 0.10)	 /* of a loser's time, in memory waits */                         \
	X(MEMORY_THREADS, 0.05)	 /* of a loser, in memory waits */                                \
	X(MEMORY_PRESSURE, 0.10) /* of the window, by the kernel's own measure */                 \
	X(MEMORY_PAGES, 10.0)	 /* a second, swapped or reclaimed by who needs them */           \
	X(BATCH_THREADS, 0.50)	 /* working: less is no batch job */                              \
	X(BATCH_SHARE, 0.80)	 /* of its time, on CPU, in its queue or in the kernel */         \
	X(SUBJECT, 0.05)	 /* of what all lose: less, and the finding is not about it */    \
	X(USER_CPUS, 0.05)	 /* of one CPU: less is not named as a user */

enum tb_limit {
#define X(id, value) TB_LIMIT_##id,
	TB_LIMITS(X)
#undef X
		TB_LIMIT_NR
};

static inline double tb_limit(enum tb_limit limit)
{
	static const double values[TB_LIMIT_NR] = {
#define X(id, value) value,
		TB_LIMITS(X)
#undef X
	};

	return values[limit];
}

#endif
