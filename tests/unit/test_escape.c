// SPDX-License-Identifier: GPL-2.0-only
/*
 * The doors for untrusted text: nothing that a process calls itself acts on a terminal or a format.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cleanup.h"
#include "escape.h"

static int utf8_setup(void **state)
{
	return !setlocale(LC_CTYPE, "C.UTF-8");
}

static void assert_terminal(const char *bytes, const char *expected, size_t columns)
{
	struct tb_buf buf __owns(tb_buf_release) = {};
	size_t got = tb_escape_terminal(&buf, bytes, strlen(bytes));

	assert_string_equal(tb_buf_text(&buf), expected);
	assert_int_equal(got, columns);
}

static void plain_text_passes_as_it_is(void **state)
{
	assert_terminal("", "", 0);
	assert_terminal("nginx: worker (3)", "nginx: worker (3)", 17);
	assert_terminal("gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f", 4);
	assert_terminal("\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5\xe6\x9c\xac", 4);
	assert_terminal("\xf0\x9f\x90\x8d", "\xf0\x9f\x90\x8d", 2);
}

static void control_characters_become_their_numbers(void **state)
{
	char byte[2] = "", hex[8];
	int c;

	for (c = 1; c < 32; c++) {
		byte[0] = (char)c;
		snprintf(hex, sizeof(hex), "\\x%02x", c);
		assert_terminal(byte, hex, 4);
	}
	assert_terminal("\x7f", "\\x7f", 4);
	assert_terminal("\x1b[2J", "\\x1b[2J", 7);
	assert_terminal("\xc2\x9b"
			"2J",
			"\\xc2\\x9b2J", 10); /* CSI in one character */
}

static void a_backslash_is_doubled_so_that_escapes_cannot_be_forged(void **state)
{
	assert_terminal("\\x1b", "\\\\x1b", 5);
	assert_terminal("\\", "\\\\", 2);
}

static void bytes_that_are_not_utf8_become_their_numbers(void **state)
{
	assert_terminal("\xff", "\\xff", 4);
	assert_terminal("a\x80z", "a\\x80z", 6);
	assert_terminal("\xc3", "\\xc3", 4); /* cut: comm ends amid a character */
	assert_terminal("\xe6\x97", "\\xe6\\x97", 8);
	assert_terminal("\xc0\xaf", "\\xc0\\xaf", 8); /* overlong */
	assert_terminal("\xe0\x80\xaf", "\\xe0\\x80\\xaf", 12);
	assert_terminal("\xed\xa0\x80", "\\xed\\xa0\\x80", 12); /* surrogate */
	assert_terminal("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", 16);
	assert_terminal("\xf8\x88\x80\x80\x80", "\\xf8\\x88\\x80\\x80\\x80", 20);
	assert_terminal("\xc3(", "\\xc3(", 5);
}

static void what_has_no_width_of_its_own_becomes_its_number(void **state)
{
	assert_terminal("e\xcc\x81", "e\\xcc\\x81", 9); /* combining */
	assert_terminal("\xe2\x80\xae"
			"abc",
			"\\xe2\\x80\\xaeabc", 15);		/* right to left */
	assert_terminal("\xe2\x81\xa6", "\\xe2\\x81\\xa6", 12); /* isolate */
	assert_terminal("\xe2\x80\x8b", "\\xe2\\x80\\x8b", 12); /* zero width blank */
	assert_terminal("\xe2\x80\xa8", "\\xe2\\x80\\xa8", 12); /* line separator */
	assert_terminal("\xc2\xad", "\\xc2\\xad", 8);		/* soft hyphen */
	assert_terminal("\xef\xbb\xbf", "\\xef\\xbb\\xbf", 12); /* byte order mark */
}

