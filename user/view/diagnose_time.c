// SPDX-License-Identifier: GPL-2.0-only
/*
 * WHERE THE TIME WENT: a line for each service, busiest first, and below it a line for each reason.
 * Shares are of the time in which it did something or waited for somebody, and they add up.
 */
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "diagnose_parts.h"
#include "escape.h"
#include "tables.h"
#include "wording.h"

#define ROWS_DEFAULT 12
#define WORTH_A_LINE 0.01 /* of the service's time */
#define NAME_WIDE    20
#define NAME_NARROW  14
#define WAIT_COLUMN  41 /* without the name: pid, four figures and the blanks around them */

struct tb_diagnose_sort {
	const char *name;
	const char *sorted_by;
	int (*order)(const struct tb_group *a, const struct tb_group *b); /* NULL: as it is */
};

static int more_first(__u64 a, __u64 b)
{
	return (a < b) - (a > b);
}

static int order_oncpu(const struct tb_group *a, const struct tb_group *b)
{
	return more_first(a->usage.ns[TB_ONCPU], b->usage.ns[TB_ONCPU]);
}

static __u64 queued_ns(const struct tb_group *group)
{
	return group->usage.ns[TB_RUNQUEUE] + group->usage.ns[TB_THROTTLED];
}

static int order_queued(const struct tb_group *a, const struct tb_group *b)
{
	return more_first(queued_ns(a), queued_ns(b));
}

static __u64 blocked_ns(const struct tb_group *group)
{
	return tb_usage_blocked_ns(&group->usage) - group->usage.idle_ns;
}

static int order_blocked(const struct tb_group *a, const struct tb_group *b)
{
	return more_first(blocked_ns(a), blocked_ns(b));
}

static int order_pid(const struct tb_group *a, const struct tb_group *b)
{
	return -more_first(a->process->key.tgid, b->process->key.tgid);
}

static int order_comm(const struct tb_group *a, const struct tb_group *b)
{
	return strcmp(a->process->comm, b->process->comm);
}

/* Those with threads that did not run at all come last: most listen to a quiet peer. */
static int order_busy(const struct tb_group *a, const struct tb_group *b)
{
	if (a->active_ns != b->active_ns)
		return more_first(a->active_ns, b->active_ns);
	return more_first(tb_usage_busy_ns(&a->usage), tb_usage_busy_ns(&b->usage));
}

static const struct tb_diagnose_sort sorts[] = {
	{ "busy", "time on CPU, queued and blocked, of threads that ran, without waits for work",
	  order_busy },
	{ "oncpu", "time on a CPU", order_oncpu },
	{ "queued", "time in the run queue or held back by a quota", order_queued },
	{ "blocked", "time blocked, without waits for work", order_blocked },
	{ "pid", "process id", order_pid },
	{ "comm", "name", order_comm },
};

#define SORT_NR (sizeof(sorts) / sizeof(sorts[0]))

const struct tb_diagnose_sort *tb_diagnose_sort(const char *name)
{
	size_t i;

	for (i = 0; name && i < SORT_NR; i++)
		if (!strcmp(sorts[i].name, name))
			return &sorts[i];
	return name ? NULL : &sorts[0];
}

void tb_diagnose_sort_help(struct tb_buf *out)
{
	size_t i;

	for (i = 0; i < SORT_NR; i++)
		tb_buf_printf(out, "  %-8s  %s\n", sorts[i].name, sorts[i].sorted_by);
}

/* Time in a reason is two parts: for work, and not. */
static void parts_states(const struct tb_group *group, struct diagnose_part *parts, size_t *nr)
{
	const struct tb_usage *usage = &group->usage;
	__u32 state;

	for (state = 0; state < TB_STATE_NR; state++) {
		parts[(*nr)++] =
			(struct diagnose_part){ .state = state,
						.ns = usage->ns[state] - usage->idle[state] };
		parts[(*nr)++] = (struct diagnose_part){ .state = state,
							 .idle = true,
							 .ns = usage->idle[state] };
	}
}

static __u64 edge_ns(const struct tb_model_edge *edge)
{
	__u64 ns = tb_edge_effective_ns(edge);

	return ns > edge->mark_ns ? ns - edge->mark_ns : 0;
}

