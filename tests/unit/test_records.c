// SPDX-License-Identifier: GPL-2.0-only
/*
 * The border's records: numbers that never move, sizes that a reader can skip by, no hidden bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "records.h"

struct row {
	const char *name;
	int number;
	size_t size, header; /* where the header is */
};

static const struct row rows[] = {
#define X(id, number, type, text) { #id, number, sizeof(struct type), offsetof(struct type, h) },
	TB_RECORDS(X)
#undef X
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void every_record_begins_with_the_header_and_can_be_skipped(void **state)
{
	size_t i;

	assert_int_equal(sizeof(struct tb_record), 16);
	for (i = 0; i < ROWS; i++) {
		assert_int_equal(rows[i].header, 0);
		assert_int_equal(rows[i].size % 8, 0);
		assert_true(rows[i].size > sizeof(struct tb_record));
	}
}

/* One meaning for ever: old recordings hold these numbers. New kinds go to the end. */
static void numbers_and_sizes_are_the_formats(void **state)
{
	static const struct row kept[] = {
		{ "FRAME", 1, 56, 0 },	  { "THREAD", 2, 456, 0 },  { "EDGE", 3, 328, 0 },
		{ "FOLD", 4, 400, 0 },	  { "PROCESS", 5, 376, 0 }, { "SOCKET", 6, 96, 0 },
		{ "NAME", 7, 288, 0 },	  { "HOST", 8, 320, 0 },    { "DISK", 9, 104, 0 },
		{ "CGROUP", 10, 360, 0 }, { "STATUS", 11, 144, 0 },
	};
	size_t i;

	assert_true(ROWS >= sizeof(kept) / sizeof(kept[0]));
	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		assert_string_equal(rows[i].name, kept[i].name);
		assert_int_equal(rows[i].number, kept[i].number);
		assert_int_equal(rows[i].size, kept[i].size);
	}
}

static void no_two_kinds_share_a_number(void **state)
{
	size_t i, j;

	for (i = 0; i < ROWS; i++)
		for (j = 0; j < i; j++)
			assert_int_not_equal(rows[i].number, rows[j].number);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_record_begins_with_the_header_and_can_be_skipped),
		cmocka_unit_test(numbers_and_sizes_are_the_formats),
		cmocka_unit_test(no_two_kinds_share_a_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
