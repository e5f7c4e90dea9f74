// SPDX-License-Identifier: GPL-2.0-only
/* Differences between the mark and the last frame; see window.h for who reads them. */
#include "window.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

static __u64 grown(__u64 now, __u64 before)
{
	return now > before ? now - before : 0;
}

__u64 tb_window_ns(const struct tb_model *model)
{
	return model->marked ? grown(model->frame.h.time_ns, model->mark_frame.h.time_ns) : 0;
}

/* Time that a process waited as a server: such waits are for work, whatever their reason's row says. */
static __u64 idle_net_ns(const struct tb_model_process *process)
{
	const struct tb_model_edge *edge;
	__u64 ns = 0;

	DL_FOREACH(process->edges, edge)
		if (edge->now.state == TB_NET && tb_wait_is_idle(TB_NET, &edge->now.object))
			ns += grown(tb_edge_effective_ns(edge), edge->mark_ns);
	return ns;
}

static __u64 idle_reasons_ns(const __u64 ns[TB_STATE_NR])
{
	const struct tb_object none = {};
	__u64 sum = 0;
	__u32 state;

	for (state = TB_FIRST_REASON; state < TB_STATE_NR; state++)
		if (tb_wait_is_idle(state, &none))
			sum += ns[state];
	return sum;
}

static void usage_idle(struct tb_usage *usage, __u64 net_ns)
{
	usage->idle_net_ns = net_ns < usage->ns[TB_NET] ? net_ns : usage->ns[TB_NET];
	usage->idle_ns = idle_reasons_ns(usage->ns) + usage->idle_net_ns;
}

void tb_window_process(const struct tb_model *model, const struct tb_model_process *process,
		       struct tb_usage *usage)
{
	__u64 total[TB_STATE_NR], count[TB_STATE_NR];
	int i;

	memset(usage, 0, sizeof(*usage));
	usage->window_ns = tb_window_ns(model);
	if (!usage->window_ns)
		return;
	tb_process_totals(process, total);
	tb_process_counts(process, count);
	for (i = 0; i < TB_STATE_NR; i++) {
		usage->ns[i] = grown(total[i], process->mark[i]);
		usage->count[i] = grown(count[i], process->mark_count[i]);
	}
	usage->gaps = grown(tb_process_gaps(process), process->mark_gaps);
	usage->threads = process->thread_nr;
	usage_idle(usage, idle_net_ns(process));
}

/* Which of a thread's waits for a socket were idle is known for the one that it is in. */
void tb_window_thread(const struct tb_model *model, const struct tb_model_thread *thread,
		      struct tb_usage *usage)
{
	const struct tb_thread *now = &thread->now;
	bool serves = now->state == TB_NET && tb_wait_is_idle(TB_NET, &now->object);
	__u64 total[TB_STATE_NR];
	int i;

	memset(usage, 0, sizeof(*usage));
	usage->window_ns = tb_window_ns(model);
	if (!usage->window_ns)
		return;
	tb_thread_totals(now, total);
	for (i = 0; i < TB_STATE_NR; i++) {
		usage->ns[i] = grown(total[i], thread->mark[i]);
		usage->count[i] = grown(now->count[i], thread->mark_count[i]);
	}
	usage->threads = 1;
	usage_idle(usage, serves ? usage->ns[TB_NET] : 0);
}

void tb_usage_add(struct tb_usage *sum, const struct tb_usage *usage)
{
	int i;

	sum->window_ns = usage->window_ns;
	for (i = 0; i < TB_STATE_NR; i++) {
		sum->ns[i] += usage->ns[i];
		sum->count[i] += usage->count[i];
	}
	sum->idle_ns += usage->idle_ns;
	sum->idle_net_ns += usage->idle_net_ns;
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
		.ns = grown(tb_edge_effective_ns(edge), edge->mark_ns),
		.count = grown(edge->now.count, edge->mark_count),
		.open_ns = edge->open_ns,
		.open_nr = edge->open_nr,
		.idle = tb_wait_is_idle(edge->now.state, &edge->now.object),
	};
}

static int wait_longer_first(const void *a, const void *b)
{
	const struct tb_wait *x = a, *y = b;

	return (x->ns < y->ns) - (x->ns > y->ns);
}

size_t tb_window_waits(const struct tb_model_process *process, struct tb_wait *waits, size_t max)
{
	const struct tb_model_edge *edge;
	struct tb_wait wait;
	size_t nr = 0, at;

	DL_FOREACH(process->edges, edge) {
		wait = edge_wait(edge);
		if (!wait.ns && !wait.count)
			continue;
		at = nr++;
		if (at >= max) {	/* full: the shortest, kept last, gives way */
			at = max - 1;
			if (!max || waits[at].ns >= wait.ns)
				continue;
		}
		waits[at] = wait;
		qsort(waits, at + 1, sizeof(*waits), wait_longer_first);
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

	if (!tb_is_reason(now->state) || (!idle && tb_wait_is_idle(now->state, &now->object)))
		return (struct tb_longest){ 0 };
	return (struct tb_longest){
		.thread = thread,
		.ns = grown(tb_model_now(model), now->since_ns),
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
