// SPDX-License-Identifier: GPL-2.0-only
/* A device that is full, one that has stopped, and one that is only busy. */
#include "verdict_case.h"

#define BEFORE	     "DISK name=sda dev=8:0 busy=50s weighted=60s reads=1000 in_flight=1\n"
#define DISK_FULL    "DISK name=sda dev=8:0 busy=60s weighted=100s reads=2000 in_flight=4\n"
#define DISK_ALONE   "DISK name=sda dev=8:0 busy=60s weighted=70s reads=2000 in_flight=1\n"
#define DISK_STUCK   "DISK name=sda dev=8:0 busy=60s weighted=60s reads=1000 in_flight=3\n"
#define FILE_ON_SDA1 "object=file/8:1/77 dev=8:1 ino=77 id=0x77"
#define READER(pid)                                                \
	"THREAD tid=" pid " comm=reader" pid " oncpu=1s disk=9s\n" \
	"EDGE tgid=" pid " state=disk count=900 total=9s " FILE_ON_SDA1 "\n"
#define WAITER "THREAD tid=10 comm=app state=disk disk=4s for=6s " FILE_ON_SDA1 "\n"

static void two_who_wait_for_a_full_device_are_limited_by_it(void **state)
{
	struct verdict_case *c = *state;
	const struct tb_finding *finding;

	judge(c, BEFORE, HALF DISK_FULL READER("10") READER("20"));
	assert_verdict(c, TB_VERDICT_SATURATED);
	finding = finding_of(c, TB_FINDING_DISK_SATURATED);
	assert_severity(finding, TB_SEVERITY_NOW);
	assert_int_equal(finding->confidence, TB_CONFIDENCE_HIGH);
	assert_string_equal(finding->disk->now.name, "sda");
	assert_int_equal(finding->losers.nr, 2);
	assert_evidence(finding, TB_EVIDENCE_DEVICE_BUSY, 1);
	assert_evidence(finding, TB_EVIDENCE_IN_FLIGHT_MEAN, 4);
	assert_evidence(finding, TB_EVIDENCE_LOST_SHARE, 0.9);
	assert_evidence(finding, TB_EVIDENCE_AWAIT, 0.04);
	assert_int_equal(finding->help, TB_HELP_NO);
}

static void a_batch_job_alone_with_its_device_is_context(void **state)
{
	struct verdict_case *c = *state;
	const struct tb_finding *finding;

	judge(c, BEFORE, HALF DISK_FULL READER("10"));
	assert_verdict(c, TB_VERDICT_HEALTHY);
	finding = finding_of(c, TB_FINDING_DISK_SATURATED);
	assert_severity(finding, TB_SEVERITY_NOTE);
	assert_true(tb_group_is_batch(finding->group));
}

static void a_service_alone_with_a_full_device_is_limited_by_it(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE,
	      HALF DISK_FULL READER("10") "THREAD tid=11 tgid=10 comm=reader10 accept=10s\n"
					  "EDGE tgid=10 state=accept count=1 total=10s "
					  "object=tcp/listener/127.0.0.1:80\n");
	assert_verdict(c, TB_VERDICT_SATURATED);
}

static void requests_one_after_the_other_fill_no_device(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE, HALF DISK_ALONE READER("10"));
	assert_verdict(c, TB_VERDICT_HEALTHY);
	assert_int_equal(c->verdict.finding_nr, 0);
}

static void a_full_device_for_which_nobody_waits_is_no_finding(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE, HALF DISK_FULL "THREAD tid=10 comm=app oncpu=5s timer=5s\n");
	assert_int_equal(c->verdict.finding_nr, 0);
}

static void waits_for_another_device_are_not_laid_to_this(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE "DISK name=sdb dev=8:16 busy=1s\n",
	      HALF DISK_FULL
	      "DISK name=sdb dev=8:16 busy=2s\n"
	      "THREAD tid=10 comm=app oncpu=1s disk=9s\n"
	      "EDGE tgid=10 state=disk count=900 total=9s object=file/8:17/5 dev=8:17 id=0x5\n");
	assert_int_equal(c->verdict.finding_nr, 0);
}

