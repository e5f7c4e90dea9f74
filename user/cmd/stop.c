// SPDX-License-Identifier: GPL-2.0-only
/* The one global: see stop.h. */
#include "stop.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "duration.h"

static volatile sig_atomic_t stop_signal;

static void on_signal(int number)
{
	stop_signal = number;
}

void tb_stop_install(void)
{
	struct sigaction action = { .sa_handler = on_signal }; /* no SA_RESTART: waits end */

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

int tb_stopped(void)
{
	return stop_signal;
}

bool tb_sleep_until(__u64 monotonic_ns)
{
	struct timespec until = { .tv_sec = (time_t)(monotonic_ns / TB_NSEC_PER_SEC),
				  .tv_nsec = (long)(monotonic_ns % TB_NSEC_PER_SEC) };

	while (!stop_signal &&
	       clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
		;
	return !stop_signal;
}
