/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The host as /proc and /sys tell it: who a process is, CPUs, memory, pressure, disks, control
 * groups. Used by the live source. Never blocks on a device and never asks a daemon.
 */
#ifndef TAILBACK_HOST_H
#define TAILBACK_HOST_H

#include "source.h"

struct tb_host_reader;

/* root: prefix of every path, for tests; NULL: none. */
struct tb_host_reader *tb_host_new(const char *root);
void tb_host_free(struct tb_host_reader *host);

/*
 * Put a PROCESS record: who tgid is. -ESRCH if it is gone or is another process by now (its start
 * differs), or what the sink returned.
 */
int tb_host_process(struct tb_host_reader *host, __u32 tgid, __u64 leader_start_ns,
		    const struct tb_sink *sink);

/*
 * Put a HOST record, a DISK for each block device that is not a part of another, and a CGROUP for
 * each group that a process told of lives in or below, and that has a quota or a memory limit.
 */
int tb_host_frame(struct tb_host_reader *host, const struct tb_sink *sink);

#endif
