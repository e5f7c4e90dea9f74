// SPDX-License-Identifier: GPL-2.0-only
/* A text that grows: whatever is added stays, ended by 0; no size, however wrong, hangs or lies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "buf.h"
#include "cleanup.h"

static void an_untouched_text_reads_as_empty(void **state)
{
	struct tb_buf buf __owns(tb_buf_release) = {};

	assert_string_equal(tb_buf_text(&buf), "");
	tb_buf_clear(&buf);
	assert_string_equal(tb_buf_text(&buf), "");
	tb_buf_add(&buf, "");
	assert_non_null(buf.text);
	assert_int_equal(buf.length, 0);
}

static void what_is_added_follows_what_was_there(void **state)
{
	struct tb_buf buf __owns(tb_buf_release) = {};

	tb_buf_add(&buf, "one ");
	tb_buf_add_bytes(&buf, "two three", 4);
	tb_buf_repeat(&buf, '-', 3);
	tb_buf_printf(&buf, " %d %s", 4, "five");
	assert_string_equal(buf.text, "one two --- 4 five");
	assert_int_equal(buf.length, strlen(buf.text));
	assert_false(buf.failed);
}

static void it_is_ended_at_every_length(void **state)
{
	struct tb_buf buf __owns(tb_buf_release) = {};
	size_t i;

	for (i = 0; i < 5000; i++) {
		tb_buf_add(&buf, "x");
		assert_int_equal(buf.length, i + 1);
		assert_true(buf.length < buf.size);
		assert_int_equal(buf.text[buf.length], '\0');
	}
	assert_int_equal(strlen(buf.text), 5000);
}

static void one_addition_may_be_larger_than_all_before(void **state)
{
	struct tb_buf buf __owns(tb_buf_release) = {};

	tb_buf_add(&buf, "begin");
	tb_buf_printf(&buf, "%100000d", 7);
	assert_int_equal(buf.length, 100005);
	assert_int_equal(buf.text[100004], '7');
	assert_memory_equal(buf.text, "begin ", 6);
}

static void bytes_may_hold_zeroes(void **state)
{
	struct tb_buf buf __owns(tb_buf_release) = {};

	tb_buf_add_bytes(&buf, "a\0b", 3);
	tb_buf_add(&buf, "c");
	assert_int_equal(buf.length, 4);
	assert_memory_equal(buf.text, "a\0bc", 5);
}

static void clearing_keeps_the_room(void **state)
{
	struct tb_buf buf __owns(tb_buf_release) = {};
	size_t size;

	tb_buf_repeat(&buf, 'x', 10000);
	size = buf.size;
	tb_buf_clear(&buf);
	assert_string_equal(buf.text, "");
	assert_int_equal(buf.length, 0);
	assert_int_equal(buf.size, size);
}

static void room_is_there_to_be_written_to(void **state)
{
	struct tb_buf buf __owns(tb_buf_release) = {};
	char *room;

	tb_buf_add(&buf, "ab");
	room = tb_buf_room(&buf, 4096);
	assert_ptr_equal(room, buf.text + 2);
	assert_true(buf.size > 2 + 4096);
	memset(room, 'c', 4096);
	assert_int_equal(buf.length, 2);
}

/* A width reckoned below 0, for one: it must end, be remembered, and leave the text as it was. */
static void a_size_beyond_all_memory_is_a_failure_that_is_remembered(void **state)
{
	static const size_t sizes[] = { SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2, SIZE_MAX / 4 };
	struct tb_buf buf __owns(tb_buf_release) = {};
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		tb_buf_add(&buf, "kept");
		tb_buf_repeat(&buf, ' ', sizes[i]);
		assert_true(buf.failed);
		assert_string_equal(buf.text, "kept");
		tb_buf_add(&buf, "not added");
		assert_null(tb_buf_room(&buf, 1));
		assert_string_equal(buf.text, "kept");
		tb_buf_clear(&buf);
		assert_false(buf.failed);
	}
}

static void what_was_released_can_be_used_again(void **state)
{
	struct tb_buf buf = {};

	tb_buf_add(&buf, "old");
	tb_buf_release(&buf);
	assert_null(buf.text);
	tb_buf_add(&buf, "new");
	assert_string_equal(buf.text, "new");
	tb_buf_release(&buf);
	tb_buf_release(&buf);
}

static void what_is_taken_is_not_freed(void **state)
{
	char *kept;
	{
		char *text __owns(free_text) = strdup("kept");

		kept = take(text);
		assert_null(text);
	}
	assert_string_equal(kept, "kept");
	free(kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_untouched_text_reads_as_empty),
		cmocka_unit_test(what_is_added_follows_what_was_there),
		cmocka_unit_test(it_is_ended_at_every_length),
		cmocka_unit_test(one_addition_may_be_larger_than_all_before),
		cmocka_unit_test(bytes_may_hold_zeroes),
		cmocka_unit_test(clearing_keeps_the_room),
		cmocka_unit_test(room_is_there_to_be_written_to),
		cmocka_unit_test(a_size_beyond_all_memory_is_a_failure_that_is_remembered),
		cmocka_unit_test(what_was_released_can_be_used_again),
		cmocka_unit_test(what_is_taken_is_not_freed),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
