// SPDX-License-Identifier: GPL-2.0-only
/* The registry and the small cells; see top_columns.h. */
#include "top_columns.h"

#include <math.h>
#include <string.h>

#include "duration.h"
#include "escape.h"
#include "json.h"
#include "tables.h"

#define CELL(name)                                                                    \
	static void cell_##name(struct tb_page *page, const struct tb_top_view *view, \
				const struct tb_top_row *row, size_t width)
#define JSON(name)                                                                     \
	static json_t *json_##name(struct tb_buf *out, const struct tb_top_view *view, \
				   const struct tb_top_row *row)
#define NUMBER(name) \
	static double number_##name(const struct tb_top_view *view, const struct tb_top_row *row)

void tb_top_mean(char text[16], double mean)
{
	snprintf(text, 16, "%.*f", mean < 99.995 ? 2 : mean < 9999.95 ? 1 : 0, mean);
}

__u64 tb_top_queued_ns(const struct tb_usage *usage)
{
	return usage->ns[TB_RUNQUEUE] + usage->ns[TB_THROTTLED];
}

__u64 tb_top_blocked_ns(const struct tb_usage *usage, bool idle)
{
	return tb_usage_blocked_ns(usage) - (idle ? 0 : usage->idle_ns);
}

static double blocked(const struct tb_top_view *view, const struct tb_top_row *row)
{
	bool idle = tb_top_shows_idle(view->look);

	return tb_usage_mean(&row->usage, tb_top_blocked_ns(&row->usage, idle));
}

/* clang-format off */
NUMBER(pid) { return row->process->key.tgid; }
NUMBER(tid) { return row->thread ? row->thread->now.id.tid : 0; }
NUMBER(threads) { return row->usage.threads; }
NUMBER(oncpu) { return tb_usage_mean(&row->usage, row->usage.ns[TB_ONCPU]); }
NUMBER(queued) { return tb_usage_mean(&row->usage, tb_top_queued_ns(&row->usage)); }
NUMBER(runqueue) { return tb_usage_mean(&row->usage, row->usage.ns[TB_RUNQUEUE]); }
NUMBER(throttled) { return tb_usage_mean(&row->usage, row->usage.ns[TB_THROTTLED]); }
NUMBER(blocked) { return blocked(view, row); }
NUMBER(idle) { return tb_usage_mean(&row->usage, row->usage.idle_ns); }
NUMBER(busy) { return tb_usage_mean(&row->usage, tb_usage_busy_ns(&row->usage)); }
NUMBER(longest) { return row->longest.thread ? (double)row->longest.ns : -1; }
/* clang-format on */

static const char *word_comm(const struct tb_top_row *row)
{
	return row->process->comm;
}

static void cell_mean(struct tb_page *page, double mean)
{
	char text[16];

	tb_top_mean(text, mean);
	tb_page_add(page, mean < TB_TOP_SHOWN ? TB_STYLE_QUIET : TB_STYLE_PLAIN, text);
}

/* clang-format off */
CELL(oncpu) { cell_mean(page, number_oncpu(view, row)); }
CELL(queued) { cell_mean(page, number_queued(view, row)); }
CELL(blocked) { cell_mean(page, blocked(view, row)); }
CELL(pid) { tb_buf_printf(&page->text, "%u", row->process->key.tgid); }
CELL(tid) { tb_buf_printf(&page->text, "%u", row->thread ? row->thread->now.id.tid : 0); }
/* clang-format on */

CELL(comm)
{
	const char *comm = row->thread ? row->thread->now.comm : row->process->comm;

	if (!*comm)
		tb_clip_columns(&page->text, "(unknown)", width);
	else
		tb_escape_columns(&page->text, comm, TB_COMM_LEN, width);
}

