/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The host as /proc and /sys tell it: who a process is, CPUs, memory, pressure, disks, control
 * groups. Used by the live source. Never blocks on a device and never asks a daemon.
 */
#ifndef TAILBACK_HOST_H
#define TAILBACK_HOST_H

#include "source.h"

struct tb_host_reader;

/* root: prefix of every path, for tests; NULL: none. NULL without memory or without the root. */
struct tb_host_reader *tb_host_new(const char *root);
void tb_host_free(struct tb_host_reader *host);

/*
 * Put a PROCESS record: who tgid is. -ESRCH if it is gone, is another process by now (its start
 * differs) or is not to be seen, or what the sink returned. What of it may not be read is empty. A
 * process that moves to another group is not told of again: ask when its name changes, as exec
 * does.
 */
int tb_host_process(struct tb_host_reader *host, __u32 tgid, __u64 leader_start_ns,
		    const struct tb_sink *sink);

/*
 * Put a HOST record, a DISK for each block device that is not a part of another, and a CGROUP for
 * each group that a process told of lives in or below, and that has a quota or a memory limit.
 * Where there are hundreds of those, each is put in every few frames only, so that a frame stays
 * cheap.
 */
int tb_host_frame(struct tb_host_reader *host, const struct tb_sink *sink);

#endif
