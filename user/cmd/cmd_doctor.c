// SPDX-License-Identifier: GPL-2.0-only
/*
 * `doctor`: asks every check, tries every hook, and, where nothing is missing, takes one frame as
 * the other commands do. Knows the order; what is asked and what it means is in the rows.
 */
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "command.h"
#include "doctor.h"
#include "duration.h"
#include "host.h"
#include "log.h"
#include "output.h"
#include "session.h"
#include "trial.h"

static void kernel_name(struct tb_health *health)
{
	struct utsname name;

	if (uname(&name))
		return;
	snprintf(health->kernel, sizeof(health->kernel), "%s", name.release);
	snprintf(health->arch, sizeof(health->arch), "%s", name.machine);
}

/* Whether all hooks together give a picture, and what that costs. */
static void frame_try(struct tb_session *session, struct tb_health *health)
{
	const struct tb_options options = {};
	int err = tb_session_open(session, &options);

	if (!err)
		err = tb_session_frame(session);
	tb_checks_frame(health->checks, err, &session->model.frame, &session->model.status);
}

/* The header names the host and the time also where nothing can be attached. */
static int host_tell(struct tb_model *model)
{
	const struct tb_sink sink = { .ctx = model, .record = tb_model_record };
	struct tb_frame frame = { .h = { .kind = TB_REC_FRAME, .size = sizeof(frame) } };
	struct tb_host_reader *host = tb_host_new(NULL);
	struct timespec now;
	int err;

	if (!host)
		return -ENOMEM;
	clock_gettime(CLOCK_REALTIME, &now);
	frame.realtime_ns = (__u64)now.tv_sec * TB_NSEC_PER_SEC + (__u64)now.tv_nsec;
	err = tb_host_frame(host, &sink);
	tb_host_free(host);
	return err ? err : tb_sink_put(&sink, &frame.h);
}

static int health_show(const struct tb_health *health, const struct tb_model *model,
		       const struct tb_options *options)
{
	struct tb_buf out = {};
	int err;

	if (options->json)
		tb_doctor_json(&out, health, model);
	else
		tb_doctor_text(&out, health, tb_options_color(options, STDOUT_FILENO));
	err = tb_output(&out);
	tb_buf_release(&out);
	return err;
}

static enum tb_exit exit_of_health(const struct tb_health *health)
{
	switch (tb_health_missing(health)) {
	case TB_NEED_KERNEL:
		return TB_EXIT_KERNEL;
	case TB_NEED_PRIVILEGE:
		return TB_EXIT_PRIVILEGE;
	default:
		return TB_EXIT_OK;
	}
}

enum tb_exit tb_cmd_doctor(const struct tb_options *options)
{
	struct tb_health health = {};
	struct tb_session session = {};
	int err;

	kernel_name(&health);
	tb_checks_run(health.checks);
	tb_trial_all(&health);
	tb_model_init(&session.model);
	if (!tb_health_missing(&health))
		frame_try(&session, &health);
	else if (host_tell(&session.model))
		tb_note("host and boot cannot be told: /proc cannot be read");
	err = health_show(&health, &session.model, options);
	tb_session_close(&session);
	return err ? tb_exit_of(err) : exit_of_health(&health);
}
