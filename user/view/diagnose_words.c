// SPDX-License-Identifier: GPL-2.0-only
/* What a finding says, in a sentence; see diagnose_words.h. What to do about it is in
 * diagnose_advice.c. */
#include "diagnose_words.h"

#include "escape.h"
#include "tables.h"
#include "verdict_limits.h"

static double of(const struct tb_finding *finding, enum tb_evidence evidence)
{
	return finding->evidence[evidence];
}

static double percent(double share)
{
	return 100 * (share < 0 ? 0 : share > 1 ? 1 : share);
}

void tb_words_group(struct tb_buf *out, const struct tb_group *group)
{
	const struct tb_model_process *process = group->process;

	if (*process->comm)
		tb_escape_terminal(out, process->comm, sizeof(process->comm));
	else
		tb_buf_add(out, "(unknown)");
	tb_buf_printf(out, " %u", process->key.tgid);
	if (group->member_nr > 1)
		tb_buf_printf(out, " x%zu", group->member_nr);
}

void tb_words_place(struct tb_buf *out, const char *cgroup)
{
	size_t length;
	const char *unit = tb_cgroup_unit(cgroup, &length);

	if (unit)
		tb_escape_terminal(out, unit, length);
	else if (*cgroup && !(cgroup[0] == '/' && !cgroup[1]))
		tb_escape_terminal(out, cgroup, TB_PATH_LEN);
}

void tb_words_bytes(struct tb_buf *out, double bytes)
{
	static const char *const units[] = { "B", "KB", "MB", "GB", "TB" };
	size_t i;

	for (i = 0; bytes >= 1000 && i + 1 < sizeof(units) / sizeof(units[0]); i++)
		bytes /= 1024;
	tb_buf_printf(out, "%.*f %s", i && bytes < 99.95 ? 1 : 0, bytes, units[i]);
}

static void words_disk(struct tb_buf *out, const struct tb_finding *finding)
{
	tb_escape_terminal(out, finding->disk->now.name, sizeof(finding->disk->now.name));
}

static void words_cgroup(struct tb_buf *out, const struct tb_finding *finding)
{
	tb_escape_terminal(out, finding->cgroup->path, sizeof(finding->cgroup->path));
}

/* "gunicorn 4100 waits 62 % of its time for" */
static void words_waits(struct tb_buf *out, const struct tb_finding *finding)
{
	double share = 0;
	size_t i;

	for (i = 0; i < finding->losers.nr; i++)
		if (finding->losers.part[i].group == finding->group)
			share = finding->losers.part[i].share;
	tb_words_group(out, finding->group);
	tb_buf_printf(out, " waits %.0f %% of its time for ", percent(share));
}

static void words_batch(struct tb_buf *out, const struct tb_group *group)
{
	if (tb_group_is_batch(group))
		tb_buf_add(out, ": a busy batch job");
}

static void cpu_note(struct tb_buf *out, const struct tb_finding *finding, bool filtered)
{
	double cpus = finding->users.nr ? finding->users.part[0].threads : 0;
	const char *who = filtered	       ? "What you named does not wait"
			  : finding->losers.nr ? "Hardly anybody waits"
					       : "Nobody waits";

	if (finding->users.nr) {
		tb_words_group(out, finding->users.part[0].group);
		tb_buf_printf(out, " keeps %.2f of %.0f CPUs busy", cpus,
			      of(finding, TB_EVIDENCE_CPUS));
		words_batch(out, finding->users.part[0].group);
	} else {
		tb_buf_add(out, "The CPUs are busy");
	}
	tb_buf_printf(out, ". %s for a CPU, so they are not the limit.", who);
}

static void cpu_users(struct tb_buf *out, const struct tb_finding *finding)
{
	const struct tb_part *user = &finding->users.part[0];

	tb_buf_printf(out, ": %.1f threads want %.0f CPUs", of(finding, TB_EVIDENCE_WANTED),
		      of(finding, TB_EVIDENCE_CPUS));
	if (finding->users.nr && user->group == finding->group) {
		tb_buf_printf(out, ", and it uses %.2f of them itself", user->threads);
		words_batch(out, user->group);
		tb_buf_add(out, finding->alone ? ". Nobody else waits to speak of" : "");
	} else if (finding->users.nr) {
		tb_buf_add(out, ", and ");
		tb_words_group(out, user->group);
		tb_buf_printf(out, " uses %.2f of them", user->threads);
		words_batch(out, user->group);
	}
	tb_buf_add(out, ".");
}