/* All of Unicode: what comes out holds no control character and is as wide as it says. */
static void no_character_passes_that_is_a_control(void **state)
{
	struct tb_buf buf __owns(tb_buf_release) = {};
	char bytes[4];
	uint32_t code;
	size_t i, length, columns;

	for (code = 0x80; code < 0x10000; code++) {
		length = code < 0x800 ? 2 : 3;
		bytes[0] = (char)(length == 2 ? 0xc0 | code >> 6 : 0xe0 | code >> 12);
		bytes[1] = (char)(0x80 | (length == 2 ? code & 0x3f : code >> 6 & 0x3f));
		bytes[2] = (char)(0x80 | (code & 0x3f));
		tb_buf_clear(&buf);
		columns = tb_escape_terminal(&buf, bytes, length);
		for (i = 0; i < buf.length; i++)
			assert_true((unsigned char)buf.text[i] >= 0x20 && buf.text[i] != 0x7f);
		assert_true(buf.text[0] == '\\' ? columns == 4 * length && code != '\\'
						: columns == 1 || columns == 2);
		assert_true(code >= 0xa0 || buf.text[0] == '\\');
	}
}

static void text_ends_at_its_first_zero_or_at_its_size(void **state)
{
	struct tb_buf buf __owns(tb_buf_release) = {};

	assert_int_equal(tb_escape_terminal(&buf, "comm\0rest", 9), 4);
	assert_int_equal(tb_escape_terminal(&buf, "0123456789", 3), 3);
	assert_string_equal(buf.text, "comm012");
}

static void what_the_locale_cannot_print_becomes_its_number(void **state)
{
	assert_non_null(setlocale(LC_CTYPE, "C"));
	assert_terminal("gr\xc3\xbcn", "gr\\xc3\\xbcn", 11);
	assert_terminal("plain \\", "plain \\\\", 8);
}

/* In Latin-1 the second byte of U+00DB is the control character CSI. */
static void a_locale_of_single_bytes_gets_no_utf8(void **state)
{
	char directory[] = "/tmp/tailback-locale-XXXXXX", command[256];
	char *found;

	assert_non_null(mkdtemp(directory));
	snprintf(command, sizeof(command),
		 "localedef -i en_US -f ISO-8859-1 %s/latin >/dev/null 2>&1", directory);
	found = system(command) ? NULL : "latin";
	setenv("LOCPATH", directory, 1);
	found = found ? setlocale(LC_CTYPE, "latin") : NULL;
	unsetenv("LOCPATH");
	snprintf(command, sizeof(command), "rm -r %s", directory);
	assert_int_equal(system(command), 0);
	if (!found)
		skip();
	assert_terminal("\xc3\x9b"
			"31m",
			"\\xc3\\x9b31m", 11);
	assert_terminal("gr\xfcn", "gr\\xfcn", 7);
}

static void assert_columns(const char *bytes, size_t columns, const char *expected)
{
	struct tb_buf buf __owns(tb_buf_release) = {};
	size_t got;

	tb_buf_add(&buf, "|");
	got = tb_escape_columns(&buf, bytes, strlen(bytes), columns);
	assert_string_equal(buf.text + 1, expected);
	assert_true(got <= columns);
}

static void a_cut_text_ends_with_its_mark(void **state)
{
	assert_columns("postgres", 8, "postgres");
	assert_columns("postgres", 9, "postgres");
	assert_columns("postgres", 7, "postgr~");
	assert_columns("postgres", 1, "~");
	assert_columns("postgres", 0, "");
	assert_columns("", 0, "");
	assert_columns("", 5, "");
}

static void a_cut_is_never_amid_a_character_or_an_escape(void **state)
{
	assert_columns("ab\x1b"
		       "cd",
		       8, "ab\\x1bcd");
	assert_columns("ab\x1b"
		       "cd",
		       7, "ab\\x1b~");
	assert_columns("ab\x1b"
		       "cd",
		       6, "ab~");
	assert_columns("ab\x1b"
		       "cd",
		       4, "ab~");
	assert_columns("a\\b", 3, "a~");
	assert_columns("\xe6\x97\xa5\xe6\x9c\xac", 4, "\xe6\x97\xa5\xe6\x9c\xac");
	assert_columns("\xe6\x97\xa5\xe6\x9c\xac", 3, "\xe6\x97\xa5~");
	assert_columns("\xe6\x97\xa5\xe6\x9c\xac", 2, "~");
	assert_columns("a\xe6\x97\xa5", 2, "a~");
}

