// SPDX-License-Identifier: GPL-2.0-only
/* Files of /proc: read whole, or to the bound; lines, words and numbers of any size. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "cleanup.h"
#include "proc.h"
#include "tree.h"

struct moved {
	struct tree tree;
	int root;
	struct tb_buf text;
};

static int moved_setup(void **state)
{
	struct moved *moved = calloc(1, sizeof(*moved));

	tree_make(&moved->tree);
	moved->root = tb_proc_root(moved->tree.root);
	*state = moved;
	return moved->root < 0;
}

static int moved_teardown(void **state)
{
	struct moved *moved = *state;

	close(moved->root);
	tb_buf_release(&moved->text);
	tree_remove(&moved->tree);
	free(moved);
	return 0;
}

static void a_file_below_a_moved_root_is_read_whole(void **state)
{
	struct moved *moved = *state;
	char long_text[10000];

	memset(long_text, 'x', sizeof(long_text));
	tree_bytes(&moved->tree, "proc/long", long_text, sizeof(long_text));
	assert_int_equal(tb_proc_read(moved->root, "proc/long", &moved->text), sizeof(long_text));
	assert_memory_equal(moved->text.text, long_text, sizeof(long_text));
	tree_file(&moved->tree, "proc/short", "7\n");
	assert_int_equal(tb_proc_read(moved->root, "proc/short", &moved->text), 2);
	assert_string_equal(moved->text.text, "7\n");
}

static void a_file_as_long_as_a_page_is_read_whole(void **state)
{
	struct moved *moved = *state;
	char page[4096];

	memset(page, 'x', sizeof(page));
	tree_bytes(&moved->tree, "page", page, sizeof(page));
	assert_int_equal(tb_proc_read(moved->root, "page", &moved->text), sizeof(page));
}

static void what_cannot_be_read_is_empty(void **state)
{
	struct moved *moved = *state;
	struct tb_buf fresh __owns(tb_buf_release) = {};

	assert_int_equal(tb_proc_read(moved->root, "none", &fresh), -ENOENT);
	assert_string_equal(tb_buf_text(&fresh), "");
	tree_file(&moved->tree, "some", "text");
	assert_int_equal(tb_proc_read(moved->root, "some", &moved->text), 4);
	assert_int_equal(tb_proc_read(moved->root, ".", &moved->text), -EISDIR);
	assert_string_equal(tb_buf_text(&moved->text), "");
	assert_int_equal(tb_proc_root("/nowhere/at/all"), -ENOENT);
}

static void an_empty_file_is_no_error(void **state)
{
	struct moved *moved = *state;

	tree_file(&moved->tree, "empty", "");
	assert_int_equal(tb_proc_read(moved->root, "empty", &moved->text), 0);
	assert_string_equal(moved->text.text, "");
}

static void a_line_that_the_bound_cuts_is_dropped(void **state)
{
	struct moved *moved = *state;
	FILE *file = fopen(tree_path(&moved->tree, "huge"), "w");
	struct tb_proc_line line;
	const char *at;
	int i, got;

	for (i = 0; i < 150000; i++)
		fprintf(file, "key%06d %06d\n", i, i);
	fclose(file);
	got = tb_proc_read(moved->root, "huge", &moved->text);
	assert_in_range(got, TB_PROC_MAX_BYTES - 17, TB_PROC_MAX_BYTES + 4096);
	for (at = moved->text.text; tb_proc_line(&at, &line);)
		assert_int_equal(line.all.length, 16);
}

static void an_open_file_is_read_anew_each_time(void **state)
{
	struct moved *moved = *state;
	struct tb_proc_file file = { .path = "value", .fd = -1 };

	assert_int_equal(tb_proc_file_read(&file, moved->root, &moved->text), -ENOENT);
	tree_file(&moved->tree, "value", "1\n");
	assert_int_equal(tb_proc_file_read(&file, moved->root, &moved->text), 2);
	tree_file(&moved->tree, "value", "22\n");
	assert_int_equal(tb_proc_file_read(&file, moved->root, &moved->text), 3);
	assert_string_equal(moved->text.text, "22\n");
	tb_proc_file_close(&file);
	assert_int_equal(file.fd, -1);
}

/* The kernel hands out a list page by page, each a bit shorter than a page. */
static void a_list_of_the_kernel_is_read_to_its_end(void **state)
{
	struct moved *moved = *state;
	struct tb_proc_file file = { .path = "/proc/self/smaps", .fd = -1, .is_list = true };
	FILE *stdio = fopen("/proc/self/smaps", "r");
	char row[512], last[512] = "";

	while (fgets(row, sizeof(row), stdio))
		if (strchr(row, '-') && strchr(row, '['))
			strcpy(last, row);
	fclose(stdio);
	assert_true(tb_proc_file_read(&file, moved->root, &moved->text) > 4096);
	assert_non_null(strstr(moved->text.text, last));
	tb_proc_file_close(&file);
}

