// SPDX-License-Identifier: GPL-2.0-only
/* What to say when there is no row: whom the user asked for, and what there is. See top.h. */
#include "escape.h"
#include "top.h"

/* A thread's id where a process's is wanted is the usual slip. */
static const struct tb_model_thread *thread_find(const struct tb_model *model, __u32 tid)
{
	const struct tb_model_thread *thread, *next;

	HASH_ITER(hh, model->threads, thread, next)
		if (thread->now.id.tid == tid)
			return thread;
	return NULL;
}

static void missing_add(struct tb_buf *out, const struct tb_model *model, __u32 pid)
{
	const struct tb_model_thread *thread = thread_find(model, pid);

	tb_buf_add(out, out->length ? "; " : "");
	if (thread)
		tb_buf_printf(out, "%u is a thread of process %u", pid, thread->now.id.tgid);
	else
		tb_buf_printf(out, "no process %u exists", pid);
}

void tb_top_missing(struct tb_buf *out, const struct tb_model *model,
		    const struct tb_top_look *look)
{
	__u32 i;

	for (i = 0; i < look->filter.pid_nr; i++)
		if (!tb_model_pid(model, look->filter.pids[i]))
			missing_add(out, model, look->filter.pids[i]);
	if (look->filter.tid && !thread_find(model, look->filter.tid))
		tb_buf_printf(out, "%sno thread %u exists", out->length ? "; " : "",
			      look->filter.tid);
}

void tb_top_nothing(struct tb_buf *out, const struct tb_model *model,
		    const struct tb_top_look *look)
{
	const char *rows = look->threads ? "thread" : "process";
	const char *names[TB_FILTER_SEEN_MAX];
	size_t nr, i;

	if (!tb_filter_is_set(&look->filter)) {
		tb_buf_printf(out, "every %s only waits for work", rows);
		return;
	}
	tb_top_missing(out, model, look);
	if (!out->length)
		tb_buf_printf(out, "no %s matches the filter", rows);
	nr = tb_filter_seen(model, names);
	tb_buf_add(out, nr ? "; there are" : "");
	for (i = 0; i < nr; i++) {
		tb_buf_add(out, i ? ", " : " ");
		tb_escape_terminal(out, names[i], TB_COMM_LEN);
	}
}
