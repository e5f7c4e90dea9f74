/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows that wait for time alone. */
#include "wait.h"

#include <poll.h>
#include <sys/select.h>
#include <sys/timerfd.h>

static int wait_nanosleep(struct wait *w)
{
	struct timespec ts = ns_to_timespec(w->ns);

	return nanosleep(&ts, NULL) ? -errno : 0;
}

static int wait_clock(struct wait *w)
{
	struct timespec ts = ns_to_timespec(now_ns() + w->ns);

	return -clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

static int setup_timerfd(struct wait *w)
{
	w->fd[0] = timerfd_create(CLOCK_MONOTONIC, 0);
	return w->fd[0] < 0 ? -errno : 0;
}

static int arm_timerfd(struct wait *w)
{
	struct itimerspec once = { .it_value = ns_to_timespec(w->ns) };

	return timerfd_settime(w->fd[0], 0, &once, NULL) ? -errno : 0;
}

static int wait_timerfd(struct wait *w)
{
	uint64_t value;

	return wait_result(read(w->fd[0], &value, sizeof(value)));
}

static int wait_poll(struct wait *w)
{
	return wait_result(poll(NULL, 0, (int)(w->ns / NS_PER_MS)));
}

static int wait_select(struct wait *w)
{
	struct timeval limit = { .tv_sec = (time_t)(w->ns / NS_PER_SEC),
				 .tv_usec = (suseconds_t)(w->ns % NS_PER_SEC / 1000) };

	return wait_result(select(0, NULL, NULL, NULL, &limit));
}

const struct wait_kind wait_timer_kinds[] = {
	{ .name = "timer", .reason = "timer", .wait = wait_nanosleep },
	{ .name = "timer-clock", .reason = "timer", .wait = wait_clock },
	{ .name = "timer-fd",
	  .reason = "timer",
	  .setup = setup_timerfd,
	  .arm = arm_timerfd,
	  .wait = wait_timerfd },
	{ .name = "timer-poll", .reason = "timer", .wait = wait_poll },
	{ .name = "timer-select", .reason = "timer", .wait = wait_select },
	{ 0 },
};
