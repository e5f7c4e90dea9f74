// SPDX-License-Identifier: GPL-2.0-only
/* Which name a mistyped word is taken for, and when none is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "nearest.h"

static const char *nearest_of(const char *word)
{
	static const char *const names[] = { "top", "diagnose", "doctor", "interval", "input" };
	struct tb_nearest nearest = { .word = word };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		tb_nearest_offer(&nearest, names[i]);
	return nearest.name;
}

static void a_slip_of_the_finger_is_recognised(void **state)
{
	assert_string_equal(nearest_of("tops"), "top");
	assert_string_equal(nearest_of("to"), "top");
	assert_string_equal(nearest_of("diagnos"), "diagnose");
	assert_string_equal(nearest_of("docter"), "doctor");
	assert_string_equal(nearest_of("intervall"), "interval");
}

static void another_word_is_no_slip_of_the_finger(void **state)
{
	assert_null(nearest_of("nope"));
	assert_null(nearest_of("frob"));
	assert_null(nearest_of("x"));
}

static void no_word_and_a_very_long_one_are_near_to_nothing(void **state)
{
	char word[4096];

	memset(word, 'a', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	assert_null(nearest_of(""));
	assert_null(nearest_of(word));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_slip_of_the_finger_is_recognised),
		cmocka_unit_test(another_word_is_no_slip_of_the_finger),
		cmocka_unit_test(no_word_and_a_very_long_one_are_near_to_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
