// SPDX-License-Identifier: GPL-2.0-only
/* Memory as the limit, of a control group and of the host; and what only looks like it. */
#include "verdict_case.h"

#define APP    "PROCESS tgid=10 comm=app cgroup=/shop/app\n"
#define BEFORE APP "CGROUP path=/shop memory_limit_bytes=1000000 memory_bytes=900000\n"
#define LIMIT_MET \
	"CGROUP path=/shop memory_limit_bytes=1000000 memory_bytes=950000 memory_max_events=70\n"
#define WAITS "THREAD tid=10 comm=app oncpu=5s memory=4s timer=1s\n"
#define SWAPS "HOST user=10s idle=10s swap_in_pages=50000 reclaim_direct_pages=70000\n"

static void a_group_that_met_its_limit_and_waits_is_limited_by_it(void **state)
{
	struct verdict_case *c = *state;
	const struct tb_finding *finding;

	judge(c, BEFORE, HALF APP LIMIT_MET WAITS);
	assert_verdict(c, TB_VERDICT_SATURATED);
	finding = finding_of(c, TB_FINDING_MEMORY_PRESSURE);
	assert_about(finding->group, "app");
	assert_string_equal(finding->cgroup->path, "/shop");
	assert_evidence(finding, TB_EVIDENCE_LOST_SHARE, 4.0 / 9);
	assert_evidence(finding, TB_EVIDENCE_LIMIT, 1000000);
	assert_evidence(finding, TB_EVIDENCE_LIMIT_GREW, 50000);
	assert_evidence(finding, TB_EVIDENCE_LIMIT_EVENTS, 70);
	assert_int_equal(finding->help, TB_HELP_NO);
}

/* A page cache fills whatever it may have: to meet the limit is no loss by itself. */
static void a_limit_that_is_met_while_nobody_waits_is_no_finding(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE, HALF APP LIMIT_MET "THREAD tid=10 comm=app oncpu=5s timer=5s\n");
	assert_int_equal(c->verdict.finding_nr, 0);
}

/* mprotect and page faults of many threads: more memory would not shorten these waits. */
static void waits_for_the_lock_of_an_address_space_are_no_want_of_memory(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE, HALF APP WAITS);
	assert_verdict(c, TB_VERDICT_HEALTHY);
	assert_int_equal(c->verdict.finding_nr, 0);
}

static void a_host_that_swaps_while_somebody_waits_is_short_of_memory(void **state)
{
	struct verdict_case *c = *state;
	const struct tb_finding *finding;

	judge(c, "", SWAPS WAITS);
	finding = finding_of(c, TB_FINDING_MEMORY_PRESSURE);
	assert_null(finding->cgroup);
	assert_evidence(finding, TB_EVIDENCE_SWAP, 5000);
	assert_evidence(finding, TB_EVIDENCE_RECLAIM, 7000);
	assert_int_equal(finding->help, TB_HELP_YES);
}

static void the_kernels_own_measure_of_pressure_is_a_sign(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "HOST pressure_memory_some=5s\n",
	      "HOST user=10s idle=10s pressure_memory_some=8s\n" WAITS);
	assert_evidence(finding_of(c, TB_FINDING_MEMORY_PRESSURE), TB_EVIDENCE_MEMORY_PRESSURE,
			0.3);
}

static void a_killed_process_is_a_loss_though_nobody_waits(void **state)
{
	struct verdict_case *c = *state;
	const struct tb_finding *finding;

	judge(c, BEFORE,
	      HALF APP
	      "CGROUP path=/shop memory_limit_bytes=1000000 memory_max_events=1 oom_kills=1\n"
	      "THREAD tid=10 comm=app oncpu=5s timer=5s\n");
	finding = finding_of(c, TB_FINDING_MEMORY_PRESSURE);
	assert_severity(finding, TB_SEVERITY_NOW);
	assert_evidence(finding, TB_EVIDENCE_OOM_KILLS, 1);
}

