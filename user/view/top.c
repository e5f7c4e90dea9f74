// SPDX-License-Identifier: GPL-2.0-only
/* The picture: head, columns that fit, rows, foot. See top.h. Not here: what a cell says. */
#include "top.h"

#include <string.h>

#include "escape.h"
#include "top_head.h"

#define COLUMNS_MAX  16
#define LUXURY_RANK  9
#define WISHED_WIDTH 8 /* more for names and waits together */

/* The columns that fit, from left to right, and how wide each is. */
struct columns {
	const struct tb_top_column *list[COLUMNS_MAX];
	size_t width[COLUMNS_MAX];
	size_t nr;
};

static bool is_shown(const struct tb_top_column *column, const struct tb_top_look *look)
{
	if (!column->heading)
		return false;
	return column->shown_for == TB_TOP_FOR_BOTH ||
	       (column->shown_for == TB_TOP_FOR_THREADS) == look->threads;
}

static size_t columns_width(const struct columns *columns)
{
	size_t i, width = columns->nr ? columns->nr - 1 : 0;

	for (i = 0; i < columns->nr; i++)
		width += columns->width[i];
	return width;
}

static unsigned int column_rank(const struct tb_top_column *column, const struct tb_top_look *look)
{
	return look->threads && column->thread_rank ? column->thread_rank : column->rank;
}

static size_t columns_worst(const struct columns *columns, const struct tb_top_look *look)
{
	size_t i, worst = 0;

	for (i = 1; i < columns->nr; i++)
		if (column_rank(columns->list[i], look) > column_rank(columns->list[worst], look))
			worst = i;
	return worst;
}

static void columns_drop(struct columns *columns, size_t worst)
{
	size_t i;

	columns->nr--;
	for (i = worst; i < columns->nr; i++) {
		columns->list[i] = columns->list[i + 1];
		columns->width[i] = columns->width[i + 1];
	}
}

/* Names get a little, then waits, then names, then waits all that is left. */
static void columns_widen(struct columns *columns, size_t left)
{
	static const struct {
		const char *key;
		size_t more;
	} steps[] = { { "comm", 2 }, { "top_wait", 12 }, { "comm", 4 }, { "top_wait", 999 } };
	size_t i, s, more, room;

	for (s = 0; s < sizeof(steps) / sizeof(steps[0]); s++) {
		for (i = 0; i < columns->nr; i++) {
			if (strcmp(columns->list[i]->key, steps[s].key))
				continue;
			room = columns->list[i]->width_most - columns->width[i];
			more = left < steps[s].more ? left : steps[s].more;
			more = more < room ? more : room;
			columns->width[i] += more;
			left -= more;
		}
	}
}

/* A column that is only nice to have takes no room that names and waits would like. */
static size_t luxury(const struct columns *columns, const struct tb_top_look *look)
{
	return column_rank(columns->list[columns_worst(columns, look)], look) >= LUXURY_RANK
		       ? WISHED_WIDTH
		       : 0;
}

static void columns_fit(struct columns *columns, const struct tb_top_look *look)
{
	const struct tb_top_column *column;
	size_t width;

	columns->nr = 0;
	for (column = tb_top_columns; column->key && columns->nr < COLUMNS_MAX; column++) {
		if (!is_shown(column, look))
			continue;
		columns->list[columns->nr] = column;
		columns->width[columns->nr++] = column->width;
	}
	while (columns->nr > 1 && columns_width(columns) + luxury(columns, look) > look->width)
		columns_drop(columns, columns_worst(columns, look));
	width = columns_width(columns);
	if (width < look->width)
		columns_widen(columns, look->width - width);
}

/*
 * A cell has been added since `begin`: bring it to its width. Right-aligned ones are plain ASCII.
 */
static void cell_pad(struct tb_page *page, size_t begin, size_t width, bool right)
{
	struct tb_buf *text = &page->text;
	size_t used, span;

	if (text->failed)
		return;
	used = tb_text_columns(text->text ? text->text + begin : "");
	if (used >= width)
		return;
	tb_buf_repeat(text, ' ', width - used);
	if (!right || text->failed)
		return;
	memmove(text->text + begin + width - used, text->text + begin, used);
	memset(text->text + begin, ' ', width - used);
	for (span = page->span_nr; span && page->spans[span - 1].begin >= begin; span--) {
		page->spans[span - 1].begin += width - used;
		page->spans[span - 1].end += width - used;
	}
}

