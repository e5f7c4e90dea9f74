/* SPDX-License-Identifier: GPL-2.0-only */
/* The clocks of the kernel in nanoseconds. For sources and commands: model and view have no clock.
 */
#ifndef TAILBACK_CLOCK_H
#define TAILBACK_CLOCK_H

#include <time.h>

#include "duration.h"

static inline __u64 tb_clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (__u64)now.tv_sec * TB_NSEC_PER_SEC + (__u64)now.tv_nsec;
}

#endif