static void waits_that_do_not_tell_their_device_go_to_the_busiest_with_less_confidence(void **state)
{
	struct verdict_case *c = *state;
	const struct tb_finding *finding;

	judge(c, BEFORE "DISK name=sdb dev=8:16 busy=1s\n",
	      HALF DISK_FULL "DISK name=sdb dev=8:16 busy=2s\n"
			     "THREAD tid=10 comm=app oncpu=1s disk=9s\n"
			     "THREAD tid=11 tgid=10 comm=app oncpu=1s disk=9s\n"
			     "EDGE tgid=10 state=disk count=900 total=18s object=fault\n");
	finding = finding_of(c, TB_FINDING_DISK_SATURATED);
	assert_string_equal(finding->disk->now.name, "sda");
	assert_int_equal(finding->confidence, TB_CONFIDENCE_MEDIUM);
	assert_true(finding->missing & 1u << TB_MISSING_DISK_OF_WAIT);
}

/* fsync on ext4 waits for the journal, which the kernel does not call I/O. */
static void a_wait_in_the_kernel_for_a_file_of_the_device_counts(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE,
	      HALF DISK_FULL "THREAD tid=10 comm=app oncpu=1s kernel=9s\n"
			     "THREAD tid=11 tgid=10 comm=app oncpu=1s kernel=9s\n"
			     "EDGE tgid=10 state=kernel count=900 total=18s " FILE_ON_SDA1 "\n");
	assert_evidence(finding_of(c, TB_FINDING_DISK_SATURATED), TB_EVIDENCE_LOST_SHARE, 0.9);
}

static void the_device_itself_is_known_by_its_path(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE,
	      HALF DISK_FULL
	      "NAME kind=file id=0x9 text=/dev/sda\n"
	      "THREAD tid=10 comm=dd oncpu=1s disk=9s\n"
	      "THREAD tid=20 comm=cp oncpu=1s disk=9s\n"
	      "EDGE tgid=10 state=disk count=900 total=9s object=file/0:6/9 dev=0:6 id=0x9\n"
	      "EDGE tgid=20 state=disk count=900 total=9s object=file/0:6/9 dev=0:6 id=0x9\n");
	assert_int_equal(finding_of(c, TB_FINDING_DISK_SATURATED)->confidence, TB_CONFIDENCE_HIGH);
}

static void a_device_that_completes_nothing_has_stopped(void **state)
{
	struct verdict_case *c = *state;
	const struct tb_finding *finding;

	judge(c, BEFORE, QUIET DISK_STUCK WAITER);
	assert_verdict(c, TB_VERDICT_FAULT);
	finding = finding_of(c, TB_FINDING_DISK_STALLED);
	assert_severity(finding, TB_SEVERITY_NOW);
	assert_int_equal(finding->confidence, TB_CONFIDENCE_HIGH);
	assert_about(finding->group, "app");
	assert_evidence(finding, TB_EVIDENCE_STALLED, 10);
	assert_evidence(finding, TB_EVIDENCE_IN_FLIGHT, 3);
	assert_evidence(finding, TB_EVIDENCE_BLOCKED, 1);
	assert_evidence(finding, TB_EVIDENCE_LONGEST, 6);
	assert_false(has_finding(c, TB_FINDING_DISK_SATURATED));
}

static void one_completed_request_is_a_slow_device_and_no_stopped_one(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE,
	      QUIET "DISK name=sda dev=8:0 busy=60s weighted=60s reads=1001 in_flight=3\n" WAITER);
	assert_false(has_finding(c, TB_FINDING_DISK_STALLED));
}

