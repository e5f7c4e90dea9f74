// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the files of one control group say, under v1 and v2: a table of files, each with the numbers
 * that it holds. Where the hierarchies are. Called by host_group.c, which decides when.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "host_parts.h"

#define NSEC_PER_USEC 1000
#define HUGE_BYTES    (1ull << 62) /* v1 writes "no limit" as the largest number of whole pages */

#define AT(member) offsetof(struct tb_cgroup, member)
#define NOTHING	   (~(size_t)0)

static const struct tb_proc_field cpu_stat_v1[] = {
	{ "nr_periods", AT(periods), 1 },
	{ "nr_throttled", AT(throttled_periods), 1 },
	{ "throttled_time", AT(throttled_ns), 1 },
	{},
};

static const struct tb_proc_field cpu_stat_v2[] = {
	{ "nr_periods", AT(periods), 1 },
	{ "nr_throttled", AT(throttled_periods), 1 },
	{ "throttled_usec", AT(throttled_ns), NSEC_PER_USEC },
	{ "usage_usec", AT(usage_ns), NSEC_PER_USEC },
	{},
};

static const struct tb_proc_field memory_events[] = {
	{ "high", AT(memory_high_events), 1 },
	{ "max", AT(memory_max_events), 1 },
	{ "oom_kill", AT(oom_kills), 1 },
	{},
};

static const struct tb_proc_field oom_control[] = {
	{ "oom_kill", AT(oom_kills), 1 },
	{},
};

enum version { V1, V2 };
enum purpose { LIMIT, COUNTER };

/*
 * Of a limit, the lowest number counts: v2 has two for memory, and what is met first is the limit.
 * "max" and -1 are no numbers, and leave it unlimited.
 */
static const struct file {
	enum host_hierarchy in;
	enum version version;
	enum purpose purpose;
	const char *name;
	const struct tb_proc_field *fields; /* NULL: numbers alone, at: */
	size_t first, second;
} files[] = {
	{ HOST_CPU, V2, LIMIT, "cpu.max", NULL, AT(quota_us), AT(period_us) },
	{ HOST_CPU, V2, COUNTER, "cpu.stat", cpu_stat_v2, NOTHING, NOTHING },
	{ HOST_MEMORY, V2, LIMIT, "memory.max", NULL, AT(memory_limit_bytes), NOTHING },
	{ HOST_MEMORY, V2, LIMIT, "memory.high", NULL, AT(memory_limit_bytes), NOTHING },
	{ HOST_MEMORY, V2, COUNTER, "memory.current", NULL, AT(memory_bytes), NOTHING },
	{ HOST_MEMORY, V2, COUNTER, "memory.events", memory_events, NOTHING, NOTHING },
	{ HOST_CPU, V1, LIMIT, "cpu.cfs_quota_us", NULL, AT(quota_us), NOTHING },
	{ HOST_CPU, V1, LIMIT, "cpu.cfs_period_us", NULL, AT(period_us), NOTHING },
	{ HOST_CPU, V1, COUNTER, "cpu.stat", cpu_stat_v1, NOTHING, NOTHING },
	{ HOST_CPUACCT, V1, COUNTER, "cpuacct.usage", NULL, AT(usage_ns), NOTHING },
	{ HOST_MEMORY, V1, LIMIT, "memory.limit_in_bytes", NULL, AT(memory_limit_bytes), NOTHING },
	{ HOST_MEMORY, V1, COUNTER, "memory.usage_in_bytes", NULL, AT(memory_bytes), NOTHING },
	{ HOST_MEMORY, V1, COUNTER, "memory.failcnt", NULL, AT(memory_max_events), NOTHING },
	{ HOST_MEMORY, V1, COUNTER, "memory.oom_control", oom_control, NOTHING, NOTHING },
};

#define FILE_NR (sizeof(files) / sizeof(files[0]))
_Static_assert(FILE_NR == HOST_GROUP_FILES, "each has its place in a group");

static void number_take(struct tb_cgroup *record, size_t at, __u64 number, enum purpose purpose)
{
	char *into = (char *)record + at;
	__u64 before;

	memcpy(&before, into, sizeof(before));
	if (purpose == COUNTER || number < before)
		memcpy(into, &number, sizeof(number));
}

static void file_take(const struct file *file, const char *text, struct tb_cgroup *record)
{
	__u64 number;

	if (file->fields)
		tb_proc_fields(text, file->fields, record);
	if (file->first != NOTHING && tb_proc_word_number(text, 0, &number))
		number_take(record, file->first, number, file->purpose);
	if (file->second != NOTHING && tb_proc_word_number(text, 1, &number))
		number_take(record, file->second, number, file->purpose);
}

static bool file_is_of(const struct file *file, const struct tb_host_reader *host,
		       const struct host_group *group)
{
	const struct host_mount *mount = &host->groups.mounts[file->in];

	return mount->path && file->version == (mount->v2 ? V2 : V1) && group->in & 1u << file->in;
}

/* Opening costs three times what reading does: the counters' files stay open while few are. */
static int kept_read(struct tb_host_reader *host, const char *path, int *fd)
{
	struct tb_proc_file file = { .path = path, .fd = *fd };
	struct host_groups *groups = &host->groups;
	int got;

	groups->open_nr -= file.fd >= 0;
	got = tb_proc_file_read(&file, host->root, &host->text);
	if (groups->open_nr >= groups->open_max)
		tb_proc_file_close(&file);
	groups->open_nr += file.fd >= 0;
	*fd = file.fd;
	return got;
}

