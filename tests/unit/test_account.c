// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state machine of one thread, which the kernel runs at each switch: who is charged for what.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "account.h"

/*
 * A thread that left its CPU at 1000 for the given state, after 400 in the queue and 600 on CPUs.
 */
static struct tb_account left_for(__u32 state)
{
	const struct tb_stamps s = { .now_ns = 1000,
				     .arrival_ns = 900,
				     .run_delay_ns = 400,
				     .switches = 7,
				     .exec_ns = 600 };
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
	const struct tb_stamps s = { .now_ns = 2000,
				     .arrival_ns = 1700,
				     .run_delay_ns = 500,
				     .switches = 8,
				     .exec_ns = 900 };

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
	const struct tb_stamps s = { .now_ns = 2000,
				     .arrival_ns = 1700,
				     .run_delay_ns = 1100,
				     .switches = 8,
				     .exec_ns = 900 };
	struct tb_split split = tb_account_close(&a, &s);

	assert_int_equal(a.ns[TB_RUNQUEUE], 700);
	assert_int_equal(a.ns[TB_ONCPU], 300);
	assert_int_equal(split.clamped, 0);
	assert_sums(&a);
}

/*
 * Preempted just before it would have slept: the scheduler stamps neither its queue nor its return.
 */
static void a_return_that_was_not_stamped_is_told_by_the_time_it_ran(void **state)
{
	struct tb_account a = left_for(TB_RUNQUEUE);
	const struct tb_stamps s = { .now_ns = 2000,
				     .arrival_ns = 900,
				     .run_delay_ns = 400,
				     .switches = 8,
				     .exec_ns = 650 };
	struct tb_split split = tb_account_close(&a, &s);

	assert_int_equal(a.ns[TB_RUNQUEUE], 950);
	assert_int_equal(a.ns[TB_ONCPU], 50);
	assert_int_equal(split.clamped, 0);
	assert_sums(&a);
}

static void more_run_time_than_there_was_is_cut_and_counted(void **state)
{
	struct tb_account a = left_for(TB_RUNQUEUE);
	const struct tb_stamps s = { .now_ns = 2000,
				     .arrival_ns = 900,
				     .run_delay_ns = 400,
				     .switches = 8,
				     .exec_ns = 5000 };
	struct tb_split split = tb_account_close(&a, &s);

	assert_int_equal(a.ns[TB_ONCPU], 1000);
	assert_int_equal(split.clamped, 1);
	assert_sums(&a);
}

static void clocks_that_disagree_lose_no_time_and_are_counted(void **state)
{
	struct tb_account a = left_for(TB_NET);
	const struct tb_stamps early = { .now_ns = 1500,
					 .arrival_ns = 990,
					 .run_delay_ns = 400,
					 .switches = 8,
					 .exec_ns = 700 };
	const struct tb_stamps past = { .now_ns = 1200,
					.arrival_ns = 1100,
					.run_delay_ns = 400,
					.switches = 9,
					.exec_ns = 800 };

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
	const struct tb_stamps s = { .now_ns = 2000,
				     .arrival_ns = 1700,
				     .run_delay_ns = 400,
				     .switches = 10,
				     .exec_ns = 900 };

	tb_account_close(&a, &s);
	assert_int_equal(a.gaps, 2);
	assert_int_equal(a.switches, 1);
	assert_sums(&a);
}

static void the_first_switch_of_an_adopted_thread_is_no_gap(void **state)
{
	struct tb_account a = left_for(TB_ONCPU);
	struct tb_stamps s = { .now_ns = 2000,
			       .arrival_ns = 900,
			       .run_delay_ns = 400,
			       .switches = 7,
			       .exec_ns = 900 };

	a.kernel_switches = TB_SWITCHES_UNKNOWN;
	tb_account_close(&a, &s);
	assert_int_equal(a.gaps, 0);
	assert_int_equal(a.ns[TB_ONCPU], 1000);
	tb_account_open(&a, TB_NET);
	s = (struct tb_stamps){ .now_ns = 3000,
				.arrival_ns = 2500,
				.run_delay_ns = 400,
				.switches = 9,
				.exec_ns = 1400 };
	tb_account_close(&a, &s);
	assert_int_equal(a.gaps, 1);
}

static struct tb_split split_of(__u32 state, struct tb_stamps stamps)
{
	struct tb_account account = left_for(state);

	return tb_account_split(&account, &stamps);
}

static void assert_split(struct tb_split split, __u64 blocked_ns, __u64 queued_ns, __u64 oncpu_ns)
{
	assert_int_equal(split.blocked_ns, blocked_ns);
	assert_int_equal(split.queued_ns, queued_ns);
	assert_int_equal(split.oncpu_ns, oncpu_ns);
}

static void an_account_begins_where_the_thread_stands(void **state)
{
	struct tb_account account = left_for(TB_RUNQUEUE);

	assert_int_equal(account.birth_ns, 1000);
	assert_int_equal(account.last_ns, 1000);
	assert_int_equal(account.run_delay_ns, 400);
	assert_int_equal(account.exec_ns, 600);
	assert_int_equal(account.kernel_switches, 7);
	assert_int_equal(account.state, TB_RUNQUEUE);
	assert_int_equal(account.count[TB_RUNQUEUE], 1);
	assert_sums(&account);
}

