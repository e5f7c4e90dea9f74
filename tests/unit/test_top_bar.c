// SPDX-License-Identifier: GPL-2.0-only
/* The bar of a row: shares of time as ten cells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tables.h"
#include "top.h"

static void assert_bar(const __u64 ns[TB_STATE_NR], const char *letters)
{
	__u32 bar[TB_TOP_BAR_CELLS];
	char text[TB_TOP_BAR_CELLS + 1] = "";
	int i;

	assert_true(tb_top_bar(bar, ns));
	for (i = 0; i < TB_TOP_BAR_CELLS; i++)
		text[i] = tb_state_letter(bar[i]);
	assert_string_equal(text, letters);
}

static void cells_are_shares_in_the_order_of_the_states(void **state)
{
	__u64 ns[TB_STATE_NR] = { [TB_DISK] = 500, [TB_ONCPU] = 200, [TB_NET] = 300 };

	assert_bar(ns, "##nnnddddd");
}

static void what_is_left_over_goes_to_the_largest_remainder(void **state)
{
	__u64 thirds[TB_STATE_NR] = { [TB_ONCPU] = 334, [TB_LOCK] = 333, [TB_NET] = 333 };
	__u64 close[TB_STATE_NR] = { [TB_ONCPU] = 149, [TB_NET] = 851 };
	__u64 closer[TB_STATE_NR] = { [TB_ONCPU] = 151, [TB_NET] = 849 };

	assert_bar(thirds, "####lllnnn");
	assert_bar(close, "#nnnnnnnnn");
	assert_bar(closer, "##nnnnnnnn");
}

static void a_share_of_every_state_still_makes_ten_cells(void **state)
{
	__u64 ns[TB_STATE_NR];
	int i;

	for (i = 0; i < TB_STATE_NR; i++)
		ns[i] = 7;
	assert_bar(ns, "#qQlejnapd");
}

static void a_window_of_years_does_not_overflow(void **state)
{
	__u64 ns[TB_STATE_NR] = { [TB_TIMER] = 1ull << 59, [TB_DISK] = 1ull << 59 };

	assert_bar(ns, "dddddttttt");
}

static void no_time_is_no_bar(void **state)
{
	__u64 ns[TB_STATE_NR] = { 0 };
	__u32 bar[TB_TOP_BAR_CELLS];

	assert_false(tb_top_bar(bar, ns));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_are_shares_in_the_order_of_the_states),
		cmocka_unit_test(what_is_left_over_goes_to_the_largest_remainder),
		cmocka_unit_test(a_share_of_every_state_still_makes_ten_cells),
		cmocka_unit_test(a_window_of_years_does_not_overflow),
		cmocka_unit_test(no_time_is_no_bar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
