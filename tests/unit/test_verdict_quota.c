// SPDX-License-Identifier: GPL-2.0-only
/* A CPU quota, told apart from the run queue: by the state, by the control group, or by both. */
#include "verdict_case.h"

#define APP    "PROCESS tgid=10 comm=app cgroup=/shop/app\n"
#define BEFORE APP "CGROUP path=/shop quota_us=50000 periods=1000 throttled_periods=900\n"
#define OFTEN  "CGROUP path=/shop quota_us=50000 periods=1100 throttled_periods=990 throttled=4s\n"
#define RARELY "CGROUP path=/shop quota_us=50000 periods=1100 throttled_periods=905\n"
#define HELD   "THREAD tid=10 comm=app oncpu=5s throttled=4s timer=1s\n"
#define QUEUED "THREAD tid=10 comm=app oncpu=5s runqueue=4s timer=1s n.oncpu=1000\n"

static void a_group_that_its_quota_holds_back_is_named_with_it(void **state)
{
	struct verdict_case *c = *state;
	const struct tb_finding *finding;

	judge(c, BEFORE, HALF APP OFTEN HELD);
	assert_verdict(c, TB_VERDICT_SATURATED);
	assert_int_equal(c->verdict.finding_nr, 1);
	finding = finding_of(c, TB_FINDING_CPU_QUOTA);
	assert_about(finding->group, "app");
	assert_string_equal(finding->cgroup->path, "/shop");
	assert_int_equal(finding->confidence, TB_CONFIDENCE_HIGH);
	assert_evidence(finding, TB_EVIDENCE_LOST_SHARE, 4.0 / 9);
	assert_evidence(finding, TB_EVIDENCE_QUOTA, 0.5);
	assert_evidence(finding, TB_EVIDENCE_USED, 0.5);
	assert_evidence(finding, TB_EVIDENCE_PERIODS, 100);
	assert_evidence(finding, TB_EVIDENCE_THROTTLED_PERIODS, 90);
	assert_evidence(finding, TB_EVIDENCE_THROTTLED_S, 4);
	assert_int_equal(finding->help, TB_HELP_YES);
}

static void on_a_full_host_another_instance_would_not_help(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE, FULL APP OFTEN HELD);
	assert_int_equal(finding_of(c, TB_FINDING_CPU_QUOTA)->help, TB_HELP_NO);
}

/* Who wakes up while its group is held back is queued as any other: kernels before 6.18 say no
 * more. */
static void queued_time_beside_idle_cpus_is_the_quotas_where_it_was_met_often(void **state)
{
	struct verdict_case *c = *state;
	const struct tb_finding *finding;

	judge(c, BEFORE, HALF APP OFTEN QUEUED);
	assert_int_equal(c->verdict.finding_nr, 1);
	finding = finding_of(c, TB_FINDING_CPU_QUOTA);
	assert_int_equal(finding->confidence, TB_CONFIDENCE_MEDIUM);
	assert_true(finding->missing & 1u << TB_MISSING_THROTTLE_STATE);
	assert_evidence(finding, TB_EVIDENCE_LOST_SHARE, 4.0 / 9);
}

static void a_quota_that_is_met_rarely_is_no_limit(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE,
	      HALF APP RARELY "THREAD tid=10 comm=app oncpu=5s throttled=100ms timer=4900ms\n");
	assert_verdict(c, TB_VERDICT_HEALTHY);
	assert_int_equal(c->verdict.finding_nr, 0);
}

/* The group is held back, and its threads also queue behind others: each is told of its own. */
static void on_a_full_host_the_queue_stays_with_the_cpus(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE,
	      FULL APP OFTEN "THREAD tid=10 comm=app oncpu=4s throttled=3s runqueue=3s\n"
			     "THREAD tid=20 comm=hog oncpu=9s runqueue=1s\n");
	assert_evidence(finding_of(c, TB_FINDING_CPU_QUOTA), TB_EVIDENCE_LOST_SHARE, 0.3);
	assert_evidence(finding_of(c, TB_FINDING_CPU_SATURATED), TB_EVIDENCE_LOST_SHARE, 0.3);
	assert_int_equal(c->verdict.findings[0].kind, TB_FINDING_CPU_QUOTA);
}

static void the_run_queue_alone_is_no_quota(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE,
	      FULL APP
	      "CGROUP path=/shop quota_us=50000 periods=1100 throttled_periods=900\n" QUEUED
	      "THREAD tid=20 comm=hog oncpu=9s runqueue=1s\n");
	assert_false(has_finding(c, TB_FINDING_CPU_QUOTA));
	assert_true(has_finding(c, TB_FINDING_CPU_SATURATED));
}

static void a_group_beside_the_limited_one_is_not_in_it(void **state)
{
	struct verdict_case *c = *state;

	judge(c,
	      "PROCESS tgid=10 comm=app cgroup=/shop2\n"
	      "CGROUP path=/shop quota_us=50000 periods=1000 throttled_periods=900\n",
	      HALF OFTEN QUEUED);
	assert_false(has_finding(c, TB_FINDING_CPU_QUOTA));
}

static void throttled_threads_are_believed_without_the_groups_counters(void **state)
{
	struct verdict_case *c = *state;
	const struct tb_finding *finding;

	judge(c, "", HALF HELD);
	finding = finding_of(c, TB_FINDING_CPU_QUOTA);
	assert_null(finding->cgroup);
	assert_true(finding->missing & 1u << TB_MISSING_CGROUP);
	assert_evidence(finding, TB_EVIDENCE_PERIODS, -1);
}

static void queued_time_is_not_the_quotas_where_it_is_met_rarely(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE, HALF APP RARELY QUEUED);
	assert_false(has_finding(c, TB_FINDING_CPU_QUOTA));
}

static void who_hardly_runs_is_not_held_back(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE,
	      HALF APP OFTEN "THREAD tid=10 comm=app oncpu=10ms throttled=50ms timer=9940ms\n");
	assert_int_equal(c->verdict.finding_nr, 0);
}

static void a_small_daemon_that_is_held_back_is_told(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE,
	      HALF APP OFTEN "THREAD tid=10 comm=app oncpu=500ms throttled=1s timer=8500ms\n");
	assert_true(has_finding(c, TB_FINDING_CPU_QUOTA));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		verdict_test(a_group_that_its_quota_holds_back_is_named_with_it),
		verdict_test(on_a_full_host_another_instance_would_not_help),
		verdict_test(queued_time_beside_idle_cpus_is_the_quotas_where_it_was_met_often),
		verdict_test(a_quota_that_is_met_rarely_is_no_limit),
		verdict_test(on_a_full_host_the_queue_stays_with_the_cpus),
		verdict_test(the_run_queue_alone_is_no_quota),
		verdict_test(a_group_beside_the_limited_one_is_not_in_it),
		verdict_test(throttled_threads_are_believed_without_the_groups_counters),
		verdict_test(queued_time_is_not_the_quotas_where_it_is_met_rarely),
		verdict_test(who_hardly_runs_is_not_held_back),
		verdict_test(a_small_daemon_that_is_held_back_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
