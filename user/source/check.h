/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asks the rows of checks.h. Called by the loader, which refuses by them before it tries, and by
 * doctor, which shows all of them. Knows no hook.
 */
#ifndef TAILBACK_CHECK_H
#define TAILBACK_CHECK_H

#include "health.h"
#include "records.h"

/* All rows; those that only a running tool can answer stay unknown. Takes about 20 ms, for BTF. */
void tb_checks_run(struct tb_check_result checks[TB_CHECK_NR]);

/*
 * 0, or, where something required is missing, what the loader answers: -EPERM for a privilege,
 * -EOPNOTSUPP for the kernel. What is missing, and the fix, has been said.
 */
int tb_checks_refuse(const struct tb_check_result checks[TB_CHECK_NR]);

/* The rows that were left: what a first frame of the live source gave; err is its error, or 0. */
void tb_checks_frame(struct tb_check_result checks[TB_CHECK_NR], int err,
		     const struct tb_frame *frame, const struct tb_status *status);

#endif