/* What the bar is made of: waiting for work only where it is shown. */
static __u64 where_ns(const struct tb_top_view *view, const struct tb_top_row *row,
		      __u64 ns[TB_STATE_NR])
{
	bool idle = tb_top_shows_idle(view->look);
	__u64 sum = 0;
	__u32 i;

	for (i = 0; i < TB_STATE_NR; i++) {
		ns[i] = row->usage.ns[i] - (idle ? 0 : row->usage.idle[i]);
		sum += ns[i];
	}
	return sum;
}

CELL(where)
{
	__u32 bar[TB_TOP_BAR_CELLS];
	__u64 ns[TB_STATE_NR];
	char cell[2] = "";
	int i;

	if (tb_usage_mean(&row->usage, where_ns(view, row, ns)) < TB_TOP_SHOWN ||
	    !tb_top_bar(bar, ns))
		return;
	for (i = 0; i < TB_TOP_BAR_CELLS; i++) {
		cell[0] = tb_state_letter(bar[i]);
		tb_page_add(page, TB_STYLE_STATE + bar[i], cell);
	}
}

CELL(longest)
{
	char text[TB_DURATION_LEN];

	if (!row->longest.thread)
		tb_page_add(page, TB_STYLE_QUIET, "-");
	else
		tb_buf_printf(&page->text, "%s%s", row->longest.estimate ? "~" : "",
			      tb_duration_text(text, row->longest.ns));
}

/* clang-format off */
JSON(pid) { return json_integer(row->process->key.tgid); }
JSON(tid) { return row->thread ? json_integer(row->thread->now.id.tid) : json_null(); }
JSON(threads) { return json_integer(row->usage.threads); }
JSON(oncpu) { return json_real(number_oncpu(view, row)); }
JSON(runqueue) { return json_real(number_runqueue(view, row)); }
JSON(throttled) { return json_real(number_throttled(view, row)); }
JSON(idle) { return json_real(number_idle(view, row)); }
JSON(busy) { return json_real(number_busy(view, row)); }
/* clang-format on */

JSON(comm)
{
	const char *comm = row->thread ? row->thread->now.comm : row->process->comm;

	return tb_json_text(comm, TB_COMM_LEN);
}

JSON(group)
{
	return tb_json_text(row->process->info.cgroup, sizeof(row->process->info.cgroup));
}

JSON(blocked)
{
	json_t *reasons = json_object();
	__u32 i;

	for (i = TB_FIRST_REASON; i < TB_STATE_NR; i++)
		tb_json_set(out, reasons, tb_state_name(i),
			    json_real(tb_usage_mean(&row->usage, row->usage.ns[i])));
	return reasons;
}

JSON(longest)
{
	const struct tb_model_thread *thread = row->longest.thread;
	struct tb_teller teller = { view->model, row->process, TB_FORM_FULL };
	json_t *longest;

	if (!thread)
		return json_null();
	longest = tb_json_wait(out, &teller, thread->now.state, &thread->now.object);
	tb_json_set(out, longest, "tid", json_integer(thread->now.id.tid));
	tb_json_set(out, longest, "seconds", tb_json_seconds(row->longest.ns));
	tb_json_set(out, longest, "estimate", json_boolean(row->longest.estimate));
	return longest;
}

