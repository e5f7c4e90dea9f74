// SPDX-License-Identifier: GPL-2.0-only
/* See session.h. Knows sources and the model, not what is shown of it. */
#include "session.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "duration.h"
#include "live.h"
#include "log.h"
#include "stop.h"
#include "text.h"
#include "window.h"

#define FRAME_EVERY_NS TB_NSEC_PER_SEC

static int tee_open(struct tb_session *session, const char *name)
{
	session->tee_name = name;
	session->tee = fopen(name, "we");
	if (session->tee)
		return 0;
	tb_error("cannot write the recording %s: %s", name, strerror(errno));
	return -errno;
}

static int recording_open(struct tb_session *session, const char *name)
{
	FILE *file = fopen(name, "re");

	if (!file) {
		tb_error("cannot read the recording %s: %s", name, strerror(errno));
		return -errno == -EPERM ? -EACCES : -errno;
	}
	session->input = name;
	session->text = tb_text_new(file, name);
	if (!session->text)
		return -ENOMEM;
	session->source = tb_text_source(session->text);
	return 0;
}

static int live_open(struct tb_session *session)
{
	int err = tb_live_open(&session->live, NULL);

	if (!err)
		session->source = tb_live_source(session->live);
	return err;
}

int tb_session_open(struct tb_session *session, const struct tb_options *options)
{
	int err;

	memset(session, 0, sizeof(*session));
	tb_model_init(&session->model);
	err = options->input ? recording_open(session, options->input) : live_open(session);
	if (!err && options->tee)
		err = tee_open(session, options->tee);
	if (err)
		tb_session_close(session);
	return err;
}

static int tee_close(struct tb_session *session)
{
	if (!session->tee)
		return 0;
	if (fclose(session->tee) && !session->tee_error)
		session->tee_error = -errno;
	session->tee = NULL;
	if (session->tee_error)
		tb_error("the recording %s is not complete: %s", session->tee_name,
			 strerror(-session->tee_error));
	return session->tee_error;
}

int tb_session_close(struct tb_session *session)
{
	int err = tee_close(session);

	tb_live_close(session->live);
	tb_text_free(session->text);
	tb_model_release(&session->model);
	session->live = NULL;
	session->text = NULL;
	return err;
}

/* A recording that cannot be written must not end the view that somebody looks at. */
static void tee_record(struct tb_session *session, const struct tb_record *record)
{
	if (!session->tee || session->tee_error)
		return;
	errno = 0;
	session->tee_error = tb_text_write(session->tee, record);
	fputc('\n', session->tee);
	if (ferror(session->tee))
		session->tee_error = errno ? -errno : -EIO;
}

static int session_record(void *ctx, const struct tb_record *record)
{
	struct tb_session *session = ctx;

	if (session->mark_due)
		tb_model_mark(&session->model);
	session->mark_due = false;
	tee_record(session, record);
	return tb_model_record(&session->model, record);
}

void tb_session_mark(struct tb_session *session)
{
	session->mark_due = true;
}

int tb_session_frame(struct tb_session *session)
{
	const struct tb_sink sink = { .ctx = session, .record = session_record };
	int err = tb_source_frame(&session->source, &sink);

	if (!err || err == -ENODATA)
		return err;
	if (session->text && *tb_text_error(session->text))
		tb_error("cannot read the recording %s", tb_text_error(session->text));
	else
		tb_error("cannot take a frame: %s", strerror(-err));
	return err;
}

/* Frames of a recording up to the end of the window; one that ends earlier is as long as it is. */
static int window_replay(struct tb_session *session, __u64 duration_ns)
{
	int err = 0;

	while (!err && !tb_stopped()) {
		if (duration_ns && tb_window_ns(&session->model) >= duration_ns)
			return 0;
		err = tb_session_frame(session);
	}
	return err == -ENODATA ? 0 : err;
}

static int window_live(struct tb_session *session, __u64 duration_ns)
{
	__u64 at_ns = tb_clock_ns(CLOCK_MONOTONIC), end_ns = at_ns + duration_ns;
	int err = 0;

	while (!err && at_ns < end_ns) {
		at_ns = at_ns + FRAME_EVERY_NS < end_ns ? at_ns + FRAME_EVERY_NS : end_ns;
		if (!tb_sleep_until(at_ns))
			at_ns = end_ns; /* stopped: this frame is the last */
		err = tb_session_frame(session);
	}
	return err;
}

int tb_session_window(struct tb_session *session, __u64 duration_ns)
{
	int err = tb_session_frame(session);

	if (err == -ENODATA)
		tb_error("the recording %s holds no frame", session->input);
	if (err)
		return err;
	tb_model_mark(&session->model);
	return session->live ? window_live(session, duration_ns)
			     : window_replay(session, duration_ns);
}
