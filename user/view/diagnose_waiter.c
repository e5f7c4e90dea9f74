// SPDX-License-Identifier: GPL-2.0-only
/*
 * The wait that costs most, as a fact: a machine without limits can be slow by design, and this
 * version does not judge designs. Called for the verdict's line. Where clients wait for a service
 * that itself waits for somebody, the last one in the row that waits is told.
 */
#include "diagnose_parts.h"
#include "diagnose_words.h"
#include "peer.h"
#include "tables.h"

#define WORTH_SAYING_SHARE   0.3
#define WORTH_SAYING_THREADS 0.05
#define HOPS_MAX	     8

/* For an answer or a resource; who reads a pipe waits for the other end of its own pipeline. */
static bool state_is_told(__u32 state)
{
	return state == TB_NET || state == TB_DISK || state == TB_LOCK || state == TB_FILELOCK ||
	       state == TB_KERNEL || state == TB_MEMORY;
}

/* A group's longest reason, if it is one that is told. */
static bool group_part(const struct tb_group *group, struct diagnose_part *most)
{
	struct diagnose_part parts[DIAGNOSE_PARTS_MAX];
	size_t i, nr = diagnose_parts(group, parts);

	for (i = 0; i < nr; i++) {
		if (parts[i].idle || !state_is_told(parts[i].state) || !parts[i].edge)
			continue;
		*most = parts[i];
		return tb_group_share(group, most->ns) >= WORTH_SAYING_SHARE &&
		       tb_usage_mean(&group->usage, most->ns) >= WORTH_SAYING_THREADS;
	}
	return false;
}

static const struct tb_group *group_of(const struct tb_verdict *verdict,
				       const struct tb_model_process *process)
{
	size_t i, j;

	for (i = 0; process && i < verdict->group_nr; i++)
		for (j = 0; j < verdict->groups[i].member_nr; j++)
			if (verdict->groups[i].members[j] == process)
				return &verdict->groups[i];
	return NULL;
}

static const struct tb_group *longest_waiter(const struct tb_verdict *verdict,
					     struct diagnose_part *most)
{
	const struct tb_group *waiter = NULL;
	struct diagnose_part part;
	size_t i;

	for (i = 0; i < verdict->group_nr; i++) {
		const struct tb_group *group = &verdict->groups[i];

		if (!group->judged || group->kernel || !group->active_ns ||
		    !group_part(group, &part) || (waiter && part.ns <= most->ns))
			continue;
		waiter = group;
		*most = part;
	}
	return waiter;
}

void words_waiter(struct tb_buf *out, const struct tb_diagnose *view)
{
	struct diagnose_part part = {}, most = {};
	const struct tb_group *waiter, *next = longest_waiter(view->verdict, &part);
	int hop;

	if (!next)
		return;
	for (hop = 0; hop < HOPS_MAX; hop++) {
		waiter = next;
		most = part;
		next = group_of(view->verdict, tb_model_peer(view->model, most.edge->process,
							     &most.edge->now.object));
		if (!next || next == waiter || !next->judged || !group_part(next, &part))
			break;
	}
	tb_buf_add(out, " ");
	tb_words_group(out, waiter);
	tb_buf_printf(out, " waits %.0f %% of its time for %s ",
		      100 * tb_group_share(waiter, most.ns), tb_state_name(most.state));
	diagnose_part_object(out, view, &most);
	tb_buf_add(out, ".");
}
