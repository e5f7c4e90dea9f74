// SPDX-License-Identifier: GPL-2.0-only
/*
 * cpu_quota: a control group's CPU quota holds its processes back. Told apart from the run queue by
 * the state `throttled`. A thread that wakes up while its group is held back is queued as any
 * other: where the host has idle CPUs and the group's periods were throttled, its queued time is
 * the quota's too. Called by verdict.c.
 */
#include <string.h>

#include "verdict_parts.h"

bool verdict_cgroup_holds(const struct tb_model_cgroup *cgroup, const struct tb_group *group)
{
	const char *path = group->process->info.cgroup;
	size_t length = strlen(cgroup->path);

	if (!strcmp(cgroup->path, "/"))
		return true;
	return !strncmp(path, cgroup->path, length) && (!path[length] || path[length] == '/');
}

static __u64 throttled_periods(const struct tb_model_cgroup *cgroup)
{
	return verdict_grown(cgroup->now.throttled_periods, cgroup->mark.throttled_periods);
}

static double periods_share(const struct tb_model_cgroup *cgroup)
{
	__u64 periods = verdict_grown(cgroup->now.periods, cgroup->mark.periods);

	return periods ? (double)throttled_periods(cgroup) / (double)periods : 0;
}

bool verdict_group_is_throttled(const struct tb_model *model, const struct tb_group *group)
{
	const struct tb_model_cgroup *cgroup, *next;

	if (group->usage.ns[TB_THROTTLED])
		return true;
	HASH_ITER(hh, model->cgroups, cgroup, next)
		if (throttled_periods(cgroup) && verdict_cgroup_holds(cgroup, group))
			return true;
	return false;
}

/* Time in one state of everybody in the control group. */
static __u64 members_ns(const struct tb_verdict *verdict, const struct tb_model_cgroup *cgroup,
			enum tb_state state)
{
	__u64 ns = 0;
	size_t i;

	for (i = 0; i < verdict->group_nr; i++)
		if (verdict_cgroup_holds(cgroup, &verdict->groups[i]))
			ns += verdict->groups[i].usage.ns[state];
	return ns;
}

/* Losers of one group of processes under a quota; `queue`: their queued time is the quota's too. */
static void loser_add(struct tb_who *losers, const struct tb_group *group, bool queue)
{
	__u64 ns = group->usage.ns[TB_THROTTLED] + (queue ? group->usage.ns[TB_RUNQUEUE] : 0);

	if (verdict_is_loser(group) &&
	    tb_group_share(group, ns) >= tb_limit(TB_LIMIT_QUOTA_SHARE) &&
	    verdict_threads(group, ns) >= tb_limit(TB_LIMIT_QUOTA_THREADS))
		verdict_who_add(losers, group, ns);
}

static void cgroup_evidence(struct tb_finding *finding, const struct tb_model_cgroup *cgroup)
{
	const struct tb_cgroup *now = &cgroup->now;
	double *evidence = finding->evidence;

	if (now->quota_us != TB_UNLIMITED && now->period_us)
		evidence[TB_EVIDENCE_QUOTA] = (double)now->quota_us / (double)now->period_us;
	evidence[TB_EVIDENCE_PERIODS] = (double)verdict_grown(now->periods, cgroup->mark.periods);
	evidence[TB_EVIDENCE_THROTTLED_PERIODS] = (double)throttled_periods(cgroup);
}

/* What the members did; without the control group's counters, the one that is hit. */
static void quota_members(struct tb_finding *finding, const struct tb_verdict *verdict,
			  const struct tb_model_cgroup *cgroup)
{
	const __u64 *own = finding->group->usage.ns;
	__u64 throttled_ns = own[TB_THROTTLED], oncpu_ns = own[TB_ONCPU];

	if (cgroup) {
		verdict_users_add(&finding->users, verdict, cgroup);
		cgroup_evidence(finding, cgroup);
		throttled_ns = members_ns(verdict, cgroup, TB_THROTTLED);
		oncpu_ns = members_ns(verdict, cgroup, TB_ONCPU);
	} else {
		verdict_who_add(&finding->users, finding->group, oncpu_ns);
		finding->missing |= 1u << TB_MISSING_CGROUP;
	}
	finding->evidence[TB_EVIDENCE_THROTTLED_S] = (double)throttled_ns / 1e9;
	finding->evidence[TB_EVIDENCE_USED] = verdict_threads(finding->group, oncpu_ns);
	if (!throttled_ns) {
		finding->confidence = TB_CONFIDENCE_MEDIUM;
		finding->missing |= 1u << TB_MISSING_THROTTLE_STATE;
	}
}

static void quota_finding(struct tb_verdict *verdict, const struct tb_who *losers,
			  const struct tb_model_cgroup *cgroup)
{
	struct tb_finding *finding = verdict_finding(verdict, TB_FINDING_CPU_QUOTA);

	if (!finding)
		return;
	finding->losers = *losers;
	finding->cgroup = cgroup;
	verdict_finding_lost(finding);
	quota_members(finding, verdict, cgroup);
	finding->evidence[TB_EVIDENCE_STEAL] = verdict->host.steal;
	finding->evidence[TB_EVIDENCE_CPUS] = verdict->cpus;
	finding->help =
		verdict->host_idle < tb_limit(TB_LIMIT_HOST_IDLE) ? TB_HELP_NO : TB_HELP_YES;
	finding->help_latency = finding->help_throughput = finding->help;
}

static void cgroup_judge(struct tb_verdict *verdict, const struct tb_model_cgroup *cgroup)
{
	bool often = periods_share(cgroup) >= tb_limit(TB_LIMIT_QUOTA_PERIODS);
	bool room = verdict->host_idle >= tb_limit(TB_LIMIT_HOST_IDLE);
	bool queue = often && (room || !members_ns(verdict, cgroup, TB_THROTTLED));
	struct tb_who losers = {};
	size_t i;

	for (i = 0; i < verdict->group_nr; i++)
		if (verdict_cgroup_holds(cgroup, &verdict->groups[i]))
			loser_add(&losers, &verdict->groups[i], queue);
	if (losers.nr)
		quota_finding(verdict, &losers, cgroup);
}

/* Threads say that they are held back, and no group's counters are known that do so. */
static void strays_judge(struct tb_verdict *verdict, const struct tb_model *model)
{
	const struct tb_model_cgroup *cgroup, *next;
	struct tb_who losers = {};
	bool told;
	size_t i;

	for (i = 0; i < verdict->group_nr; i++) {
		told = false;
		HASH_ITER(hh, model->cgroups, cgroup, next)
			told |= throttled_periods(cgroup) &&
				verdict_cgroup_holds(cgroup, &verdict->groups[i]);
		if (!told)
			loser_add(&losers, &verdict->groups[i], false);
	}
	if (losers.nr)
		quota_finding(verdict, &losers, NULL);
}

void verdict_quotas(struct tb_verdict *verdict, const struct tb_model *model)
{
	const struct tb_model_cgroup *cgroup, *next;

	HASH_ITER(hh, model->cgroups, cgroup, next)
		if (throttled_periods(cgroup))
			cgroup_judge(verdict, cgroup);
	strays_judge(verdict, model);
}
