/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was found when the rows of checks.h and hooks.h were tried: filled by user/source, shown by
 * the views of doctor. Plain data and what follows from it; nothing is asked here.
 */
#ifndef TAILBACK_HEALTH_H
#define TAILBACK_HEALTH_H

#include <stdbool.h>

#include "buf.h"
#include "checks.h"
#include "hooks.h"
#include "types.h"

#define TB_FOUND_LEN 192
#define TB_FIX_LEN   384

enum tb_answer { TB_ANSWER_UNKNOWN, TB_ANSWER_YES, TB_ANSWER_NO };

struct tb_check_result {
	enum tb_answer ok;
	char found[TB_FOUND_LEN]; /* what was seen; a reason where ok is not YES */
	char fix[TB_FIX_LEN];	  /* the row's or a better one; empty if none is needed */
};

struct tb_hook_result {
	bool attached;
	int err;		/* -errno; 0 also if it was not tried */
	char why[TB_FOUND_LEN]; /* why it is not attached */
};

struct tb_health {
	char kernel[65]; /* as uname(2) */
	char arch[65];
	struct tb_check_result checks[TB_CHECK_NR];
	struct tb_hook_result hooks[TB_HOOK_NR];
};

/* What stands in the rows. */
struct tb_check_row {
	const char *name, *needed_for, *lost_without, *fix;
	enum tb_need need;
};
const struct tb_check_row *tb_check_row(enum tb_check check);

/*
 * What is missing for anything to work. The kernel comes first: no privilege would help without it.
 * A required hook that failed where all checks pass is the kernel's, unless it was refused (EPERM).
 */
enum tb_need tb_health_missing(const struct tb_health *health);

/* The same by the rows of checks.h alone, whose results these are. */
enum tb_need tb_checks_missing(const struct tb_check_result checks[TB_CHECK_NR]);

/*
 * What was found of it: "CAP_BPF is missing; CAP_PERFMON is missing". Of a kernel that lacks
 * something the first is enough, the others follow from it. Nothing if nothing is missing.
 */
void tb_checks_reasons(struct tb_buf *out, const struct tb_check_result checks[TB_CHECK_NR]);

#endif
