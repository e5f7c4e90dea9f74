// SPDX-License-Identifier: GPL-2.0-only
/*
 * tailback diagnose: one window, one verdict, as text or JSON. Called by main.c. What is judged and
 * what is shown of it are the model's and the view's; here are the window, the exit code and the
 * output.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "command.h"
#include "diagnose.h"
#include "duration.h"
#include "log.h"
#include "output.h"
#include "session.h"
#include "top.h"

#define WINDOW_DEFAULT_NS (10 * TB_NSEC_PER_SEC)

static size_t width_of(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) || !size.ws_col || size.ws_col > TB_DIAGNOSE_WIDTH_MAX)
		return TB_DIAGNOSE_WIDTH_MAX;
	return size.ws_col < TB_DIAGNOSE_WIDTH_MIN ? TB_DIAGNOSE_WIDTH_MIN : size.ws_col;
}

static long utc_offset_s(const struct tb_model *model)
{
	time_t at = (time_t)(model->frame.realtime_ns / TB_NSEC_PER_SEC);
	struct tm local;

	return localtime_r(&at, &local) ? local.tm_gmtoff : 0;
}

static int page_print(const struct tb_diagnose *view, const struct tb_options *options)
{
	struct tb_page page = {};
	struct tb_buf out = {};
	int err;

	tb_diagnose_page(&page, view);
	if (tb_options_color(options, STDOUT_FILENO)) {
		tb_page_ansi(&out, &page);
		err = tb_output(&out);
	} else {
		err = tb_output(&page.text);
	}
	tb_buf_release(&out);
	tb_page_release(&page);
	return err;
}

static int json_print(const struct tb_diagnose *view)
{
	struct tb_buf out = {};
	int err;

	tb_diagnose_json(&out, view);
	err = tb_output(&out);
	tb_buf_release(&out);
	return err;
}

static int verdict_print(const struct tb_model *model, const struct tb_verdict *verdict,
			 const struct tb_options *options)
{
	struct tb_diagnose_look look = {
		.width = width_of(STDOUT_FILENO),
		.all = options->show_all,
		.rows_max = options->rows,
		.sort = tb_diagnose_sort(options->sort),
		.utc_offset_s = utc_offset_s(model),
	};
	struct tb_diagnose view = { model, verdict, &look };

	return options->json ? json_print(&view) : page_print(&view, options);
}

/* The output stands; what the user asked to be told by the exit code. */
static enum tb_exit verdict_exit(const struct tb_verdict *verdict, const struct tb_options *options)
{
	if (options->strict && !verdict->trust.complete) {
		tb_note("the data is incomplete: %llu events lost, %llu gaps (--strict)",
			(unsigned long long)verdict->trust.lost_window,
			(unsigned long long)verdict->trust.gaps);
		return TB_EXIT_INCOMPLETE;
	}
	return tb_verdict_has(verdict, options->fail_on) ? TB_EXIT_FINDING : TB_EXIT_OK;
}

/*
 * The question was about somebody who is not there: to judge the host in its place would mislead.
 */
static enum tb_exit nobody(const struct tb_model *model, const struct tb_options *options)
{
	const struct tb_top_look look = { .filter = options->filter };
	struct tb_buf text = {};

	tb_top_nothing(&text, model, &look);
	tb_error("nothing to judge: %s", tb_buf_text(&text));
	tb_buf_release(&text);
	return TB_EXIT_FAILURE;
}

/* Some of those that were named: the others are judged. */
static void note_missing(const struct tb_model *model, const struct tb_options *options)
{
	const struct tb_top_look look = { .filter = options->filter };
	struct tb_buf text = {};

	tb_top_missing(&text, model, &look);
	if (text.length)
		tb_note("%s", text.text);
	tb_buf_release(&text);
}

static enum tb_exit judged(const struct tb_model *model, const struct tb_verdict *verdict,
			   const struct tb_options *options)
{
	int err;

	if (!verdict->judged_nr && tb_filter_is_set(&options->filter))
		return nobody(model, options);
	note_missing(model, options);
	err = verdict_print(model, verdict, options);
	return err ? tb_exit_of(err) : verdict_exit(verdict, options);
}

static enum tb_exit diagnose(const struct tb_model *model, const struct tb_options *options)
{
	struct tb_verdict verdict;
	enum tb_exit code;

	if (tb_verdict_make(&verdict, model, &options->filter)) {
		tb_error("out of memory while the window was judged");
		return TB_EXIT_FAILURE;
	}
	code = judged(model, &verdict, options);
	tb_verdict_release(&verdict);
	return code;
}

static bool pids_missing(const struct tb_model *model, const struct tb_filter *filter)
{
	__u32 i;

	for (i = 0; i < filter->pid_nr; i++)
		if (tb_model_pid(model, filter->pids[i]))
			return false;
	return filter->pid_nr;
}

/* A slip in a process id is told at once, not after the window. */
static enum tb_exit session_run(struct tb_session *session, const struct tb_options *options)
{
	__u64 duration_ns = options->duration_ns;
	int err = 0;

	if (!duration_ns && session->live)
		duration_ns = WINDOW_DEFAULT_NS;
	if (session->live && options->filter.pid_nr)
		err = tb_session_frame(session);
	if (!err && session->live && pids_missing(&session->model, &options->filter))
		return nobody(&session->model, options);
	if (!err)
		err = tb_session_window(session, duration_ns);
	return err ? tb_exit_of(err) : diagnose(&session->model, options);
}

static enum tb_exit sort_help(void)
{
	struct tb_buf out = {};
	int err;

	tb_buf_add(&out, "orders of the rows (--sort):\n");
	tb_diagnose_sort_help(&out);
	err = tb_output(&out);
	tb_buf_release(&out);
	return tb_exit_of(err);
}

enum tb_exit tb_cmd_diagnose(const struct tb_options *options)
{
	struct tb_session session;
	enum tb_exit code;
	int err;

	if (options->sort && !strcmp(options->sort, "help"))
		return sort_help();
	if (!tb_diagnose_sort(options->sort)) {
		tb_error("there is no order `%s`; `--sort help` lists them", options->sort);
		return TB_EXIT_USAGE;
	}
	err = tb_session_open(&session, options);
	if (err)
		return tb_exit_of(err);
	code = session_run(&session, options);
	err = tb_session_close(&session);
	return code == TB_EXIT_OK ? tb_exit_of(err) : code;
}
