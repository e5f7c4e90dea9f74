// SPDX-License-Identifier: GPL-2.0-only
/* The one word, and whom it is about: trust, idle, healthy, filters, order. Kinds have files each.
 */
#include "verdict_case.h"

#define HOGS                                            \
	"THREAD tid=10 comm=hog oncpu=5s runqueue=5s\n" \
	"THREAD tid=11 tgid=10 comm=hog oncpu=5s runqueue=5s\n"
#define WEB "THREAD tid=20 comm=web oncpu=2s timer=8s\n"

static void a_host_on_which_nothing_works_is_idle(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "",
	      QUIET "THREAD tid=20 comm=web oncpu=50ms timer=9950ms\n"
		    "THREAD tid=21 comm=sshd net=10s state=net object=tcp/client/10.0.0.1:22\n");
	assert_verdict(c, TB_VERDICT_IDLE);
	assert_int_equal(c->verdict.finding_nr, 0);
}

static void a_host_that_works_and_loses_nothing_is_healthy(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "", HALF WEB);
	assert_verdict(c, TB_VERDICT_HEALTHY);
}

static void the_tools_own_work_does_not_make_a_host_busy(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "", QUIET "THREAD tid=30 comm=tailback oncpu=5s timer=5s\n");
	assert_verdict(c, TB_VERDICT_IDLE);
}

/* 2000 switches in the window, 1 % of them is 20. */
static void too_many_lost_events_make_it_unknown(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "",
	      FULL HOGS "STATUS lost_threads=60\n"
			"THREAD tid=20 comm=web oncpu=2s timer=8s n.oncpu=2000\n");
	assert_verdict(c, TB_VERDICT_UNKNOWN);
	assert_int_equal(c->verdict.finding_nr, 0);
}

static void a_few_lost_events_do_not(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "",
	      FULL HOGS "STATUS lost_threads=10\n"
			"THREAD tid=20 comm=web oncpu=2s timer=8s n.oncpu=2000\n");
	assert_verdict(c, TB_VERDICT_SATURATED);
	assert_false(c->verdict.trust.complete);
	assert_int_equal(c->verdict.findings[0].confidence, TB_CONFIDENCE_MEDIUM);
}

/* On a host of very many threads waits find no edge: their time and state are known all the same.
 */
static void lost_objects_and_exit_records_take_confidence_and_no_trust(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "", FULL HOGS "STATUS lost_edges=9000 lost_ring=900\n");
	assert_verdict(c, TB_VERDICT_SATURATED);
	assert_int_equal(c->verdict.findings[0].confidence, TB_CONFIDENCE_MEDIUM);
}

static void time_without_a_reason_makes_it_unknown(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "",
	      HALF "THREAD tid=20 comm=web oncpu=5s other=5s\n"
		   "EDGE tgid=20 state=other count=9 total=5s object=none\n");
	assert_verdict(c, TB_VERDICT_UNKNOWN);
}

static void one_frame_is_no_window(void **state)
{
	struct verdict_case *c = *state;

	world_feed(&c->world, "at 100s\n" WEB "FRAME\n");
	tb_model_mark(&c->world.model);
	assert_int_equal(tb_verdict_make(&c->verdict, &c->world.model, &c->filter), 0);
	c->made = true;
	assert_verdict(c, TB_VERDICT_UNKNOWN);
}

static void who_was_named_and_loses_nothing_is_healthy_on_a_full_host(void **state)
{
	struct verdict_case *c = *state;
	const struct tb_finding *finding;

	c->filter.pids[c->filter.pid_nr++] = 20;
	judge(c, "", FULL HOGS WEB);
	assert_verdict(c, TB_VERDICT_HEALTHY);
	assert_int_equal(c->verdict.judged_nr, 1);
	finding = finding_of(c, TB_FINDING_CPU_SATURATED);
	assert_severity(finding, TB_SEVERITY_NOTE);
	assert_about(finding->group, "hog");
}

static void who_was_named_is_judged_alone_of_its_replicas(void **state)
{
	struct verdict_case *c = *state;

	c->filter.pids[c->filter.pid_nr++] = 21;
	judge(c, "", HALF WEB "THREAD tid=21 comm=web oncpu=1s timer=9s\n");
	assert_int_equal(c->verdict.judged_nr, 1);
	assert_int_equal(c->verdict.group_nr, 2);
}

