/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A screen before it is drawn: lines of clean text, and what of it has a style. Views fill it; the
 * command draws it on a terminal or writes it out. A style never says what the text does not.
 */
#ifndef TAILBACK_VIEW_PAGE_H
#define TAILBACK_VIEW_PAGE_H

#include "buf.h"
#include "states.h"

enum tb_style {
	TB_STYLE_PLAIN,
	TB_STYLE_HEADING,
	TB_STYLE_QUIET,
	TB_STYLE_ALARM,
	TB_STYLE_CURSOR,
	TB_STYLE_STATE, /* + enum tb_state */
	TB_STYLE_NR = TB_STYLE_STATE + TB_STATE_NR
};

struct tb_span {
	size_t begin, end; /* bytes of the page's text */
	unsigned int style;
};

struct tb_page {
	struct tb_buf text;    /* each line ended by a newline */
	struct tb_span *spans; /* in order; what none covers is plain */
	size_t span_nr, span_size;
};

void tb_page_release(struct tb_page *page);
void tb_page_clear(struct tb_page *page);

/* Text that has passed the terminal's door. */
void tb_page_add(struct tb_page *page, unsigned int style, const char *clean);

/* The same, cut to so many columns. Returns the columns that it takes. */
size_t tb_page_clip(struct tb_page *page, unsigned int style, const char *clean, size_t columns);

/* Everything added since `begin` (a length of text) has this style. */
void tb_page_style(struct tb_page *page, size_t begin, unsigned int style);

void tb_page_line(struct tb_page *page);

/* A colour of the eight that every terminal has, -1: none, and an attribute, for each style. */
struct tb_style_look {
	int color;
	bool bold, reverse, dim;
};

struct tb_style_look tb_style_look(unsigned int style);

/* With the escape sequences of ECMA-48 for the styles. */
void tb_page_ansi(struct tb_buf *out, const struct tb_page *page);

/* One piece of a line that must fit: the one with the highest rank is left out first; 0 stays. */
struct tb_piece {
	char text[160];
	unsigned int rank;
	unsigned int style;
};

/* The pieces that fit, with two or three blanks between them, and the end of the line. */
void tb_page_pack(struct tb_page *page, struct tb_piece *pieces, size_t nr, size_t width);

/* Columns that clean text takes. */
size_t tb_text_columns(const char *clean);

#endif
