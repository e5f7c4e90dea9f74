// SPDX-License-Identifier: GPL-2.0-only
/*
 * memory_pressure: reclaim or swap is the limit. Called by verdict.c. The reason `memory` also
 * holds waits for the lock of an address space, which no memory would shorten: a finding needs a
 * sign of want as well, from the kernel's pressure measure, swap, direct reclaim, or a group that
 * met its limit.
 */
#include "verdict_parts.h"

static __u64 limit_events(const struct tb_model_cgroup *cgroup)
{
	const struct tb_cgroup *now = &cgroup->now, *mark = &cgroup->mark;

	return verdict_grown(now->memory_max_events, mark->memory_max_events) +
	       verdict_grown(now->memory_high_events, mark->memory_high_events);
}

static __u64 oom_kills(const struct tb_model_cgroup *cgroup)
{
	return verdict_grown(cgroup->now.oom_kills, cgroup->mark.oom_kills);
}

static bool host_is_pressed(const struct tb_host_usage *host)
{
	return host->pressure_memory >= tb_limit(TB_LIMIT_MEMORY_PRESSURE) ||
	       host->swap_pages_per_s >= tb_limit(TB_LIMIT_MEMORY_PAGES) ||
	       host->reclaim_pages_per_s >= tb_limit(TB_LIMIT_MEMORY_PAGES);
}

/* Of a control group, or, with NULL, of the host. */
static void losers_add(struct tb_who *losers, const struct tb_verdict *verdict,
		       const struct tb_model_cgroup *cgroup)
{
	size_t i;

	for (i = 0; i < verdict->group_nr; i++) {
		const struct tb_group *group = &verdict->groups[i];
		__u64 ns = group->usage.ns[TB_MEMORY];

		if (verdict_is_loser(group) &&
		    tb_group_share(group, ns) >= tb_limit(TB_LIMIT_MEMORY_SHARE) &&
		    verdict_threads(group, ns) >= tb_limit(TB_LIMIT_MEMORY_THREADS) &&
		    (!cgroup || verdict_cgroup_holds(cgroup, group)))
			verdict_who_add(losers, group, ns);
	}
}

static void host_evidence(struct tb_finding *finding, const struct tb_verdict *verdict,
			  const struct tb_model *model)
{
	const struct tb_host_usage *host = &verdict->host;
	double *evidence = finding->evidence;

	evidence[TB_EVIDENCE_MEMORY_PRESSURE] = host->pressure_memory;
	evidence[TB_EVIDENCE_SWAP] = host->swap_pages_per_s;
	evidence[TB_EVIDENCE_RECLAIM] = host->reclaim_pages_per_s;
	evidence[TB_EVIDENCE_MAJOR_FAULTS] = host->major_faults_per_s;
	if (!model->host.memory_total_bytes)
		return;
	evidence[TB_EVIDENCE_AVAILABLE] = (double)model->host.memory_available_bytes;
	evidence[TB_EVIDENCE_TOTAL] = (double)model->host.memory_total_bytes;
}

static void cgroup_evidence(struct tb_finding *finding, const struct tb_model_cgroup *cgroup)
{
	const struct tb_cgroup *now = &cgroup->now;
	double *evidence = finding->evidence;

	if (now->memory_limit_bytes != TB_UNLIMITED)
		evidence[TB_EVIDENCE_LIMIT] = (double)now->memory_limit_bytes;
	evidence[TB_EVIDENCE_LIMIT_USED] = (double)now->memory_bytes;
	evidence[TB_EVIDENCE_LIMIT_GREW] =
		(double)verdict_grown(now->memory_bytes, cgroup->mark.memory_bytes);
	evidence[TB_EVIDENCE_LIMIT_EVENTS] = (double)limit_events(cgroup);
	evidence[TB_EVIDENCE_OOM_KILLS] = (double)oom_kills(cgroup);
}

static double longest_s(const struct tb_model *model, const struct tb_group *group)
{
	const struct tb_model_thread *thread;
	__u64 ns, longest = 0;
	size_t i;

	for (i = 0; i < group->member_nr; i++)
		DL_FOREACH(group->members[i]->threads, thread) {
			ns = verdict_grown(tb_model_now(model), thread->now.since_ns);
			if (thread->now.state == TB_MEMORY && ns > longest)
				longest = ns;
		}
	return (double)longest / 1e9;
}

/* On a full host another one helps; a group's limit stands wherever its instances are. */
static void memory_finding(struct tb_verdict *verdict, const struct tb_model *model,
			   const struct tb_who *losers, const struct tb_model_cgroup *cgroup)
{
	struct tb_finding *finding = verdict_finding(verdict, TB_FINDING_MEMORY_PRESSURE);

	if (!finding)
		return;
	finding->losers = *losers;
	finding->cgroup = cgroup;
	verdict_finding_lost(finding);
	host_evidence(finding, verdict, model);
	if (finding->group)
		finding->evidence[TB_EVIDENCE_LONGEST] = longest_s(model, finding->group);
	if (cgroup) {
		cgroup_evidence(finding, cgroup);
	} else {
		finding->missing |= 1u << TB_MISSING_MEMORY_USERS;
		finding->help = finding->help_latency = finding->help_throughput = TB_HELP_YES;
	}
}

/* The group whose limit was met most often in this window. */
static const struct tb_model_cgroup *most_events(const struct tb_model *model)
{
	const struct tb_model_cgroup *cgroup, *next, *most = NULL;

	HASH_ITER(hh, model->cgroups, cgroup, next)
		if (limit_events(cgroup) && (!most || limit_events(cgroup) > limit_events(most)))
			most = cgroup;
	return most;
}

/*
 * Groups that met their limit first. Where the hierarchies of CPU and memory differ (v1), a process
 * tells its place in the one of CPU only: then the group that met its limit most often is the
 * likely one.
 */
void verdict_memory(struct tb_verdict *verdict, const struct tb_model *model)
{
	const struct tb_model_cgroup *cgroup, *next;
	struct tb_who losers = {};
	bool found = false;

	HASH_ITER(hh, model->cgroups, cgroup, next) {
		losers = (struct tb_who){};
		if (limit_events(cgroup))
			losers_add(&losers, verdict, cgroup);
		if (!losers.nr && !oom_kills(cgroup))
			continue;
		memory_finding(verdict, model, &losers, cgroup);
		found = true;
	}
	losers = (struct tb_who){};
	losers_add(&losers, verdict, NULL);
	cgroup = host_is_pressed(&verdict->host) ? NULL : most_events(model);
	if (found || !losers.nr || (!cgroup && !host_is_pressed(&verdict->host)))
		return;
	memory_finding(verdict, model, &losers, cgroup);
}
