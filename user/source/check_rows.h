/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files check*.c share: one function for each row of checks.h, called by check.c alone. */
#ifndef TAILBACK_CHECK_ROWS_H
#define TAILBACK_CHECK_ROWS_H

#include <stddef.h>

#include "check.h"

struct btf;

struct tb_check_context {
	const struct btf *btf;		      /* the kernel's; NULL: it has none */
	const struct tb_check_result *before; /* rows are asked in order: what those before gave */
};

#define X(name, ...)                                                 \
	void tb_check_##name(const struct tb_check_context *context, \
			     struct tb_check_result *result);
TB_CHECKS(X)
#undef X

void tb_check_say(struct tb_check_result *result, enum tb_answer ok, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Another fix than the row's. */
void tb_check_fix(struct tb_check_result *result, const char *fix);

/* The first line of a small file of /proc or /sys, without its end: 0 or -errno. */
int tb_check_read(const char *path, char *text, size_t size);

#endif
