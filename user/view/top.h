/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The picture that `top` shows: who runs, who queues, who is blocked and for what. Rows come from
 * the model's window; a page or a JSON line is made from them. The command owns the look and
 * changes it by keys. Rows point into the model: they are good until its next record.
 */
#ifndef TAILBACK_VIEW_TOP_H
#define TAILBACK_VIEW_TOP_H

#include "filter.h"
#include "page.h"

#define TB_TOP_NO_CURSOR (~(size_t)0)

struct tb_top_column;

/* What is shown and how. */
struct tb_top_look {
	struct tb_filter filter;
	bool threads; /* rows are threads */
	const struct tb_top_column *sort;
	bool reverse;
	size_t rows_max; /* 0: all that there are */
	size_t width;	 /* columns */
	size_t height;	 /* lines; 0: no screen, all rows and no keys */
	size_t first;	 /* row at the top of the screen */
	size_t cursor;	 /* TB_TOP_NO_CURSOR: none */
	bool help;
	bool paused, ended;
	long utc_offset_s;  /* for the time of day */
	const char *prompt; /* in place of the keys; clean text; NULL: none */
};

struct tb_top_row {
	const struct tb_model_process *process;
	const struct tb_model_thread *thread; /* NULL: the row is a process */
	struct tb_usage usage;
	struct tb_longest longest;
};

struct tb_top_rows {
	struct tb_top_row *rows; /* sorted */
	size_t nr, size;
	size_t candidates;   /* that the filter had to choose from */
	struct tb_usage all; /* of the whole host, kernel threads too */
	__u64 idle_ns;	     /* of user processes */
	struct tb_host_usage host;
	struct tb_trust trust;
};

/* Everything that the filter lets through, sorted. 0 or -ENOMEM, said. */
int tb_top_rows_take(struct tb_top_rows *rows, const struct tb_model *model,
		     const struct tb_top_look *look);
void tb_top_rows_release(struct tb_top_rows *rows);

/* Is blocked time that only waits for work shown too? */
bool tb_top_shows_idle(const struct tb_top_look *look);

/* Adds the picture; returns how many rows there is room for. */
size_t tb_top_page(struct tb_page *page, const struct tb_model *model,
		   const struct tb_top_rows *rows, const struct tb_top_look *look);

/* One line of JSON, schema tailback.top/1. */
void tb_top_json(struct tb_buf *out, const struct tb_model *model, const struct tb_top_rows *rows,
		 const struct tb_top_look *look);

/* Shares of the states as ten states, exact to a cell (largest remainder); false for no time. */
#define TB_TOP_BAR_CELLS 10
bool tb_top_bar(__u32 bar[TB_TOP_BAR_CELLS], const __u64 ns[TB_STATE_NR]);

/* What was lost in the window: "7 events lost, 2 gaps"; nothing if it is complete. */
void tb_top_losses(struct tb_buf *out, const struct tb_trust *trust);

/* Process ids of the filter that nobody has: "no process 999999 exists"; nothing if all exist. */
void tb_top_missing(struct tb_buf *out, const struct tb_model *model,
		    const struct tb_top_look *look);

/* Nothing passes the filter: why, and what there is to see instead. Clean text. */
void tb_top_nothing(struct tb_buf *out, const struct tb_model *model,
		    const struct tb_top_look *look);

#endif
