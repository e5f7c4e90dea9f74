// SPDX-License-Identifier: GPL-2.0-only
/* Durations: what may be written, and that what is shown has three digits and never misleads. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "duration.h"

static void assert_ns(const char *text, __u64 expected)
{
	__u64 ns = 0;

	if (tb_duration_parse(text, &ns) || ns != expected)
		fail_msg("%s: %llu, not %llu", text, ns, expected);
}

static void a_number_and_a_unit_are_a_duration(void **state)
{
	assert_ns("1ns", 1);
	assert_ns("100us", 100000);
	assert_ns("500ms", 500000000);
	assert_ns("10s", 10000000000);
	assert_ns("1.5m", 90000000000);
	assert_ns("2h", 7200000000000);
	assert_ns(".5s", 500000000);
	assert_ns("007s", 7000000000);
	assert_ns("8760h", 31536000000000000);
}

static void fractions_are_rounded_to_a_nanosecond(void **state)
{
	assert_ns("0.3s", 300000000);
	assert_ns("1.4ns", 1);
	assert_ns("1.6ns", 2);
	assert_ns("0.1us", 100);
}

static void everything_else_is_refused(void **state)
{
	static const char *const texts[] = {
		"",	"5",	  "s",	   "0s",     "-1s",
		"+1s",	" 1s",	  "1 s",   "1s ",    "1S",
		"1sec", "1d",	  "1e3s",  "0x10s",  "infs",
		"nans", "1.2.3s", ".s",	   ".",	     "1,5s",
		"1min", "0.4ns",  "8761h", "1e999s", "99999999999999999999999999h",
		"s1",	"10s5",
	};
	__u64 ns = 42;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (tb_duration_parse(texts[i], &ns) != -EINVAL)
			fail_msg("`%s` was taken as %llu ns", texts[i], ns);
	assert_int_equal(ns, 42);
}

static void assert_text(__u64 ns, const char *expected)
{
	char text[TB_DURATION_LEN];

	assert_string_equal(tb_duration_text(text, ns), expected);
}

static void durations_read_well_at_every_size(void **state)
{
	assert_text(0, "0 ms");
	assert_text(90000, "0.090 ms");
	assert_text(120000, "0.12 ms");
	assert_text(4230000, "4.23 ms");
	assert_text(42300000, "42.3 ms");
	assert_text(423000000, "423 ms");
	assert_text(4200000000, "4.2 s");
	assert_text(42000000000, "42.0 s");
	assert_text(420000000000, "420 s");
	assert_text(41 * 60000000000, "41 min");
	assert_text(5 * 3600000000000, "5.0 h");
	assert_text(14 * 86400000000000, "14 d");
	assert_text(UINT64_MAX, "213504 d");
}

/* Around each step: no "1000 ms", no "100.0 s", no "60 s" that is 59.96. */
static void steps_carry_over_to_the_next_unit(void **state)
{
	assert_text(99400, "0.099 ms");
	assert_text(99500, "0.10 ms");
	assert_text(9949999, "9.95 ms");
	assert_text(9951000, "10.0 ms");
	assert_text(99490000, "99.5 ms");
	assert_text(99500000, "100 ms");
	assert_text(999499999, "999 ms");
	assert_text(999500000, "1.0 s");
	assert_text(99949999999, "99.9 s");
	assert_text(99950000000, "100 s");
	assert_text(599499999999, "599 s");
	assert_text(599500000000, "10 min");
	assert_text(5969999999999, "99 min");
	assert_text(5970000000000, "1.7 h");
	assert_text(170999999999999, "47.5 h");
	assert_text(171000000000000, "2 d");
}

static void what_is_more_than_nothing_does_not_read_as_nothing(void **state)
{
	char text[TB_DURATION_LEN];
	__u64 ns;

	for (ns = 1; ns < 2000; ns++)
		if (!strpbrk(tb_duration_text(text, ns), "123456789"))
			fail_msg("%llu ns reads as %s", ns, text);
}

/*
 * Every text fits, has at most three digits below a thousand days, and is near what it stands for.
 */
static void a_text_is_within_a_tenth_of_its_duration(void **state)
{
	static const struct {
		const char *unit;
		double ns;
	} units[] = {
		{ "ms", 1e6 }, { "s", 1e9 }, { "min", 60e9 }, { "h", 3600e9 }, { "d", 86400e9 }
	};
	char text[TB_DURATION_LEN], *unit;
	double ns, value;
	size_t i;

	for (ns = 10000; ns < 8.6e16; ns *= 1.01) {
		value = strtod(tb_duration_text(text, (__u64)ns), &unit);
		assert_true(strlen(text) < TB_DURATION_LEN && *unit == ' ');
		for (i = 0; i < 5 && strcmp(unit + 1, units[i].unit); i++)
			;
		assert_true(i < 5);
		value *= units[i].ns;
		if (value < ns * 0.75 || value > ns * 1.25)
			fail_msg("%.0f ns reads as %s", ns, text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_and_a_unit_are_a_duration),
		cmocka_unit_test(fractions_are_rounded_to_a_nanosecond),
		cmocka_unit_test(everything_else_is_refused),
		cmocka_unit_test(durations_read_well_at_every_size),
		cmocka_unit_test(steps_carry_over_to_the_next_unit),
		cmocka_unit_test(what_is_more_than_nothing_does_not_read_as_nothing),
		cmocka_unit_test(a_text_is_within_a_tenth_of_its_duration),
	};

	return cmocka_run_group_tests_name("duration", tests, NULL, NULL);
}
