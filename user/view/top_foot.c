// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lines below the rows of `top`, and the page of `?`: keys, letters, and what the figures mean.
 */
#include <stdio.h>
#include <string.h>

#include "escape.h"
#include "duration.h"
#include "tables.h"
#include "top_head.h"
#include "top_keys.h"

static void words_add(struct tb_buf *out, const char *what, const char *value)
{
	if (!value)
		return;
	tb_buf_printf(out, "%s%s ", out->length ? ", " : "", what);
	tb_escape_terminal(out, value, strlen(value));
}

/* "pid 12 13, name a*, reason net": as the options say it. */
static void filter_words(struct tb_buf *out, const struct tb_filter *filter)
{
	char min[TB_DURATION_LEN];
	__u32 i;

	for (i = 0; i < filter->pid_nr; i++)
		tb_buf_printf(out, "%s%u", i ? " " : "pid ", filter->pids[i]);
	if (filter->tid)
		tb_buf_printf(out, "%stid %u", out->length ? ", " : "", filter->tid);
	words_add(out, "name", filter->comm);
	words_add(out, "cgroup", filter->cgroup);
	words_add(out, "unit", filter->unit);
	words_add(out, "reason", filter->reason >= 0 ? tb_state_name((__u32)filter->reason) : NULL);
	words_add(out, "waits from", filter->min_ns ? tb_duration_text(min, filter->min_ns) : NULL);
}

void tb_top_shown(struct tb_page *page, const struct tb_top_look *look,
		  const struct tb_top_rows *rows)
{
	struct tb_piece pieces[3] = { { .rank = 0 }, { .rank = 2 }, { .rank = 1 } };
	struct tb_buf words = {};

	snprintf(pieces[0].text, sizeof(pieces[0].text), "%zu of %zu %s shown", rows->nr,
		 rows->candidates, look->threads ? "threads" : "processes");
	snprintf(pieces[1].text, sizeof(pieces[1].text), "sorted by %s%s", look->sort->key,
		 look->reverse ? ", reversed" : "");
	filter_words(&words, &look->filter);
	if (words.length)
		snprintf(pieces[2].text, sizeof(pieces[2].text), "only %s", words.text);
	tb_page_pack(page, pieces, 3, look->width);
	page->text.failed |= words.failed;
	tb_buf_release(&words);
}

static const struct {
	const char *key, *label, *text;
	unsigned int rank;
} keys[] = {
#define X(id, code, key, rank, label, text) { key, label, text, rank },
	TB_TOP_KEYS(X)
#undef X
};

#define KEYS (sizeof(keys) / sizeof(keys[0]))

/* No newline: it is the last line of the screen. */
void tb_top_keys(struct tb_page *page, const struct tb_top_look *look)
{
	struct tb_piece pieces[KEYS];
	size_t i;

	if (look->prompt) {
		tb_clip_columns(&page->text, look->prompt, look->width);
		tb_page_line(page);
		return;
	}
	for (i = 0; i < KEYS; i++) {
		pieces[i] = (struct tb_piece){ .rank = keys[i].rank };
		snprintf(pieces[i].text, sizeof(pieces[i].text), "%s %s", keys[i].key,
			 keys[i].label);
	}
	tb_page_pack(page, pieces, KEYS, look->width);
}

static void help_line(struct tb_page *page, const struct tb_top_look *look, const char *text)
{
	tb_clip_columns(&page->text, text, look->width);
	tb_page_line(page);
}

/* Two letters a line where there is room. */
static void help_letters(struct tb_page *page, const struct tb_top_look *look)
{
	size_t column = look->width >= 80 ? look->width / 2 : look->width, used, begin;
	char text[80];
	__u32 i;

	for (i = 0; i < TB_STATE_NR; i++) {
		snprintf(text, sizeof(text), "%c %s%s%s", tb_state_letter(i), tb_state_name(i),
			 column > 30 ? ": " : "", column > 30 ? tb_state_text(i) : "");
		begin = page->text.length;
		used = tb_clip_columns(&page->text, text, column - 2);
		tb_page_style(page, begin, TB_STYLE_STATE + i);
		if (column == look->width || i % 2 || i + 1 == TB_STATE_NR)
			tb_page_line(page);
		else
			tb_buf_repeat(&page->text, ' ', column - used);
	}
}

void tb_top_help(struct tb_page *page, const struct tb_top_look *look)
{
	char text[80];
	size_t i;

	help_line(page, look,
		  "Figures are numbers of threads, averaged over the window: 3.27 blocked");
	help_line(page, look, "means that 3.27 threads waited at any time. ~ marks an estimate.");
	for (i = 0; i < KEYS; i++) {
		snprintf(text, sizeof(text), "%s  %s", keys[i].key, keys[i].text);
		help_line(page, look, text);
	}
	help_line(page, look, "arrows, PgUp, PgDn: choose a row; Enter: its threads; Esc: back");
	help_letters(page, look);
}
