/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The running kernel as a source of frames. Opened by commands; needs root or CAP_BPF +
 * CAP_PERFMON.
 */
#ifndef TAILBACK_LIVE_H
#define TAILBACK_LIVE_H

#include "loader.h"
#include "source.h"

struct tb_live;

struct tb_live_options {
	struct tb_loader_options loader;
};

/* Load, attach, take the first walk's accounts. Errors as tb_loader_open; they have been said. */
int tb_live_open(struct tb_live **live, const struct tb_live_options *options);
void tb_live_close(struct tb_live *live);

/* One frame into the sink: walk, edges, folds, exits since the last frame, host, status. */
int tb_live_frame(struct tb_live *live, const struct tb_sink *sink);

/* The same as a struct tb_source. */
struct tb_source tb_live_source(struct tb_live *live);

#endif