static void a_filter_that_matches_nothing_judges_nobody(void **state)
{
	struct verdict_case *c = *state;

	c->filter.comm = "no*";
	judge(c, "", FULL HOGS);
	assert_int_equal(c->verdict.judged_nr, 0);
}

static void only_what_costs_time_now_counts_as_present(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "", FULL HOGS);
	assert_true(tb_verdict_has(&c->verdict, 1ull << TB_FINDING_CPU_SATURATED));
	assert_false(tb_verdict_has(&c->verdict, 1ull << TB_FINDING_CPU_QUOTA));
	assert_false(tb_verdict_has(&c->verdict, 0));
}

static void faults_come_before_limits(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "DISK name=sda dev=8:0 reads=1 in_flight=1\n",
	      FULL HOGS
	      "DISK name=sda dev=8:0 reads=1 in_flight=1 busy=10s\n"
	      "THREAD tid=20 comm=db disk=1s state=disk for=9s object=file/8:1/7 dev=8:1 id=0x7\n");
	assert_verdict(c, TB_VERDICT_FAULT);
	assert_int_equal(c->verdict.findings[0].kind, TB_FINDING_DISK_STALLED);
	assert_int_equal(c->verdict.findings[1].kind, TB_FINDING_CPU_SATURATED);
}

static void every_kind_that_is_judged_has_numbers_and_no_other_has(void **state)
{
	int kind, evidence, numbers;

	for (kind = 0; kind < TB_FINDING_NR; kind++) {
		numbers = 0;
		for (evidence = 0; evidence < TB_EVIDENCE_NR; evidence++)
			numbers += tb_evidence_key((enum tb_evidence)evidence,
						   (enum tb_finding_kind)kind) != NULL;
		assert_int_equal(numbers > 0, tb_finding_judged((__u32)kind));
	}
}

static void a_tenth_of_the_time_without_a_reason_is_still_believed(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "",
	      HALF "THREAD tid=20 comm=web oncpu=9s other=1s\n"
		   "EDGE tgid=20 state=other count=9 total=1s object=none\n");
	assert_verdict(c, TB_VERDICT_HEALTHY);
}

static void who_was_named_and_waits_for_answers_all_the_while_is_not_idle(void **state)
{
	struct verdict_case *c = *state;

	c->filter.pids[c->filter.pid_nr++] = 20;
	judge(c, "",
	      QUIET "THREAD tid=20 comm=web oncpu=50ms net=9950ms\n"
		    "EDGE tgid=20 state=net count=9 total=9950ms object=tcp/client/10.0.0.1:80\n");
	assert_verdict(c, TB_VERDICT_HEALTHY);
}

static void a_host_that_is_busy_with_what_no_process_is_charged_for_is_not_idle(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "",
	      "HOST user=1s system=5s idle=14s\n"
	      "THREAD tid=20 comm=web timer=10s\n");
	assert_verdict(c, TB_VERDICT_HEALTHY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		verdict_test(a_host_on_which_nothing_works_is_idle),
		verdict_test(a_host_that_works_and_loses_nothing_is_healthy),
		verdict_test(the_tools_own_work_does_not_make_a_host_busy),
		verdict_test(too_many_lost_events_make_it_unknown),
		verdict_test(a_few_lost_events_do_not),
		verdict_test(lost_objects_and_exit_records_take_confidence_and_no_trust),
		verdict_test(time_without_a_reason_makes_it_unknown),
		verdict_test(one_frame_is_no_window),
		verdict_test(who_was_named_and_loses_nothing_is_healthy_on_a_full_host),
		verdict_test(who_was_named_is_judged_alone_of_its_replicas),
		verdict_test(a_filter_that_matches_nothing_judges_nobody),
		verdict_test(only_what_costs_time_now_counts_as_present),
		verdict_test(faults_come_before_limits),
		verdict_test(every_kind_that_is_judged_has_numbers_and_no_other_has),
		verdict_test(a_tenth_of_the_time_without_a_reason_is_still_believed),
		verdict_test(who_was_named_and_waits_for_answers_all_the_while_is_not_idle),
		verdict_test(a_host_that_is_busy_with_what_no_process_is_charged_for_is_not_idle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
