// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page of `diagnose`, from the top: window, verdict, findings, where the time went, what is not
 * the cause, what was not judged, what to do next. See diagnose.h; each part has its file.
 */
#include "diagnose.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

#include "diagnose_parts.h"
#include "diagnose_words.h"
#include "duration.h"
#include "escape.h"
#include "tables.h"

#define VERDICT_COLUMNS 9

static void piece_printf(struct tb_piece *piece, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void piece_printf(struct tb_piece *piece, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(piece->text, sizeof(piece->text), format, args);
	va_end(args);
}

/* "03:12:10..13": the second instant only as far as it differs. */
static void piece_clock(struct tb_piece *piece, const struct tb_diagnose *view)
{
	const struct tb_model *model = view->model;
	__u64 offset = (__u64)view->look->utc_offset_s;
	__u64 from = model->mark_frame.realtime_ns / TB_NSEC_PER_SEC + offset;
	__u64 to = model->frame.realtime_ns / TB_NSEC_PER_SEC + offset;
	unsigned int h = (unsigned int)(from / 3600 % 24), m = (unsigned int)(from / 60 % 60);
	unsigned int to_h = (unsigned int)(to / 3600 % 24), to_m = (unsigned int)(to / 60 % 60);

	if (h != to_h)
		piece_printf(piece, "%02u:%02u:%02u..%02u:%02u:%02u", h, m,
			     (unsigned int)(from % 60), to_h, to_m, (unsigned int)(to % 60));
	else if (m != to_m)
		piece_printf(piece, "%02u:%02u:%02u..%02u:%02u", h, m, (unsigned int)(from % 60),
			     to_m, (unsigned int)(to % 60));
	else
		piece_printf(piece, "%02u:%02u:%02u..%02u", h, m, (unsigned int)(from % 60),
			     (unsigned int)(to % 60));
}

static void piece_cost(struct tb_piece *piece, const struct tb_trust *trust)
{
	if (trust->user_cpu_fraction < 0)
		piece_printf(piece, "cost unknown");
	else if (trust->bpf_cpu_fraction < 0)
		piece_printf(piece, "cost %.1f %% and BPF unknown", 100 * trust->user_cpu_fraction);
	else
		piece_printf(piece, "cost %.1f %%",
			     100 * (trust->user_cpu_fraction + trust->bpf_cpu_fraction));
}

static void line_window(struct tb_page *page, const struct tb_diagnose *view)
{
	const struct tb_trust *trust = &view->verdict->trust;
	unsigned int losses = trust->complete ? TB_STYLE_PLAIN : TB_STYLE_ALARM;
	struct tb_piece pieces[] = {
		{ .rank = 4, .style = TB_STYLE_HEADING },
		{ .rank = 3 },
		{ .rank = 2 },
		{ .rank = 1 },
		{ .rank = 0, .style = losses },
		{ .rank = 0, .style = losses },
		{ .rank = 0 },
		{ .rank = 5 },
	};
	struct tb_buf host = {};

	tb_escape_columns(&host, view->model->host.name, sizeof(view->model->host.name), 40);
	piece_printf(&pieces[0], "tailback diagnose %.1f s",
		     (double)tb_window_ns(view->model) / (double)TB_NSEC_PER_SEC);
	piece_printf(&pieces[1], "%s", tb_buf_text(&host));
	piece_printf(&pieces[2], "%u CPUs", view->model->frame.cpus);
	piece_clock(&pieces[3], view);
	piece_printf(&pieces[4], "lost %llu", (unsigned long long)trust->lost_window);
	piece_printf(&pieces[5], "gaps %llu", (unsigned long long)trust->gaps);
	piece_printf(&pieces[6], "unknown %.1f %%", 100 * trust->unknown_share);
	piece_cost(&pieces[7], trust);
	tb_page_pack(page, pieces, sizeof(pieces) / sizeof(pieces[0]), view->look->width);
	tb_buf_release(&host);
}

static void lines_degraded(struct tb_page *page, const struct tb_diagnose *view)
{
	struct diagnose_label label = { "DEGRADED", 0, VERDICT_COLUMNS + 1, TB_STYLE_ALARM };
	__u32 hook, degraded = view->model->status.degraded;
	char text[160];

	for (hook = 0; degraded >> hook; hook++) {
		if (!(degraded >> hook & 1))
			continue;
		snprintf(text, sizeof(text), "without %s: %s", tb_hook_name(hook),
			 tb_hook_lost(hook));
		diagnose_wrap(page, &label, text, view->look->width);
	}
}

static unsigned int verdict_style(enum tb_verdict_class verdict)
{
	switch (verdict) {
	case TB_VERDICT_HEALTHY:
	case TB_VERDICT_IDLE:
		return TB_STYLE_STATE + TB_ONCPU;
	case TB_VERDICT_UNKNOWN:
		return TB_STYLE_STATE + TB_RUNQUEUE;
	default:
		return TB_STYLE_ALARM;
	}
}

static void line_verdict(struct tb_page *page, const struct tb_diagnose *view)
{
	struct diagnose_label label = { "VERDICT", 0, VERDICT_COLUMNS, TB_STYLE_PLAIN };
	const char *word = tb_verdict_name(view->verdict->verdict);
	struct tb_buf text = {};

	label.style = verdict_style(view->verdict->verdict);
	for (; *word; word++)
		tb_buf_printf(&text, "%c", toupper((unsigned char)*word));
	tb_buf_add(&text, ". ");
	tb_words_verdict(&text, view);
	diagnose_wrap(page, &label, tb_buf_text(&text), view->look->width);
	page->text.failed |= text.failed;
	tb_buf_release(&text);
}

static void line_next(struct tb_page *page, const struct tb_diagnose *view)
{
	struct diagnose_label label = { "NEXT", 0, 15, TB_STYLE_PLAIN };

	if (view->verdict->verdict == TB_VERDICT_UNKNOWN)
		diagnose_wrap(page, &label,
			      "tailback doctor says what is lacking; a longer window (-d) "
			      "has more to judge",
			      view->look->width);
	else if (view->verdict->findings[0].severity == TB_SEVERITY_NOW &&
		 view->verdict->finding_nr)
		diagnose_wrap(page, &label,
			      "the CHECK lines above; -j > before.json keeps this run",
			      view->look->width);
	else
		diagnose_wrap(page, &label,
			      "tailback top shows it live; -p PID judges one process alone",
			      view->look->width);
}

void tb_diagnose_page(struct tb_page *page, const struct tb_diagnose *view)
{
	size_t i;

	line_window(page, view);
	lines_degraded(page, view);
	tb_page_line(page);
	line_verdict(page, view);
	tb_page_line(page);
	for (i = 0; i < view->verdict->finding_nr; i++)
		diagnose_finding(page, view, i);
	if (view->verdict->finding_more)
		tb_buf_printf(&page->text, "and %zu findings more\n\n",
			      view->verdict->finding_more);
	diagnose_time(page, view);
	diagnose_batch(page, view);
	diagnose_not_the_cause(page, view);
	diagnose_not_judged(page, view);
	line_next(page, view);
}
