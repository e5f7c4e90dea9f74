// SPDX-License-Identifier: GPL-2.0-only
/* Differences between the mark and the last frame; see window.h for who reads them. */
#include "window.h"

#include <string.h>
#include <utlist.h>

#include "syscalls.h"

/*
 * From walk to walk, for that is when threads are looked at. A frame that was held up after its
 * walk, as on a host without a free CPU, would stretch one window and squeeze the next.
 */
__u64 tb_window_ns(const struct tb_model *model)
{
	return model->marked ? tb_grown(model->walk_ns, model->mark_walk_ns) : 0;
}

/* write, writev, sendto, sendmsg: a writer waits because somebody does not read. */
static bool object_is_written(const struct tb_object *object)
{
	return object->nr == TB_SYSCALL_NR(1, 64) || object->nr == TB_SYSCALL_NR(20, 66) ||
	       object->nr == TB_SYSCALL_NR(44, 206) || object->nr == TB_SYSCALL_NR(46, 211);
}

/* Can such a wait be a consumer's? A pair of sockets is used as a pipe is. */
static bool wait_can_sleep(__u32 state, const struct tb_object *object)
{
	bool pair = state == TB_NET && object->kind == TB_OBJ_UNIX && object->role == TB_ROLE_NONE;

	return (state == TB_PIPE || state == TB_IPC || pair) && !object_is_written(object);
}

bool tb_edge_is_idle(const struct tb_model_edge *edge)
{
	const struct tb_object *object = &edge->now.object;

	if (tb_wait_is_idle(edge->now.state, object))
		return true;
	return edge->open_nr && edge->mark_ns && edge->now.count == edge->mark_count &&
	       wait_can_sleep(edge->now.state, object);
}

bool tb_thread_is_idle(const struct tb_model *model, const struct tb_model_thread *thread)
{
	const struct tb_thread *now = &thread->now;

	if (!tb_is_reason(now->state))
		return false;
	if (tb_wait_is_idle(now->state, &now->object))
		return true;
	return model->marked && now->since_ns <= model->mark_frame.h.time_ns &&
	       wait_can_sleep(now->state, &now->object);
}

static void usage_add_idle(struct tb_usage *usage, __u32 state, __u64 ns)
{
	__u64 left = usage->ns[state] - usage->idle[state];

	if (ns > left)
		ns = left;
	usage->idle[state] += ns;
	usage->idle_ns += ns;
}

/* Reasons that are for work whatever their object; the others are told by each object. */
static void usage_idle_reasons(struct tb_usage *usage)
{
	static const struct tb_object none;
	__u32 state;

	for (state = TB_FIRST_REASON; state < TB_STATE_NR; state++)
		if (tb_wait_is_idle(state, &none))
			usage_add_idle(usage, state, usage->ns[state]);
}

static void usage_idle_edges(struct tb_usage *usage, const struct tb_model_process *process)
{
	const struct tb_model_edge *edge;

	usage_idle_reasons(usage);
	DL_FOREACH(process->edges, edge)
		if (edge->now.state < TB_STATE_NR && tb_edge_is_idle(edge))
			usage_add_idle(usage, edge->now.state,
				       tb_grown(tb_edge_effective_ns(edge), edge->mark_ns));
}

void tb_window_process(const struct tb_model *model, const struct tb_model_process *process,
		       struct tb_usage *usage)
{
	const struct tb_sums *now = &process->total, *mark = &process->mark;
	int i;

	memset(usage, 0, sizeof(*usage));
	usage->window_ns = tb_window_ns(model);
	if (!usage->window_ns)
		return;
	for (i = 0; i < TB_STATE_NR; i++) {
		usage->ns[i] = tb_grown(now->ns[i], mark->ns[i]);
		usage->count[i] = tb_grown(now->count[i], mark->count[i]);
	}
	usage->gaps = tb_grown(now->gaps, mark->gaps);
	usage->threads = process->thread_nr;
	usage_idle_edges(usage, process);
}

/* Which of a thread's waits for one reason were idle is known for the one that it is in. */
void tb_window_thread(const struct tb_model *model, const struct tb_model_thread *thread,
		      struct tb_usage *usage)
{
	const struct tb_thread *now = &thread->now;
	__u64 total[TB_STATE_NR];
	int i;

