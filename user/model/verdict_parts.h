/* SPDX-License-Identifier: GPL-2.0-only */
/* How the files of the verdict share its work. Nobody outside user/model/ includes it. */
#ifndef TAILBACK_VERDICT_PARTS_H
#define TAILBACK_VERDICT_PARTS_H

#include <utlist.h>

#include "verdict.h"
#include "verdict_limits.h"

static inline __u64 verdict_grown(__u64 now, __u64 before)
{
	return now > before ? now - before : 0;
}

/* verdict_group.c */
int verdict_groups_make(struct tb_verdict *verdict, const struct tb_model *model,
			const struct tb_filter *filter);
bool verdict_is_loser(const struct tb_group *group); /* may it be one at all? */
double verdict_threads(const struct tb_group *group, __u64 ns);
double verdict_work_threads(const struct tb_group *group);

/* Add a part, kept in order; sums are of all that were added. */
void verdict_who_add(struct tb_who *who, const struct tb_group *group, __u64 ns);
/* Who uses the CPUs: all of the host's, or of one control group. */
void verdict_users_add(struct tb_who *who, const struct tb_verdict *verdict,
		       const struct tb_model_cgroup *cgroup);

/* verdict.c: a finding with nothing known yet; NULL if there are too many, which is counted. */
struct tb_finding *verdict_finding(struct tb_verdict *verdict, enum tb_finding_kind kind);
/* Its losers are complete: who is hit, and how much. */
void verdict_finding_lost(struct tb_finding *finding);

/* The rules; each adds what it finds. Which come when is verdict.c's table. */
void verdict_disks_stalled(struct tb_verdict *verdict, const struct tb_model *model);
void verdict_disks_saturated(struct tb_verdict *verdict, const struct tb_model *model);
void verdict_memory(struct tb_verdict *verdict, const struct tb_model *model);
void verdict_quotas(struct tb_verdict *verdict, const struct tb_model *model);
void verdict_cpu(struct tb_verdict *verdict, const struct tb_model *model);

/* verdict_quota.c: is the group held back by one of its control groups? */
bool verdict_group_is_throttled(const struct tb_model *model, const struct tb_group *group);
/* Does the process's control group lie in this one? */
bool verdict_cgroup_holds(const struct tb_model_cgroup *cgroup, const struct tb_group *group);

#endif
