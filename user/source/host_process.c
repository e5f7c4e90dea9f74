// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who a process is, from /proc/PID; see host.h. One open directory stands for one process until it
 * is closed, so that a pid that is used again half-way gives an error and never a mixture. Most of
 * the processes of a fork storm are gone when asked for: that is one failed open.
 *
 * Which group. What limits the CPU of a process is its group in the hierarchy with the cpu
 * controller; but under v1, systemd keeps services there only if they have a limit, and containers
 * are often only in other hierarchies. A record has one path, which serves both to name the service
 * and to find limits in the groups above: the deepest path of name=systemd, v2 and memory that lies
 * at or below the path of the cpu controller. Quotas are looked up where the cpu controller says,
 * whatever the name.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "host_parts.h"

#define START_SLACK_TICKS 2
#define DELETED		  " (deleted)"
#define MEMFD		  "/memfd:"

/* Words of /proc/PID/stat behind the name, from 0. */
enum { STAT_PPID = 1, STAT_FLAGS = 6, STAT_START = 19 };

#define STAT_FLAG_KTHREAD 0x00200000u /* PF_KTHREAD */

/* Not permitted, not known to this kernel, no descriptor left: the text is empty, and no error. */
static int part_read(struct tb_host_reader *host, int dir, const char *name)
{
	int got = tb_proc_read(dir, name, &host->text);

	if (got == -ESRCH || (got == -ENOENT && faccessat(dir, "stat", F_OK, 0)))
		return -ESRCH;
	return 0;
}

/* A kernel worker is shown with its work of the moment: "kworker/0:1-events". */
static void process_comm(struct tb_process *process, struct tb_span comm, __u64 flags)
{
	const char *colon = memchr(comm.at, ':', comm.length);
	size_t id;

	if (flags & STAT_FLAG_KTHREAD && colon && !strncmp(comm.at, "kworker/", 8)) {
		id = (size_t)(colon - comm.at);
		id += strcspn(colon, "-+)");
		comm.length = id < comm.length ? id : comm.length;
	}
	tb_span_copy(comm, process->comm, sizeof(process->comm));
}

/* "7 (comm) S 1 ...": the name holds any bytes, but none of the words behind it has a ')'. */
static int process_stat(struct tb_host_reader *host, int dir, struct tb_process *process)
{
	int got = tb_proc_read(dir, "stat", &host->text);
	const char *text = tb_buf_text(&host->text);
	const char *begin = strchr(text, '('), *end = strrchr(text, ')');
	__u64 ppid, flags, start, ticks = process->leader_start_ns / host->tick_ns;

	if (got <= 0 || !begin || !end || end < begin ||
	    !tb_proc_word_number(end + 1, STAT_PPID, &ppid) ||
	    !tb_proc_word_number(end + 1, STAT_FLAGS, &flags) ||
	    !tb_proc_word_number(end + 1, STAT_START, &start))
		return -ESRCH;
	if (start > ticks + START_SLACK_TICKS || ticks > start + START_SLACK_TICKS)
		return -ESRCH;
	process->ppid = (__u32)ppid;
	process_comm(process, (struct tb_span){ begin + 1, (size_t)(end - begin - 1) }, flags);
	return 0;
}

/* The user that its rights are those of, as ps(1) shows it; the pid in the innermost namespace. */
static int process_status(struct tb_host_reader *host, int dir, struct tb_process *process)
{
	int err = part_read(host, dir, "status");
	const char *at = tb_buf_text(&host->text);
	struct tb_proc_line line;
	__u64 number;

	process->ns_tgid = process->tgid;
	while (!err && tb_proc_line(&at, &line)) {
		if (tb_span_is(line.key, "Uid") && tb_proc_word_number(line.value.at, 1, &number))
			process->uid = (__u32)number;
		if (tb_span_is(line.key, "NSpid"))
			while (tb_proc_number(&line.value.at, &number))
				process->ns_tgid = (__u32)number;
	}
	return err;
}

static struct tb_span span_without(struct tb_span span, const char *suffix)
{
	size_t length = strlen(suffix);

	if (span.length > length && !memcmp(span.at + span.length - length, suffix, length))
		span.length -= length;
	return span;
}

