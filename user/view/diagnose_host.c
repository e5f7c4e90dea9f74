// SPDX-License-Identifier: GPL-2.0-only
/* What is not the cause, who is busy for itself, and what was not judged: the end of the text. */
#include <stdarg.h>
#include <stdio.h>

#include "diagnose_parts.h"
#include "diagnose_words.h"
#include "escape.h"
#include "tables.h"

#define COLUMNS 15

static void line(struct tb_page *page, const struct tb_diagnose *view, const char *name,
		 const struct tb_buf *text)
{
	struct diagnose_label label = { name, 0, COLUMNS, TB_STYLE_PLAIN };

	diagnose_wrap(page, &label, tb_buf_text(text), view->look->width);
	page->text.failed |= text->failed;
}

static bool found(const struct tb_diagnose *view, enum tb_finding_kind kind)
{
	return tb_verdict_has(view->verdict, 1ull << kind);
}

static void next(struct tb_buf *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void next(struct tb_buf *out, const char *format, ...)
{
	char text[128];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	tb_buf_add(out, out->length ? " | " : "");
	tb_buf_add(out, text);
}

/* Periods cut short over all groups that have a quota; negative if no group has one. */
static double quota_share(const struct tb_model *model)
{
	const struct tb_model_cgroup *cgroup, *following;
	__u64 periods = 0, throttled = 0;
	bool any = false;

	HASH_ITER(hh, model->cgroups, cgroup, following) {
		any |= cgroup->now.quota_us != TB_UNLIMITED;
		periods += tb_grown(cgroup->now.periods, cgroup->mark.periods);
		throttled +=
			tb_grown(cgroup->now.throttled_periods, cgroup->mark.throttled_periods);
	}
	if (!any)
		return -1;
	return periods ? (double)throttled / (double)periods : 0;
}

static void cpu_text(struct tb_buf *out, const struct tb_diagnose *view)
{
	const struct tb_verdict *verdict = view->verdict;
	double quota = quota_share(view->model);

	if (!found(view, TB_FINDING_CPU_SATURATED))
		next(out, "CPU %.0f %% busy", 100 * verdict->host_busy);
	if (!found(view, TB_FINDING_CPU_QUOTA)) {
		if (quota < 0)
			next(out, "quota none");
		else
			next(out, "quota met in %.0f %% of periods", 100 * quota);
	}
	if (verdict->host.steal >= 0)
		next(out, "steal %.0f %%", 100 * verdict->host.steal);
	else
		next(out, "steal unknown");
}

static void disk_text(struct tb_buf *out, const struct tb_diagnose *view)
{
	const struct tb_model_disk *disk = tb_window_busiest_disk(view->model);
	struct tb_disk_usage usage;
	struct tb_buf name = {};

	if (found(view, TB_FINDING_DISK_SATURATED) || found(view, TB_FINDING_DISK_STALLED))
		return;
	if (!disk) {
		next(out, "disk unknown");
		return;
	}
	tb_window_disk(view->model, disk, &usage);
	tb_escape_terminal(&name, disk->now.name, sizeof(disk->now.name));
	next(out, "disk %s %.0f %% busy", tb_buf_text(&name), 100 * usage.busy);
	tb_buf_release(&name);
}

static void memory_text(struct tb_buf *out, const struct tb_diagnose *view)
{
	const struct tb_host_usage *host = &view->verdict->host;

	if (found(view, TB_FINDING_MEMORY_PRESSURE))
		return;
	if (host->pressure_memory >= 0)
		next(out, "memory pressure %.0f %%", 100 * host->pressure_memory);
	else if (view->model->host.memory_total_bytes)
		next(out, "memory swaps %.0f, reclaims %.0f pages/s", host->swap_pages_per_s,
		     host->reclaim_pages_per_s);
	else
		next(out, "memory unknown");
}

void diagnose_not_the_cause(struct tb_page *page, const struct tb_diagnose *view)
{
	struct tb_buf text = {};

	if (view->verdict->verdict == TB_VERDICT_UNKNOWN)
		return;
	cpu_text(&text, view);
	disk_text(&text, view);
	memory_text(&text, view);
	line(page, view, "NOT THE CAUSE", &text);
	tb_buf_release(&text);
}

/* Named as what they are: busy, and no verdict. */
void diagnose_batch(struct tb_page *page, const struct tb_diagnose *view)
{
	const struct tb_verdict *verdict = view->verdict;
	struct tb_buf text = {};
	size_t i, nr = 0;

	for (i = 0; i < verdict->group_nr; i++) {
		const struct tb_group *group = &verdict->groups[i];

		if (!tb_group_is_batch(group))
			continue;
		if (nr++ >= TB_WHO_MAX)
			continue;
		tb_buf_add(&text, nr > 1 ? ", " : "");
		tb_words_group(&text, group);
		tb_buf_printf(&text, " (%.2f CPUs",
			      tb_usage_mean(&group->usage, group->usage.ns[TB_ONCPU]));
		if (group->usage.ns[TB_DISK] * 20 >= group->active_ns)
			tb_buf_printf(&text, ", %.2f threads on disk",
				      tb_usage_mean(&group->usage, group->usage.ns[TB_DISK]));
		tb_buf_add(&text, ")");
	}
	if (!nr)
		return;
	if (nr > TB_WHO_MAX)
		tb_buf_printf(&text, " and %zu more", nr - TB_WHO_MAX);
	tb_buf_add(&text, ": busy, and no client of theirs waits on a socket");
	line(page, view, nr > 1 ? "BATCH JOBS" : "BATCH JOB", &text);
	tb_buf_release(&text);
}

static void not_judged_kinds(struct tb_buf *out, bool all)
{
	__u32 kind, nr = 0, first = TB_FINDING_NR;

	for (kind = TB_FINDING_NR; kind-- > 0;) {
		if (tb_finding_judged(kind))
			continue;
		first = kind;
		nr++;
	}
	tb_buf_printf(out, "The design: units of work and locks are not followed yet (%u kinds",
		      nr);
	if (!all)
		tb_buf_printf(out, " such as %s; --all lists them", tb_finding_name(first));
	for (kind = first; all && kind < TB_FINDING_NR; kind++)
		if (!tb_finding_judged(kind))
			tb_buf_printf(out, "%s %s", kind == first ? ":" : ",",
				      tb_finding_name(kind));
	tb_buf_add(out, ").");
}

void diagnose_not_judged(struct tb_page *page, const struct tb_diagnose *view)
{
	size_t idle = view->verdict->idle_nr;
	struct tb_buf text = {};

	not_judged_kinds(&text, view->look->all);
	if (idle && !view->look->all && !view->verdict->filtered)
		tb_buf_printf(&text, " %zu process%s idle; --all lists them.", idle,
			      idle > 1 ? "es were" : " was");
	line(page, view, "NOT JUDGED", &text);
	tb_buf_release(&text);
}
