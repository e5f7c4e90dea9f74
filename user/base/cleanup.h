/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ownership that shows in the declaration: `char *line __owns(free_text) = NULL;` is freed where it
 * goes out of scope, and `return take(line);` hands it on.
 */
#ifndef TAILBACK_CLEANUP_H
#define TAILBACK_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "buf.h"

#define __owns(fn) __attribute__((cleanup(fn)))

#define take(pointer)                                    \
	({                                               \
		__typeof__(pointer) taken__ = (pointer); \
		(pointer) = NULL;                        \
		taken__;                                 \
	})

static inline void free_text(char **text)
{
	free(*text);
}

static inline void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void close_file(FILE **file)
{
	if (*file)
		fclose(*file);
}

#endif
