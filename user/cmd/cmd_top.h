/* SPDX-License-Identifier: GPL-2.0-only */
/* One run of `top`, shared by its two ways to show frames: as text (cmd_top.c), on a screen. */
#ifndef TAILBACK_CMD_TOP_H
#define TAILBACK_CMD_TOP_H

#include "session.h"
#include "top.h"

struct top_run {
	const struct tb_options *options;
	struct tb_session session;
	struct tb_top_look look;
	struct tb_top_rows rows;
	struct tb_page page;
	__u64 interval_ns;
	__u32 frames;		/* shown so far */
	struct tb_trust losses; /* of all shown windows together */
};

/* The next frame and its rows. 0, -ENODATA at a recording's end, or -errno, said. */
int top_frame(struct top_run *run);

/* It has been shown: the next window begins. False if it was the last that was asked for. */
bool top_frame_shown(struct top_run *run);

/* Frames on a screen until a key or a signal ends it. 0 or -errno, said. */
int top_screen_run(struct top_run *run);

__u64 top_now_ns(void); /* CLOCK_MONOTONIC */

#endif
