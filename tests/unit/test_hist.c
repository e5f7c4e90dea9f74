// SPDX-License-Identifier: GPL-2.0-only
/* Buckets of durations: where they begin, that they are in order, how far off their middle is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hist.h"

static void log2_is_the_highest_bit(void **state)
{
	__u32 bit;

	for (bit = 0; bit < 64; bit++) {
		assert_int_equal(tb_log2(1ull << bit), bit);
		assert_int_equal(tb_log2((1ull << bit) | 1), bit);
		assert_int_equal(tb_log2((1ull << bit) | ((1ull << bit) - 1)), bit);
	}
}

static void below_a_microsecond_is_the_first_bucket(void **state)
{
	assert_int_equal(tb_hist_bucket(0), 0);
	assert_int_equal(tb_hist_bucket(1), 0);
	assert_int_equal(tb_hist_bucket(1023), 0);
	assert_int_equal(tb_hist_bucket(1024), 1);
}

static void every_bucket_begins_where_it_says(void **state)
{
	__u32 bucket;

	for (bucket = 0; bucket < TB_HIST_NR; bucket++) {
		assert_int_equal(tb_hist_bucket(tb_hist_floor_ns(bucket)), bucket);
		if (bucket)
			assert_int_equal(tb_hist_bucket(tb_hist_floor_ns(bucket) - 1), bucket - 1);
	}
}

static void the_last_bucket_takes_everything_longer(void **state)
{
	assert_true(tb_hist_floor_ns(TB_HIST_NR - 1) > 8000000000ull);
	assert_int_equal(tb_hist_bucket(60000000000ull), TB_HIST_NR - 1);
	assert_int_equal(tb_hist_bucket(~0ull), TB_HIST_NR - 1);
}

static void the_middle_of_a_bucket_is_at_most_a_quarter_off(void **state)
{
	__u32 bucket;

	for (bucket = 1; bucket < TB_HIST_NR - 1; bucket++) {
		__u64 from = tb_hist_floor_ns(bucket), to = tb_hist_floor_ns(bucket + 1) - 1;
		__u64 middle = (from + to) / 2;

		if (bucket == 1) /* 1 to 2 us is one bucket: half a microsecond off */
			assert_true(2 * (middle - from) <= from);
		else
			assert_true(4 * (middle - from) <= from);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(log2_is_the_highest_bit),
		cmocka_unit_test(below_a_microsecond_is_the_first_bucket),
		cmocka_unit_test(every_bucket_begins_where_it_says),
		cmocka_unit_test(the_last_bucket_takes_everything_longer),
		cmocka_unit_test(the_middle_of_a_bucket_is_at_most_a_quarter_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
