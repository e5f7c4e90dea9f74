/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One run of a view: a source (this kernel, or a recording), the model that takes its records, and
 * the recorder of --tee beside it. Commands open one, ask for frames, and read the model between
 * them.
 */
#ifndef TAILBACK_SESSION_H
#define TAILBACK_SESSION_H

#include <stdio.h>

#include "model.h"
#include "options.h"
#include "source.h"

struct tb_live;
struct tb_text;

struct tb_session {
	struct tb_model model;
	struct tb_source source;
	struct tb_live *live; /* NULL: a recording */
	struct tb_text *text;
	const char *input; /* name of the recording; NULL: none */
	FILE *tee;
	const char *tee_name;
	int tee_error;
	bool mark_due;
};

/* 0, or -errno as tb_live_open; it has been said. */
int tb_session_open(struct tb_session *session, const struct tb_options *options);

/* Ends the recording of --tee too: 0, or -errno, said. */
int tb_session_close(struct tb_session *session);

/* One frame into the model. 0, -ENODATA at the end of a recording, or -errno, said. */
int tb_session_frame(struct tb_session *session);

/*
 * The next window begins at this frame. It is done when another frame begins, so that this window
 * can be looked at until then, also at the end of a recording.
 */
void tb_session_mark(struct tb_session *session);

/*
 * The first frame, the mark, then frames at an interval until the window is `duration_ns` long (0:
 * as long as the recording), the recording ends or the user stops it. 0 or -errno, said.
 */
int tb_session_window(struct tb_session *session, __u64 duration_ns);

#endif