static void summary_cpu(struct tb_buf *out, const struct tb_finding *finding, bool filtered)
{
	if (finding->severity != TB_SEVERITY_NOW) {
		cpu_note(out, finding, filtered);
		return;
	}
	words_waits(out, finding);
	tb_buf_printf(out, "a CPU, %.1f ms each time", 1000 * of(finding, TB_EVIDENCE_QUEUE_EACH));
	if (finding->pinned)
		tb_buf_printf(out,
			      ", while the host is %.0f %% idle: its threads may not use the "
			      "CPUs that are (affinity or cpuset).",
			      percent(of(finding, TB_EVIDENCE_HOST_IDLE)));
	else
		cpu_users(out, finding);
	if (of(finding, TB_EVIDENCE_STEAL) >= tb_limit(TB_LIMIT_STEAL))
		tb_buf_printf(out, " The hypervisor gives %.0f %% of the CPUs to others (steal).",
			      percent(of(finding, TB_EVIDENCE_STEAL)));
}

static void summary_quota(struct tb_buf *out, const struct tb_finding *finding)
{
	bool full = of(finding, TB_EVIDENCE_HOST_IDLE) < tb_limit(TB_LIMIT_HOST_IDLE);

	tb_buf_add(out, "The CPU quota ");
	if (finding->cgroup) {
		tb_buf_add(out, "of ");
		words_cgroup(out, finding);
		tb_buf_add(out, " ");
	}
	if (of(finding, TB_EVIDENCE_QUOTA) >= 0)
		tb_buf_printf(out, "(%.2f CPUs) ", of(finding, TB_EVIDENCE_QUOTA));
	tb_buf_add(out, "holds ");
	tb_words_group(out, finding->group);
	tb_buf_printf(out, " back for %.0f %% of its time", percent(finding->losers.part[0].share));
	tb_buf_printf(out,
		      full ? "; the host is full as well (%.0f %% idle)."
			   : ", while the host is %.0f %% idle.",
		      percent(of(finding, TB_EVIDENCE_HOST_IDLE)));
}

static void summary_disk(struct tb_buf *out, const struct tb_finding *finding)
{
	words_waits(out, finding);
	words_disk(out, finding);
	tb_buf_printf(out, ", which is %.0f %% busy with %.1f requests in flight",
		      percent(of(finding, TB_EVIDENCE_DEVICE_BUSY)),
		      of(finding, TB_EVIDENCE_IN_FLIGHT_MEAN));
	if (finding->severity == TB_SEVERITY_NOW) {
		tb_buf_add(out, ".");
		return;
	}
	words_batch(out, finding->group);
	tb_buf_add(out, ". Nobody else waits for it, so it is not the limit.");
}

static void summary_stalled(struct tb_buf *out, const struct tb_finding *finding)
{
	double in_flight = of(finding, TB_EVIDENCE_IN_FLIGHT),
	       threads = of(finding, TB_EVIDENCE_BLOCKED);

	words_disk(out, finding);
	tb_buf_printf(out,
		      " has stopped: %.0f request%s in flight and none completed for %.1f s; "
		      "%.0f thread%s, the longest for %.1f s.",
		      in_flight, in_flight > 1 ? "s are" : " is", of(finding, TB_EVIDENCE_STALLED),
		      threads, threads > 1 ? "s wait for it" : " waits for it",
		      of(finding, TB_EVIDENCE_LONGEST));
}

static void memory_limit(struct tb_buf *out, const struct tb_finding *finding)
{
	double kills = of(finding, TB_EVIDENCE_OOM_KILLS);

	words_cgroup(out, finding);
	tb_buf_add(out, " met its memory limit");
	if (of(finding, TB_EVIDENCE_LIMIT) >= 0) {
		tb_buf_add(out, " of ");
		tb_words_bytes(out, of(finding, TB_EVIDENCE_LIMIT));
	}
	if (of(finding, TB_EVIDENCE_LIMIT_EVENTS) > 0)
		tb_buf_printf(out, " %.0f times", of(finding, TB_EVIDENCE_LIMIT_EVENTS));
	if (kills > 0)
		tb_buf_printf(out, " and the kernel killed %.0f process%s", kills,
			      kills > 1 ? "es" : "");
	tb_buf_add(out, ".");
}