/* What a kernel has no file for, or a group without its controller, is left as it is. */
static void group_read(struct tb_host_reader *host, struct host_group *group, enum purpose purpose)
{
	char path[2 * TB_PATH_LEN + 32];
	const struct file *file;
	int got;

	for (file = files; file < files + FILE_NR; file++) {
		if (file->purpose != purpose || !file_is_of(file, host, group))
			continue;
		snprintf(path, sizeof(path), "%s%s/%s", host->groups.mounts[file->in].path,
			 group->record.path, file->name);
		got = purpose == COUNTER ? kept_read(host, path, &group->files[file - files])
					 : tb_proc_read(host->root, path, &host->text);
		if (got > 0)
			file_take(file, tb_buf_text(&host->text), &group->record);
	}
}

/* Anything but a clear no is a yes: a group that is forgotten is not looked for again. */
static bool group_exists(const struct tb_host_reader *host, const struct host_group *group)
{
	char path[2 * TB_PATH_LEN];
	enum host_hierarchy in;

	for (in = 0; in < HOST_HIERARCHY_NR; in++) {
		if (!host->groups.mounts[in].path || !(group->in & 1u << in))
			continue;
		snprintf(path, sizeof(path), "%s%s", host->groups.mounts[in].path,
			 group->record.path);
		if (!faccessat(host->root, path, F_OK, 0) || errno != ENOENT)
			return true;
	}
	return false;
}

void host_group_close(struct tb_host_reader *host, struct host_group *group)
{
	int i;

	for (i = 0; i < HOST_GROUP_FILES; i++)
		if (group->files[i] >= 0) {
			close(group->files[i]);
			host->groups.open_nr--;
		}
}

bool host_limits_read(struct tb_host_reader *host, struct host_group *group)
{
	struct tb_cgroup *record = &group->record;

	record->quota_us = record->period_us = record->memory_limit_bytes = TB_UNLIMITED;
	group_read(host, group, LIMIT);
	if (record->memory_limit_bytes >= HUGE_BYTES)
		record->memory_limit_bytes = TB_UNLIMITED;
	if (record->period_us != TB_UNLIMITED)
		return true; /* a file was found */
	record->period_us = 0;
	return group_exists(host, group);
}

void host_counters_read(struct tb_host_reader *host, struct host_group *group)
{
	group_read(host, group, COUNTER);
}

/* A blank in a mount point is written \040, and so on. In place. */
static void octal_decode(char *text)
{
	char *to = text;
	unsigned int code;

	for (; *text; text++, to++) {
		if (sscanf(text, "\\%3o", &code) == 1 && code < 256) {
			*to = (char)code;
			text += 3;
		} else {
			*to = *text;
		}
	}
	*to = '\0';
}

static const char *const controllers[HOST_HIERARCHY_NR] = {
	[HOST_CPU] = "cpu",
	[HOST_CPUACCT] = "cpuacct",
	[HOST_MEMORY] = "memory",
};

/* What can be mounted more than once counts the first time. */
static void mount_take(struct tb_host_reader *host, enum host_hierarchy in, const char *path,
		       bool v2)
{
	struct host_mount *mount = &host->groups.mounts[in];

	if (mount->path)
		return;
	mount->path = strdup(path);
	mount->v2 = v2;
}

static void mount_v2(struct tb_host_reader *host, const char *path)
{
	struct tb_buf text __owns(tb_buf_release) = {};
	char name[TB_PATH_LEN + 32];
	enum host_hierarchy in;
	struct tb_span all;

	snprintf(name, sizeof(name), "%s/cgroup.controllers", path);
	tb_proc_read(host->root, name, &text);
	all = (struct tb_span){ tb_buf_text(&text), text.length };
	for (in = 0; in < HOST_HIERARCHY_NR; in++)
		if (tb_span_has(all, " \n", controllers[in]))
			mount_take(host, in, path, true);
}

/* "cgroup /sys/fs/cgroup/cpu cgroup rw,relatime,cpu 0 0" */
static void mount_line(struct tb_host_reader *host, const char *line)
{
	struct tb_span path, type, options;
	char below[TB_PATH_LEN];
	enum host_hierarchy in;

	tb_proc_word(&line);
	path = tb_proc_word(&line);
	type = tb_proc_word(&line);
	options = tb_proc_word(&line);
	if (path.length < 2 || path.length > sizeof(below))
		return;
	tb_span_copy((struct tb_span){ path.at + 1, path.length - 1 }, below, sizeof(below));
	octal_decode(below);
	if (tb_span_is(type, "cgroup2"))
		mount_v2(host, below);
	for (in = 0; in < HOST_HIERARCHY_NR && tb_span_is(type, "cgroup"); in++)
		if (tb_span_has(options, ",", controllers[in]))
			mount_take(host, in, below, false);
}

void host_mounts_find(struct tb_host_reader *host)
{
	struct tb_proc_file mounts = { .path = "proc/self/mounts", .fd = -1 };
	struct tb_proc_line line;
	const char *at;

	tb_proc_file_read(&mounts, host->root, &host->text);
	tb_proc_file_close(&mounts);
	at = tb_buf_text(&host->text);
	while (tb_proc_line(&at, &line))
		mount_line(host, line.all.at);
}