/* The name of a file in memory is all of the path, and may hold a '/'. */
static void process_exe(struct tb_host_reader *host, int dir, struct tb_process *process)
{
	char target[4096];
	int length = tb_proc_link(dir, "exe", target, sizeof(target));
	const char *base = strrchr(target, '/');

	if (length <= 0)
		return;
	if (!strncmp(target, MEMFD, strlen(MEMFD)))
		base = target;
	base = base ? base + 1 : target;
	tb_span_copy(span_without((struct tb_span){ base, strlen(base) }, DELETED), process->exe,
		     sizeof(process->exe));
}

struct paths {
	struct tb_span cpu, memory, systemd, v2;
};

/* "4:cpu,cpuacct:/path", "1:name=systemd:/path", "0::/path". */
static void paths_take(struct paths *paths, struct tb_span line)
{
	const char *end = line.at + line.length;
	const char *list = memchr(line.at, ':', line.length);
	const char *path = list ? memchr(list + 1, ':', (size_t)(end - list - 1)) : NULL;
	struct tb_span names, span;

	if (!path || path + 1 == end || path[1] != '/')
		return;
	names = (struct tb_span){ list + 1, (size_t)(path - list - 1) };
	span = span_without((struct tb_span){ path + 1, (size_t)(end - path - 1) }, DELETED);
	if (!names.length)
		paths->v2 = span;
	if (tb_span_has(names, ",", "cpu"))
		paths->cpu = span;
	if (tb_span_has(names, ",", "memory"))
		paths->memory = span;
	if (tb_span_has(names, ",", "name=systemd"))
		paths->systemd = span;
}

static bool path_is_below(struct tb_span path, struct tb_span above)
{
	if (path.length <= above.length || memcmp(path.at, above.at, above.length))
		return false;
	return above.length == 1 || path.at[above.length] == '/';
}

/* A path too long for a record is cut to the group above that fits. */
static void process_group(struct tb_process *process, const struct paths *paths)
{
	const struct tb_span further[] = { paths->systemd, paths->v2, paths->memory };
	struct tb_span group = paths->cpu;
	size_t i;

	for (i = 0; i < sizeof(further) / sizeof(further[0]); i++)
		if (path_is_below(further[i], group))
			group = further[i];
	if (group.length >= sizeof(process->cgroup)) {
		group.length = sizeof(process->cgroup) - 1;
		while (group.length > 1 && group.at[group.length] != '/')
			group.length--;
	}
	tb_span_copy(group, process->cgroup, sizeof(process->cgroup));
}

static int process_groups(struct tb_host_reader *host, int dir, struct tb_process *process)
{
	int err = part_read(host, dir, "cgroup");
	const char *at = tb_buf_text(&host->text);
	struct tb_proc_line line;
	struct paths paths = {};

	while (!err && tb_proc_line(&at, &line))
		paths_take(&paths, line.all);
	if (!paths.cpu.at)
		paths.cpu = paths.v2;
	if (!paths.memory.at)
		paths.memory = paths.v2;
	if (!paths.cpu.at)
		paths.cpu = (struct tb_span){ "/", 1 };
	if (err || !host->text.length)
		return err;
	process_group(process, &paths);
	host_group_note(host, HOST_CPU, paths.cpu);
	host_group_note(host, HOST_MEMORY, paths.memory);
	return 0;
}

int tb_host_process(struct tb_host_reader *host, __u32 tgid, __u64 leader_start_ns,
		    const struct tb_sink *sink)
{
	struct tb_process process = { .h = { .kind = TB_REC_PROCESS, .size = sizeof(process) },
				      .tgid = tgid,
				      .leader_start_ns = leader_start_ns };
	int dir __owns(close_fd) = -1;
	char path[32];
	int err;

	snprintf(path, sizeof(path), "proc/%u", tgid);
	dir = openat(host->root, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -ESRCH;
	err = process_stat(host, dir, &process);
	if (!err)
		err = process_status(host, dir, &process);
	if (!err)
		err = process_groups(host, dir, &process);
	if (err)
		return err;
	process_exe(host, dir, &process);
	return tb_sink_put(sink, &process.h);
}
