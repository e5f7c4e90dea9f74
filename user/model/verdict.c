// SPDX-License-Identifier: GPL-2.0-only
/*
 * From groups to findings to one word; see verdict.h. The rules are in verdict_*.c, their
 * thresholds in verdict_limits.h, their order in one table here.
 */
#include "verdict.h"

#include <stdlib.h>
#include <string.h>

#include "tables.h"
#include "verdict_parts.h"

/*
 * The rules in their order. It is also the order of findings of one severity, so what is the cause
 * of others comes before them; two of one kind are ordered by the threads that they cost.
 */
static const struct {
	enum tb_finding_kind kind;
	void (*judge)(struct tb_verdict *verdict, const struct tb_model *model);
	bool trusting; /* not judged where data is lacking: no proof of its own */
	unsigned int evidence;
} rules[] = {
	{ TB_FINDING_DISK_STALLED, verdict_disks_stalled, false, TB_EV_STALL },
	{ TB_FINDING_MEMORY_PRESSURE, verdict_memory, true, TB_EV_MEMORY },
	{ TB_FINDING_CPU_QUOTA, verdict_quotas, true, TB_EV_QUOTA },
	{ TB_FINDING_DISK_SATURATED, verdict_disks_saturated, true, TB_EV_DISK },
	{ TB_FINDING_CPU_SATURATED, verdict_cpu, true, TB_EV_CPU },
};

#define RULE_NR (sizeof(rules) / sizeof(rules[0]))

#define NAMES(id, name) name,

const char *tb_severity_name(enum tb_severity severity)
{
	static const char *const names[] = { TB_SEVERITIES(NAMES) };

	return names[severity];
}

const char *tb_help_name(enum tb_help help)
{
	static const char *const names[] = { TB_HELPS(NAMES) };

	return names[help];
}

const char *tb_confidence_name(enum tb_confidence confidence)
{
	static const char *const names[] = { TB_CONFIDENCES(NAMES) };

	return names[confidence];
}

const char *tb_missing_text(enum tb_missing missing)
{
	static const char *const texts[] = { TB_MISSINGS(NAMES) };

	return texts[missing];
}

const char *tb_evidence_key(enum tb_evidence evidence, enum tb_finding_kind kind)
{
	static const struct {
		const char *key;
		unsigned int kinds;
	} rows[TB_EVIDENCE_NR] = {
#define X(id, key, kinds) { key, kinds },
		TB_EVIDENCE(X)
#undef X
	};
	size_t i;

	for (i = 0; i < RULE_NR; i++)
		if (rules[i].kind == kind && (rows[evidence].kinds & rules[i].evidence))
			return rows[evidence].key;
	return NULL;
}

struct tb_finding *verdict_finding(struct tb_verdict *verdict, enum tb_finding_kind kind)
{
	struct tb_finding *finding;
	int i;

	if (verdict->finding_nr == TB_FINDINGS_MAX) {
		verdict->finding_more++;
		return NULL;
	}
	finding = &verdict->findings[verdict->finding_nr++];
	*finding = (struct tb_finding){ .kind = kind,
					.help = TB_HELP_NO,
					.help_latency = TB_HELP_NO,
					.help_throughput = TB_HELP_NO,
					.caused_by = -1 };
	for (i = 0; i < TB_EVIDENCE_NR; i++)
		finding->evidence[i] = -1;
	finding->evidence[TB_EVIDENCE_HOST_BUSY] = verdict->host_busy;
	finding->evidence[TB_EVIDENCE_HOST_IDLE] = verdict->host_idle;
	return finding;
}

/* Who loses most; a service comes before a batch job, unless it loses next to nothing of it all. */
static const struct tb_group *losers_first(const struct tb_who *losers)
{
	size_t i;

	for (i = 0; i < losers->nr; i++)
		if (!tb_group_is_batch(losers->part[i].group) &&
		    losers->part[i].threads >= losers->threads * tb_limit(TB_LIMIT_SUBJECT))
			return losers->part[i].group;
	return losers->nr ? losers->part[0].group : NULL;
}

