/* SPDX-License-Identifier: GPL-2.0-only */
/* Small trees of files that stand for /proc and /sys, and a sink that keeps what was sent. */
#ifndef TAILBACK_TEST_TREE_H
#define TAILBACK_TEST_TREE_H

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source.h"
#include "text.h"

#define TREE_RECORDS 64

struct tree {
	char root[32];
	union tb_text_record record[TREE_RECORDS];
	int nr;
	int error; /* that the sink gives */
};

static inline void tree_make(struct tree *tree)
{
	memset(tree, 0, sizeof(*tree));
	strcpy(tree->root, "/tmp/tailback-tree-XXXXXX");
	assert_non_null(mkdtemp(tree->root));
}

static inline int tree_remove_one(const char *path, const struct stat *stat, int type,
				  struct FTW *walk)
{
	return remove(path);
}

static inline void tree_remove(struct tree *tree)
{
	assert_int_equal(nftw(tree->root, tree_remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* The path below the root, in a buffer that the next call uses too; directories are made. */
static inline const char *tree_path(const struct tree *tree, const char *path)
{
	static char whole[2048];
	char *slash;

	snprintf(whole, sizeof(whole), "%s/%s", tree->root, path);
	for (slash = whole + strlen(tree->root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(whole, 0755);
		*slash = '/';
	}
	return whole;
}

static inline void tree_bytes(const struct tree *tree, const char *path, const char *bytes,
			      size_t size)
{
	FILE *file = fopen(tree_path(tree, path), "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static inline void tree_file(const struct tree *tree, const char *path, const char *text)
{
	tree_bytes(tree, path, text, strlen(text));
}

static inline void tree_link(const struct tree *tree, const char *path, const char *target)
{
	assert_int_equal(symlink(target, tree_path(tree, path)), 0);
}

static inline void tree_unlink(const struct tree *tree, const char *path)
{
	assert_int_equal(remove(tree_path(tree, path)), 0);
}

static inline int tree_take(void *ctx, const struct tb_record *record)
{
	struct tree *tree = ctx;

	assert_true(record->size <= sizeof(tree->record[0]) && tree->nr < TREE_RECORDS);
	memcpy(&tree->record[tree->nr++], record, record->size);
	return tree->error;
}

static inline struct tb_sink tree_sink(struct tree *tree)
{
	tree->nr = 0;
	return (struct tb_sink){ .ctx = tree, .record = tree_take };
}

#endif