	memset(usage, 0, sizeof(*usage));
	usage->window_ns = tb_window_ns(model);
	if (!usage->window_ns)
		return;
	tb_thread_totals(now, total);
	for (i = 0; i < TB_STATE_NR; i++) {
		usage->ns[i] = tb_grown(total[i], thread->mark[i]);
		usage->count[i] = tb_grown(now->count[i], thread->mark_count[i]);
	}
	usage->threads = 1;
	usage_idle_reasons(usage);
	if (tb_thread_is_idle(model, thread))
		usage_add_idle(usage, now->state, usage->ns[now->state]);
}

void tb_usage_add(struct tb_usage *sum, const struct tb_usage *usage)
{
	int i;

	sum->window_ns = usage->window_ns;
	for (i = 0; i < TB_STATE_NR; i++) {
		sum->ns[i] += usage->ns[i];
		sum->count[i] += usage->count[i];
		sum->idle[i] += usage->idle[i];
	}
	sum->idle_ns += usage->idle_ns;
	sum->gaps += usage->gaps;
	sum->threads += usage->threads;
}

double tb_usage_mean(const struct tb_usage *usage, __u64 ns)
{
	return usage->window_ns ? (double)ns / (double)usage->window_ns : 0.0;
}

__u64 tb_usage_blocked_ns(const struct tb_usage *usage)
{
	__u64 sum = 0;
	int i;

	for (i = TB_FIRST_REASON; i < TB_STATE_NR; i++)
		sum += usage->ns[i];
	return sum;
}

__u64 tb_usage_busy_ns(const struct tb_usage *usage)
{
	return usage->ns[TB_ONCPU] + usage->ns[TB_RUNQUEUE] + usage->ns[TB_THROTTLED] +
	       tb_usage_blocked_ns(usage) - usage->idle_ns;
}

static struct tb_wait edge_wait(const struct tb_model_edge *edge)
{
	return (struct tb_wait){
		.edge = edge,
		.ns = tb_grown(tb_edge_effective_ns(edge), edge->mark_ns),
		.count = tb_grown(edge->now.count, edge->mark_count),
		.open_ns = edge->open_ns,
		.open_nr = edge->open_nr,
		.idle = tb_edge_is_idle(edge),
	};
}

/* Into a list that is in order and full up to `nr`; the last one gives way. */
static void wait_insert(struct tb_wait *waits, size_t nr, const struct tb_wait *wait)
{
	size_t at;

	for (at = nr; at && waits[at - 1].ns < wait->ns; at--)
		waits[at] = waits[at - 1];
	waits[at] = *wait;
}

size_t tb_window_waits(const struct tb_model_process *process, struct tb_wait *waits, size_t max)
{
	const struct tb_model_edge *edge;
	struct tb_wait wait;
	size_t nr = 0;

	DL_FOREACH(process->edges, edge) {
		wait = edge_wait(edge);
		if (!wait.ns && !wait.count)
			continue;
		if (nr < max)
			wait_insert(waits, nr, &wait);
		else if (max && waits[max - 1].ns < wait.ns)
			wait_insert(waits, max - 1, &wait);
		nr++;
	}
	return nr;
}

bool tb_window_top_wait(const struct tb_model_process *process, bool idle, struct tb_wait *top)
{
	const struct tb_model_edge *edge;
	struct tb_wait wait;
	bool found = false;

	DL_FOREACH(process->edges, edge) {
		wait = edge_wait(edge);
		if (!wait.ns || (wait.idle && !idle) || (found && wait.ns <= top->ns))
			continue;
		*top = wait;
		found = true;
	}
	return found;
}

struct tb_longest tb_thread_longest(const struct tb_model *model,
				    const struct tb_model_thread *thread, bool idle)
{
	const struct tb_thread *now = &thread->now;

	if (!tb_is_reason(now->state) || (!idle && tb_thread_is_idle(model, thread)))
		return (struct tb_longest){ 0 };
	return (struct tb_longest){
		.thread = thread,
		.ns = tb_grown(tb_model_now(model), now->since_ns),
		.estimate = now->flags & TB_THREAD_ESTIMATE,
	};
}

struct tb_longest tb_process_longest(const struct tb_model *model,
				     const struct tb_model_process *process, bool idle)
{
	struct tb_longest longest = { 0 }, own;
	const struct tb_model_thread *thread;

	DL_FOREACH(process->threads, thread) {
		own = tb_thread_longest(model, thread, idle);
		if (own.thread && (!longest.thread || own.ns > longest.ns))
			longest = own;
	}
	return longest;
}