/* Replicas wait for the same peer or file: it counts once. Futexes are each process's own. */
static void part_object(struct diagnose_part *part, const struct tb_model_edge *edge)
{
	const struct tb_object *object = &edge->now.object;
	size_t i;

	for (i = 0; i < part->object_nr; i++)
		if (object->kind != TB_OBJ_FUTEX && tb_object_same(part->objects[i], object))
			return;
	if (i < DIAGNOSE_OBJECTS_MAX)
		part->objects[part->object_nr++] = object;
}

/* The object with most of each part's time. */
static void part_edge(struct diagnose_part *parts, size_t nr, const struct tb_model_edge *edge)
{
	bool idle = tb_edge_is_idle(edge);
	__u64 ns = edge_ns(edge);
	size_t i;

	for (i = 0; i < nr; i++)
		if (parts[i].state == edge->now.state && parts[i].idle == idle)
			break;
	if (i == nr || !ns || edge->now.object.kind == TB_OBJ_NONE)
		return;
	if (ns * 100 >= parts[i].ns)
		part_object(&parts[i], edge);
	if (!parts[i].edge || ns > edge_ns(parts[i].edge))
		parts[i].edge = edge;
}

static int part_order(const void *a, const void *b)
{
	const struct diagnose_part *x = a, *y = b;

	if (x->idle != y->idle)
		return (int)x->idle - (int)y->idle;
	return x->ns == y->ns ? (int)x->state - (int)y->state : more_first(x->ns, y->ns);
}

size_t diagnose_parts(const struct tb_group *group, struct diagnose_part parts[DIAGNOSE_PARTS_MAX])
{
	const struct tb_model_edge *edge;
	size_t i, nr = 0;

	parts_states(group, parts, &nr);
	for (i = 0; i < group->member_nr; i++)
		DL_FOREACH(group->members[i]->edges, edge)
			part_edge(parts, nr, edge);
	qsort(parts, nr, sizeof(*parts), part_order);
	return nr;
}

void diagnose_part_object(struct tb_buf *out, const struct tb_diagnose *view,
			  const struct diagnose_part *part)
{
	struct tb_teller teller = { .model = view->model, .form = TB_FORM_SHORT };

	if (part->state == TB_THROTTLED)
		tb_buf_add(out, "by the quota of its control group");
	if (!part->edge)
		return;
	teller.self = part->edge->process;
	tb_view_object(out, &teller, &part->edge->now.object);
	if (part->object_nr > 1)
		tb_buf_printf(out, " and %zu%s more", part->object_nr - 1,
			      part->object_nr == DIAGNOSE_OBJECTS_MAX ? " or" : "");
}

static size_t name_columns(const struct tb_diagnose *view)
{
	return view->look->width >= 90 ? NAME_WIDE : NAME_NARROW;
}

static double share_of(__u64 ns, __u64 all)
{
	return all ? 100 * (double)ns / (double)all : 0;
}

/* "net 61 %  :5432 postgres (+2)", behind whatever stands on the line. */
static void line_part(struct tb_page *page, const struct tb_diagnose *view,
		      const struct diagnose_part *part, const struct tb_group *group)
{
	size_t room = view->look->width - WAIT_COLUMN - name_columns(view),
	       begin = page->text.length;
	struct tb_buf text = {}, object = {};

	if (part->idle)
		tb_buf_printf(&text, "idle %.2f threads %s", tb_usage_mean(&group->usage, part->ns),
			      tb_state_name(part->state));
	else
		tb_buf_printf(&text, "%s %.0f%%", tb_state_name(part->state),
			      share_of(part->ns, tb_usage_busy_ns(&group->usage)));
	diagnose_part_object(&object, view, part);
	if (object.length)
		tb_buf_printf(&text, "  %s", object.text);
	tb_clip_columns(&page->text, tb_buf_text(&text), room);
	tb_page_style(page, begin, part->idle ? TB_STYLE_QUIET : TB_STYLE_PLAIN);
	page->text.failed |= text.failed || object.failed;
	tb_buf_release(&text);
	tb_buf_release(&object);
	tb_page_line(page);
}

static bool part_is_shown(const struct tb_diagnose *view, const struct diagnose_part *part,
			  const struct tb_group *group)
{
	double all_ns = (double)tb_usage_busy_ns(&group->usage);

	if (part->state == TB_ONCPU || part->state == TB_RUNQUEUE)
		return false;
	if (part->idle)
		return view->look->all && tb_usage_mean(&group->usage, part->ns) >= 0.005;
	return (double)part->ns >= WORTH_A_LINE * all_ns && part->ns;
}

