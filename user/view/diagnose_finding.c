// SPDX-License-Identifier: GPL-2.0-only
/*
 * One finding: who and how sure, one line of why, then evidence that adds up, what more instances
 * would do, what to do and how to check. The words are diagnose_words.c's.
 */
#include <stdarg.h>
#include <stdio.h>

#include "diagnose_parts.h"
#include "diagnose_words.h"
#include "escape.h"
#include "tables.h"

#define LABEL_COLUMNS 19
#define NAME_COLUMNS  21
#define INDENT	      3
#define PARTS_SHOWN   6
#define WORTH_A_LINE  0.01

static void field(struct tb_page *page, const struct tb_diagnose *view, const char *label,
		  const char *format, ...) __attribute__((format(printf, 4, 5)));

static void field(struct tb_page *page, const struct tb_diagnose *view, const char *label,
		  const char *format, ...)
{
	struct diagnose_label at = { label, INDENT, LABEL_COLUMNS, TB_STYLE_PLAIN };
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	diagnose_wrap(page, &at, text, view->look->width);
}

static double of(const struct tb_finding *finding, enum tb_evidence evidence)
{
	return finding->evidence[evidence];
}

static double percent(double share)
{
	return 100 * (share < 0 ? 0 : share);
}

/* "1  cpu_saturated   postgres 4211 x6 (postgresql.service)      confidence high" */
static void finding_heading(struct tb_page *page, const struct tb_diagnose *view, size_t i)
{
	const struct tb_finding *finding = &view->verdict->findings[i];
	size_t line = page->text.length, begin;
	struct tb_buf who = {}, place = {};

	tb_buf_printf(&page->text, "%zu  ", i + 1);
	begin = page->text.length;
	tb_buf_add(&page->text, tb_finding_name(finding->kind));
	tb_page_style(page, begin,
		      finding->severity == TB_SEVERITY_NOW ? TB_STYLE_ALARM : TB_STYLE_PLAIN);
	tb_buf_add(&page->text, "   ");
	if (finding->group) {
		tb_words_group(&who, finding->group);
		tb_words_place(&place, finding->group->process->info.cgroup);
		if (place.length)
			tb_buf_printf(&who, " (%s)", place.text);
	}
	tb_clip_columns(&page->text, tb_buf_text(&who), view->look->width - 44);
	diagnose_pad(page, line, view->look->width - 18);
	if (finding->severity == TB_SEVERITY_NOW)
		tb_buf_printf(&page->text, " confidence %s\n",
			      tb_confidence_name(finding->confidence));
	else
		tb_buf_printf(&page->text, " %s: no limit\n", tb_severity_name(finding->severity));
	page->text.failed |= who.failed || place.failed;
	tb_buf_release(&who);
	tb_buf_release(&place);
}

static void finding_why(struct tb_page *page, const struct tb_diagnose *view,
			const struct tb_finding *finding)
{
	struct diagnose_label at = { "", INDENT, INDENT, TB_STYLE_PLAIN };
	struct tb_buf text = {};

	tb_words_summary(&text, view, finding);
	diagnose_wrap(page, &at, tb_buf_text(&text), view->look->width);
	page->text.failed |= text.failed;
	tb_buf_release(&text);
}

/* A line with a bar: "    run queue  ######        62.1 %   3.10 s" */
static void bar_line(struct tb_page *page, const struct tb_diagnose *view, const char *name,
		     double share)
{
	size_t line = page->text.length;

	tb_buf_repeat(&page->text, ' ', INDENT + 1);
	tb_clip_columns(&page->text, name, NAME_COLUMNS);
	diagnose_pad(page, line, INDENT + NAME_COLUMNS + 2);
	diagnose_bar(page, share, diagnose_bar_columns(view), TB_STYLE_PLAIN);
}

static void part_line(struct tb_page *page, const struct tb_diagnose *view,
		      const struct diagnose_part *part, double share)
{
	const char *name = part->state == TB_ONCPU	? "on CPU"
			   : part->state == TB_RUNQUEUE ? "run queue"
							: tb_state_name(part->state);
	size_t line = page->text.length, used;
	struct tb_buf object = {};

	bar_line(page, view, name, share);
	tb_buf_printf(&page->text, " %5.1f %% %8.2f s", 100 * share, (double)part->ns / 1e9);
	if (part->state != TB_THROTTLED)
		diagnose_part_object(&object, view, part);
	used = tb_text_columns(page->text.text ? page->text.text + line : "") + 2;
	if (object.length && used < view->look->width) {
		tb_buf_add(&page->text, "  ");
		tb_clip_columns(&page->text, object.text, view->look->width - used);
	}
	page->text.failed |= object.failed;
	tb_buf_release(&object);
	tb_page_line(page);
}

