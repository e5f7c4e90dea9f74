// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which control groups are looked at, and when. A host may have thousands of groups and a file
 * takes microseconds to read, so there are three rounds, each of which takes at most its share of
 * the time: the limits of all groups; the counters of those that meet their limit; those of the
 * others that have one. On most hosts each frame reads them all. What a process told of is in is
 * looked at at once: a container's limits are set just before its program starts.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "host_parts.h"

#define NSEC_PER_SEC   1000000000ull
#define OPEN_MAX_FILES 4096

static const struct {
	__u64 least_ns; /* between two rounds */
	__u64 share;	/* a round takes one part in so many of the time */
} rules[HOST_ROUND_NR] = {
	[HOST_LIMITS] = { 10 * NSEC_PER_SEC, 1000 },
	[HOST_HOT] = { 0, 1000 },
	[HOST_QUIET] = { 0, 1000 },
};

static void group_remove(struct tb_host_reader *host, struct host_group *group)
{
	host_group_close(host, group);
	HASH_DEL(host->groups.all, group);
	free(group);
}

/* Descriptors are for others too: a quarter of what this process may have. */
void host_groups_init(struct tb_host_reader *host)
{
	struct rlimit files;

	if (!getrlimit(RLIMIT_NOFILE, &files))
		host->groups.open_max = (unsigned int)files.rlim_cur / 4;
	if (host->groups.open_max > OPEN_MAX_FILES)
		host->groups.open_max = OPEN_MAX_FILES;
	host_mounts_find(host);
}

void host_groups_release(struct tb_host_reader *host)
{
	struct host_group *group, *next;
	int in;

	HASH_ITER(hh, host->groups.all, group, next)
		group_remove(host, group);
	for (in = 0; in < HOST_HIERARCHY_NR; in++)
		free(host->groups.mounts[in].path);
}

static struct host_group *group_get(struct host_groups *groups, struct tb_span path)
{
	struct host_group *group = NULL;

	HASH_FIND(hh, groups->all, path.at, (unsigned int)path.length, group);
	if (group || HASH_COUNT(groups->all) >= HOST_GROUPS_MAX)
		return group;
	group = calloc(1, sizeof(*group));
	if (!group)
		return NULL;
	group->record.h =
		(struct tb_record){ .kind = TB_REC_CGROUP, .size = sizeof(group->record) };
	memcpy(group->record.path, path.at, path.length);
	memset(group->files, -1, sizeof(group->files));
	group->stale = group->hot = true;
	HASH_ADD_KEYPTR(hh, groups->all, group->record.path, (unsigned int)path.length, group);
	return group;
}

static bool group_is_limited(const struct host_group *group)
{
	return group->record.quota_us != TB_UNLIMITED ||
	       group->record.memory_limit_bytes != TB_UNLIMITED;
}

/* Up to the top, which is a group with limits too when the tool is in a cgroup namespace. */
static void group_note(struct host_groups *groups, unsigned int in, struct tb_span path, bool own)
{
	struct host_group *group = path.length < TB_PATH_LEN ? group_get(groups, path) : NULL;

	if (!group)
		return;
	if ((group->in & in) != in || (own && !group_is_limited(group)))
		group->stale = true;
	group->in |= in;
}

void host_group_note(struct tb_host_reader *host, enum host_hierarchy in, struct tb_span path)
{
	unsigned int bits = in == HOST_CPU ? 1u << HOST_CPU | 1u << HOST_CPUACCT : 1u << in;
	struct tb_span above = path;

	/* "/../x": outside of this tool's cgroup namespace, and of its mounts. */
	if (!host->groups.mounts[in].path || memmem(path.at, path.length, "/..", 3))
		return;
	group_note(&host->groups, bits, path, true);
	while (above.length > 1) {
		while (above.at[--above.length] != '/')
			;
		above.length += !above.length;
		group_note(&host->groups, bits, above, false);
	}
}

static __u64 events(const struct tb_cgroup *record)
{
	return record->throttled_periods + record->memory_high_events + record->memory_max_events +
	       record->oom_kills;
}

static int group_send(struct tb_host_reader *host, struct host_group *group, __u64 now_ns,
		      const struct tb_sink *sink)
{
	const struct tb_cgroup *record = &group->record;
	__u64 before = events(record);

	host_counters_read(host, group);
	group->read_ns = now_ns;
	group->hot = events(record) != before ||
		     record->memory_bytes >= record->memory_limit_bytes / 8 * 7;
	group->sent = group_is_limited(group);
	return tb_sink_put(sink, &record->h);
}

/* A limit that is new is sent at once; one that was lifted, a last time. */
static int round_limits(struct tb_host_reader *host, bool due, __u64 now_ns,
			const struct tb_sink *sink)
{
	struct host_group *group, *next;
	int err = 0;

	HASH_ITER(hh, host->groups.all, group, next) {
		if (err)
			break;
		if (!due && !group->stale)
			continue;
		group->stale = false;
		if (!host_limits_read(host, group))
			group_remove(host, group);
		else if (group->sent != group_is_limited(group))
			err = group_send(host, group, now_ns, sink);
	}
	return err;
}

static int round_counters(struct tb_host_reader *host, bool hot, __u64 now_ns,
			  const struct tb_sink *sink)
{
	struct host_group *group, *next;
	int err = 0;

	HASH_ITER(hh, host->groups.all, group, next) {
		if (err)
			break;
		if (!group_is_limited(group) || group->hot != hot || group->read_ns == now_ns)
			continue;
		err = group_send(host, group, now_ns, sink);
	}
	return err;
}

static __u64 cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (__u64)now.tv_sec * NSEC_PER_SEC + (__u64)now.tv_nsec;
}

static int round_run(struct tb_host_reader *host, enum host_round round, __u64 now_ns,
		     const struct tb_sink *sink)
{
	bool due = now_ns >= host->groups.due_ns[round];
	__u64 begin_ns = cpu_ns(), pause_ns;
	int err;

	if (!due && round != HOST_LIMITS)
		return 0;
	err = round == HOST_LIMITS ? round_limits(host, due, now_ns, sink)
				   : round_counters(host, round == HOST_HOT, now_ns, sink);
	if (!due)
		return err;
	pause_ns = (cpu_ns() - begin_ns) * rules[round].share;
	host->groups.due_ns[round] =
		now_ns + (pause_ns > rules[round].least_ns ? pause_ns : rules[round].least_ns);
	return err;
}

int host_groups_put(struct tb_host_reader *host, __u64 now_ns, const struct tb_sink *sink)
{
	enum host_round round;
	int err = 0;

	for (round = 0; round < HOST_ROUND_NR && !err; round++)
		err = round_run(host, round, now_ns, sink);
	return err;
}
