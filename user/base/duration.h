/* SPDX-License-Identifier: GPL-2.0-only */
/* Durations as users write them and as a tired person reads them. */
#ifndef TAILBACK_DURATION_H
#define TAILBACK_DURATION_H

#include <stddef.h>

#include "types.h"

#define TB_NSEC_PER_SEC 1000000000ull

/* "500ms", "10s", "1.5m", "2h", "100us": a number and a unit, above 0. 0 or -EINVAL. */
int tb_duration_parse(const char *text, __u64 *ns);

/* Up to three digits and a unit: "0.090 ms", "4.2 s", "41 min". Returns text. */
#define TB_DURATION_LEN 16
const char *tb_duration_text(char text[TB_DURATION_LEN], __u64 ns);

#endif