/* Where the time of who is hit went: the lines sum to 100 %. */
static void finding_time(struct tb_page *page, const struct tb_diagnose *view,
			 const struct tb_group *group)
{
	double busy_ns = (double)tb_usage_busy_ns(&group->usage), shown_ns = 0;
	struct diagnose_part parts[DIAGNOSE_PARTS_MAX];
	size_t i, shown = 0, nr = diagnose_parts(group, parts);
	struct tb_buf name = {};

	if (busy_ns <= 0)
		return;
	tb_words_group(&name, group);
	field(page, view, "ITS TIME", "%.2f threads of %s, %.1f s in %.1f s",
	      tb_usage_mean(&group->usage, (__u64)busy_ns), tb_buf_text(&name), busy_ns / 1e9,
	      (double)group->usage.window_ns / 1e9);
	tb_buf_release(&name);
	for (i = 0; i < nr && shown < PARTS_SHOWN; i++) {
		if (parts[i].idle || (double)parts[i].ns < WORTH_A_LINE * busy_ns)
			continue;
		part_line(page, view, &parts[i], (double)parts[i].ns / busy_ns);
		shown_ns += (double)parts[i].ns;
		shown++;
	}
	if (busy_ns - shown_ns < 0.0005 * busy_ns)
		return;
	bar_line(page, view, "the rest", (busy_ns - shown_ns) / busy_ns);
	tb_buf_printf(&page->text, " %5.1f %% %8.2f s\n", 100 * (busy_ns - shown_ns) / busy_ns,
		      (busy_ns - shown_ns) / 1e9);
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
static void who_lines(struct tb_page *page, const struct tb_diagnose *view,
		      const struct tb_who *who, double all)
{
	bool users = all > 0;
	struct tb_buf name = {};
	size_t i;

	all = users ? all : who->threads;
	for (i = 0; i < who->nr; i++) {
		const struct tb_part *part = &who->part[i];
		const char *what = what_it_is(part->group);

		tb_buf_clear(&name);
		tb_words_group(&name, part->group);
		bar_line(page, view, tb_buf_text(&name), all > 0 ? part->threads / all : 0);
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

static void evidence_cpu(struct tb_page *page, const struct tb_diagnose *view,
			 const struct tb_finding *finding)
{
	const struct tb_verdict *verdict = view->verdict;

	field(page, view, "CPUS",
	      "%.0f CPUs: %.1f %% busy, %.1f %% steal, %.1f %% idle. On them, in CPUs:",
	      of(finding, TB_EVIDENCE_CPUS), percent(verdict->host_busy),
	      percent(verdict->host.steal), percent(verdict->host_idle));
	who_lines(page, view, &finding->users, of(finding, TB_EVIDENCE_CPUS));
	if (!finding->losers.nr)
		return;
	field(page, view, "WAITING",
	      "%.2f threads wait for a CPU at any time:", finding->losers.threads);
	who_lines(page, view, &finding->losers, 0);
}

static void evidence_quota(struct tb_page *page, const struct tb_diagnose *view,
			   const struct tb_finding *finding)
{
	if (of(finding, TB_EVIDENCE_QUOTA) >= 0)
		field(page, view, "QUOTA", "%.2f CPUs; used %.2f", of(finding, TB_EVIDENCE_QUOTA),
		      of(finding, TB_EVIDENCE_USED));
	if (of(finding, TB_EVIDENCE_PERIODS) >= 0)
		field(page, view, "PERIODS", "%.0f of %.0f were cut short",
		      of(finding, TB_EVIDENCE_THROTTLED_PERIODS), of(finding, TB_EVIDENCE_PERIODS));
	field(page, view, "HELD BACK", "threads, by the quota and not by others in the run queue:");
	who_lines(page, view, &finding->losers, 0);
	field(page, view, "HOST", "%.1f %% busy, %.1f %% idle, of %.0f CPUs",
	      percent(of(finding, TB_EVIDENCE_HOST_BUSY)),
	      percent(of(finding, TB_EVIDENCE_HOST_IDLE)), of(finding, TB_EVIDENCE_CPUS));
}

static void evidence_disk(struct tb_page *page, const struct tb_diagnose *view,
			  const struct tb_finding *finding)
{
	struct tb_buf read = {}, written = {};

	tb_words_bytes(&read, of(finding, TB_EVIDENCE_READ_BYTES));
	tb_words_bytes(&written, of(finding, TB_EVIDENCE_WRITTEN_BYTES));
	if (finding->kind == TB_FINDING_DISK_STALLED)
		field(page, view, "DEVICE",
		      "%.0f in flight, none completed for %.1f s: stalled, not busy",
		      of(finding, TB_EVIDENCE_IN_FLIGHT), of(finding, TB_EVIDENCE_STALLED));
	else
		field(page, view, "DEVICE", "%.1f %% busy; in flight %.1f on average, %.0f now",
		      percent(of(finding, TB_EVIDENCE_DEVICE_BUSY)),
		      of(finding, TB_EVIDENCE_IN_FLIGHT_MEAN), of(finding, TB_EVIDENCE_IN_FLIGHT));
	if (of(finding, TB_EVIDENCE_AWAIT) >= 0)
		field(page, view, "REQUESTS",
		      "%.1f a second, %.2f ms each; %s/s read, %s/s written",
		      of(finding, TB_EVIDENCE_REQUESTS), 1000 * of(finding, TB_EVIDENCE_AWAIT),
		      tb_buf_text(&read), tb_buf_text(&written));
	if (finding->losers.nr)
		field(page, view, "WAITING",
		      "%.2f threads wait for it at any time:", finding->losers.threads);
	who_lines(page, view, &finding->losers, 0);
	tb_buf_release(&read);
	tb_buf_release(&written);
}

static void evidence_memory(struct tb_page *page, const struct tb_diagnose *view,
			    const struct tb_finding *finding)
{
	struct tb_buf text = {};

	if (finding->cgroup) {
		tb_words_bytes(&text, of(finding, TB_EVIDENCE_LIMIT_USED));
		tb_buf_add(&text, " used, grew by ");
		tb_words_bytes(&text, of(finding, TB_EVIDENCE_LIMIT_GREW));
		tb_buf_add(&text, " in the window");
		field(page, view, "LIMIT", "%s", tb_buf_text(&text));
		tb_buf_clear(&text);
	}
	tb_words_bytes(&text, of(finding, TB_EVIDENCE_AVAILABLE));
	tb_buf_add(&text, " of ");
	tb_words_bytes(&text, of(finding, TB_EVIDENCE_TOTAL));
	if (of(finding, TB_EVIDENCE_TOTAL) > 0)
		field(page, view, "HOST",
		      "%s available; %.0f pages/s reclaimed by who needs them, "
		      "%.0f swapped, %.0f major faults/s",
		      tb_buf_text(&text), of(finding, TB_EVIDENCE_RECLAIM),
		      of(finding, TB_EVIDENCE_SWAP), of(finding, TB_EVIDENCE_MAJOR_FAULTS));
	if (finding->losers.nr)
		field(page, view, "WAITING",
		      "%.2f threads wait for memory at any time:", finding->losers.threads);
	who_lines(page, view, &finding->losers, 0);
	tb_buf_release(&text);
}

static void finding_evidence(struct tb_page *page, const struct tb_diagnose *view,
			     const struct tb_finding *finding)
{
	switch (finding->kind) {
	case TB_FINDING_CPU_SATURATED:
		evidence_cpu(page, view, finding);
		return;
	case TB_FINDING_CPU_QUOTA:
		evidence_quota(page, view, finding);
		return;
	case TB_FINDING_DISK_SATURATED:
	case TB_FINDING_DISK_STALLED:
		evidence_disk(page, view, finding);
		return;
	case TB_FINDING_MEMORY_PRESSURE:
		evidence_memory(page, view, finding);
		return;
	default:
		return;
	}
}

static void finding_missing(struct tb_page *page, const struct tb_diagnose *view,
			    const struct tb_finding *finding)
{
	unsigned int i;

	for (i = 0; i < TB_MISSING_NR; i++)
		if (finding->missing >> i & 1)
			field(page, view, "NOT SEEN", "%s", tb_missing_text((enum tb_missing)i));
}

static void finding_next(struct tb_page *page, const struct tb_diagnose *view,
			 const struct tb_finding *finding)
{
	struct tb_buf command = {};
	size_t i;

	for (i = 0; tb_words_next(&command, finding, i); i++) {
		field(page, view, i ? "" : "CHECK", "%s", tb_buf_text(&command));
		tb_buf_clear(&command);
	}
	tb_buf_release(&command);
}

void diagnose_finding(struct tb_page *page, const struct tb_diagnose *view, size_t i)
{
	const struct tb_finding *finding = &view->verdict->findings[i];
	struct tb_words_instances instances = tb_words_instances(finding);

	finding_heading(page, view, i);
	finding_why(page, view, finding);
	if (finding->caused_by >= 0)
		field(page, view, "CAUSED BY", "%d", finding->caused_by + 1);
	tb_page_line(page);
	if (finding->severity == TB_SEVERITY_NOW && finding->group)
		finding_time(page, view, finding->group);
	finding_evidence(page, view, finding);
	finding_missing(page, view, finding);
	if (finding->severity == TB_SEVERITY_NOW)
		field(page, view, "MORE INSTANCES", "latency: %s; throughput: %s",
		      instances.latency, instances.throughput);
	field(page, view, "FIX", "%s", tb_words_advice(finding));
	if (finding->severity == TB_SEVERITY_NOW)
		finding_next(page, view, finding);
	tb_page_line(page);
}
