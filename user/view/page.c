// SPDX-License-Identifier: GPL-2.0-only
/* See page.h. Knows styles and widths, not what the text is about. */
#include "page.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"

#define CUT_LEAST 8 /* columns of a cut text that still say something */

enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE, NONE = -1 };

void tb_page_release(struct tb_page *page)
{
	tb_buf_release(&page->text);
	free(page->spans);
	memset(page, 0, sizeof(*page));
}

void tb_page_clear(struct tb_page *page)
{
	tb_buf_clear(&page->text);
	page->span_nr = 0;
}

static bool spans_grow(struct tb_page *page)
{
	size_t size = page->span_size ? 2 * page->span_size : 64;
	struct tb_span *spans;

	if (page->span_nr < page->span_size)
		return true;
	spans = realloc(page->spans, size * sizeof(*spans));
	if (!spans) {
		page->text.failed = true;
		return false;
	}
	page->spans = spans;
	page->span_size = size;
	return true;
}

void tb_page_style(struct tb_page *page, size_t begin, unsigned int style)
{
	struct tb_span *last = page->span_nr ? &page->spans[page->span_nr - 1] : NULL;

	if (style == TB_STYLE_PLAIN || begin >= page->text.length)
		return;
	if (last && last->end == begin && last->style == style) {
		last->end = page->text.length;
		return;
	}
	if (!spans_grow(page))
		return;
	page->spans[page->span_nr++] = (struct tb_span){ begin, page->text.length, style };
}

void tb_page_add(struct tb_page *page, unsigned int style, const char *clean)
{
	size_t begin = page->text.length;

	tb_buf_add(&page->text, clean);
	tb_page_style(page, begin, style);
}

size_t tb_page_clip(struct tb_page *page, unsigned int style, const char *clean, size_t columns)
{
	size_t begin = page->text.length, used;

	used = tb_clip_columns(&page->text, clean, columns);
	tb_page_style(page, begin, style);
	return used;
}

void tb_page_line(struct tb_page *page)
{
	tb_buf_add(&page->text, "\n");
}

/* Green works, yellow and red want a CPU or a lock, the others wait for somebody. */
struct tb_style_look tb_style_look(unsigned int style)
{
	static const int states[TB_STATE_NR] = {
		[TB_ONCPU] = GREEN,	[TB_RUNQUEUE] = YELLOW, [TB_THROTTLED] = YELLOW,
		[TB_LOCK] = RED,	[TB_EVENT] = BLUE,	[TB_JOIN] = BLUE,
		[TB_NET] = CYAN,	[TB_ACCEPT] = BLUE,	[TB_POLL] = BLUE,
		[TB_DISK] = MAGENTA,	[TB_MEMORY] = RED,	[TB_PIPE] = CYAN,
		[TB_FILELOCK] = RED,	[TB_IPC] = CYAN,	[TB_TIMER] = BLUE,
		[TB_CHILD] = BLUE,	[TB_KERNEL] = RED,	[TB_STOPPED] = BLUE,
		[TB_IOURING] = MAGENTA, [TB_OTHER] = BLUE,
	};

	switch (style) {
	case TB_STYLE_HEADING:
		return (struct tb_style_look){ .color = NONE, .reverse = true };
	case TB_STYLE_QUIET:
		return (struct tb_style_look){ .color = NONE, .dim = true };
	case TB_STYLE_ALARM:
		return (struct tb_style_look){ .color = RED, .bold = true };
	case TB_STYLE_CURSOR:
		return (struct tb_style_look){ .color = NONE, .bold = true, .reverse = true };
	}
	if (style < TB_STYLE_STATE || style >= TB_STYLE_NR)
		return (struct tb_style_look){ .color = NONE };
	return (struct tb_style_look){ .color = states[style - TB_STYLE_STATE] };
}

static void ansi_begin(struct tb_buf *out, unsigned int style)
{
	struct tb_style_look look = tb_style_look(style);

	tb_buf_add(out, "\033[0");
	if (look.bold)
		tb_buf_add(out, ";1");
	if (look.dim)
		tb_buf_add(out, ";2");
	if (look.reverse)
		tb_buf_add(out, ";7");
	if (look.color != NONE)
		tb_buf_printf(out, ";3%d", look.color);
	tb_buf_add(out, "m");
}

void tb_page_ansi(struct tb_buf *out, const struct tb_page *page)
{
	const char *text = page->text.text;
	size_t i, at = 0;

	for (i = 0; i < page->span_nr; i++) {
		const struct tb_span *span = &page->spans[i];

		tb_buf_add_bytes(out, text + at, span->begin - at);
		ansi_begin(out, span->style);
		tb_buf_add_bytes(out, text + span->begin, span->end - span->begin);
		tb_buf_add(out, "\033[0m");
		at = span->end;
	}
	tb_buf_add_bytes(out, text + at, page->text.length - at);
	out->failed |= page->text.failed;
}

size_t tb_text_columns(const char *clean)
{
	struct tb_buf scratch = {};
	size_t columns = tb_clip_columns(&scratch, clean, SIZE_MAX);

	tb_buf_release(&scratch);
	return columns;
}

static size_t pieces_columns(const struct tb_piece *pieces, size_t nr, size_t gap)
{
	size_t i, columns = 0;

	for (i = 0; i < nr; i++)
		if (*pieces[i].text)
			columns += tb_text_columns(pieces[i].text) + (columns ? gap : 0);
	return columns;
}

/* The last of those with the highest rank goes; false if only those are left that stay. */
static bool pieces_drop(struct tb_piece *pieces, size_t nr)
{
	struct tb_piece *worst = NULL;
	size_t i;

	for (i = 0; i < nr; i++)
		if (*pieces[i].text && pieces[i].rank && (!worst || pieces[i].rank >= worst->rank))
			worst = &pieces[i];
	if (!worst)
		return false;
	worst->text[0] = '\0';
	return true;
}

/* What stays and does not fit is cut, but not to a stump behind others. */
static bool piece_fits(const struct tb_piece *piece, bool first, size_t room)
{
	size_t columns = tb_text_columns(piece->text);

	return columns && (first || columns <= room || room >= CUT_LEAST);
}

void tb_page_pack(struct tb_page *page, struct tb_piece *pieces, size_t nr, size_t width)
{
	size_t i, gap, at = 0, room;

	while (pieces_columns(pieces, nr, 2) > width && pieces_drop(pieces, nr))
		;
	gap = pieces_columns(pieces, nr, 3) > width ? 2 : 3;
	for (i = 0; i < nr; i++) {
		room = at + gap < width ? width - at - gap : 0;
		if (!piece_fits(&pieces[i], !at, room))
			continue;
		if (at)
			tb_buf_repeat(&page->text, ' ', gap);
		at += at ? gap : 0;
		at += tb_page_clip(page, pieces[i].style, pieces[i].text, width - at);
	}
	tb_page_line(page);
}