static void the_columns_told_are_those_of_the_text(void **state)
{
	static const char text[] = "a\x1b\\\xe6\x97\xa5\xff"
				   "b\xc3\xbc";
	struct tb_buf cut __owns(tb_buf_release) = {}, again __owns(tb_buf_release) = {};
	size_t columns, got;

	for (columns = 0; columns < 20; columns++) {
		tb_buf_clear(&cut);
		tb_buf_clear(&again);
		got = tb_escape_columns(&cut, text, sizeof(text), columns);
		assert_int_equal(tb_clip_columns(&again, tb_buf_text(&cut), 100), got);
		assert_string_equal(tb_buf_text(&again), tb_buf_text(&cut));
	}
}

static void clean_text_is_cut_without_a_second_escape(void **state)
{
	struct tb_buf buf __owns(tb_buf_release) = {};

	assert_int_equal(tb_clip_columns(&buf, "a\\x1bb", 6), 6);
	assert_string_equal(buf.text, "a\\x1bb");
	tb_buf_clear(&buf);
	assert_int_equal(tb_clip_columns(&buf, "a\\x1bb", 4), 4);
	assert_string_equal(buf.text, "a\\x~");
	tb_buf_clear(&buf);
	tb_clip_columns(&buf, "a\x1b", 10); /* clean or not, a control character never passes */
	assert_string_equal(buf.text, "a\\x1b");
}

static void assert_utf8(const char *bytes, size_t size, const char *expected)
{
	struct tb_buf buf __owns(tb_buf_release) = {};

	tb_escape_utf8(&buf, bytes, size);
	assert_string_equal(tb_buf_text(&buf), expected);
}

#define REPLACED "\xef\xbf\xbd"

static void json_gets_valid_utf8_whatever_the_locale(void **state)
{
	assert_non_null(setlocale(LC_CTYPE, "C"));
	assert_utf8("gr\xc3\xbcn\x1b\"\\", 8, "gr\xc3\xbcn\x1b\"\\");
	assert_utf8("a\xff\xfe"
		    "b",
		    4, "a" REPLACED REPLACED "b");
	assert_utf8("\xe6\x97", 2, REPLACED REPLACED);
	assert_utf8("\xed\xa0\x80", 3, REPLACED REPLACED REPLACED);
	assert_utf8("ab\0cd", 5, "ab");
	assert_utf8("\xc3\xbc", 1, REPLACED);
	assert_utf8("", 0, "");
}

#define UTF8(test) cmocka_unit_test_setup(test, utf8_setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		UTF8(plain_text_passes_as_it_is),
		UTF8(control_characters_become_their_numbers),
		UTF8(a_backslash_is_doubled_so_that_escapes_cannot_be_forged),
		UTF8(bytes_that_are_not_utf8_become_their_numbers),
		UTF8(what_has_no_width_of_its_own_becomes_its_number),
		UTF8(no_character_passes_that_is_a_control),
		UTF8(text_ends_at_its_first_zero_or_at_its_size),
		UTF8(what_the_locale_cannot_print_becomes_its_number),
		UTF8(a_locale_of_single_bytes_gets_no_utf8),
		UTF8(a_cut_text_ends_with_its_mark),
		UTF8(a_cut_is_never_amid_a_character_or_an_escape),
		UTF8(the_columns_told_are_those_of_the_text),
		UTF8(clean_text_is_cut_without_a_second_escape),
		UTF8(json_gets_valid_utf8_whatever_the_locale),
	};

	return cmocka_run_group_tests_name("escape", tests, NULL, NULL);
}