/* v1: the process tells its place in the hierarchy of CPU, the limit is in that of memory. */
static void where_places_differ_the_group_that_met_its_limit_most_is_the_likely_one(void **state)
{
	struct verdict_case *c = *state;

	judge(c,
	      "PROCESS tgid=10 comm=app cgroup=/\n"
	      "CGROUP path=/a memory_limit_bytes=1000\nCGROUP path=/b memory_limit_bytes=1000\n",
	      HALF "CGROUP path=/a memory_limit_bytes=1000 memory_max_events=5\n"
		   "CGROUP path=/b memory_limit_bytes=1000 memory_max_events=9\n" WAITS);
	assert_string_equal(finding_of(c, TB_FINDING_MEMORY_PRESSURE)->cgroup->path, "/b");
}

static void a_device_that_swap_keeps_busy_is_an_effect(void **state)
{
	struct verdict_case *c = *state;
	const struct tb_finding *disk;

	judge(c, "DISK name=sda dev=8:0 busy=1s weighted=1s reads=1\n",
	      SWAPS WAITS
	      "DISK name=sda dev=8:0 busy=11s weighted=61s reads=50000 in_flight=5\n"
	      "THREAD tid=20 comm=db oncpu=1s disk=9s\n"
	      "THREAD tid=21 tgid=20 comm=db oncpu=1s disk=9s\n"
	      "EDGE tgid=20 state=disk count=900 total=18s object=file/8:1/7 dev=8:1 id=0x7\n");
	assert_int_equal(c->verdict.findings[0].kind, TB_FINDING_MEMORY_PRESSURE);
	disk = finding_of(c, TB_FINDING_DISK_SATURATED);
	assert_int_equal(disk->caused_by, 0);
}

static void who_waits_for_memory_a_little_is_not_limited_by_it(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE, HALF APP LIMIT_MET "THREAD tid=10 comm=app oncpu=9500ms memory=500ms\n");
	assert_int_equal(c->verdict.finding_nr, 0);
}

static void a_daemon_that_hardly_runs_is_no_loser(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE,
	      HALF APP LIMIT_MET "THREAD tid=10 comm=app oncpu=100ms memory=300ms timer=9600ms\n");
	assert_int_equal(c->verdict.finding_nr, 0);
}

static void a_page_now_and_then_is_no_sign_of_want(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "HOST pressure_memory_some=5s\n",
	      "HOST user=10s idle=10s pressure_memory_some=5500ms swap_in_pages=50\n" WAITS);
	assert_int_equal(c->verdict.finding_nr, 0);
}

static void a_hundred_pages_a_second_are_one(void **state)
{
	struct verdict_case *c = *state;

	judge(c, "", "HOST user=10s idle=10s swap_in_pages=1000\n" WAITS);
	assert_true(has_finding(c, TB_FINDING_MEMORY_PRESSURE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		verdict_test(a_group_that_met_its_limit_and_waits_is_limited_by_it),
		verdict_test(a_limit_that_is_met_while_nobody_waits_is_no_finding),
		verdict_test(waits_for_the_lock_of_an_address_space_are_no_want_of_memory),
		verdict_test(a_host_that_swaps_while_somebody_waits_is_short_of_memory),
		verdict_test(the_kernels_own_measure_of_pressure_is_a_sign),
		verdict_test(a_killed_process_is_a_loss_though_nobody_waits),
		verdict_test(
			where_places_differ_the_group_that_met_its_limit_most_is_the_likely_one),
		verdict_test(a_device_that_swap_keeps_busy_is_an_effect),
		verdict_test(who_waits_for_memory_a_little_is_not_limited_by_it),
		verdict_test(a_daemon_that_hardly_runs_is_no_loser),
		verdict_test(a_page_now_and_then_is_no_sign_of_want),
		verdict_test(a_hundred_pages_a_second_are_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
