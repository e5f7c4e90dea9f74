/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads the small text files of /proc and /sys: whole, below a directory that tests may move, into
 * a text that is used again. Knows no file's meaning. Readers of the source floor call it.
 *
 * Paths are relative ("proc/stat") and `dir` is what they are relative to, as for openat(2).
 */
#ifndef TAILBACK_PROC_H
#define TAILBACK_PROC_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "types.h"

#define TB_PROC_MAX_BYTES (1 << 20) /* what is beyond is not read, nor the line that it cuts */

/* A directory to read below, NULL: "/". A descriptor that the caller closes, or -errno. */
int tb_proc_root(const char *root);

/*
 * The whole file, which replaces what `text` held. Its length, or -errno with an empty text. For
 * files that the kernel writes in one piece, as most are; not for lists of devices, mounts,
 * counters.
 */
int tb_proc_read(int dir, const char *path, struct tb_buf *text);

/* A file that is read often and stays open in between. */
struct tb_proc_file {
	const char *path;
	int fd;	      /* -1: not open (yet) */
	bool is_list; /* the kernel may write it in pieces */
};

int tb_proc_file_read(struct tb_proc_file *file, int dir, struct tb_buf *text);
void tb_proc_file_close(struct tb_proc_file *file);

/* A symbolic link's target, cut to the buffer and ended by 0. Its length, or -errno. */
int tb_proc_link(int dir, const char *path, char *target, size_t size);

/* A part of a text; it is not terminated. */
struct tb_span {
	const char *at;
	size_t length;
};

bool tb_span_is(struct tb_span span, const char *text);
/* Is `word` one of the words that `separators` part? */
bool tb_span_has(struct tb_span span, const char *separators, const char *word);
/* Copies what fits and fills the rest with 0, of which there is one at least. */
void tb_span_copy(struct tb_span span, char *to, size_t size);

/*
 * "MemFree:   12 kB", "pgfault 12": a key, ended by a blank, ':' or the line's end, and the rest.
 */
struct tb_proc_line {
	struct tb_span all, key, value;
};

/* The next line that is not empty; `*at` moves behind it. */
bool tb_proc_line(const char **at, struct tb_proc_line *line);

/* The next word, behind blanks of the same line; `*at` moves behind it. Empty at the line's end. */
struct tb_span tb_proc_word(const char **at);

/*
 * The same for an unsigned number; one too large for 64 bits is ~0. False, and nothing moves, if
 * none follows: "max", "-1", the line's end.
 */
bool tb_proc_number(const char **at, __u64 *number);

/* The number behind so many words. */
bool tb_proc_word_number(const char *at, unsigned int words, __u64 *number);

/* The lines of interest, and where each number goes. */
struct tb_proc_field {
	const char *key; /* NULL ends a table */
	size_t offset;	 /* of a __u64 */
	__u64 unit;	 /* the number is multiplied by it */
};

/* Sets what the text has of the fields; others keep their value. How many were set. */
int tb_proc_fields(const char *text, const struct tb_proc_field *fields, void *into);

#endif