static void a_list_without_end_is_bounded(void **state)
{
	struct moved *moved = *state;
	struct tb_proc_file file = { .path = "/proc/kallsyms", .fd = -1, .is_list = true };
	int got = tb_proc_file_read(&file, moved->root, &moved->text);

	assert_in_range(got, TB_PROC_MAX_BYTES - 4096, TB_PROC_MAX_BYTES + 4096);
	assert_int_equal(moved->text.text[got - 1], '\n');
	tb_proc_file_close(&file);
}

static void a_link_is_cut_to_its_buffer(void **state)
{
	struct moved *moved = *state;
	char target[6];

	tree_link(&moved->tree, "exe", "/usr/bin/python3");
	assert_int_equal(tb_proc_link(moved->root, "exe", target, sizeof(target)), 5);
	assert_string_equal(target, "/usr/");
	assert_int_equal(tb_proc_link(moved->root, "none", target, sizeof(target)), -ENOENT);
	assert_string_equal(target, "");
}

static void assert_line(const char *text, const char *key, const char *value)
{
	struct tb_proc_line line;

	assert_true(tb_proc_line(&text, &line));
	assert_true(tb_span_is(line.key, key));
	assert_true(tb_span_is(line.value, value));
}

static void a_line_is_a_key_and_a_value(void **state)
{
	assert_line("MemFree:   12 kB\nx", "MemFree", "12 kB");
	assert_line("\n\npgfault 12\n", "pgfault", "12");
	assert_line("Uid:\t1\t2\t3\n", "Uid", "1\t2\t3");
	assert_line("alone", "alone", "");
	assert_line("alone:\nnext 3\n", "alone", "");
	assert_line("4:cpu,cpuacct:/a b\n", "4", "cpu,cpuacct:/a b");
	assert_line(" 8 0 sda\n", "", "8 0 sda");
}

static void lines_end_with_the_text(void **state)
{
	const char *at = "a 1\nb 2";
	struct tb_proc_line line;

	assert_true(tb_proc_line(&at, &line));
	assert_true(tb_proc_line(&at, &line));
	assert_true(tb_span_is(line.key, "b"));
	assert_false(tb_proc_line(&at, &line));
	assert_false(tb_proc_line(&at, &line));
	at = "";
	assert_false(tb_proc_line(&at, &line));
}

static void a_key_is_not_its_beginning(void **state)
{
	struct tb_span span = { "pgscan_direct_throttle", 22 };

	assert_false(tb_span_is(span, "pgscan_direct"));
	span.length = 13;
	assert_true(tb_span_is(span, "pgscan_direct"));
	assert_false(tb_span_is(span, "pgscan_direct_throttle"));
}

static void a_word_is_not_part_of_another(void **state)
{
	struct tb_span list = { "rw,cpuacct,cpuset,xcpu", 22 };

	assert_false(tb_span_has(list, ",", "cpu"));
	assert_true(tb_span_has(list, ",", "rw"));
	assert_true(tb_span_has(list, ",", "xcpu"));
	assert_true(tb_span_has((struct tb_span){ "cpu io\n", 7 }, " \n", "io"));
	assert_false(tb_span_has((struct tb_span){ "", 0 }, ",", "cpu"));
}

