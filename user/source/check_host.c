// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rows of checks.h about what the host shows in /proc and /sys, and those that a first frame of
 * the running tool answers.
 */
#include "check_rows.h"

#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "privilege.h"

#define MIB (1024.0 * 1024.0)

/* Process 1 is everybody's, and another user's for all who have no privileges. */
void tb_check_proc(const struct tb_check_context *context, struct tb_check_result *result)
{
	char text[256];
	int err = tb_check_read("/proc/1/stat", text, sizeof(text));

	if (!err)
		return tb_check_say(result, TB_ANSWER_YES, "shows every process");
	if (access("/proc/self/stat", R_OK)) {
		tb_check_fix(result, "mount -t proc proc /proc");
		return tb_check_say(result, TB_ANSWER_NO, "/proc is not mounted");
	}
	tb_check_say(result, TB_ANSWER_NO, "/proc hides other users' processes (hidepid=)");
}

void tb_check_psi(const struct tb_check_context *context, struct tb_check_result *result)
{
	char text[128];
	int err = tb_check_read("/proc/pressure/memory", text, sizeof(text));

	if (!err)
		tb_check_say(result, TB_ANSWER_YES, "/proc/pressure");
	else if (err == -EOPNOTSUPP)
		tb_check_say(result, TB_ANSWER_NO, "built in, but switched off");
	else
		tb_check_say(result, TB_ANSWER_NO, "/proc/pressure: %s", strerror(-err));
}

static bool controllers_have_cpu(const char *directory)
{
	char path[256], text[256], *word, *rest = text;

	snprintf(path, sizeof(path), "%s/cgroup.controllers", directory);
	if (tb_check_read(path, text, sizeof(text)))
		return false;
	while ((word = strsep(&rest, " ")))
		if (!strcmp(word, "cpu"))
			return true;
	return false;
}

/* 1 or 2: the version of the hierarchy that is mounted with the cpu controller; 0: none is. */
static int cgroup_version(char *directory, size_t size)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	const struct mntent *mount;
	int version = 0;

	while (mounts && !version && (mount = getmntent(mounts))) {
		if (!strcmp(mount->mnt_type, "cgroup") && hasmntopt(mount, "cpu"))
			version = 1;
		if (!strcmp(mount->mnt_type, "cgroup2") && controllers_have_cpu(mount->mnt_dir))
			version = 2;
		snprintf(directory, size, "%s", mount->mnt_dir);
	}
	if (mounts)
		endmntent(mounts);
	return version;
}

void tb_check_cgroup_cpu(const struct tb_check_context *context, struct tb_check_result *result)
{
	char directory[128];
	int version = cgroup_version(directory, sizeof(directory));

	if (!version)
		return tb_check_say(result, TB_ANSWER_NO, "no hierarchy with the cpu controller");
	if (tb_namespace_is_initial("cgroup")) /* or unknown: then it is most likely the host's */
		return tb_check_say(result, TB_ANSWER_YES, "cgroup v%d on %s", version, directory);
	tb_check_fix(result, "start the container with --cgroupns host, and mount the host's "
			     "/sys/fs/cgroup read-only");
	tb_check_say(result, TB_ANSWER_NO,
		     "this is a cgroup namespace of its own: groups outside of it cannot be read");
}

void tb_check_first_frame(const struct tb_check_context *context, struct tb_check_result *result)
{
	tb_check_say(result, TB_ANSWER_UNKNOWN, "not tried, since something above is missing");
}

void tb_check_own_cost(const struct tb_check_context *context, struct tb_check_result *result)
{
	tb_check_say(result, TB_ANSWER_UNKNOWN, "not measured: nothing is attached");
}

/* doctor looks for an instant: shares of a CPU need a window. */
void tb_checks_frame(struct tb_check_result checks[TB_CHECK_NR], int err,
		     const struct tb_frame *frame, const struct tb_status *status)
{
	struct tb_check_result *first = &checks[TB_CHECK_first_frame];
	struct tb_check_result *cost = &checks[TB_CHECK_own_cost];

	if (err) {
		tb_check_fix(first, tb_check_row(TB_CHECK_first_frame)->fix);
		return tb_check_say(first, TB_ANSWER_NO, "the hooks attach, but give nothing: %s",
				    strerror(-err));
	}
	tb_check_say(first, TB_ANSWER_YES, "%u threads in %.1f ms", frame->threads,
		     (double)frame->walk_ns / 1e6);
	if (!status->bpf_ns_known || !status->map_bytes || !status->rss_bytes) {
		tb_check_fix(cost, tb_check_row(TB_CHECK_own_cost)->fix);
		return tb_check_say(cost, TB_ANSWER_NO, "%s cannot be read",
				    status->bpf_ns_known ? "/proc/self" : "the programs' own time");
	}
	tb_check_say(cost, TB_ANSWER_YES,
		     "maps %.1f MiB, process %.1f MiB; CPU shares need a window: top and diagnose "
		     "show them",
		     (double)status->map_bytes / MIB, (double)status->rss_bytes / MIB);
}