static void memory_host(struct tb_buf *out, const struct tb_finding *finding)
{
	tb_buf_printf(out, "the host reclaims %.0f and swaps %.0f pages a second",
		      of(finding, TB_EVIDENCE_RECLAIM), of(finding, TB_EVIDENCE_SWAP));
	if (of(finding, TB_EVIDENCE_MEMORY_PRESSURE) >= 0)
		tb_buf_printf(out, ", under pressure %.0f %% of the time",
			      percent(of(finding, TB_EVIDENCE_MEMORY_PRESSURE)));
	tb_buf_add(out, ".");
}

static void summary_memory(struct tb_buf *out, const struct tb_finding *finding)
{
	if (finding->group) {
		words_waits(out, finding);
		tb_buf_add(out, "memory: ");
	}
	if (finding->cgroup)
		memory_limit(out, finding);
	else
		memory_host(out, finding);
}

void tb_words_summary(struct tb_buf *out, const struct tb_diagnose *view,
		      const struct tb_finding *finding)
{
	switch (finding->kind) {
	case TB_FINDING_CPU_SATURATED:
		summary_cpu(out, finding, view->verdict->filtered);
		return;
	case TB_FINDING_CPU_QUOTA:
		summary_quota(out, finding);
		return;
	case TB_FINDING_DISK_SATURATED:
		summary_disk(out, finding);
		return;
	case TB_FINDING_DISK_STALLED:
		summary_stalled(out, finding);
		return;
	case TB_FINDING_MEMORY_PRESSURE:
		summary_memory(out, finding);
		return;
	default:
		tb_buf_add(out, tb_finding_text(finding->kind));
	}
}

static void verdict_finding(struct tb_buf *out, const struct tb_finding *finding)
{
	switch (finding->kind) {
	case TB_FINDING_CPU_SATURATED:
		tb_buf_add(out, finding->pinned
					? "Some may use too few of the CPUs; others are idle."
					: "The CPUs are the limit. More of them help; more "
					  "instances on this host do not.");
		return;
	case TB_FINDING_CPU_QUOTA:
		tb_buf_add(
			out,
			finding->help == TB_HELP_YES
				? "A CPU quota is the limit, not the machine: raise it."
				: "A CPU quota is the limit, and the machine is full behind it.");
		return;
	case TB_FINDING_DISK_SATURATED:
		words_disk(out, finding);
		tb_buf_add(out, " is the limit. More instances would queue at it as well.");
		return;
	case TB_FINDING_DISK_STALLED:
		words_disk(out, finding);
		tb_buf_add(
			out,
			" does not answer. That is no matter of load; more instances do not help.");
		return;
	case TB_FINDING_MEMORY_PRESSURE:
		tb_buf_add(
			out,
			finding->cgroup
				? "A memory limit is the limit: raise it, or keep less in memory."
				: "Memory is the limit: keep less in it, or use more machines.");
		return;
	default:
		tb_buf_add(out, tb_finding_text(finding->kind));
	}
}

static void verdict_unknown(struct tb_buf *out, const struct tb_verdict *verdict)
{
	tb_buf_printf(
		out,
		"Too little was seen: %.1f %% of the events lost, %.1f %% of the time without "
		"a reason. Only faults are judged so.",
		percent(verdict->loss_share), percent(verdict->trust.unknown_share));
}

void tb_words_verdict(struct tb_buf *out, const struct tb_diagnose *view)
{
	const struct tb_verdict *verdict = view->verdict;
	const char *who = view->verdict->filtered ? "what you named" : "anybody";

	switch (verdict->verdict) {
	case TB_VERDICT_HEALTHY:
		tb_buf_printf(out, "No limit of the machine costs %s time.", who);
		words_waiter(out, view);
		return;
	case TB_VERDICT_IDLE:
		tb_buf_add(out, view->verdict->filtered ? "What you named is not busy."
							: "Nothing is busy.");
		return;
	case TB_VERDICT_UNKNOWN:
		if (tb_window_ns(view->model))
			verdict_unknown(out, verdict);
		else
			tb_buf_add(out, "The window is empty: it needs two frames.");
		return;
	default:
		verdict_finding(out, &verdict->findings[0]);
	}
}
