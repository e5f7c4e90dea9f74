// SPDX-License-Identifier: GPL-2.0-only
/* Wrapped lines and bars for the text of `diagnose`; knows columns, not findings. */
#include <string.h>

#include "diagnose_parts.h"

#define BAR_WIDE   30
#define BAR_NARROW 16

/* Blanks up to a column of the line that begins at `line` (a length of text). */
void diagnose_pad(struct tb_page *page, size_t line, size_t columns)
{
	size_t used = line < page->text.length ? tb_text_columns(page->text.text + line) : 0;

	if (used < columns)
		tb_buf_repeat(&page->text, ' ', columns - used);
}

/* The next word of the text, without blanks around it. "97 %" is one. */
static size_t word_next(const char **at)
{
	size_t length;

	*at += strspn(*at, " ");
	length = strcspn(*at, " ");
	if (length && !strncmp(*at + length, " %", 2))
		length += 1 + strcspn(*at + length + 1, " ");
	return length;
}

static size_t word_columns(const char *word, size_t length)
{
	struct tb_buf copy = {};
	size_t columns;

	tb_buf_add_bytes(&copy, word, length);
	columns = copy.text ? tb_text_columns(copy.text) : 0;
	tb_buf_release(&copy);
	return columns;
}

void diagnose_wrap(struct tb_page *page, const struct diagnose_label *label, const char *text,
		   size_t width)
{
	size_t line = page->text.length, used = label->columns, length, columns;
	bool first = true;

	tb_buf_repeat(&page->text, ' ', label->indent);
	tb_page_add(page, label->style, label->text);
	diagnose_pad(page, line, label->columns);
	for (length = word_next(&text); length; text += length, length = word_next(&text)) {
		columns = word_columns(text, length);
		if (!first && used + 1 + columns > width) {
			tb_page_line(page);
			tb_buf_repeat(&page->text, ' ', label->columns);
			used = label->columns;
			first = true;
		}
		if (!first)
			tb_buf_add(&page->text, " ");
		tb_buf_add_bytes(&page->text, text, length);
		used += columns + !first;
		first = false;
	}
	tb_page_line(page);
}

size_t diagnose_bar_columns(const struct tb_diagnose *view)
{
	return view->look->width >= 90 ? BAR_WIDE : BAR_NARROW;
}

/* Rounded to whole cells, but something is never nothing. */
void diagnose_bar(struct tb_page *page, double share, size_t columns, unsigned int style)
{
	size_t cells = (size_t)((share > 1 ? 1 : share < 0 ? 0 : share) * (double)columns + 0.5);
	size_t begin = page->text.length;

	if (!cells && share >= 0.005)
		cells = 1;
	tb_buf_repeat(&page->text, '#', cells);
	tb_page_style(page, begin, style);
	tb_buf_repeat(&page->text, ' ', columns - cells);
}
