// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a row of `top` waits for most. A process's is the object with most time in the window; of a
 * thread only the wait that it is in is known. Where nothing but waiting for work is to be told,
 * that is told, as idle.
 */
#include "escape.h"
#include "json.h"
#include "top_columns.h"
#include "wording.h"

struct top_wait {
	__u32 state;
	const struct tb_object *object; /* NULL: none to tell */
	struct tb_wait wait;		/* of a process */
	bool idle;
};

static struct top_wait thread_wait(const struct tb_model *model,
				   const struct tb_model_thread *thread)
{
	const struct tb_thread *now = &thread->now;
	struct top_wait top = { .state = now->state };

	if (!tb_is_reason(now->state))
		return top;
	top.object = &now->object;
	top.idle = tb_thread_is_idle(model, thread);
	return top;
}

/*
 * Of a process that only waits for work, what it waits for; a busy one has no such word beside it.
 */
static bool process_wait_find(const struct tb_top_view *view, const struct tb_top_row *row,
			      struct tb_wait *wait)
{
	bool idle = tb_top_shows_idle(view->look) || tb_usage_is_idle(&row->usage);

	return tb_window_top_wait(row->process, idle, wait) &&
	       tb_usage_mean(&row->usage, wait->ns) >= TB_TOP_SHOWN;
}

static struct top_wait top_wait(const struct tb_top_view *view, const struct tb_top_row *row)
{
	struct top_wait top = {};

	if (row->thread)
		return thread_wait(view->model, row->thread);
	if (!process_wait_find(view, row, &top.wait))
		return top;
	top.state = top.wait.edge->now.state;
	top.object = &top.wait.edge->now.object;
	top.idle = top.wait.idle;
	return top;
}

static void wait_text(struct tb_buf *text, const struct tb_teller *teller,
		      const struct top_wait *top, bool quiet)
{
	tb_buf_clear(text);
	tb_buf_add(text, quiet ? "idle: " : "");
	tb_view_wait(text, teller, top->state, top->object);
}

void tb_top_wait_cell(struct tb_page *page, const struct tb_top_view *view,
		      const struct tb_top_row *row, size_t width)
{
	struct tb_teller teller = { view->model, row->process, TB_FORM_SHORT };
	struct top_wait top = top_wait(view, row);
	bool quiet = top.idle && !tb_top_shows_idle(view->look);
	struct tb_buf text = {};

	if (!top.object) {
		tb_page_add(page, TB_STYLE_QUIET, "-");
		return;
	}
	wait_text(&text, &teller, &top, quiet);
	if (tb_text_columns(tb_buf_text(&text)) > width) {
		teller.form = TB_FORM_TIGHT;
		wait_text(&text, &teller, &top, quiet);
	}
	tb_page_clip(page, quiet ? TB_STYLE_QUIET : TB_STYLE_PLAIN, tb_buf_text(&text), width);
	page->text.failed |= text.failed;
	tb_buf_release(&text);
}

json_t *tb_top_wait_json(struct tb_buf *out, const struct tb_top_view *view,
			 const struct tb_top_row *row)
{
	struct top_wait top = top_wait(view, row);
	struct tb_teller teller = { view->model, row->process, TB_FORM_FULL };
	json_t *json;

	if (!top.object)
		return json_null();
	json = tb_json_wait(out, &teller, top.state, top.object);
	tb_json_set(out, json, "idle", json_boolean(top.idle));
	tb_json_set(out, json, "mean",
		    row->thread ? json_null() : json_real(tb_usage_mean(&row->usage, top.wait.ns)));
	tb_json_set(out, json, "count",
		    row->thread ? json_null() : json_integer((json_int_t)top.wait.count));
	tb_json_set(out, json, "open",
		    row->thread ? json_null() : json_integer((json_int_t)top.wait.open_nr));
	return json;
}
