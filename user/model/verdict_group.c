// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is one service, and what each did in the window; who loses and who uses. Called by verdict.c
 * and the rules. Which listening socket a process serves is not looked at yet.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "verdict_parts.h"

struct entry {
	const struct tb_model_process *process;
	bool judged;
	__u64 busy_ns;
};

static int entry_same_group(const struct entry *a, const struct entry *b)
{
	const struct tb_model_process *x = a->process, *y = b->process;
	int order = (int)a->judged - (int)b->judged;

	if (!order)
		order = (int)x->kernel - (int)y->kernel;
	if (!order)
		order = strcmp(x->info.cgroup, y->info.cgroup);
	if (!order)
		order = strcmp(x->info.exe, y->info.exe);
	return order ? order : strcmp(x->comm, y->comm);
}

/* Groups together, the busiest of a group first; the pid makes the order the same each time. */
static int entry_order(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = entry_same_group(x, y);

	if (!order)
		order = (x->busy_ns < y->busy_ns) - (x->busy_ns > y->busy_ns);
	if (!order)
		order = (x->process->key.tgid > y->process->key.tgid) -
			(x->process->key.tgid < y->process->key.tgid);
	return order;
}

static int group_order(const void *a, const void *b)
{
	const struct tb_group *x = a, *y = b;

	if (x->active_ns != y->active_ns)
		return x->active_ns < y->active_ns ? 1 : -1;
	return (x->process->key.tgid > y->process->key.tgid) -
	       (x->process->key.tgid < y->process->key.tgid);
}

static bool edge_serves(const struct tb_edge *edge)
{
	if (edge->state == TB_ACCEPT || edge->object.role == TB_ROLE_LISTENER)
		return true;
	if (edge->state == TB_NET)
		return edge->object.role == TB_ROLE_SERVER;
	return edge->state == TB_POLL && edge->object.kind == TB_OBJ_EPOLL;
}

static bool process_serves(const struct tb_model_process *process)
{
	const struct tb_model_edge *edge;

	DL_FOREACH(process->edges, edge)
		if (edge_serves(&edge->now))
			return true;
	return false;
}

/*
 * Blocked time of threads that did not run at all. One that has listened to a quiet peer since
 * before the window says nothing of what the others lose. Waits that nothing interrupts do: disk,
 * memory, kernel.
 */
static __u64 process_quiet_ns(const struct tb_model *model, const struct tb_model_process *process)
{
	const struct tb_model_thread *thread;
	struct tb_usage usage;
	__u64 ns = 0;

	DL_FOREACH(process->threads, thread) {
		tb_window_thread(model, thread, &usage);
		if (usage.ns[TB_ONCPU] || usage.ns[TB_RUNQUEUE] || usage.ns[TB_THROTTLED])
			continue;
		ns += tb_usage_busy_ns(&usage) - usage.ns[TB_DISK] - usage.ns[TB_MEMORY] -
		      usage.ns[TB_KERNEL];
	}
	return ns;
}

/* Is one of its threads in a single wait for the kernel or a device for longer than those should
 * last? */
static bool process_is_stuck(const struct tb_model *model, const struct tb_model_process *process)
{
	const struct tb_model_thread *thread;
	__u64 ns;

	DL_FOREACH(process->threads, thread) {
		ns = verdict_grown(tb_model_now(model), thread->now.since_ns);
		if ((thread->now.state == TB_DISK || thread->now.state == TB_KERNEL) &&
		    (double)ns / 1e9 >= tb_limit(TB_LIMIT_STALL_WAIT_S))
			return true;
	}
	return false;
}

/* By its name too: what a process was told of at its birth may be the shell's that it came from. */
static bool process_is_self(const struct tb_model_process *process)
{
	return !strcmp(process->info.exe, "tailback") || !strcmp(process->comm, "tailback");
}

static void group_add(struct tb_group *group, const struct tb_model *model,
		      const struct tb_model_process *process)
{
	struct tb_usage usage;

	tb_window_process(model, process, &usage);
	tb_usage_add(&group->usage, &usage);
	group->active_ns +=
		verdict_grown(tb_usage_busy_ns(&usage), process_quiet_ns(model, process));
	group->serves |= process_serves(process);
	group->stuck |= process_is_stuck(model, process);
	group->member_nr++;
}

static bool process_judged(const struct tb_model *model, const struct tb_model_process *process,
			   const struct tb_filter *filter)
{
	if (tb_filter_is_set(filter))
		return tb_filter_process(filter, model, process);
	return process != model->other && (!process->kernel || filter->kernel_threads);
}

static void entries_fill(struct entry *entries, const struct tb_model *model,
			 const struct tb_filter *filter)
{
	const struct tb_model_process *process, *next;
	struct tb_usage usage;
	size_t nr = 0;

	HASH_ITER(hh, model->processes, process, next) {
		tb_window_process(model, process, &usage);
		entries[nr++] = (struct entry){
			.process = process,
			.judged = process_judged(model, process, filter),
			.busy_ns = tb_usage_busy_ns(&usage),
		};
	}
	qsort(entries, nr, sizeof(*entries), entry_order);
}

