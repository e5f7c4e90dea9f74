/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one registry of what `top` can say about a row: its key is the JSON field and the word of
 * --sort; its heading and cell are the column. A new column or field is one row here. Used by the
 * parts of the view and by the command for --sort.
 */
#ifndef TAILBACK_VIEW_TOP_COLUMNS_H
#define TAILBACK_VIEW_TOP_COLUMNS_H

#include <jansson.h>

#include "top.h"

#define TB_TOP_SHOWN 0.005 /* fewer threads than that are shown as 0.00 */

/* What a cell is made from. */
struct tb_top_view {
	const struct tb_model *model;
	const struct tb_top_look *look;
};

enum tb_top_for { TB_TOP_FOR_BOTH, TB_TOP_FOR_PROCESSES, TB_TOP_FOR_THREADS };

struct tb_top_column {
	const char *key;
	const char *heading;	    /* NULL: no column */
	const char *thread_heading; /* NULL: the same for threads */
	unsigned int rank;	    /* columns with a higher one go first where room is scarce */
	unsigned int thread_rank;   /* the same for threads; 0: no other */
	size_t width, width_most;   /* it may grow up to */
	bool right;		    /* aligned */
	enum tb_top_for shown_for;
	void (*cell)(struct tb_page *page, const struct tb_top_view *view,
		     const struct tb_top_row *row, size_t width);
	json_t *(*json)(struct tb_buf *out, const struct tb_top_view *view,
			const struct tb_top_row *row);
	double (*number)(const struct tb_top_view *view, const struct tb_top_row *row);
	const char *(*word)(const struct tb_top_row *row); /* sorted by it, a before b */
	const char *sorted_by; /* what a person reads in `--sort help`; NULL: it cannot be */
};

extern const struct tb_top_column tb_top_columns[]; /* ended by key NULL */

const struct tb_top_column *tb_top_column(const char *key); /* that can be sorted by; NULL */
const struct tb_top_column *tb_top_column_after(const struct tb_top_column *column);
void tb_top_sort_help(struct tb_buf *out);

/*
 * Most first; names and ids ascend. Numbers are compared as they are shown, and ties are broken by
 * what runs and then by pid and tid: rows that look alike do not change places.
 */
int tb_top_compare(const struct tb_top_view *view, const struct tb_top_row *a,
		   const struct tb_top_row *b);

/* The figures that several columns and the totals share. */
__u64 tb_top_queued_ns(const struct tb_usage *usage);
__u64 tb_top_blocked_ns(const struct tb_usage *usage, bool idle);
void tb_top_mean(char text[16], double mean);

/* top_wait.c: what a row waits for, as a cell and as JSON. */
void tb_top_wait_cell(struct tb_page *page, const struct tb_top_view *view,
		      const struct tb_top_row *row, size_t width);
json_t *tb_top_wait_json(struct tb_buf *out, const struct tb_top_view *view,
			 const struct tb_top_row *row);

#endif
