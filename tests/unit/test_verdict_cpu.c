// SPDX-License-Identifier: GPL-2.0-only
/* When CPUs are the limit and when they are only busy: the line is whether somebody loses time. */
#include "verdict_case.h"

#define HOG_1  "THREAD tid=10 comm=hog oncpu=9s runqueue=1s n.oncpu=100\n"
#define HOG_2  "THREAD tid=11 tgid=10 comm=hog oncpu=9s runqueue=1s n.oncpu=100\n"
#define VICTIM "THREAD tid=20 comm=web oncpu=1s runqueue=4s timer=5s n.oncpu=1000\n"

static void who_queues_on_a_full_host_is_hit_by_who_uses_the_cpus(void **state)
{
	struct verdict_case *c = *state;
	const struct tb_finding *finding;

	judge(c, "", FULL HOG_1 HOG_2 VICTIM);
	assert_verdict(c, TB_VERDICT_SATURATED);
	finding = finding_of(c, TB_FINDING_CPU_SATURATED);
	assert_severity(finding, TB_SEVERITY_NOW);
	assert_about(finding->group, "web");
	assert_about(finding->users.part[0].group, "hog");
	assert_evidence(finding, TB_EVIDENCE_LOST_SHARE, 0.8);
	assert_evidence(finding, TB_EVIDENCE_LOST_THREADS, 0.4);
	assert_evidence(finding, TB_EVIDENCE_QUEUE_EACH, 0.004);
	assert_evidence(finding, TB_EVIDENCE_WANTED, 2.5);
	assert_false(finding->alone);
	assert_int_equal(finding->help, TB_HELP_YES);
}

static void a_hog_of_more_threads_than_cpus_is_limited_by_them(void **state)
{
	struct verdict_case *c = *state;
	const struct tb_finding *finding;

	judge(c, "",
	      FULL "THREAD tid=10 comm=hog oncpu=5s runqueue=5s\n"
		   "THREAD tid=11 tgid=10 comm=hog oncpu=5s runqueue=5s\n"
		   "THREAD tid=12 tgid=10 comm=hog oncpu=5s runqueue=5s\n"
		   "THREAD tid=13 tgid=10 comm=hog oncpu=5s runqueue=5s\n");
	assert_verdict(c, TB_VERDICT_SATURATED);
	finding = finding_of(c, TB_FINDING_CPU_SATURATED);
	assert_about(finding->group, "hog");
	assert_true(finding->alone);
	assert_true(tb_group_is_batch(finding->group));
}

static void a_hog_for_which_nobody_waits_is_context(void **state)
{
	struct verdict_case *c = *state;
	const struct tb_finding *finding;

	judge(c, "",
	      FULL HOG_1 HOG_2 "THREAD tid=20 comm=web oncpu=10ms runqueue=1ms timer=9989ms\n");
	assert_verdict(c, TB_VERDICT_HEALTHY);
	finding = finding_of(c, TB_FINDING_CPU_SATURATED);
	assert_severity(finding, TB_SEVERITY_NOTE);
	assert_about(finding->group, "hog");
	assert_false(tb_verdict_has(&c->verdict, 1ull << TB_FINDING_CPU_SATURATED));
}

/* A daemon that wakes up once a second waits behind the hog, and loses five milliseconds. */
static void a_loss_that_nobody_would_notice_is_context_and_names_the_user(void **state)
{
	struct verdict_case *c = *state;
	const struct tb_finding *finding;

	judge(c, "",
	      FULL HOG_1 HOG_2 "THREAD tid=20 comm=crond oncpu=10ms runqueue=300ms timer=9690ms\n");
	assert_verdict(c, TB_VERDICT_HEALTHY);
	finding = finding_of(c, TB_FINDING_CPU_SATURATED);
	assert_severity(finding, TB_SEVERITY_NOTE);
	assert_about(finding->group, "hog");
	assert_about(finding->losers.part[0].group, "crond");
}

static void a_hog_on_one_of_two_cpus_is_a_batch_job_and_no_finding(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "", HALF HOG_1);
	assert_verdict(c, TB_VERDICT_HEALTHY);
	assert_int_equal(c->verdict.finding_nr, 0);
	assert_true(tb_group_is_batch(group_named(c, "hog")));
}

