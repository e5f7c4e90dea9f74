// SPDX-License-Identifier: GPL-2.0-only
/* See doctor.h. Each row is one line; what is not as it should be is explained below its line. */
#include "doctor.h"

#include <string.h>

#include "escape.h"
#include "tables.h"

#define COLUMNS	    80
#define NAME_COLUMN 5
#define TEXT_COLUMN 23
#define WORD_COLUMN 8 /* "why", "lost", "fix" */
#define HOW_COLUMN  14

enum mark { MARK_OK, MARK_UNKNOWN, MARK_LOST, MARK_NO };

static const struct {
	const char *text, *color;
} marks[] = {
	[MARK_OK] = { "ok", "\33[32m" },
	[MARK_UNKNOWN] = { "?", "\33[33m" },
	[MARK_LOST] = { "lost", "\33[33m" },
	[MARK_NO] = { "NO", "\33[1;31m" },
};

static enum mark check_mark(const struct tb_health *health, int check)
{
	enum tb_answer ok = health->checks[check].ok;

	if (ok == TB_ANSWER_YES)
		return MARK_OK;
	if (ok == TB_ANSWER_UNKNOWN)
		return MARK_UNKNOWN;
	return tb_check_row((enum tb_check)check)->need ? MARK_NO : MARK_LOST;
}

static enum mark hook_mark(const struct tb_health *health, int hook)
{
	if (health->hooks[hook].attached)
		return MARK_OK;
	return tb_hook_required((__u32)hook) ? MARK_NO : MARK_LOST;
}

static void name_add(struct tb_buf *names, int *nr, const char *name)
{
	tb_buf_printf(names, "%s%s", (*nr)++ ? ", " : "", name);
}

/* Names of all rows with this mark, with commas between. Returns how many. */
static int names_add(struct tb_buf *names, const struct tb_health *health, enum mark mark)
{
	int i, nr = 0;

	for (i = 0; i < TB_CHECK_NR; i++)
		if (check_mark(health, i) == mark)
			name_add(names, &nr, tb_check_row((enum tb_check)i)->name);
	for (i = 0; i < TB_HOOK_NR; i++)
		if (hook_mark(health, i) == mark)
			name_add(names, &nr, tb_hook_name((__u32)i));
	return nr;
}

static void summary_works(struct tb_buf *out, const struct tb_health *health)
{
	struct tb_buf names = {};
	int nr = names_add(&names, health, MARK_LOST);

	tb_buf_add(out, "OK: everything that is required works.");
	if (nr)
		tb_buf_printf(out, " %d %s lost, see %s.", nr, nr == 1 ? "thing is" : "things are",
			      names.text);
	tb_buf_clear(&names);
	if (names_add(&names, health, MARK_UNKNOWN))
		tb_buf_printf(out, " Not known: %s.", names.text);
	out->failed |= names.failed;
	tb_buf_release(&names);
}

/* The checks say why. Where all of them pass, the hooks that fail are all there is to say. */
void tb_doctor_summary(struct tb_buf *out, const struct tb_health *health)
{
	size_t before;

	if (!tb_health_missing(health))
		return summary_works(out, health);
	tb_buf_add(out, "NO: tailback cannot run here: ");
	before = out->length;
	tb_checks_reasons(out, health->checks);
	if (out->length == before) {
		tb_buf_add(out, "the kernel refuses ");
		names_add(out, health, MARK_NO);
	}
	tb_buf_add(out, ".");
}

/* Words from column `from` to 80, further lines below the first. A longer word is left whole. */
static void wrap(struct tb_buf *out, size_t from, const char *text)
{
	size_t column = from, length;
	struct tb_buf clean = {};
	const char *at;

	tb_escape_terminal(&clean, text, strlen(text));
	for (at = clean.text ? clean.text : ""; *at; at += length) {
		at += strspn(at, " ");
		length = strcspn(at, " ");
		if (column > from && column + 1 + length > COLUMNS) {
			tb_buf_add(out, "\n");
			tb_buf_repeat(out, ' ', from);
			column = from;
		} else if (column > from) {
			tb_buf_add(out, " ");
			column++;
		}
		tb_buf_add_bytes(out, at, length);
		column += length;
	}
	tb_buf_add(out, "\n");
	out->failed |= clean.failed;
	tb_buf_release(&clean);
}

static void column_fill(struct tb_buf *out, size_t used, size_t column)
{
	tb_buf_repeat(out, ' ', used < column ? column - used : 1);
}

static void row_add(struct tb_buf *out, enum mark mark, const char *name, bool color)
{
	if (color)
		tb_buf_add(out, marks[mark].color);
	tb_buf_add(out, marks[mark].text);
	if (color)
		tb_buf_add(out, "\33[0m");
	column_fill(out, strlen(marks[mark].text), NAME_COLUMN);
	tb_buf_add(out, name);
	column_fill(out, NAME_COLUMN + strlen(name), TEXT_COLUMN);
}

static void below_add(struct tb_buf *out, const char *word, const char *text)
{
	if (!*text)
		return;
	tb_buf_repeat(out, ' ', WORD_COLUMN);
	tb_buf_add(out, word);
	column_fill(out, WORD_COLUMN + strlen(word), HOW_COLUMN);
	wrap(out, HOW_COLUMN, text);
}

/* The same fix is told once. */
static const char *check_add(struct tb_buf *out, const struct tb_health *health, int check,
			     bool color)
{
	const struct tb_check_row *row = tb_check_row((enum tb_check)check);
	const struct tb_check_result *result = &health->checks[check];
	enum mark mark = check_mark(health, check);

	row_add(out, mark, row->name, color);
	wrap(out, TEXT_COLUMN, result->found);
	if (mark >= MARK_LOST) {
		below_add(out, "for", row->needed_for);
		below_add(out, "lost", row->lost_without);
	}
	return mark == MARK_OK ? "" : result->fix;
}

static void checks_add(struct tb_buf *out, const struct tb_health *health, bool color)
{
	const char *fix, *told = "";
	int check;

	tb_buf_add(out, "     CHECK             FOUND\n");
	for (check = 0; check < TB_CHECK_NR; check++) {
		fix = check_add(out, health, check, color);
		below_add(out, "fix", *fix && !strcmp(fix, told) ? "as above" : fix);
		told = *fix ? fix : told;
	}
}

static void hooks_add(struct tb_buf *out, const struct tb_health *health, bool color)
{
	const struct tb_hook_result *result;
	enum mark mark;
	int hook;

	tb_buf_add(out, "\n     HOOK              ATTACHED AS\n");
	for (hook = 0; hook < TB_HOOK_NR; hook++) {
		result = &health->hooks[hook];
		mark = hook_mark(health, hook);
		row_add(out, mark, tb_hook_name((__u32)hook), color);
		if (mark == MARK_OK) {
			wrap(out, TEXT_COLUMN, tb_hook_target((__u32)hook));
			continue;
		}
		tb_buf_printf(out, "not attached to %s\n", tb_hook_target((__u32)hook));
		below_add(out, "why", result->why);
		below_add(out, "for", tb_hook_needed((__u32)hook));
		below_add(out, "lost", tb_hook_lost((__u32)hook));
	}
}

void tb_doctor_text(struct tb_buf *out, const struct tb_health *health, bool color)
{
	struct tb_buf summary = {};

	tb_doctor_summary(&summary, health);
	wrap(out, 0, summary.text ? summary.text : "");
	out->failed |= summary.failed;
	tb_buf_release(&summary);
	tb_buf_add(out, "\n");
	checks_add(out, health, color);
	hooks_add(out, health, color);
}
