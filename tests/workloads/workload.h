/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every workload needs: a clock, a way to die with its parent, and a bound on its life.
 * Included by the stand-alone programs of this directory; must not know tailback.
 */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_SEC 1000000000ull
#define NS_PER_MS  1000000ull

/* Exit codes: the kernel or the rights for this workload are missing; wrong usage. */
#define EXIT_SKIP  77
#define EXIT_USAGE 2

#define UNUSED __attribute__((unused))

static inline uint64_t clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_SEC + (uint64_t)ts.tv_nsec;
}

static inline uint64_t now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

static inline struct timespec ns_to_timespec(uint64_t ns)
{
	return (struct timespec){ .tv_sec = (time_t)(ns / NS_PER_SEC),
				  .tv_nsec = (long)(ns % NS_PER_SEC) };
}

static inline void sleep_ns(uint64_t ns)
{
	struct timespec ts = ns_to_timespec(ns);

	nanosleep(&ts, NULL);
}

/* Sleeps until an instant of CLOCK_MONOTONIC, whatever signals come. */
static inline void sleep_until(uint64_t deadline_ns)
{
	struct timespec ts = ns_to_timespec(deadline_ns);

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
		;
}

static inline pid_t own_tid(void)
{
	return (pid_t)syscall(SYS_gettid);
}

__attribute__((noreturn, format(printf, 2, 3))) static inline void die(int code, const char *format,
								       ...)
{
	va_list args;

	fprintf(stderr, "%s: ", program_invocation_short_name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(code);
}

/* For a child right after fork: its end is bound to the thread that forked it. */
static inline void die_with_parent(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
}

/*
 * For a program: sleeps are exact (no timer slack), and SIGALRM ends it after so many seconds, or
 * SIGKILL when whoever started it dies. The kernel then ends its children the same way.
 */
static inline void bound_life(double seconds)
{
	prctl(PR_SET_TIMERSLACK, 1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm((unsigned)seconds + 1);
}

/* A number of seconds as a user writes it, or the end of the program. */
static inline double parse_seconds(const char *text)
{
	char *end;
	double seconds = strtod(text, &end);

	if (*end || end == text || !(seconds > 0) || seconds > 86400)
		die(EXIT_USAGE, "'%s' is no number of seconds between 0 and 86400", text);
	return seconds;
}

static inline unsigned parse_count(const char *text)
{
	char *end;
	unsigned long count = strtoul(text, &end, 10);

	if (*end || end == text || count < 1 || count > 10000000)
		die(EXIT_USAGE, "'%s' is no count between 1 and 10000000", text);
	return (unsigned)count;
}

#endif