static void who_serves_is_no_batch_job_however_busy(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "",
	      HALF HOG_1
	      "THREAD tid=12 tgid=10 comm=hog accept=10s\n"
	      "EDGE tgid=10 state=accept count=1 total=10s object=tcp/listener/127.0.0.1:80\n");
	assert_false(tb_group_is_batch(group_named(c, "hog")));
	assert_true(group_named(c, "hog")->serves);
}

static void who_queues_for_long_beside_idle_cpus_may_not_use_them(void **state)
{
	struct verdict_case *c = *state;
	const struct tb_finding *finding;

	judge(c, "",
	      HALF "THREAD tid=10 comm=web oncpu=5s runqueue=5s n.oncpu=500\n"
		   "THREAD tid=11 tgid=10 comm=web oncpu=5s runqueue=5s n.oncpu=500\n");
	assert_verdict(c, TB_VERDICT_SATURATED);
	finding = finding_of(c, TB_FINDING_CPU_SATURATED);
	assert_true(finding->pinned);
	assert_int_equal(finding->confidence, TB_CONFIDENCE_MEDIUM);
	assert_true(finding->missing & 1u << TB_MISSING_AFFINITY);
}

/* Each is woken on the CPU of its waker, which goes to sleep at once: 50 us a time. */
static void wakers_and_wakees_on_one_cpu_are_not_pinned(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "",
	      HALF "THREAD tid=10 comm=ping oncpu=5s runqueue=4s pipe=1s n.oncpu=80000\n"
		   "THREAD tid=11 comm=pong oncpu=5s runqueue=4s pipe=1s n.oncpu=80000\n");
	assert_verdict(c, TB_VERDICT_HEALTHY);
	assert_int_equal(c->verdict.finding_nr, 0);
}

static void stolen_time_is_not_idle_and_is_named(void **state)
{
	struct verdict_case *c = *state;
	const struct tb_finding *finding;

	judge(c, "", "HOST user=9s steal=10s idle=1s\n" HOG_1 VICTIM);
	assert_verdict(c, TB_VERDICT_SATURATED);
	finding = finding_of(c, TB_FINDING_CPU_SATURATED);
	assert_evidence(finding, TB_EVIDENCE_STEAL, 0.5);
	assert_evidence(finding, TB_EVIDENCE_HOST_IDLE, 0.05);
}

static void without_the_hosts_counters_the_threads_tell_how_full_it_is(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "", HOG_1 HOG_2 VICTIM);
	assert_verdict(c, TB_VERDICT_SATURATED);
	assert_evidence(finding_of(c, TB_FINDING_CPU_SATURATED), TB_EVIDENCE_HOST_IDLE, 0.05);
}

/* A thread that listens to a quiet peer all the while does not make the others' loss small. */
static void a_quiet_thread_does_not_hide_what_the_others_lose(void **state)
{
	struct verdict_case *c = *state;
	const struct tb_finding *finding;

	judge(c, "",
	      FULL HOG_1 HOG_2 VICTIM
	      "THREAD tid=21 tgid=20 comm=web net=10s state=net object=tcp/client/10.0.0.1:5672\n");
	finding = finding_of(c, TB_FINDING_CPU_SATURATED);
	assert_about(finding->group, "web");
	assert_evidence(finding, TB_EVIDENCE_LOST_SHARE, 0.8);
}

static void kernel_threads_and_the_tool_itself_do_not_lose(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "",
	      FULL HOG_1 HOG_2 "THREAD tid=20 comm=kworker/0:1 flags=kernel oncpu=1s runqueue=9s\n"
			       "THREAD tid=30 comm=tailback oncpu=1s runqueue=9s\n");
	assert_verdict(c, TB_VERDICT_HEALTHY);
	assert_severity(finding_of(c, TB_FINDING_CPU_SATURATED), TB_SEVERITY_NOTE);
}