/* Some drivers lose count, and show one request in flight for ever. */
static void a_counter_that_is_stuck_while_nobody_waits_is_no_stall(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE, QUIET DISK_STUCK "THREAD tid=10 comm=app timer=10s\n");
	assert_int_equal(c->verdict.finding_nr, 0);
}

static void a_stall_that_began_amid_the_window_is_as_long_as_it_is(void **state)
{
	struct verdict_case *c = *state;

	world_feed(&c->world, "at 95s\nTHREAD tid=10 comm=app\n" BEFORE "FRAME\n");
	tb_model_mark(&c->world.model);
	world_feed(&c->world, "at 97s\nTHREAD tid=10 comm=app disk=2s state=disk " FILE_ON_SDA1
			      "\n" DISK_FULL "FRAME\n");
	world_feed(&c->world,
		   "at 100s\nTHREAD tid=10 comm=app disk=2s state=disk for=3s " FILE_ON_SDA1
		   "\n" DISK_FULL "FRAME\n");
	assert_int_equal(tb_verdict_make(&c->verdict, &c->world.model, &c->filter), 0);
	c->made = true;
	assert_verdict(c, TB_VERDICT_FAULT);
	assert_evidence(finding_of(c, TB_FINDING_DISK_STALLED), TB_EVIDENCE_STALLED, 3);
}

static void a_fault_needs_no_trust(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE "STATUS lost_threads=0\n",
	      FULL DISK_STUCK WAITER "STATUS lost_threads=100000\n"
				     "THREAD tid=20 comm=hog oncpu=5s runqueue=5s\n");
	assert_false(c->verdict.trusted);
	assert_int_equal(c->verdict.finding_nr, 1);
	assert_verdict(c, TB_VERDICT_FAULT);
}

static void who_was_named_and_does_not_wait_has_no_fault(void **state)
{
	struct verdict_case *c = *state;

	c->filter.pids[c->filter.pid_nr++] = 20;
	judge(c, BEFORE, HALF DISK_STUCK WAITER "THREAD tid=20 comm=web oncpu=5s timer=5s\n");
	assert_verdict(c, TB_VERDICT_HEALTHY);
	assert_severity(finding_of(c, TB_FINDING_DISK_STALLED), TB_SEVERITY_NOTE);
}

static void threads_of_one_process_that_wait_together_are_limited_too(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE,
	      HALF DISK_FULL "THREAD tid=10 comm=app oncpu=1s disk=9s\n"
			     "THREAD tid=11 tgid=10 comm=app oncpu=1s disk=9s\n"
			     "EDGE tgid=10 state=disk count=900 total=18s " FILE_ON_SDA1 "\n");
	assert_verdict(c, TB_VERDICT_SATURATED);
}

static void a_device_that_is_idle_half_of_the_time_is_no_limit(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE,
	      HALF "DISK name=sda dev=8:0 busy=55s weighted=100s reads=2000\n" READER("10")
		      READER("20"));
	assert_int_equal(c->verdict.finding_nr, 0);
}

static void who_waits_for_the_device_a_tenth_of_its_time_is_not_limited_by_it(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE,
	      HALF DISK_FULL "THREAD tid=10 comm=app oncpu=9s disk=1s\n"
			     "THREAD tid=11 comm=two oncpu=9s disk=1s\n"
			     "EDGE tgid=10 state=disk count=900 total=1s " FILE_ON_SDA1 "\n"
			     "EDGE tgid=11 state=disk count=900 total=1s " FILE_ON_SDA1 "\n");
	assert_int_equal(c->verdict.finding_nr, 0);
}

static void a_few_short_waits_of_a_daemon_are_no_loss(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE,
	      HALF DISK_FULL "THREAD tid=10 comm=syslogd oncpu=100ms disk=200ms poll=9700ms\n"
			     "EDGE tgid=10 state=disk count=9 total=200ms " FILE_ON_SDA1 "\n");
	assert_int_equal(c->verdict.finding_nr, 0);
}

