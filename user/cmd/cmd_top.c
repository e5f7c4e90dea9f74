// SPDX-License-Identifier: GPL-2.0-only
/*
 * `tailback top`: frame after frame from a session, each shown as text, as JSON or on a screen.
 * Here: what the options ask for, the frames as text, the exit code. The screen is
 * cmd_top_screen.c.
 */
#include "cmd_top.h"

#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "command.h"
#include "duration.h"
#include "log.h"
#include "output.h"
#include "stop.h"
#include "terminal.h"
#include "top_columns.h"

#define INTERVAL_NS	TB_NSEC_PER_SEC
#define INTERVAL_MIN_NS (TB_NSEC_PER_SEC / 100) /* less would measure the tool itself */
#define FILE_WIDTH	132			/* in files and pipes: always the same */
#define WIDTH_MIN	20

__u64 top_now_ns(void)
{
	return tb_clock_ns(CLOCK_MONOTONIC);
}

/* The view knows no time zones: they are files. */
static long utc_offset(__u64 realtime_ns)
{
	time_t seconds = (time_t)(realtime_ns / TB_NSEC_PER_SEC);
	struct tm local;

	return localtime_r(&seconds, &local) ? local.tm_gmtoff : 0;
}

int top_frame(struct top_run *run)
{
	int err = tb_session_frame(&run->session);

	if (err)
		return err;
	run->look.utc_offset_s = utc_offset(run->session.model.frame.realtime_ns);
	return tb_top_rows_take(&run->rows, &run->session.model, &run->look);
}

bool top_frame_shown(struct top_run *run)
{
	run->losses.lost_window += run->rows.trust.lost_window;
	run->losses.gaps += run->rows.trust.gaps;
	tb_session_mark(&run->session);
	run->frames++;
	return !run->options->frames || run->frames < run->options->frames;
}

/* Once, beside the data: the user asked for somebody who is not there. */
static void note_missing(const struct top_run *run)
{
	struct tb_buf text = {};

	if (!run->rows.nr && tb_filter_is_set(&run->look.filter))
		tb_top_nothing(&text, &run->session.model, &run->look);
	else
		tb_top_missing(&text, &run->session.model, &run->look);
	if (text.length)
		tb_note("%s", text.text);
	tb_buf_release(&text);
}

static int batch_show(struct top_run *run, bool color)
{
	struct tb_buf out = {};
	int err;

	if (run->options->json) {
		tb_top_json(&out, &run->session.model, &run->rows, &run->look);
	} else {
		tb_page_clear(&run->page);
		tb_buf_add(&out, run->frames ? "\n" : "");
		tb_top_page(&run->page, &run->session.model, &run->rows, &run->look);
		if (color)
			tb_page_ansi(&out, &run->page);
		else
			tb_buf_add_bytes(&out, run->page.text.text, run->page.text.length);
		out.failed |= run->page.text.failed;
	}
	err = tb_output(&out);
	tb_buf_release(&out);
	return err;
}

/* Asked to stop, it still shows what it has. */
static int batch_run(struct top_run *run)
{
	bool color = tb_options_color(run->options, STDOUT_FILENO), more = true;
	__u64 due_ns = top_now_ns();
	int err = 0;

	while (more && !err) {
		due_ns += run->interval_ns;
		if (run->session.live)
			more = tb_sleep_until(due_ns);
		else if (tb_stopped())
			break;
		err = top_frame(run);
		if (err)
			break;
		if (!run->frames)
			note_missing(run);
		err = batch_show(run, color);
		more = top_frame_shown(run) && more;
		if (due_ns + run->interval_ns < top_now_ns())
			due_ns = top_now_ns(); /* too slow for the interval: no bunches */
	}
	return err;
}

static size_t batch_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		return FILE_WIDTH;
	return size.ws_col < WIDTH_MIN ? WIDTH_MIN : size.ws_col;
}

/* The first walk is where the first window begins. */
static int run_begin(struct top_run *run)
{
	int err = tb_session_frame(&run->session);

	if (err == -ENODATA)
		tb_error("the recording %s holds no frame", run->options->input);
	if (!err)
		tb_session_mark(&run->session);
	return err;
}

static int run_frames(struct top_run *run, bool screen)
{
	int err = run_begin(run);

	if (err)
		return err;
	err = screen ? top_screen_run(run) : batch_run(run);
	if (err != -ENODATA)
		return err;
	if (!run->frames)
		tb_note("the recording %s holds one frame: a window needs two",
			run->options->input);
	return 0;
}

static enum tb_exit run_verdict(const struct top_run *run, int err)
{
	struct tb_buf losses = {};
	bool incomplete = run->losses.lost_window || run->losses.gaps;

	if (err && err != -EPIPE)
		return tb_exit_of(err);
	if (!run->options->strict || !incomplete)
		return TB_EXIT_OK;
	tb_top_losses(&losses, &run->losses);
	tb_error("the data is incomplete: %s", tb_buf_text(&losses));
	tb_buf_release(&losses);
	return TB_EXIT_INCOMPLETE;
}

static enum tb_exit top_run(struct top_run *run, bool screen)
{
	int err = tb_session_open(&run->session, run->options), close_err;
	enum tb_exit verdict;

	if (err)
		return tb_exit_of(err);
	err = run_frames(run, screen);
	verdict = run_verdict(run, err);
	close_err = tb_session_close(&run->session);
	tb_top_rows_release(&run->rows);
	tb_page_release(&run->page);
	return verdict == TB_EXIT_OK ? tb_exit_of(close_err) : verdict;
}

static enum tb_exit sort_help(void)
{
	struct tb_buf out = {};
	int err;

	tb_top_sort_help(&out);
	err = tb_output(&out);
	tb_buf_release(&out);
	return tb_exit_of(err);
}

static void sort_unknown(const char *key)
{
	const struct tb_top_column *column;
	struct tb_buf keys = {};

	for (column = tb_top_columns; column->key; column++)
		if (column->sorted_by)
			tb_buf_printf(&keys, "%s%s", keys.length ? ", " : "", column->key);
	tb_error("--sort cannot be `%s`; it is one of %s", key, tb_buf_text(&keys));
	tb_buf_release(&keys);
}

enum tb_exit tb_cmd_top(const struct tb_options *options)
{
	bool screen =
		!options->batch && !options->json && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	const char *key = options->sort ? options->sort : tb_top_columns[0].key;
	struct top_run run = { .options = options };

	if (!strcmp(key, "help"))
		return sort_help();
	run.look = (struct tb_top_look){ .filter = options->filter,
					 .threads = options->threads,
					 .sort = tb_top_column(key),
					 .rows_max = options->rows,
					 .width = batch_width(),
					 .cursor = TB_TOP_NO_CURSOR };
	if (!run.look.sort) {
		sort_unknown(key);
		return TB_EXIT_USAGE;
	}
	run.interval_ns = options->interval_ns ? options->interval_ns : INTERVAL_NS;
	if (run.interval_ns < INTERVAL_MIN_NS)
		run.interval_ns = INTERVAL_MIN_NS;
	if (screen && tb_terminal_check())
		return TB_EXIT_FAILURE;
	return top_run(&run, screen);
}