static void replicas_are_one_loser(void **state)
{
	struct verdict_case *c = *state;
	const struct tb_finding *finding;

	judge(c, "",
	      FULL HOG_1 HOG_2 VICTIM "THREAD tid=21 comm=web oncpu=1s runqueue=4s timer=5s\n"
				      "THREAD tid=22 comm=web oncpu=2s runqueue=4s timer=4s\n");
	finding = finding_of(c, TB_FINDING_CPU_SATURATED);
	assert_int_equal(finding->losers.nr, 1);
	assert_int_equal(finding->group->member_nr, 3);
	assert_int_equal(finding->group->process->key.tgid, 22);
	assert_evidence(finding, TB_EVIDENCE_LOST_THREADS, 1.2);
}

static void who_hardly_runs_is_not_among_the_losers(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "",
	      FULL HOG_1 HOG_2 VICTIM
	      "THREAD tid=30 comm=crond oncpu=10ms runqueue=100ms timer=9890ms\n");
	assert_int_equal(finding_of(c, TB_FINDING_CPU_SATURATED)->losers.nr, 1);
}

static void a_little_queueing_beside_idle_cpus_is_none(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "", HALF "THREAD tid=10 comm=web oncpu=1s runqueue=1s timer=8s n.oncpu=100\n");
	assert_int_equal(c->verdict.finding_nr, 0);
}

static void who_asks_others_most_of_the_time_is_no_batch_job(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "",
	      HALF "THREAD tid=10 comm=web oncpu=6s net=4s\n"
		   "EDGE tgid=10 state=net count=900 total=4s object=tcp/client/127.0.0.1:5432\n"
		   "THREAD tid=20 comm=cron oncpu=4s timer=6s\n");
	assert_false(tb_group_is_batch(group_named(c, "web")));
	assert_false(tb_group_is_batch(group_named(c, "cron")));
}

static void who_uses_next_to_nothing_is_not_named_as_a_user(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "", FULL HOG_1 HOG_2 VICTIM "THREAD tid=30 comm=cron oncpu=100ms timer=9900ms\n");
	assert_int_equal(finding_of(c, TB_FINDING_CPU_SATURATED)->users.nr, 2);
}

static void a_finding_is_not_about_who_loses_next_to_nothing_of_it(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "",
	      FULL "THREAD tid=10 comm=hog oncpu=5s runqueue=5s\n"
		   "THREAD tid=11 tgid=10 comm=hog oncpu=5s runqueue=5s\n"
		   "THREAD tid=12 tgid=10 comm=hog oncpu=5s runqueue=5s\n"
		   "THREAD tid=30 comm=crond oncpu=100ms runqueue=300ms timer=9600ms\n");
	assert_int_equal(finding_of(c, TB_FINDING_CPU_SATURATED)->losers.nr, 2);
	assert_about(finding_of(c, TB_FINDING_CPU_SATURATED)->group, "hog");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		verdict_test(who_queues_on_a_full_host_is_hit_by_who_uses_the_cpus),
		verdict_test(a_hog_of_more_threads_than_cpus_is_limited_by_them),
		verdict_test(a_hog_for_which_nobody_waits_is_context),
		verdict_test(a_loss_that_nobody_would_notice_is_context_and_names_the_user),
		verdict_test(a_hog_on_one_of_two_cpus_is_a_batch_job_and_no_finding),
		verdict_test(who_serves_is_no_batch_job_however_busy),
		verdict_test(who_queues_for_long_beside_idle_cpus_may_not_use_them),
		verdict_test(wakers_and_wakees_on_one_cpu_are_not_pinned),
		verdict_test(stolen_time_is_not_idle_and_is_named),
		verdict_test(without_the_hosts_counters_the_threads_tell_how_full_it_is),
		verdict_test(a_quiet_thread_does_not_hide_what_the_others_lose),
		verdict_test(kernel_threads_and_the_tool_itself_do_not_lose),
		verdict_test(replicas_are_one_loser),
		verdict_test(who_hardly_runs_is_not_among_the_losers),
		verdict_test(a_little_queueing_beside_idle_cpus_is_none),
		verdict_test(who_asks_others_most_of_the_time_is_no_batch_job),
		verdict_test(who_uses_next_to_nothing_is_not_named_as_a_user),
		verdict_test(a_finding_is_not_about_who_loses_next_to_nothing_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
