/* SPDX-License-Identifier: GPL-2.0-only */
/* Finished text to stdout, in one piece. */
#ifndef TAILBACK_OUTPUT_H
#define TAILBACK_OUTPUT_H

#include "buf.h"

/* 0; -EPIPE if nobody reads any more, which is not said; -errno, said. */
int tb_output(const struct tb_buf *text);

#endif