static double lost_share(const struct tb_who *losers)
{
	double all = losers->active_threads;

	if (all < losers->threads)
		all = losers->threads;
	return all > 0 ? losers->threads / all : 0;
}

void verdict_finding_lost(struct tb_finding *finding)
{
	const struct tb_who *losers = &finding->losers;

	finding->evidence[TB_EVIDENCE_LOST_THREADS] = losers->threads;
	finding->evidence[TB_EVIDENCE_LOST_SHARE] = lost_share(losers);
	finding->group = losers_first(losers);
	finding->alone = losers->nr == 1 && finding->users.nr &&
			 finding->users.part[0].group == finding->group;
}

/*
 * Events by which time was lost or got a wrong state, of all that there were. Not among them: an
 * exit's record, since its process's fold holds the same; a wait without an edge, which lacks its
 * object only.
 */
static double loss_share(const struct tb_verdict *verdict, const struct tb_model *model)
{
	const struct tb_status *now = &model->status, *mark = &model->mark_status;
	double lost = (double)verdict->trust.gaps + (double)verdict->trust.torn +
		      (double)verdict_grown(now->lost_threads, mark->lost_threads) +
		      (double)verdict_grown(now->lost_folds, mark->lost_folds) +
		      (double)verdict_grown(now->missed_runs, mark->missed_runs);
	double all = lost;
	size_t i;

	for (i = 0; i < verdict->group_nr; i++)
		all += (double)verdict->groups[i].usage.count[TB_ONCPU];
	return all > 0 ? lost / all : 0;
}

/* The host's own counters, or the threads' sum where a recording has none. */
static void host_load(struct tb_verdict *verdict, const struct tb_model *model)
{
	double oncpu = 0, steal;
	size_t i;

	tb_window_host(model, &verdict->host);
	verdict->cpus = model->frame.cpus ? model->frame.cpus : 1;
	verdict->host_busy = verdict->host.busy;
	if (verdict->host_busy < 0) {
		for (i = 0; i < verdict->group_nr; i++)
			oncpu += verdict_threads(&verdict->groups[i],
						 verdict->groups[i].usage.ns[TB_ONCPU]);
		verdict->host_busy = oncpu < verdict->cpus ? oncpu / verdict->cpus : 1;
	}
	steal = verdict->host.steal > 0 ? verdict->host.steal : 0;
	verdict->host_idle = 1 - verdict->host_busy - steal;
	if (verdict->host_idle < 0)
		verdict->host_idle = 0;
}

static size_t rule_rank(enum tb_finding_kind kind)
{
	size_t i;

	for (i = 0; i < RULE_NR; i++)
		if (rules[i].kind == kind)
			break;
	return i;
}

static int finding_order(const void *a, const void *b)
{
	const struct tb_finding *x = a, *y = b;
	double x_lost = x->evidence[TB_EVIDENCE_LOST_THREADS];
	double y_lost = y->evidence[TB_EVIDENCE_LOST_THREADS];

	if (x->severity != y->severity)
		return (int)x->severity - (int)y->severity;
	if (x->kind != y->kind)
		return (int)rule_rank(x->kind) - (int)rule_rank(y->kind);
	return (x_lost < y_lost) - (x_lost > y_lost);
}

/* Pages that are swapped or read again are requests: the device is busy because memory is short. */
static void causes_link(struct tb_verdict *verdict)
{
	size_t i, cause;

	for (cause = 0; cause < verdict->finding_nr; cause++)
		if (verdict->findings[cause].kind == TB_FINDING_MEMORY_PRESSURE &&
		    verdict->findings[cause].severity == TB_SEVERITY_NOW)
			break;
	if (cause == verdict->finding_nr ||
	    verdict->host.swap_pages_per_s < tb_limit(TB_LIMIT_MEMORY_PAGES))
		return;
	for (i = cause + 1; i < verdict->finding_nr; i++)
		if (verdict->findings[i].kind == TB_FINDING_DISK_SATURATED)
			verdict->findings[i].caused_by = (int)cause;
}

