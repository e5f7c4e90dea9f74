// SPDX-License-Identifier: GPL-2.0-only
/* Styled lines: what fits into a width, and what a terminal is sent for a style. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <locale.h>
#include <string.h>

#include <cmocka.h>

#include "page.h"

static void assert_packed(size_t width, const char *line)
{
	struct tb_piece pieces[] = {
		{ .text = "CPU 74%", .rank = 0 },   { .text = "disk sda 1%", .rank = 2 },
		{ .text = "memory ok", .rank = 1 }, { .text = "", .rank = 0 },
		{ .text = "steal 0%", .rank = 3 },
	};
	struct tb_page page = {};

	tb_page_pack(&page, pieces, 5, width);
	assert_string_equal(page.text.text, line);
	tb_page_release(&page);
}

static void pieces_go_by_rank_until_the_rest_fits(void **state)
{
	assert_packed(80, "CPU 74%   disk sda 1%   memory ok   steal 0%\n");
	assert_packed(44, "CPU 74%   disk sda 1%   memory ok   steal 0%\n");
	assert_packed(43, "CPU 74%  disk sda 1%  memory ok  steal 0%\n");
	assert_packed(40, "CPU 74%   disk sda 1%   memory ok\n");
	assert_packed(30, "CPU 74%   memory ok\n");
	assert_packed(10, "CPU 74%\n");
}

static void what_stays_is_cut_where_even_that_is_too_long(void **state)
{
	assert_packed(5, "CPU ~\n");
	assert_packed(0, "\n");
}

static void columns_are_counted_as_they_are_seen(void **state)
{
	assert_int_equal(tb_text_columns("abc"), 3);
	assert_int_equal(tb_text_columns("\xe6\x97\xa5\xe6\x9c\xac"), 4);
	assert_int_equal(tb_text_columns(""), 0);
}

static void a_style_is_an_escape_sequence_around_its_text(void **state)
{
	struct tb_page page = {};
	struct tb_buf out = {};

	tb_page_add(&page, TB_STYLE_PLAIN, "a ");
	tb_page_add(&page, TB_STYLE_STATE + TB_ONCPU, "#");
	tb_page_add(&page, TB_STYLE_STATE + TB_ONCPU, "#");
	tb_page_add(&page, TB_STYLE_STATE + TB_NET, "n");
	tb_page_add(&page, TB_STYLE_ALARM, "!");
	tb_page_line(&page);
	tb_page_ansi(&out, &page);
	assert_string_equal(page.text.text, "a ##n!\n");
	assert_string_equal(out.text,
			    "a \033[0;32m##\033[0m\033[0;36mn\033[0m\033[0;1;31m!\033[0m\n");
	tb_buf_release(&out);
	tb_page_release(&page);
}

static void a_page_that_is_cleared_has_no_styles(void **state)
{
	struct tb_page page = {};
	struct tb_buf out = {};

	tb_page_add(&page, TB_STYLE_ALARM, "lost");
	tb_page_clear(&page);
	tb_page_add(&page, TB_STYLE_PLAIN, "fine\n");
	tb_page_ansi(&out, &page);
	assert_string_equal(out.text, "fine\n");
	tb_buf_release(&out);
	tb_page_release(&page);
}

static void every_state_has_a_colour(void **state)
{
	unsigned int i;

	for (i = 0; i < TB_STATE_NR; i++)
		assert_in_range(tb_style_look(TB_STYLE_STATE + i).color, 1, 7);
	assert_int_equal(tb_style_look(TB_STYLE_NR).color, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_go_by_rank_until_the_rest_fits),
		cmocka_unit_test(what_stays_is_cut_where_even_that_is_too_long),
		cmocka_unit_test(columns_are_counted_as_they_are_seen),
		cmocka_unit_test(a_style_is_an_escape_sequence_around_its_text),
		cmocka_unit_test(a_page_that_is_cleared_has_no_styles),
		cmocka_unit_test(every_state_has_a_colour),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
