/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The answer of `diagnose` as text and as JSON, from a verdict and the model that it was made of.
 * The command decides what is asked; nothing is judged here.
 */
#ifndef TAILBACK_VIEW_DIAGNOSE_H
#define TAILBACK_VIEW_DIAGNOSE_H

#include "page.h"
#include "verdict.h"

#define TB_DIAGNOSE_WIDTH_MIN 60
#define TB_DIAGNOSE_WIDTH_MAX 100

struct tb_diagnose_sort;

struct tb_diagnose_look {
	size_t width;	 /* columns */
	bool all;	 /* idle processes and waits for work too */
	size_t rows_max; /* of WHERE THE TIME WENT; 0: a screen's worth */
	const struct tb_diagnose_sort *sort;
	long utc_offset_s; /* for the time of day */
};

/* What is shown of one verdict. */
struct tb_diagnose {
	const struct tb_model *model;
	const struct tb_verdict *verdict;
	const struct tb_diagnose_look *look;
};

void tb_diagnose_page(struct tb_page *page, const struct tb_diagnose *view);

/* One document, schema tailback.diagnose/1. */
void tb_diagnose_json(struct tb_buf *out, const struct tb_diagnose *view);

/* An order of the rows by its name; the usual one for NULL; NULL if there is none of that name. */
const struct tb_diagnose_sort *tb_diagnose_sort(const char *name);
void tb_diagnose_sort_help(struct tb_buf *out);

#endif