static void row_figures(struct tb_page *page, const struct tb_diagnose *view,
			const struct tb_group *group)
{
	const struct tb_usage *usage = &group->usage;
	__u64 busy_ns = tb_usage_busy_ns(usage);
	size_t line = page->text.length, columns = name_columns(view);
	struct tb_buf name = {};

	tb_buf_printf(&page->text, "%7u ", group->process->key.tgid);
	tb_escape_columns(&name, group->process->comm, sizeof(group->process->comm), 15);
	if (group->member_nr > 1)
		tb_buf_printf(&name, " x%zu", group->member_nr);
	tb_clip_columns(&page->text, tb_buf_text(&name), columns);
	tb_buf_release(&name);
	diagnose_pad(page, line, 8 + columns);
	tb_buf_printf(&page->text, " %6.2f %6.0f%% %6.0f%% %6.0f%%", tb_usage_mean(usage, busy_ns),
		      share_of(usage->ns[TB_ONCPU], busy_ns), share_of(queued_ns(group), busy_ns),
		      share_of(blocked_ns(group), busy_ns));
}

static void row_print(struct tb_page *page, const struct tb_diagnose *view,
		      const struct tb_group *group)
{
	struct diagnose_part parts[DIAGNOSE_PARTS_MAX];
	size_t i, nr = diagnose_parts(group, parts);
	bool first = true;

	row_figures(page, view, group);
	for (i = 0; i < nr; i++) {
		if (!part_is_shown(view, &parts[i], group))
			continue;
		if (first)
			tb_buf_add(&page->text, "  ");
		else
			tb_buf_repeat(&page->text, ' ', WAIT_COLUMN + name_columns(view));
		line_part(page, view, &parts[i], group);
		first = false;
	}
	if (first)
		tb_page_line(page);
}

static bool group_is_shown(const struct tb_diagnose *view, const struct tb_group *group)
{
	return group->judged &&
	       (view->look->all || view->verdict->filtered || !tb_usage_is_idle(&group->usage));
}

/* Ties in the order of pids, so that it is the same each time. */
static int row_order(const void *a, const void *b, void *ctx)
{
	const struct tb_group *x = *(const struct tb_group *const *)a;
	const struct tb_group *y = *(const struct tb_group *const *)b;
	const struct tb_diagnose_sort *sort = ctx;
	int order = sort->order(x, y);

	return order ? order : order_pid(x, y);
}

const struct tb_group **diagnose_rows(const struct tb_diagnose *view, size_t *nr)
{
	const struct tb_verdict *verdict = view->verdict;
	const struct tb_group **rows =
		calloc(verdict->group_nr + 1, sizeof(const struct tb_group *));
	size_t i;

	*nr = 0;
	for (i = 0; rows && i < verdict->group_nr; i++)
		if (group_is_shown(view, &verdict->groups[i]))
			rows[(*nr)++] = &verdict->groups[i];
	if (rows)
		qsort_r(rows, *nr, sizeof(const struct tb_group *), row_order,
			(void *)view->look->sort);
	return rows;
}

static void heading(struct tb_page *page, const struct tb_diagnose *view)
{
	size_t begin = page->text.length, line;

	tb_buf_add(&page->text, "WHERE THE TIME WENT");
	tb_page_style(page, begin, TB_STYLE_HEADING);
	tb_buf_printf(&page->text, "   of %.1f s; BUSY in threads, the shares are of that\n",
		      (double)tb_window_ns(view->model) / 1e9);
	line = begin = page->text.length;
	tb_buf_add(&page->text, "    PID NAME");
	diagnose_pad(page, line, 8 + name_columns(view));
	tb_buf_add(&page->text, "   BUSY  ON-CPU  QUEUED BLOCKED  FOR WHAT");
	tb_page_style(page, begin, TB_STYLE_QUIET);
	tb_page_line(page);
}

void diagnose_time(struct tb_page *page, const struct tb_diagnose *view)
{
	size_t max = view->look->rows_max ? view->look->rows_max
		     : view->look->all	  ? (size_t)-1
					  : ROWS_DEFAULT;
	size_t i, nr;
	const struct tb_group **rows = diagnose_rows(view, &nr);

	page->text.failed |= !rows;
	if (nr)
		heading(page, view);
	for (i = 0; i < nr && i < max; i++)
		row_print(page, view, rows[i]);
	if (i < nr)
		tb_buf_printf(&page->text, "        and %zu more; -N %zu shows them\n", nr - i, nr);
	if (nr)
		tb_page_line(page);
	free(rows);
}
