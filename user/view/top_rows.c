// SPDX-License-Identifier: GPL-2.0-only
/* Which rows there are and in what order; see top.h. Not here: how they look. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "log.h"
#include "top_columns.h"

bool tb_top_shows_idle(const struct tb_top_look *look)
{
	static const struct tb_object none;
	int reason = look->filter.reason;

	return look->filter.idle || (reason >= 0 && tb_wait_is_idle((__u32)reason, &none));
}

static struct tb_top_row *rows_grow(struct tb_top_rows *rows)
{
	size_t size = rows->size ? 2 * rows->size : 64;
	struct tb_top_row *grown;

	if (rows->nr == rows->size) {
		grown = realloc(rows->rows, size * sizeof(*grown));
		if (!grown)
			return NULL;
		rows->rows = grown;
		rows->size = size;
	}
	return &rows->rows[rows->nr++];
}

static int threads_take(struct tb_top_rows *rows, const struct tb_top_view *view,
			const struct tb_model_process *process)
{
	const struct tb_model_thread *thread;
	struct tb_top_row *row;

	DL_FOREACH(process->threads, thread) {
		rows->candidates++;
		if (!tb_filter_thread(&view->look->filter, view->model, thread))
			continue;
		row = rows_grow(rows);
		if (!row)
			return -ENOMEM;
		row->process = process;
		row->thread = thread;
		tb_window_thread(view->model, thread, &row->usage);
		row->longest =
			tb_thread_longest(view->model, thread, tb_top_shows_idle(view->look));
	}
	return 0;
}

static int process_take(struct tb_top_rows *rows, const struct tb_top_view *view,
			const struct tb_model_process *process, const struct tb_usage *usage)
{
	struct tb_top_row *row;

	rows->candidates++;
	if (!tb_filter_process(&view->look->filter, view->model, process))
		return 0;
	row = rows_grow(rows);
	if (!row)
		return -ENOMEM;
	row->process = process;
	row->thread = NULL;
	row->usage = *usage;
	row->longest = tb_process_longest(view->model, process, tb_top_shows_idle(view->look));
	return 0;
}

/* What the user could see at all: who was there, and not kernel threads unless asked for. */
static bool is_candidate(const struct tb_filter *filter, const struct tb_model_process *process,
			 const struct tb_usage *usage)
{
	if (!usage->threads && !tb_usage_busy_ns(usage) && !usage->idle_ns)
		return false;
	return !process->kernel || filter->kernel_threads || filter->pid_nr || filter->tid;
}

static int rows_collect(struct tb_top_rows *rows, const struct tb_top_view *view)
{
	const struct tb_model_process *process, *next;
	struct tb_usage usage;
	int err = 0;

	HASH_ITER(hh, view->model->processes, process, next) {
		tb_window_process(view->model, process, &usage);
		tb_usage_add(&rows->all, &usage);
		if (!process->kernel)
			rows->idle_ns += usage.idle_ns;
		if (err || !is_candidate(&view->look->filter, process, &usage))
			continue;
		err = view->look->threads ? threads_take(rows, view, process)
					  : process_take(rows, view, process, &usage);
	}
	return err;
}

static int rows_compare(const void *a, const void *b, void *view)
{
	return tb_top_compare(view, a, b);
}

int tb_top_rows_take(struct tb_top_rows *rows, const struct tb_model *model,
		     const struct tb_top_look *look)
{
	struct tb_top_view view = { .model = model, .look = look };

	rows->nr = rows->candidates = 0;
	rows->idle_ns = 0;
	memset(&rows->all, 0, sizeof(rows->all));
	tb_window_host(model, &rows->host);
	tb_window_trust(model, &rows->trust);
	if (rows_collect(rows, &view)) {
		tb_error("out of memory for the rows of %zu processes", rows->candidates);
		return -ENOMEM;
	}
	if (rows->nr)
		qsort_r(rows->rows, rows->nr, sizeof(*rows->rows), rows_compare, &view);
	if (look->rows_max && rows->nr > look->rows_max)
		rows->nr = look->rows_max;
	return 0;
}

void tb_top_rows_release(struct tb_top_rows *rows)
{
	free(rows->rows);
	memset(rows, 0, sizeof(*rows));
}
