/* SPDX-License-Identifier: GPL-2.0-only */
/* The lines above and below the rows of `top`, and its help page. Between top.c and top_head.c. */
#ifndef TAILBACK_VIEW_TOP_HEAD_H
#define TAILBACK_VIEW_TOP_HEAD_H

#include "top_columns.h"

/* Lines that are too few for the whole head get one line of it. */
#define TB_TOP_SMALL_HEIGHT 12

void tb_top_head(struct tb_page *page, const struct tb_top_view *view,
		 const struct tb_top_rows *rows);

/* "4 of 57 processes shown", and by what they are chosen and sorted. */
void tb_top_shown(struct tb_page *page, const struct tb_top_look *look,
		  const struct tb_top_rows *rows);

/* The last line of a screen, and the page that `?` opens. */
void tb_top_keys(struct tb_page *page, const struct tb_top_look *look);
void tb_top_help(struct tb_page *page, const struct tb_top_look *look);

#endif
