// SPDX-License-Identifier: GPL-2.0-only
/*
 * The wait that costs most, as a fact: a machine without limits can be slow by design, and this
 * version does not judge designs. Called for the verdict's line.
 */
#include "diagnose_parts.h"
#include "diagnose_words.h"
#include "tables.h"

#define WORTH_SAYING_SHARE   0.3
#define WORTH_SAYING_THREADS 0.05

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

void words_waiter(struct tb_buf *out, const struct tb_diagnose *view)
{
	const struct tb_verdict *verdict = view->verdict;
	const struct tb_group *waiter = NULL;
	struct diagnose_part part, most = {};
	size_t i;

	for (i = 0; i < verdict->group_nr; i++) {
		const struct tb_group *group = &verdict->groups[i];

		if (!group->judged || group->kernel || !group->active_ns ||
		    !group_part(group, &part) || part.ns <= most.ns)
			continue;
		waiter = group;
		most = part;
	}
	if (!waiter)
		return;
	tb_buf_add(out, " ");
	tb_words_group(out, waiter);
	tb_buf_printf(out, " waits most: %.0f %% of its time for %s ",
		      100 * tb_group_share(waiter, most.ns), tb_state_name(most.state));
	diagnose_part_object(out, view, &most);
	tb_buf_add(out, ".");
}
