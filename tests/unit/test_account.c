// SPDX-License-Identifier: GPL-2.0-only
/* The state machine of one thread, which the kernel runs at each switch: who is charged for what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "account.h"

/* A thread that left its CPU at 1000 for the given state, after 400 in the queue and 600 on CPUs. */
static struct tb_account left_for(__u32 state)
{
	const struct tb_stamps s = { .now_ns = 1000, .arrival_ns = 900, .run_delay_ns = 400,
				     .switches = 7, .exec_ns = 600 };
	struct tb_account a = {};

	tb_account_begin(&a, &s, state);
	return a;
}

static void assert_sums(const struct tb_account *a)
{
	assert_true(tb_account_sums(a->ns, a->birth_ns, a->last_ns));
}

static void time_off_the_cpu_is_blocked_then_queued_then_on_it(void **state)
{
	struct tb_account a = left_for(TB_NET);
	const struct tb_stamps s = { .now_ns = 2000, .arrival_ns = 1700, .run_delay_ns = 500,
				     .switches = 8, .exec_ns = 900 };

	tb_account_close(&a, &s);
	assert_int_equal(a.ns[TB_NET], 600);
	assert_int_equal(a.ns[TB_RUNQUEUE], 100);
	assert_int_equal(a.ns[TB_ONCPU], 300);
	assert_int_equal(a.gaps, 0);
	assert_sums(&a);
}

static void a_preempted_thread_was_queued_until_it_came_back(void **state)
{
	struct tb_account a = left_for(TB_RUNQUEUE);
	const struct tb_stamps s = { .now_ns = 2000, .arrival_ns = 1700, .run_delay_ns = 1100,
				     .switches = 8, .exec_ns = 900 };
	struct tb_split split = tb_account_close(&a, &s);

	assert_int_equal(a.ns[TB_RUNQUEUE], 700);
	assert_int_equal(a.ns[TB_ONCPU], 300);
	assert_int_equal(split.clamped, 0);
	assert_sums(&a);
}

/* Preempted just before it would have slept: the scheduler stamps neither its queue nor its return. */
static void a_return_that_was_not_stamped_is_told_by_the_time_it_ran(void **state)
{
	struct tb_account a = left_for(TB_RUNQUEUE);
	const struct tb_stamps s = { .now_ns = 2000, .arrival_ns = 900, .run_delay_ns = 400,
				     .switches = 8, .exec_ns = 650 };
	struct tb_split split = tb_account_close(&a, &s);

	assert_int_equal(a.ns[TB_RUNQUEUE], 950);
	assert_int_equal(a.ns[TB_ONCPU], 50);
	assert_int_equal(split.clamped, 0);
	assert_sums(&a);
}

static void more_run_time_than_there_was_is_cut_and_counted(void **state)
{
	struct tb_account a = left_for(TB_RUNQUEUE);
	const struct tb_stamps s = { .now_ns = 2000, .arrival_ns = 900, .run_delay_ns = 400,
				     .switches = 8, .exec_ns = 5000 };
	struct tb_split split = tb_account_close(&a, &s);

	assert_int_equal(a.ns[TB_ONCPU], 1000);
	assert_int_equal(split.clamped, 1);
	assert_sums(&a);
}

static void clocks_that_disagree_lose_no_time_and_are_counted(void **state)
{
	struct tb_account a = left_for(TB_NET);
	const struct tb_stamps early = { .now_ns = 1500, .arrival_ns = 990, .run_delay_ns = 400,
					 .switches = 8, .exec_ns = 700 };
	const struct tb_stamps past = { .now_ns = 1200, .arrival_ns = 1100, .run_delay_ns = 400,
					.switches = 9, .exec_ns = 800 };

	assert_int_equal(tb_account_close(&a, &early).clamped, 1);
	assert_sums(&a);
	tb_account_open(&a, TB_NET);
	assert_int_equal(tb_account_close(&a, &past).clamped, 1);
	assert_int_equal(a.last_ns, 1500);
	assert_sums(&a);
}

static void missed_switches_are_gaps(void **state)
{
	struct tb_account a = left_for(TB_NET);
	const struct tb_stamps s = { .now_ns = 2000, .arrival_ns = 1700, .run_delay_ns = 400,
				     .switches = 10, .exec_ns = 900 };

	tb_account_close(&a, &s);
	assert_int_equal(a.gaps, 2);
	assert_int_equal(a.switches, 1);
	assert_sums(&a);
}

static void the_first_switch_of_an_adopted_thread_is_no_gap(void **state)
{
	struct tb_account a = left_for(TB_ONCPU);
	struct tb_stamps s = { .now_ns = 2000, .arrival_ns = 900, .run_delay_ns = 400,
			       .switches = 7, .exec_ns = 900 };

	a.kernel_switches = TB_SWITCHES_UNKNOWN;
	tb_account_close(&a, &s);
	assert_int_equal(a.gaps, 0);
	assert_int_equal(a.ns[TB_ONCPU], 1000);
	tb_account_open(&a, TB_NET);
	s = (struct tb_stamps){ .now_ns = 3000, .arrival_ns = 2500, .run_delay_ns = 400,
				.switches = 9, .exec_ns = 1400 };
	tb_account_close(&a, &s);
	assert_int_equal(a.gaps, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_off_the_cpu_is_blocked_then_queued_then_on_it),
		cmocka_unit_test(a_preempted_thread_was_queued_until_it_came_back),
		cmocka_unit_test(a_return_that_was_not_stamped_is_told_by_the_time_it_ran),
		cmocka_unit_test(more_run_time_than_there_was_is_cut_and_counted),
		cmocka_unit_test(clocks_that_disagree_lose_no_time_and_are_counted),
		cmocka_unit_test(missed_switches_are_gaps),
		cmocka_unit_test(the_first_switch_of_an_adopted_thread_is_no_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