static void groups_fill(struct tb_verdict *verdict, const struct tb_model *model,
			const struct entry *entries)
{
	struct tb_group *group = NULL;
	size_t i;

	for (i = 0; i < verdict->process_nr; i++) {
		const struct tb_model_process *process = entries[i].process;

		verdict->processes[i] = process;
		if (!i || entry_same_group(&entries[i - 1], &entries[i])) {
			group = &verdict->groups[verdict->group_nr++];
			group->process = process;
			group->members = &verdict->processes[i];
			group->judged = entries[i].judged;
			group->kernel = process->kernel;
			group->self = process_is_self(process);
		}
		group_add(group, model, process);
	}
	qsort(verdict->groups, verdict->group_nr, sizeof(*verdict->groups), group_order);
}

/* The tool's own process is judged only if it was asked for. */
static void verdict_count(struct tb_verdict *verdict, const struct tb_model *model,
			  const struct tb_filter *filter)
{
	struct tb_usage usage;
	size_t i, j;

	for (i = 0; i < verdict->group_nr; i++) {
		struct tb_group *group = &verdict->groups[i];

		group->judged &= !group->self || tb_filter_is_set(filter);
		if (!group->judged)
			continue;
		verdict->judged_nr += group->member_nr;
		for (j = 0; j < group->member_nr; j++) {
			tb_window_process(model, group->members[j], &usage);
			verdict->idle_nr += tb_usage_is_idle(&usage);
		}
	}
}

int verdict_groups_make(struct tb_verdict *verdict, const struct tb_model *model,
			const struct tb_filter *filter)
{
	size_t nr = HASH_COUNT(model->processes);
	struct entry *entries = calloc(nr + 1, sizeof(*entries));

	verdict->processes = calloc(nr + 1, sizeof(*verdict->processes));
	verdict->groups = calloc(nr + 1, sizeof(*verdict->groups));
	if (!entries || !verdict->processes || !verdict->groups) {
		free(entries);
		return -ENOMEM;
	}
	verdict->process_nr = nr;
	entries_fill(entries, model, filter);
	groups_fill(verdict, model, entries);
	verdict_count(verdict, model, filter);
	free(entries);
	return 0;
}

bool verdict_is_loser(const struct tb_group *group)
{
	return group->judged && !group->kernel && group->active_ns;
}

double verdict_threads(const struct tb_group *group, __u64 ns)
{
	return tb_usage_mean(&group->usage, ns);
}

/* Waits are told by edges and threads, which a switch between two records may set apart a little.
 */
double tb_group_share(const struct tb_group *group, __u64 ns)
{
	if (ns > group->active_ns)
		ns = group->active_ns;
	return group->active_ns ? (double)ns / (double)group->active_ns : 0;
}

/* Threads that use the machine or wait for it, rather than for somebody. */
double verdict_work_threads(const struct tb_group *group)
{
	const __u64 *ns = group->usage.ns;

	return verdict_threads(group, ns[TB_ONCPU] + ns[TB_RUNQUEUE] + ns[TB_THROTTLED] +
					      ns[TB_DISK] + ns[TB_MEMORY] + ns[TB_KERNEL]);
}

bool tb_group_is_batch(const struct tb_group *group)
{
	double active = verdict_threads(group, group->active_ns);

	return !group->serves && !group->stuck && !group->kernel && !group->self &&
	       active >= tb_limit(TB_LIMIT_BATCH_THREADS) &&
	       verdict_work_threads(group) >= active * tb_limit(TB_LIMIT_BATCH_SHARE);
}

void verdict_who_add(struct tb_who *who, const struct tb_group *group, __u64 ns)
{
	struct tb_part part = { group, verdict_threads(group, ns), tb_group_share(group, ns) };
	size_t at = who->nr;

	who->threads += part.threads;
	who->active_threads += verdict_threads(group, group->active_ns);
	if (at == TB_WHO_MAX) {
		who->more++;
		if (who->part[--at].threads >= part.threads)
			return;
	} else {
		who->nr++;
	}
	for (; at && who->part[at - 1].threads < part.threads; at--)
		who->part[at] = who->part[at - 1];
	who->part[at] = part;
}

void verdict_users_add(struct tb_who *who, const struct tb_verdict *verdict,
		       const struct tb_model_cgroup *cgroup)
{
	size_t i;

	for (i = 0; i < verdict->group_nr; i++) {
		const struct tb_group *group = &verdict->groups[i];
		__u64 ns = group->usage.ns[TB_ONCPU];

		if (cgroup ? ns && verdict_cgroup_holds(cgroup, group)
			   : verdict_threads(group, ns) >= tb_limit(TB_LIMIT_USER_CPUS))
			verdict_who_add(who, group, ns);
	}
}
