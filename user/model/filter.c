// SPDX-License-Identifier: GPL-2.0-only
/* Which processes and threads a view shows; see filter.h. */
#include "filter.h"

#include <fnmatch.h>
#include <string.h>
#include <utlist.h>

#define SHOWN_AS_ZERO 0.005 /* of a thread: views show two digits */

struct tb_filter tb_filter_default(void)
{
	return (struct tb_filter){ .reason = -1 };
}

bool tb_filter_is_set(const struct tb_filter *filter)
{
	return filter->pid_nr || filter->tid || filter->comm || filter->cgroup || filter->unit ||
	       filter->reason >= 0 || filter->min_ns;
}

bool tb_usage_is_idle(const struct tb_usage *usage)
{
	return tb_usage_mean(usage, tb_usage_busy_ns(usage)) < SHOWN_AS_ZERO;
}

static bool pid_matches(const struct tb_filter *filter, __u32 pid)
{
	__u32 i;

	for (i = 0; i < filter->pid_nr; i++)
		if (filter->pids[i] == pid)
			return true;
	return !filter->pid_nr;
}

static bool unit_suffix(const char *name, size_t length)
{
	static const char *const suffixes[] = { ".service", ".scope", ".slice" };
	size_t i, suffix;

	for (i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		suffix = strlen(suffixes[i]);
		if (length > suffix && !memcmp(name + length - suffix, suffixes[i], suffix))
			return true;
	}
	return false;
}

/* A service may have groups of its own below it: the last component that is a unit counts. */
const char *tb_cgroup_unit(const char *cgroup, size_t *length)
{
	const char *unit = NULL, *at = cgroup;
	size_t component;

	*length = 0;
	while (*at) {
		at += strspn(at, "/");
		component = strcspn(at, "/");
		if (unit_suffix(at, component)) {
			unit = at;
			*length = component;
		}
		at += component;
	}
	return unit;
}

/* `gunicorn` names gunicorn.service too. */
static bool unit_matches(const char *wanted, const char *cgroup)
{
	size_t length, given = strlen(wanted);
	const char *unit = tb_cgroup_unit(cgroup, &length);

	if (!unit || given > length || memcmp(unit, wanted, given))
		return false;
	return given == length ||
	       (unit[given] == '.' && !memchr(unit + given + 1, '.', length - given - 1));
}

static bool identity_matches(const struct tb_filter *filter, const struct tb_model_process *process)
{
	if (!pid_matches(filter, process->key.tgid))
		return false;
	if (filter->comm && fnmatch(filter->comm, process->comm, 0))
		return false;
	if (filter->cgroup && fnmatch(filter->cgroup, process->info.cgroup, 0))
		return false;
	return !filter->unit || unit_matches(filter->unit, process->info.cgroup);
}

/* The user asked for these very ones: show them even if they are idle. */
static bool names_somebody(const struct tb_filter *filter)
{
	return filter->pid_nr || filter->tid || filter->comm || filter->cgroup || filter->unit;
}

static bool usage_matches(const struct tb_filter *filter, const struct tb_usage *usage)
{
	if (filter->reason >= 0)
		return usage->ns[filter->reason] > 0;
	return filter->idle || names_somebody(filter) || !tb_usage_is_idle(usage);
}

static bool process_has_tid(const struct tb_model_process *process, __u32 tid)
{
	const struct tb_model_thread *thread;

	DL_FOREACH(process->threads, thread)
		if (thread->now.id.tid == tid)
			return true;
	return false;
}

/* One wait of at least so long: the mean of those in the window, or one that is open. */
static bool process_waited(const struct tb_filter *filter, const struct tb_model *model,
			   const struct tb_model_process *process)
{
	bool idle = filter->idle || filter->reason >= 0;
	const struct tb_model_edge *edge;
	__u64 closed_ns, count;

	if (tb_process_longest(model, process, idle).ns >= filter->min_ns)
		return true;
	DL_FOREACH(process->edges, edge) {
		count = edge->now.count - edge->mark_count;
		closed_ns = tb_edge_effective_ns(edge) - edge->mark_ns;
		if (count && closed_ns / count >= filter->min_ns &&
		    (idle || !tb_edge_is_idle(edge)))
			return true;
	}
	return false;
}

bool tb_filter_process(const struct tb_filter *filter, const struct tb_model *model,
		       const struct tb_model_process *process)
{
	struct tb_usage usage;

	if (process->kernel && !filter->kernel_threads && !filter->pid_nr && !filter->tid)
		return false;
	if (!identity_matches(filter, process))
		return false;
	if (filter->tid && !process_has_tid(process, filter->tid))
		return false;
	tb_window_process(model, process, &usage);
	if (!usage_matches(filter, &usage))
		return false;
	return !filter->min_ns || process_waited(filter, model, process);
}

bool tb_filter_thread(const struct tb_filter *filter, const struct tb_model *model,
		      const struct tb_model_thread *thread)
{
	bool idle = filter->idle || filter->reason >= 0;
	struct tb_usage usage;

	if (thread->process->kernel && !filter->kernel_threads && !filter->pid_nr && !filter->tid)
		return false;
	if (!identity_matches(filter, thread->process))
		return false;
	if (filter->tid && thread->now.id.tid != filter->tid)
		return false;
	tb_window_thread(model, thread, &usage);
	if (!usage_matches(filter, &usage))
		return false;
	return !filter->min_ns || tb_thread_longest(model, thread, idle).ns >= filter->min_ns;
}

static __u64 process_busy_ns(const struct tb_model *model, const struct tb_model_process *process)
{
	struct tb_usage usage;

	tb_window_process(model, process, &usage);
	return tb_usage_busy_ns(&usage);
}

struct seen {
	const char *name;
	__u64 ns;
};

/* Keep the busiest of a name, in order, in a list of a fixed length. Returns the new length. */
static size_t seen_add(struct seen *list, size_t nr, struct seen entry)
{
	size_t i, at;

	for (i = 0; i < nr; i++)
		if (!strcmp(list[i].name, entry.name))
			break;
	if (i < nr && list[i].ns >= entry.ns)
		return nr;
	if (i == nr && nr < TB_FILTER_SEEN_MAX)
		nr++;
	else if (i == nr && list[--i].ns >= entry.ns)
		return nr;
	for (at = i; at && list[at - 1].ns < entry.ns; at--)
		list[at] = list[at - 1];
	list[at] = entry;
	return nr;
}

size_t tb_filter_seen(const struct tb_model *model, const char *names[TB_FILTER_SEEN_MAX])
{
	const struct tb_model_process *process, *next;
	struct seen list[TB_FILTER_SEEN_MAX];
	size_t nr = 0, i;

	HASH_ITER(hh, model->processes, process, next) {
		if (process->kernel || process == model->other || !process->comm[0])
			continue;
		nr = seen_add(list, nr,
			      (struct seen){ process->comm, process_busy_ns(model, process) });
	}
	for (i = 0; i < nr; i++)
		names[i] = list[i].name;
	return nr;
}
