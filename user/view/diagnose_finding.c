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

void diagnose_field(const struct diagnose_told *f, const char *label, const char *format, ...)
{
	struct diagnose_label at = { label, INDENT, LABEL_COLUMNS, TB_STYLE_PLAIN };
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	diagnose_wrap(f->page, &at, text, f->view->look->width);
}

/* "1  cpu_saturated   postgres 4211 x6 (postgresql.service)      confidence high" */
static void finding_heading(const struct diagnose_told *f, size_t i)
{
	const struct tb_finding *finding = f->finding;
	struct tb_page *page = f->page;
	size_t width = f->view->look->width, line = page->text.length, begin;
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
	tb_clip_columns(&page->text, tb_buf_text(&who), width - 44);
	diagnose_pad(page, line, width - 18);
	if (finding->severity == TB_SEVERITY_NOW)
		tb_buf_printf(&page->text, " confidence %s\n",
			      tb_confidence_name(finding->confidence));
	else
		tb_buf_printf(&page->text, " %s: no limit\n", tb_severity_name(finding->severity));
	page->text.failed |= who.failed || place.failed;
	tb_buf_release(&who);
	tb_buf_release(&place);
}

static void finding_why(const struct diagnose_told *f)
{
	struct diagnose_label at = { "", INDENT, INDENT, TB_STYLE_PLAIN };
	struct tb_buf text = {};

	tb_words_summary(&text, f->view, f->finding);
	diagnose_wrap(f->page, &at, tb_buf_text(&text), f->view->look->width);
	f->page->text.failed |= text.failed;
	tb_buf_release(&text);
}

/* A line with a bar: "    run queue  ######        62.1 %   3.10 s" */
void diagnose_bar_line(const struct diagnose_told *f, const char *name, double share)
{
	struct tb_page *page = f->page;
	size_t line = page->text.length;

	tb_buf_repeat(&page->text, ' ', INDENT + 1);
	tb_clip_columns(&page->text, name, NAME_COLUMNS);
	diagnose_pad(page, line, INDENT + NAME_COLUMNS + 2);
	diagnose_bar(page, share, diagnose_bar_columns(f->view), TB_STYLE_PLAIN);
}

static void part_line(const struct diagnose_told *f, const struct diagnose_part *part, double share)
{
	struct tb_page *page = f->page;
	const char *name = part->state == TB_ONCPU	? "on CPU"
			   : part->state == TB_RUNQUEUE ? "run queue"
							: tb_state_name(part->state);
	size_t line = page->text.length, used;
	struct tb_buf object = {};

	diagnose_bar_line(f, name, share);
	tb_buf_printf(&page->text, " %5.1f %% %8.2f s", 100 * share, (double)part->ns / 1e9);
	if (part->state != TB_THROTTLED)
		diagnose_part_object(&object, f->view, part);
	used = tb_text_columns(page->text.text ? page->text.text + line : "") + 2;
	if (object.length && used < f->view->look->width) {
		tb_buf_add(&page->text, "  ");
		tb_clip_columns(&page->text, object.text, f->view->look->width - used);
	}
	page->text.failed |= object.failed;
	tb_buf_release(&object);
	tb_page_line(page);
}

/* Where the time of who is hit went: the lines sum to 100 %. */
static void finding_time(const struct diagnose_told *f, const struct tb_group *group)
{
	double busy_ns = (double)tb_usage_busy_ns(&group->usage), shown_ns = 0;
	struct diagnose_part parts[DIAGNOSE_PARTS_MAX];
	size_t i, shown = 0, nr = diagnose_parts(group, parts);
	struct tb_buf name = {};

	if (busy_ns <= 0)
		return;
	tb_words_group(&name, group);
	diagnose_field(f, "ITS TIME", "%.2f threads of %s, %.1f s in %.1f s",
		       tb_usage_mean(&group->usage, (__u64)busy_ns), tb_buf_text(&name),
		       busy_ns / 1e9, (double)group->usage.window_ns / 1e9);
	tb_buf_release(&name);
	for (i = 0; i < nr && shown < PARTS_SHOWN; i++) {
		if (parts[i].idle || (double)parts[i].ns < WORTH_A_LINE * busy_ns)
			continue;
		part_line(f, &parts[i], (double)parts[i].ns / busy_ns);
		shown_ns += (double)parts[i].ns;
		shown++;
	}
	if (busy_ns - shown_ns < 0.0005 * busy_ns)
		return;
	diagnose_bar_line(f, "the rest", (busy_ns - shown_ns) / busy_ns);
	tb_buf_printf(&f->page->text, " %5.1f %% %8.2f s\n", 100 * (busy_ns - shown_ns) / busy_ns,
		      (busy_ns - shown_ns) / 1e9);
}

static void finding_missing(const struct diagnose_told *f)
{
	unsigned int i;

	for (i = 0; i < TB_MISSING_NR; i++)
		if (f->finding->missing >> i & 1)
			diagnose_field(f, "NOT SEEN", "%s", tb_missing_text((enum tb_missing)i));
}

static void finding_next(const struct diagnose_told *f)
{
	struct tb_buf command = {};
	size_t i;

	for (i = 0; tb_words_next(&command, f->finding, i); i++) {
		diagnose_field(f, i ? "" : "CHECK", "%s", tb_buf_text(&command));
		tb_buf_clear(&command);
	}
	tb_buf_release(&command);
}

void diagnose_finding(struct tb_page *page, const struct tb_diagnose *view, size_t i)
{
	const struct tb_finding *finding = &view->verdict->findings[i];
	struct tb_words_instances instances = tb_words_instances(finding);
	const struct diagnose_told f = { page, view, finding };
	bool now = finding->severity == TB_SEVERITY_NOW;

	finding_heading(&f, i);
	finding_why(&f);
	if (finding->caused_by >= 0)
		diagnose_field(&f, "CAUSED BY", "finding %d", finding->caused_by + 1);
	tb_page_line(page);
	if (now && finding->group)
		finding_time(&f, finding->group);
	diagnose_evidence(&f);
	finding_missing(&f);
	if (now)
		diagnose_field(&f, "MORE INSTANCES", "latency: %s; throughput: %s",
			       instances.latency, instances.throughput);
	diagnose_field(&f, "FIX", "%s", tb_words_advice(finding));
	if (now)
		finding_next(&f);
	tb_page_line(page);
}