static void more_run_delay_than_time_off_the_cpu_is_all_of_it(void **state)
{
	assert_split(split_of(TB_NET, (struct tb_stamps){ .now_ns = 1700,
							  .arrival_ns = 1600,
							  .run_delay_ns = 9999 }),
		     0, 600, 100);
}

static void a_thread_on_the_cpu_at_its_beginning_arrived_before_it(void **state)
{
	struct tb_split split =
		split_of(TB_ONCPU, (struct tb_stamps){ .now_ns = 1700, .arrival_ns = 400 });

	assert_split(split, 0, 0, 700);
	assert_false(split.clamped);
}

static void an_arrival_in_the_future_is_clamped_and_told(void **state)
{
	struct tb_split split = split_of(
		TB_NET,
		(struct tb_stamps){ .now_ns = 1700, .arrival_ns = 1701, .run_delay_ns = 400 });

	assert_split(split, 700, 0, 0);
	assert_true(split.clamped);
}

static void time_held_back_by_a_quota_is_throttled_time(void **state)
{
	struct tb_account account = left_for(TB_THROTTLED);
	struct tb_stamps stamps = { .now_ns = 1700, .arrival_ns = 1600, .switches = 8 };

	tb_account_close(&account, &stamps);
	assert_int_equal(account.ns[TB_THROTTLED], 600);
	assert_int_equal(account.ns[TB_RUNQUEUE], 0);
}

static void blocked_time_whose_beginning_was_not_seen_is_other(void **state)
{
	struct tb_account account = left_for(TB_ONCPU);
	struct tb_stamps stamps = {
		.now_ns = 1700, .arrival_ns = 1600, .run_delay_ns = 400, .switches = 9
	};

	tb_account_close(&account, &stamps);
	assert_int_equal(account.ns[TB_OTHER], 600);
	assert_int_equal(tb_account_reason(&account), TB_OTHER);
	account.state = TB_FILELOCK;
	assert_int_equal(tb_account_reason(&account), TB_FILELOCK);
}

static void opening_counts_what_is_entered_and_nothing_beyond_the_table(void **state)
{
	struct tb_account account = left_for(TB_ONCPU);
	__u32 sum = 0;
	int i;

	tb_account_open(&account, TB_PIPE);
	assert_int_equal(account.state, TB_PIPE);
	assert_int_equal(account.count[TB_PIPE], 1);
	tb_account_open(&account, TB_STATE_NR);
	for (i = 0; i < TB_STATE_NR; i++)
		sum += account.count[i];
	assert_int_equal(sum, 2);
}

static void a_torn_copy_does_not_sum(void **state)
{
	__u64 ns[TB_STATE_NR] = { [TB_ONCPU] = 400, [TB_NET] = 300 };

	assert_true(tb_account_sums(ns, 1000, 1700));
	assert_false(tb_account_sums(ns, 1000, 1701));
	assert_false(tb_account_sums(ns, 1000, 1699));
}

/* A small generator of our own: the same walk on every machine. */
static __u64 random_next(__u64 *seed, __u64 below)
{
	*seed = *seed * 6364136223846793005ull + 1442695040888963407ull;
	return (*seed >> 33) % below;
}

/* Whatever the stamps say, also nonsense, the parts are the whole. */
static void no_time_is_lost_through_any_sequence_of_stamps(void **state)
{
	struct tb_account account = left_for(TB_ONCPU);
	struct tb_stamps stamps = { .now_ns = 1000, .run_delay_ns = 400, .switches = 7 };
	struct tb_split split;
	__u64 seed = 1, before;
	int i;

	for (i = 0; i < 100000; i++) {
		before = account.last_ns;
		stamps.now_ns += random_next(&seed, 1000) - random_next(&seed, 100);
		stamps.arrival_ns =
			stamps.now_ns + random_next(&seed, 50) - random_next(&seed, 900);
		stamps.run_delay_ns += random_next(&seed, 400);
		stamps.exec_ns += random_next(&seed, 900);
		stamps.switches++;
		split = tb_account_close(&account, &stamps);
		assert_int_equal(split.blocked_ns + split.queued_ns + split.oncpu_ns,
				 account.last_ns - before);
		assert_true(account.last_ns >= before);
		assert_true(tb_account_sums(account.ns, account.birth_ns, account.last_ns));
		tb_account_open(&account, (__u32)random_next(&seed, TB_STATE_NR));
	}
	assert_int_equal(account.gaps, 0);
	assert_true(account.last_ns > 1000);
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
		cmocka_unit_test(an_account_begins_where_the_thread_stands),
		cmocka_unit_test(more_run_delay_than_time_off_the_cpu_is_all_of_it),
		cmocka_unit_test(a_thread_on_the_cpu_at_its_beginning_arrived_before_it),
		cmocka_unit_test(an_arrival_in_the_future_is_clamped_and_told),
		cmocka_unit_test(time_held_back_by_a_quota_is_throttled_time),
		cmocka_unit_test(blocked_time_whose_beginning_was_not_seen_is_other),
		cmocka_unit_test(opening_counts_what_is_entered_and_nothing_beyond_the_table),
		cmocka_unit_test(a_torn_copy_does_not_sum),
		cmocka_unit_test(no_time_is_lost_through_any_sequence_of_stamps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