static void a_copy_fits_and_is_ended(void **state)
{
	char copy[4] = { 1, 1, 1, 1 };

	tb_span_copy((struct tb_span){ "abcdef", 6 }, copy, sizeof(copy));
	assert_string_equal(copy, "abc");
	tb_span_copy((struct tb_span){ "z", 1 }, copy, sizeof(copy));
	assert_memory_equal(copy, "z\0\0\0", 4);
}

static void a_number_too_large_is_the_largest(void **state)
{
	const char *at = "18446744073709551615 18446744073709551616 99999999999999999999999 7";
	__u64 number;

	assert_true(tb_proc_number(&at, &number) && number == UINT64_MAX);
	assert_true(tb_proc_number(&at, &number) && number == UINT64_MAX);
	assert_true(tb_proc_number(&at, &number) && number == UINT64_MAX);
	assert_true(tb_proc_number(&at, &number) && number == 7);
	assert_false(tb_proc_number(&at, &number));
}

static void what_is_no_number_is_left_alone(void **state)
{
	static const char *const texts[] = { "max", "-1", "", "\n5", "  x5" };
	__u64 number = 42;
	const char *at;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		at = texts[i];
		assert_false(tb_proc_number(&at, &number));
		assert_ptr_equal(at, texts[i]);
	}
	assert_int_equal(number, 42);
}

static void words_are_counted_within_their_line(void **state)
{
	__u64 number;

	assert_true(tb_proc_word_number("max 100000\n", 1, &number) && number == 100000);
	assert_true(tb_proc_word_number(" S -1\t5", 2, &number) && number == 5);
	assert_false(tb_proc_word_number("max\n100000", 1, &number));
	assert_false(tb_proc_word_number("1 2 3", 9, &number));
}

static void only_the_fields_that_are_there_are_set(void **state)
{
	struct {
		__u64 a, b, c, d;
	} into = { 1, 2, 3, 4 };
	static const struct tb_proc_field fields[] = {
		{ "a", 0, 1000 }, { "b", 8, 1 }, { "c", 16, 1024 }, { "d", 24, 1 }, {}
	};

	assert_int_equal(
		tb_proc_fields("a: 5 kB\nab 6\nb max\nc 18446744073709551615\n", fields, &into), 2);
	assert_int_equal(into.a, 5000);
	assert_int_equal(into.b, 2);
	assert_true(into.c == UINT64_MAX);
	assert_int_equal(into.d, 4);
}

#define MOVED(test) cmocka_unit_test_setup_teardown(test, moved_setup, moved_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		MOVED(a_file_below_a_moved_root_is_read_whole),
		MOVED(a_file_as_long_as_a_page_is_read_whole),
		MOVED(what_cannot_be_read_is_empty),
		MOVED(an_empty_file_is_no_error),
		MOVED(a_line_that_the_bound_cuts_is_dropped),
		MOVED(an_open_file_is_read_anew_each_time),
		MOVED(a_list_of_the_kernel_is_read_to_its_end),
		MOVED(a_list_without_end_is_bounded),
		MOVED(a_link_is_cut_to_its_buffer),
		cmocka_unit_test(a_line_is_a_key_and_a_value),
		cmocka_unit_test(lines_end_with_the_text),
		cmocka_unit_test(a_key_is_not_its_beginning),
		cmocka_unit_test(a_word_is_not_part_of_another),
		cmocka_unit_test(a_copy_fits_and_is_ended),
		cmocka_unit_test(a_number_too_large_is_the_largest),
		cmocka_unit_test(what_is_no_number_is_left_alone),
		cmocka_unit_test(words_are_counted_within_their_line),
		cmocka_unit_test(only_the_fields_that_are_there_are_set),
	};

	return cmocka_run_group_tests_name("proc", tests, NULL, NULL);
}