static void heading_cell(struct tb_page *page, const struct tb_top_column *column,
			 const struct tb_top_look *look)
{
	bool threads = look->threads && column->thread_heading;

	tb_buf_add(&page->text, threads ? column->thread_heading : column->heading);
}

/* No blanks at the end of a line: they cost a column on terminals, and noise in files. */
static void line_end(struct tb_page *page)
{
	struct tb_buf *text = &page->text;

	while (!text->failed && text->length && text->text[text->length - 1] == ' ')
		text->text[--text->length] = '\0';
	tb_page_line(page);
}

static void heading(struct tb_page *page, const struct columns *columns,
		    const struct tb_top_look *look)
{
	size_t i, begin, line = page->text.length;

	for (i = 0; i < columns->nr; i++) {
		if (i)
			tb_buf_add(&page->text, " ");
		begin = page->text.length;
		heading_cell(page, columns->list[i], look);
		cell_pad(page, begin, columns->width[i], columns->list[i]->right);
	}
	if (look->height)
		tb_page_style(page, line, TB_STYLE_HEADING);
	line_end(page);
}

static void row_add(struct tb_page *page, const struct tb_top_view *view,
		    const struct columns *columns, const struct tb_top_row *row)
{
	size_t i, begin;

	for (i = 0; i < columns->nr; i++) {
		if (i)
			tb_buf_add(&page->text, " ");
		begin = page->text.length;
		columns->list[i]->cell(page, view, row, columns->width[i]);
		cell_pad(page, begin, columns->width[i], columns->list[i]->right);
	}
}

/* The chosen row: reversed, and for eyes without colour a mark before it. */
static void row_mark(struct tb_page *page, size_t begin, size_t span_nr)
{
	page->span_nr = span_nr;
	if (!page->text.failed && page->text.text[begin] == ' ')
		page->text.text[begin] = '>';
	tb_page_style(page, begin, TB_STYLE_CURSOR);
}

static size_t rows_add(struct tb_page *page, const struct tb_top_view *view,
		       const struct tb_top_rows *rows, size_t room)
{
	const struct tb_top_look *look = view->look;
	size_t i, begin, span_nr;
	struct columns columns;

	columns_fit(&columns, look);
	heading(page, &columns, look);
	for (i = look->first; i < rows->nr && i < look->first + room; i++) {
		begin = page->text.length;
		span_nr = page->span_nr;
		row_add(page, view, &columns, &rows->rows[i]);
		if (i == look->cursor)
			row_mark(page, begin, span_nr);
		line_end(page);
	}
	return i > look->first ? i - look->first : 0;
}

static void nothing_add(struct tb_page *page, const struct tb_top_view *view)
{
	struct tb_buf text = {};

	tb_top_nothing(&text, view->model, view->look);
	tb_page_clip(page, TB_STYLE_PLAIN, tb_buf_text(&text), view->look->width);
	tb_page_line(page);
	page->text.failed |= text.failed;
	tb_buf_release(&text);
}

static size_t lines_count(const struct tb_page *page)
{
	const char *at = page->text.text;
	size_t nr = 0;

	while (at && (at = strchr(at, '\n'))) {
		at++;
		nr++;
	}
	return nr;
}

/* Fill the screen up to where the foot begins; what is too long for it is cut. */
static void foot_add(struct tb_page *page, const struct tb_top_view *view,
		     const struct tb_top_rows *rows)
{
	bool small = view->look->height < TB_TOP_SMALL_HEIGHT;
	size_t lines = lines_count(page), foot = small ? 1 : 2;

	for (; lines + foot < view->look->height; lines++)
		tb_page_line(page);
	if (!small)
		tb_top_shown(page, view->look, rows);
	tb_top_keys(page, view->look);
}

size_t tb_top_page(struct tb_page *page, const struct tb_model *model,
		   const struct tb_top_rows *rows, const struct tb_top_look *look)
{
	struct tb_top_view view = { .model = model, .look = look };
	size_t room = rows->nr, used, lines;

	if (look->help) {
		tb_top_help(page, look);
		return room;
	}
	tb_top_head(page, &view, rows);
	if (look->height) {
		lines = lines_count(page) + (look->height < TB_TOP_SMALL_HEIGHT ? 2 : 3);
		room = lines < look->height ? look->height - lines : 1;
	}
	used = rows_add(page, &view, rows, room);
	if (!used)
		nothing_add(page, &view);
	if (look->height)
		foot_add(page, &view, rows);
	else
		tb_top_shown(page, look, rows);
	return room;
}
