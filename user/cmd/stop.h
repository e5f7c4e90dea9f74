/* SPDX-License-Identifier: GPL-2.0-only */
/* The stop flag: set by SIGINT, SIGTERM and SIGHUP, asked by whatever waits. */
#ifndef TAILBACK_STOP_H
#define TAILBACK_STOP_H

#include <stdbool.h>

#include "types.h"

/* Install the handlers; also ignores SIGPIPE, so that a closed output is an error of write(2). */
void tb_stop_install(void);

/* The signal that asked to stop; 0: none did. */
int tb_stopped(void);

/* Sleep up to an instant of CLOCK_MONOTONIC; false if asked to stop. */
bool tb_sleep_until(__u64 monotonic_ns);

#endif
