/* SPDX-License-Identifier: GPL-2.0-only */
/* The inside of the host reader, shared by host.c and host_*.c, and by their tests. */
#ifndef TAILBACK_HOST_PARTS_H
#define TAILBACK_HOST_PARTS_H

#include <stdbool.h>
#include <uthash.h>

#include "buf.h"
#include "host.h"
#include "proc.h"

#define HOST_FILES_MAX	 16
#define HOST_GROUP_FILES 14   /* that a group may have, v1 and v2 together */
#define HOST_GROUPS_MAX	 4096 /* paths; past it, no more are looked at until others are gone */

/* Hierarchies of control groups; in v2, one that has each controller. */
enum host_hierarchy { HOST_CPU, HOST_CPUACCT, HOST_MEMORY, HOST_HIERARCHY_NR };

struct host_mount {
	char *path; /* below the root, without leading '/'; NULL: there is none */
	bool v2;
};

/* Kinds of readings of the groups; the rules of each are in host_group.c. */
enum host_round { HOST_LIMITS, HOST_HOT, HOST_QUIET, HOST_ROUND_NR };

struct host_group {
	struct tb_cgroup record;
	unsigned int in;	     /* bit set: hierarchies in which a process told of is in it */
	bool stale;		     /* its limits are to be read at the next frame */
	bool hot;		     /* it met a limit lately, or is about to */
	bool sent;		     /* the last record of it had a limit */
	__u64 read_ns;		     /* when its counters were read */
	int files[HOST_GROUP_FILES]; /* open, or -1 */
	UT_hash_handle hh;	     /* by record.path */
};

struct host_groups {
	struct host_group *all;
	struct host_mount mounts[HOST_HIERARCHY_NR];
	__u64 due_ns[HOST_ROUND_NR];
	unsigned int open_nr, open_max; /* files of all groups */
};

struct host_disk;

struct tb_host_reader {
	int root;
	__u64 tick_ns;	    /* of the times in /proc/stat and /proc/PID/stat */
	struct tb_buf text; /* of the file being read */
	struct tb_proc_file files[HOST_FILES_MAX]; /* of host_totals.c */
	struct tb_proc_file diskstats;
	struct host_disk *disks;
	struct host_groups groups;
};

void host_totals_init(struct tb_host_reader *host);
void host_totals_release(struct tb_host_reader *host);
int host_totals_put(struct tb_host_reader *host, const struct tb_sink *sink);

void host_disks_release(struct tb_host_reader *host);
int host_disks_put(struct tb_host_reader *host, const struct tb_sink *sink);

/* Where the hierarchies are mounted, once and for all. */
void host_mounts_find(struct tb_host_reader *host);

void host_groups_init(struct tb_host_reader *host);
void host_groups_release(struct tb_host_reader *host);
/* A process is in this group of this hierarchy, and in those above it. */
void host_group_note(struct tb_host_reader *host, enum host_hierarchy in, struct tb_span path);
int host_groups_put(struct tb_host_reader *host, __u64 now_ns, const struct tb_sink *sink);

/* What a group's files say, into its record. False: it is gone from all hierarchies. */
bool host_limits_read(struct tb_host_reader *host, struct host_group *group);
void host_counters_read(struct tb_host_reader *host, struct host_group *group);
/* Close what these keep open. */
void host_group_close(struct tb_host_reader *host, struct host_group *group);

#endif