/* What is incomplete is believed, but not as much; a fault has a proof of its own. */
static void confidence_lower(struct tb_verdict *verdict)
{
	size_t i;

	for (i = 0; i < verdict->finding_nr && !verdict->trust.complete; i++)
		if (verdict->findings[i].confidence == TB_CONFIDENCE_HIGH &&
		    tb_finding_class(verdict->findings[i].kind) != TB_VERDICT_FAULT)
			verdict->findings[i].confidence = TB_CONFIDENCE_MEDIUM;
}

/*
 * A host is idle when it does no work; connections that are kept open may wait on it. Who was named
 * is idle only without such waits: the question is what it does, and waiting for an answer is that.
 */
static bool nothing_works(const struct tb_verdict *verdict)
{
	double work = 0, active = 0;
	size_t i;

	for (i = 0; i < verdict->group_nr; i++) {
		const struct tb_group *group = &verdict->groups[i];

		work += group->judged ? verdict_work_threads(group) : 0;
		active += group->judged ? verdict_threads(group, group->active_ns) : 0;
	}
	if (work >= tb_limit(TB_LIMIT_IDLE_THREADS))
		return false;
	return verdict->filtered ? active < tb_limit(TB_LIMIT_IDLE_THREADS)
				 : verdict->host_busy < tb_limit(TB_LIMIT_IDLE_HOST);
}

static enum tb_verdict_class verdict_word(const struct tb_verdict *verdict)
{
	const struct tb_finding *first = verdict->findings;

	if (verdict->finding_nr && first->severity == TB_SEVERITY_NOW)
		return (enum tb_verdict_class)tb_finding_class(first->kind);
	if (!verdict->trusted)
		return TB_VERDICT_UNKNOWN;
	return nothing_works(verdict) ? TB_VERDICT_IDLE : TB_VERDICT_HEALTHY;
}

int tb_verdict_make(struct tb_verdict *verdict, const struct tb_model *model,
		    const struct tb_filter *filter)
{
	size_t i;
	int err;

	memset(verdict, 0, sizeof(*verdict));
	err = verdict_groups_make(verdict, model, filter);
	if (err) {
		tb_verdict_release(verdict);
		return err;
	}
	verdict->filtered = tb_filter_is_set(filter);
	tb_window_trust(model, &verdict->trust);
	host_load(verdict, model);
	verdict->loss_share = loss_share(verdict, model);
	verdict->trusted = tb_window_ns(model) &&
			   verdict->loss_share <= tb_limit(TB_LIMIT_TRUST_LOSS) &&
			   verdict->trust.unknown_share <= tb_limit(TB_LIMIT_TRUST_UNKNOWN);
	for (i = 0; i < RULE_NR; i++)
		if (verdict->trusted || !rules[i].trusting)
			rules[i].judge(verdict, model);
	qsort(verdict->findings, verdict->finding_nr, sizeof(*verdict->findings), finding_order);
	causes_link(verdict);
	confidence_lower(verdict);
	verdict->verdict = verdict_word(verdict);
	return 0;
}

void tb_verdict_release(struct tb_verdict *verdict)
{
	free(verdict->groups);
	free(verdict->processes);
	memset(verdict, 0, sizeof(*verdict));
}

bool tb_verdict_has(const struct tb_verdict *verdict, __u64 kinds)
{
	size_t i;

	for (i = 0; i < verdict->finding_nr; i++)
		if (verdict->findings[i].severity == TB_SEVERITY_NOW &&
		    (kinds >> verdict->findings[i].kind & 1))
			return true;
	return false;
}
