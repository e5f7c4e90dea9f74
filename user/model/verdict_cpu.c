// SPDX-License-Identifier: GPL-2.0-only
/*
 * cpu_saturated: the CPUs are the limit. The line to a busy batch job is whether somebody loses: a
 * host without idle CPUs on which nobody waits for one is busy, which is a note; one on which a
 * process spends its time in the run queue is saturated, also if those in front are its own
 * threads: more CPUs would help. Called by verdict.c. Time that a quota takes is not for this file.
 */
#include "verdict_parts.h"

static __u64 queued_ns(const struct tb_group *group)
{
	return group->usage.ns[TB_RUNQUEUE];
}

static double queued_each_s(const struct tb_group *group)
{
	__u64 runs = group->usage.count[TB_ONCPU];

	return runs ? (double)queued_ns(group) / (double)runs / 1e9 : 0;
}

static bool group_loses(const struct tb_group *group)
{
	return verdict_is_loser(group) &&
	       tb_group_share(group, queued_ns(group)) >= tb_limit(TB_LIMIT_QUEUE_SHARE) &&
	       verdict_threads(group, queued_ns(group)) >= tb_limit(TB_LIMIT_QUEUE_THREADS);
}

/* Queued for long while CPUs are idle, and by no quota: its threads may not use those CPUs. */
static bool group_is_pinned(const struct tb_model *model, const struct tb_group *group)
{
	return group_loses(group) &&
	       verdict_threads(group, queued_ns(group)) >= tb_limit(TB_LIMIT_PINNED_THREADS) &&
	       queued_each_s(group) >= tb_limit(TB_LIMIT_PINNED_EACH_S) &&
	       !verdict_group_is_throttled(model, group);
}

static double wanted_cpus(const struct tb_verdict *verdict)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < verdict->group_nr; i++)
		sum += verdict_threads(&verdict->groups[i], verdict->groups[i].usage.ns[TB_ONCPU] +
								    queued_ns(&verdict->groups[i]));
	return sum;
}

static void cpu_evidence(struct tb_finding *finding, const struct tb_verdict *verdict)
{
	finding->evidence[TB_EVIDENCE_STEAL] = verdict->host.steal;
	finding->evidence[TB_EVIDENCE_CPUS] = verdict->cpus;
	finding->evidence[TB_EVIDENCE_WANTED] = wanted_cpus(verdict);
	finding->evidence[TB_EVIDENCE_CPU_PRESSURE] = verdict->host.pressure_cpu;
	if (finding->group)
		finding->evidence[TB_EVIDENCE_QUEUE_EACH] = queued_each_s(finding->group);
}

static void losers_add(struct tb_finding *finding, const struct tb_verdict *verdict,
		       const struct tb_model *model)
{
	size_t i;

	for (i = 0; i < verdict->group_nr; i++) {
		const struct tb_group *group = &verdict->groups[i];

		if (finding->pinned ? group_is_pinned(model, group) : group_loses(group))
			verdict_who_add(&finding->losers, group, queued_ns(group));
	}
}

void verdict_cpu(struct tb_verdict *verdict, const struct tb_model *model)
{
	bool full = verdict->host_idle < tb_limit(TB_LIMIT_HOST_IDLE);
	struct tb_finding found = { .pinned = !full }, *finding;

	losers_add(&found, verdict, model);
	if (!full && !found.losers.nr)
		return;
	finding = verdict_finding(verdict, TB_FINDING_CPU_SATURATED);
	if (!finding)
		return;
	finding->pinned = found.pinned;
	finding->losers = found.losers;
	verdict_users_add(&finding->users, verdict, NULL);
	if (finding->losers.threads < tb_limit(TB_LIMIT_QUEUE_LOST))
		finding->severity = TB_SEVERITY_NOTE;
	verdict_finding_lost(finding);
	if (finding->severity != TB_SEVERITY_NOW)
		finding->group = finding->users.nr ? finding->users.part[0].group : NULL;
	cpu_evidence(finding, verdict);
	finding->help = finding->help_latency = finding->help_throughput = TB_HELP_YES;
	if (finding->pinned) {
		finding->confidence = TB_CONFIDENCE_MEDIUM;
		finding->missing |= 1u << TB_MISSING_AFFINITY;
	}
}
