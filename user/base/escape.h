/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The doors through which untrusted text (comm, cmdline, cgroup, path) leaves, one for each sink.
 * Any process can set its name to any bytes: nothing of it may act on a terminal or break a format.
 */
#ifndef TAILBACK_ESCAPE_H
#define TAILBACK_ESCAPE_H

#include <stddef.h>

#include "buf.h"

/*
 * For terminals and text: up to `size` bytes or the first 0. What the locale cannot print, what has
 * no width of its own (combining, bidi) and all control characters become \xHH; a backslash
 * becomes \\. Returns the columns that it takes.
 */
size_t tb_escape_terminal(struct tb_buf *out, const char *bytes, size_t size);

/* The same, cut to `columns`, a cut marked by a last `~`; never amid a character or an escape. */
size_t tb_escape_columns(struct tb_buf *out, const char *bytes, size_t size, size_t columns);

/* Text that has passed the terminal's door already, cut in the same way. */
size_t tb_clip_columns(struct tb_buf *out, const char *clean, size_t columns);

/* For JSON: up to `size` bytes or the first 0 as valid UTF-8; each invalid byte becomes U+FFFD. */
void tb_escape_utf8(struct tb_buf *out, const char *bytes, size_t size);

#endif