/* One row each: what is said of it in a table, in JSON, and by --sort. */
/* clang-format off */
const struct tb_top_column tb_top_columns[] = {
	{ .key = "busy", .json = json_busy, .number = number_busy,
	  .sorted_by = "threads that do anything but wait for work" },
	{ .key = "pid", .heading = "PID", .rank = 3, .thread_rank = 9, .width = 7,
	  .width_most = 7, .right = true, .cell = cell_pid, .json = json_pid,
	  .number = number_pid, .sorted_by = "process id" },
	{ .key = "tid", .heading = "TID", .rank = 2, .width = 7, .width_most = 7, .right = true,
	  .shown_for = TB_TOP_FOR_THREADS, .cell = cell_tid, .json = json_tid,
	  .number = number_tid },
	{ .key = "comm", .heading = "NAME", .rank = 0, .width = 9, .width_most = 15,
	  .cell = cell_comm, .json = json_comm, .word = word_comm, .sorted_by = "name" },
	{ .key = "group", .json = json_group },
	{ .key = "threads", .json = json_threads, .number = number_threads,
	  .sorted_by = "number of threads" },
	{ .key = "oncpu", .heading = "ON-CPU", .rank = 5, .width = 6, .width_most = 6,
	  .right = true, .cell = cell_oncpu, .json = json_oncpu, .number = number_oncpu,
	  .sorted_by = "threads running on a CPU" },
	{ .key = "runqueue", .heading = "QUEUED", .rank = 6, .width = 6, .width_most = 6,
	  .right = true, .cell = cell_queued, .json = json_runqueue, .number = number_queued,
	  .sorted_by = "threads ready, waiting for a CPU or held back by a quota" },
	{ .key = "throttled", .json = json_throttled, .number = number_throttled,
	  .sorted_by = "threads ready, held back by a CPU quota" },
	{ .key = "blocked", .heading = "BLOCKED", .rank = 4, .width = 7, .width_most = 7,
	  .right = true, .cell = cell_blocked, .json = json_blocked, .number = number_blocked,
	  .sorted_by = "threads blocked" },
	{ .key = "idle", .json = json_idle, .number = number_idle,
	  .sorted_by = "threads that wait for work" },
	{ .key = "where", .heading = "WHERE", .rank = 1, .width = TB_TOP_BAR_CELLS,
	  .width_most = TB_TOP_BAR_CELLS, .cell = cell_where },
	{ .key = "top_wait", .heading = "TOP WAIT", .thread_heading = "WAITS FOR", .rank = 8,
	  .width = 12, .width_most = 999, .cell = tb_top_wait_cell, .json = tb_top_wait_json },
	{ .key = "longest", .heading = "LONGEST", .rank = 7, .width = 8, .width_most = 8,
	  .right = true, .cell = cell_longest, .json = json_longest, .number = number_longest,
	  .sorted_by = "longest wait that is still open" },
	{ NULL },
};
/* clang-format on */

const struct tb_top_column *tb_top_column(const char *key)
{
	const struct tb_top_column *column;

	for (column = tb_top_columns; column->key; column++)
		if (column->sorted_by && !strcmp(column->key, key))
			return column;
	return NULL;
}

const struct tb_top_column *tb_top_column_after(const struct tb_top_column *column)
{
	do
		column = column[1].key ? column + 1 : tb_top_columns;
	while (!column->sorted_by);
	return column;
}

void tb_top_sort_help(struct tb_buf *out)
{
	const struct tb_top_column *column;

	for (column = tb_top_columns; column->key; column++)
		if (column->sorted_by)
			tb_buf_printf(out, "%-10s %s\n", column->key, column->sorted_by);
}

static int id_compare(const struct tb_top_row *a, const struct tb_top_row *b)
{
	__u32 x = a->process->key.tgid, y = b->process->key.tgid;

	if (x == y && a->thread && b->thread) {
		x = a->thread->now.id.tid;
		y = b->thread->now.id.tid;
	}
	return (x > y) - (x < y);
}

/* Two digits, as cells show them; nanoseconds stay whole. */
static int number_compare(double a, double b)
{
	a = round(a * 100);
	b = round(b * 100);
	return (a < b) - (a > b);
}

int tb_top_compare(const struct tb_top_view *view, const struct tb_top_row *a,
		   const struct tb_top_row *b)
{
	const struct tb_top_column *sort = view->look->sort;
	int order = 0;

	if (sort->word)
		order = strcmp(sort->word(a), sort->word(b));
	else if (sort->number != number_pid)
		order = number_compare(sort->number(view, a), sort->number(view, b));
	if (!order && sort->number != number_pid)
		order = number_compare(number_oncpu(view, a), number_oncpu(view, b));
	if (!order)
		order = id_compare(a, b);
	return view->look->reverse ? -order : order;
}
