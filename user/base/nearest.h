/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * "did you mean": of the names that are offered, the one that a mistyped word is nearest to. Used
 * by whoever refuses a word of the command line.
 */
#ifndef TAILBACK_NEAREST_H
#define TAILBACK_NEAREST_H

#include <stddef.h>

struct tb_nearest {
	const char *word; /* what was typed; the caller's */
	const char *name; /* the best so far; NULL: none is near enough to be meant */
	size_t edits;	  /* of the best so far */
};

void tb_nearest_offer(struct tb_nearest *nearest, const char *name);

#endif
