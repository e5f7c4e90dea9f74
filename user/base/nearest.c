// SPDX-License-Identifier: GPL-2.0-only
/* Levenshtein's distance, one row at a time; see nearest.h. */
#include "nearest.h"

#include <string.h>

#define NAME_MAX_BYTES 31

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Letters to put in, take out or change to make one word of the other. Both are short. */
static size_t edits_between(const char *from, const char *to)
{
	size_t row[NAME_MAX_BYTES + 1], i, j, diagonal, above, columns = strlen(to);

	for (j = 0; j <= columns; j++)
		row[j] = j;
	for (i = 1; from[i - 1]; i++) {
		diagonal = row[0];
		row[0] = i;
		for (j = 1; j <= columns; j++) {
			above = row[j];
			row[j] = least(diagonal + (from[i - 1] != to[j - 1]),
				       least(above, row[j - 1]) + 1);
			diagonal = above;
		}
	}
	return row[columns];
}

/* A third of the word may be wrong: more, and the guess would puzzle more than help. */
void tb_nearest_offer(struct tb_nearest *nearest, const char *name)
{
	size_t length = strlen(nearest->word), edits;

	if (!length || length > NAME_MAX_BYTES || strlen(name) > NAME_MAX_BYTES)
		return;
	edits = edits_between(nearest->word, name);
	if (edits > (length + 1) / 3 || (nearest->name && edits >= nearest->edits))
		return;
	nearest->name = name;
	nearest->edits = edits;
}