static void a_request_of_a_second_is_slow_and_not_stalled(void **state)
{
	struct verdict_case *c = *state;

	world_feed(&c->world, "at 95s\nTHREAD tid=10 comm=app\n" BEFORE "FRAME\n");
	tb_model_mark(&c->world.model);
	world_feed(&c->world, "at 99s\nTHREAD tid=10 comm=app disk=4s state=disk " FILE_ON_SDA1
			      "\n" DISK_FULL "FRAME\n");
	world_feed(&c->world,
		   "at 100s\nTHREAD tid=10 comm=app disk=3s state=disk for=2s " FILE_ON_SDA1
		   "\n" DISK_FULL "FRAME\n");
	assert_int_equal(tb_verdict_make(&c->verdict, &c->world.model, &c->filter), 0);
	c->made = true;
	assert_false(has_finding(c, TB_FINDING_DISK_STALLED));
}

static void who_came_to_a_stopped_device_just_now_is_no_proof(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE,
	      QUIET DISK_STUCK
	      "THREAD tid=10 comm=app timer=9900ms state=disk for=100ms " FILE_ON_SDA1 "\n");
	assert_int_equal(c->verdict.finding_nr, 0);
}

static void a_service_comes_before_the_batch_job_that_fills_its_device(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE,
	      HALF DISK_FULL READER("10") "THREAD tid=20 comm=db oncpu=1s disk=5s accept=4s\n"
					  "EDGE tgid=20 state=disk count=900 total=5s " FILE_ON_SDA1
					  "\n"
					  "EDGE tgid=20 state=accept count=9 total=4s "
					  "object=tcp/listener/127.0.0.1:80\n");
	assert_about(finding_of(c, TB_FINDING_DISK_SATURATED)->group, "db");
	assert_about(finding_of(c, TB_FINDING_DISK_SATURATED)->losers.part[0].group, "reader10");
}

static void who_is_stuck_is_not_called_a_batch_job(void **state)
{
	struct verdict_case *c = *state;

	judge(c, BEFORE, QUIET DISK_STUCK WAITER);
	assert_false(tb_group_is_batch(group_named(c, "app")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		verdict_test(two_who_wait_for_a_full_device_are_limited_by_it),
		verdict_test(a_batch_job_alone_with_its_device_is_context),
		verdict_test(a_service_alone_with_a_full_device_is_limited_by_it),
		verdict_test(requests_one_after_the_other_fill_no_device),
		verdict_test(a_full_device_for_which_nobody_waits_is_no_finding),
		verdict_test(waits_for_another_device_are_not_laid_to_this),
		verdict_test(
			waits_that_do_not_tell_their_device_go_to_the_busiest_with_less_confidence),
		verdict_test(a_wait_in_the_kernel_for_a_file_of_the_device_counts),
		verdict_test(the_device_itself_is_known_by_its_path),
		verdict_test(a_device_that_completes_nothing_has_stopped),
		verdict_test(one_completed_request_is_a_slow_device_and_no_stopped_one),
		verdict_test(a_counter_that_is_stuck_while_nobody_waits_is_no_stall),
		verdict_test(a_stall_that_began_amid_the_window_is_as_long_as_it_is),
		verdict_test(a_fault_needs_no_trust),
		verdict_test(who_was_named_and_does_not_wait_has_no_fault),
		verdict_test(threads_of_one_process_that_wait_together_are_limited_too),
		verdict_test(a_device_that_is_idle_half_of_the_time_is_no_limit),
		verdict_test(who_waits_for_the_device_a_tenth_of_its_time_is_not_limited_by_it),
		verdict_test(a_few_short_waits_of_a_daemon_are_no_loss),
		verdict_test(a_request_of_a_second_is_slow_and_not_stalled),
		verdict_test(who_came_to_a_stopped_device_just_now_is_no_proof),
		verdict_test(a_service_comes_before_the_batch_job_that_fills_its_device),
		verdict_test(who_is_stuck_is_not_called_a_batch_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
