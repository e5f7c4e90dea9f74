// SPDX-License-Identifier: GPL-2.0-only
/* What to do about a finding, and whether more instances would help; see diagnose_words.h. */
#include "diagnose_words.h"

#include <string.h>

const char *tb_words_advice(const struct tb_finding *finding)
{
	switch (finding->kind) {
	case TB_FINDING_CPU_SATURATED:
		if (finding->pinned)
			return "Widen its affinity or cpuset, or move away what shares those CPUs "
			       "with it.";
		if (finding->severity != TB_SEVERITY_NOW)
			return "Nothing to do, unless something else must be fast meanwhile.";
		if (finding->users.nr && tb_group_is_batch(finding->users.part[0].group))
			return "Run the batch job later, elsewhere, or with less weight: nice, or "
			       "CPUWeight= of its unit.";
		return "Less work per request, fewer at a time, or more CPUs.";
	case TB_FINDING_CPU_QUOTA:
		return "Raise the quota (CPUQuota= of the unit, cpu.max of the group, limits.cpu "
		       "of the "
		       "container), or run fewer threads than it pays for.";
	case TB_FINDING_DISK_SATURATED:
		if (finding->severity != TB_SEVERITY_NOW)
			return "Nothing to do, unless something else must be fast meanwhile.";
		return "Fewer or larger requests, a cache, a faster device. Give batch I/O less "
		       "weight: "
		       "IOWeight= of its unit, ionice.";
	case TB_FINDING_DISK_STALLED:
		return "Look at the device, its path and its driver. Who waits goes on when it "
		       "answers.";
	case TB_FINDING_MEMORY_PRESSURE:
		if (finding->cgroup)
			return "Raise the limit (MemoryMax= and MemoryHigh= of the unit), or keep "
			       "less: "
			       "fewer workers, smaller caches.";
		return "Fewer workers, smaller caches, more memory, or other machines for some of "
		       "it.";
	default:
		return "";
	}
}

struct tb_words_instances tb_words_instances(const struct tb_finding *finding)
{
	static const struct tb_words_instances elsewhere = {
		"yes, on another machine", "yes, there; here the CPUs are full",
		"the CPUs of the other machine are full"
	};
	static const struct tb_words_instances unpinned = { "yes, if they may use the idle CPUs",
							    "the same", "the idle CPUs are used" };
	static const struct tb_words_instances quota = {
		"yes, each has a quota of its own", "yes, likewise; raising this one is simpler",
		"the host's idle CPUs are used"
	};
	static const struct tb_words_instances full = { "no, the CPUs are full", "no, likewise",
							NULL };
	static const struct tb_words_instances device = { "no, they would wait for the same device",
							  "only with more devices", NULL };
	static const struct tb_words_instances memory = {
		"yes, on another machine", "yes, there; here they would make it worse",
		"the memory of the other machine is used"
	};
	static const struct tb_words_instances limit = { "no, each meets the same limit",
							 "only where each then has less to do",
							 NULL };

	switch (finding->kind) {
	case TB_FINDING_CPU_SATURATED:
		return finding->pinned ? unpinned : elsewhere;
	case TB_FINDING_CPU_QUOTA:
		return finding->help == TB_HELP_YES ? quota : full;
	case TB_FINDING_MEMORY_PRESSURE:
		return finding->cgroup ? limit : memory;
	default:
		return device;
	}
}

static const struct {
	enum tb_finding_kind kind;
	const char *command;
} commands[] = {
	{ TB_FINDING_CPU_SATURATED, "tailback top -p {pid}" },
	{ TB_FINDING_CPU_SATURATED, "tailback top -s oncpu" },
	{ TB_FINDING_CPU_SATURATED, "grep Cpus_allowed_list /proc/{pid}/status" },
	{ TB_FINDING_CPU_QUOTA, "cat /proc/{pid}/cgroup" },
	{ TB_FINDING_CPU_QUOTA, "tailback top -p {pid}" },
	{ TB_FINDING_DISK_SATURATED, "tailback top --reason disk" },
	{ TB_FINDING_DISK_SATURATED, "iostat -x 1 5 {disk}" },
	{ TB_FINDING_DISK_STALLED, "dmesg | tail -n 30" },
	{ TB_FINDING_DISK_STALLED, "cat /sys/block/{disk}/inflight /sys/block/{disk}/stat" },
	{ TB_FINDING_DISK_STALLED, "tailback top --reason disk" },
	{ TB_FINDING_MEMORY_PRESSURE, "tailback top --reason memory" },
	{ TB_FINDING_MEMORY_PRESSURE, "cat /proc/{pid}/cgroup" },
	{ TB_FINDING_MEMORY_PRESSURE, "free -m" },
};

/* Letters that mean nothing to a shell. Device names rarely hold others, but some drivers' do. */
static bool disk_is_plain(const struct tb_model_disk *disk)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

	return disk && *disk->now.name && !disk->now.name[strspn(disk->now.name, plain)];
}

static bool command_fits(const char *command, const struct tb_finding *finding)
{
	return (finding->group || !strstr(command, "{pid}")) &&
	       (disk_is_plain(finding->disk) || !strstr(command, "{disk}"));
}

static void command_fill(struct tb_buf *out, const char *command, const struct tb_finding *finding)
{
	for (; *command; command++) {
		if (!strncmp(command, "{pid}", 5))
			tb_buf_printf(out, "%u", finding->group->process->key.tgid);
		else if (!strncmp(command, "{disk}", 6))
			tb_buf_add(out, finding->disk->now.name);
		else
			tb_buf_add_bytes(out, command, 1);
		if (*command == '{')
			command += strcspn(command, "}");
	}
}

bool tb_words_next(struct tb_buf *out, const struct tb_finding *finding, size_t i)
{
	size_t at;

	for (at = 0; at < sizeof(commands) / sizeof(commands[0]); at++) {
		if (commands[at].kind != finding->kind ||
		    !command_fits(commands[at].command, finding))
			continue;
		if (i--)
			continue;
		command_fill(out, commands[at].command, finding);
		return true;
	}
	return false;
}
