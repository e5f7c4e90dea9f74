// SPDX-License-Identifier: GPL-2.0-only
/* The numbers behind a finding, kind by kind: who uses, who waits, what the machine says. */
#include "diagnose_parts.h"
#include "diagnose_words.h"

static double of(const struct diagnose_told *f, enum tb_evidence evidence)
{
	return f->finding->evidence[evidence];
}

static double percent(double share)
{
	return 100 * (share < 0 ? 0 : share);
}

static const char *what_it_is(const struct tb_group *group)
{
	return group->self		  ? "tailback itself"
	       : group->kernel		  ? "a kernel thread"
	       : tb_group_is_batch(group) ? "a batch job"
	       : group->serves		  ? "serves"
					  : "";
}

/*
 * Who takes part, in threads. Users, with bars against all that there is to use; with `all` 0
 * losers, with bars against what all of them lose.
 */
static void who_lines(const struct diagnose_told *f, const struct tb_who *who, double all)
{
	struct tb_page *page = f->page;
	bool users = all > 0;
	struct tb_buf name = {};
	size_t i;

	all = users ? all : who->threads;
	for (i = 0; i < who->nr; i++) {
		const struct tb_part *part = &who->part[i];
		const char *what = what_it_is(part->group);

		tb_buf_clear(&name);
		tb_words_group(&name, part->group);
		diagnose_bar_line(f, tb_buf_text(&name), all > 0 ? part->threads / all : 0);
		tb_buf_printf(&page->text, " %5.2f", part->threads);
		if (!users)
			tb_buf_printf(&page->text, "  %.0f %% of its time", percent(part->share));
		if (*what)
			tb_buf_printf(&page->text, "  %s", what);
		tb_page_line(page);
	}
	if (who->more)
		tb_buf_printf(&page->text, "    and %zu more\n", who->more);
	tb_buf_release(&name);
}

static void evidence_cpu(const struct diagnose_told *f)
{
	const struct tb_verdict *verdict = f->view->verdict;

	diagnose_field(f, "CPUS",
		       "%.0f CPUs: %.1f %% busy, %.1f %% steal, %.1f %% idle. On them, in CPUs:",
		       of(f, TB_EVIDENCE_CPUS), percent(verdict->host_busy),
		       percent(verdict->host.steal), percent(verdict->host_idle));
	who_lines(f, &f->finding->users, of(f, TB_EVIDENCE_CPUS));
	if (!f->finding->losers.nr)
		return;
	diagnose_field(f, "WAITING",
		       "%.2f threads wait for a CPU at any time:", f->finding->losers.threads);
	who_lines(f, &f->finding->losers, 0);
}

static void evidence_quota(const struct diagnose_told *f)
{
	if (of(f, TB_EVIDENCE_QUOTA) >= 0)
		diagnose_field(f, "QUOTA", "%.2f CPUs; used %.2f", of(f, TB_EVIDENCE_QUOTA),
			       of(f, TB_EVIDENCE_USED));
	if (of(f, TB_EVIDENCE_PERIODS) >= 0)
		diagnose_field(f, "PERIODS", "%.0f of %.0f were cut short",
			       of(f, TB_EVIDENCE_THROTTLED_PERIODS), of(f, TB_EVIDENCE_PERIODS));
	diagnose_field(f, "HELD BACK", "threads, by the quota and not by others in the run queue:");
	who_lines(f, &f->finding->losers, 0);
	diagnose_field(f, "HOST", "%.1f %% busy, %.1f %% idle, of %.0f CPUs",
		       percent(of(f, TB_EVIDENCE_HOST_BUSY)), percent(of(f, TB_EVIDENCE_HOST_IDLE)),
		       of(f, TB_EVIDENCE_CPUS));
}

static void evidence_disk(const struct diagnose_told *f)
{
	struct tb_buf read = {}, written = {};

	tb_words_bytes(&read, of(f, TB_EVIDENCE_READ_BYTES));
	tb_words_bytes(&written, of(f, TB_EVIDENCE_WRITTEN_BYTES));
	if (f->finding->kind == TB_FINDING_DISK_STALLED)
		diagnose_field(f, "DEVICE",
			       "%.0f in flight, none completed for %.1f s: stalled, not busy",
			       of(f, TB_EVIDENCE_IN_FLIGHT), of(f, TB_EVIDENCE_STALLED));
	else
		diagnose_field(f, "DEVICE", "%.1f %% busy; in flight %.1f on average, %.0f now",
			       percent(of(f, TB_EVIDENCE_DEVICE_BUSY)),
			       of(f, TB_EVIDENCE_IN_FLIGHT_MEAN), of(f, TB_EVIDENCE_IN_FLIGHT));
	if (of(f, TB_EVIDENCE_AWAIT) >= 0)
		diagnose_field(f, "REQUESTS",
			       "%.1f a second, %.2f ms each; %s/s read, %s/s written",
			       of(f, TB_EVIDENCE_REQUESTS), 1000 * of(f, TB_EVIDENCE_AWAIT),
			       tb_buf_text(&read), tb_buf_text(&written));
	if (f->finding->losers.nr)
		diagnose_field(f, "WAITING",
			       "%.2f threads wait for it at any time:", f->finding->losers.threads);
	who_lines(f, &f->finding->losers, 0);
	tb_buf_release(&read);
	tb_buf_release(&written);
}

static void evidence_memory(const struct diagnose_told *f)
{
	struct tb_buf text = {};

	if (f->finding->cgroup) {
		tb_words_bytes(&text, of(f, TB_EVIDENCE_LIMIT_USED));
		tb_buf_add(&text, " used, grew by ");
		tb_words_bytes(&text, of(f, TB_EVIDENCE_LIMIT_GREW));
		tb_buf_add(&text, " in the window");
		diagnose_field(f, "LIMIT", "%s", tb_buf_text(&text));
		tb_buf_clear(&text);
	}
	tb_words_bytes(&text, of(f, TB_EVIDENCE_AVAILABLE));
	tb_buf_add(&text, " of ");
	tb_words_bytes(&text, of(f, TB_EVIDENCE_TOTAL));
	if (of(f, TB_EVIDENCE_TOTAL) > 0)
		diagnose_field(f, "HOST",
			       "%s available; %.0f pages/s reclaimed by who needs them, "
			       "%.0f swapped, %.0f major faults/s",
			       tb_buf_text(&text), of(f, TB_EVIDENCE_RECLAIM),
			       of(f, TB_EVIDENCE_SWAP), of(f, TB_EVIDENCE_MAJOR_FAULTS));
	if (f->finding->losers.nr)
		diagnose_field(f, "WAITING", "%.2f threads wait for memory at any time:",
			       f->finding->losers.threads);
	who_lines(f, &f->finding->losers, 0);
	tb_buf_release(&text);
}

void diagnose_evidence(const struct diagnose_told *f)
{
	switch (f->finding->kind) {
	case TB_FINDING_CPU_SATURATED:
		evidence_cpu(f);
		return;
	case TB_FINDING_CPU_QUOTA:
		evidence_quota(f);
		return;
	case TB_FINDING_DISK_SATURATED:
	case TB_FINDING_DISK_STALLED:
		evidence_disk(f);
		return;
	case TB_FINDING_MEMORY_PRESSURE:
		evidence_memory(f);
		return;
	default:
		return;
	}
}
