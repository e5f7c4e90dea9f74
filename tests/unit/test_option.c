// SPDX-License-Identifier: GPL-2.0-only
/* Options from a table: what is taken, what is refused and with which words, what --help lists. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cleanup.h"
#include "option.h"

enum { TOP = 1, WHY = 2 };

struct taken {
	int all;
	const char *file, *size;
};

static const char *take_all(void *into, const char *value)
{
	struct taken *taken = into;

	taken->all += value ? 100 : 1;
	return NULL;
}

static const char *take_file(void *into, const char *value)
{
	((struct taken *)into)->file = value;
	return NULL;
}

static const char *take_size(void *into, const char *value)
{
	((struct taken *)into)->size = value;
	return *value && strspn(value, "0123456789") == strlen(value) ? NULL
								      : "a number, such as 10";
}

static const char *take_never(void *into, const char *value)
{
	return "it cannot be used here";
}

static const struct tb_option options[] = {
	{ "all", 'a', NULL, take_all, "show all", TOP | WHY },
	{ "file", 'f', "FILE", take_file, "write to FILE", TOP | WHY },
	{ "max-size", 0, "SIZE", take_size, "at most SIZE", TOP },
	{ "size", 's', "SIZE", take_size, "rows of SIZE", WHY },
	{ "sort", 's', "KEY", take_file, "order by KEY", TOP },
	{ "never", 0, NULL, take_never, "is refused", TOP },
	{ "with-a-name-beyond-the-column", 0, "VALUE", take_file, "is long", WHY },
	{},
};

struct line {
	struct taken taken;
	int err, first;
	char *argv[12];
	char told[1024]; /* on stderr */
};

/* The words of a line, split at blanks; stderr is read back. */
static void line_take(struct line *line, unsigned int command, const char *words)
{
	struct tb_arguments arguments = { .argv = line->argv };
	static char copy[256];
	char *word, *rest = copy;
	FILE *file = tmpfile();
	int kept = dup(STDERR_FILENO);

	memset(line, 0, sizeof(*line));
	snprintf(copy, sizeof(copy), "%s", words);
	while ((word = strsep(&rest, " ")))
		line->argv[arguments.argc++] = word;
	fflush(stderr);
	dup2(fileno(file), STDERR_FILENO);
	line->err = tb_options_parse(options, command, &line->taken, &arguments);
	fflush(stderr);
	dup2(kept, STDERR_FILENO);
	close(kept);
	rewind(file);
	line->told[fread(line->told, 1, sizeof(line->told) - 1, file)] = '\0';
	fclose(file);
	line->first = arguments.first;
}

static void assert_refused(unsigned int command, const char *words, const char *message)
{
	struct line line;

	line_take(&line, command, words);
	if (line.err != -EINVAL)
		fail_msg("taken: %s", words);
	if (!strstr(line.told, message))
		fail_msg("%s\n`%s` does not tell `%s`", words, line.told, message);
	if (strchr(line.told, '\n') != line.told + strlen(line.told) - 1)
		fail_msg("%s\nis not one line: `%s`", words, line.told);
}

static void flags_and_values_are_taken_in_every_form(void **state)
{
	static const char *const lines[] = {
		"top -a -f x",	      "top -af x",	"top -afx",	   "top --all --file x",
		"top --all --file=x", "top -f x --all", "top --al --fi x", "top -a --file x --",
	};
	struct line line;
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		line_take(&line, TOP, lines[i]);
		assert_int_equal(line.err, 0);
		assert_string_equal(line.told, "");
		assert_int_equal(line.taken.all, 1);
		assert_string_equal(line.taken.file, "x");
	}
}

static void a_letter_means_what_its_command_says(void **state)
{
	struct line line;

	line_take(&line, TOP, "top -s cpu");
	assert_string_equal(line.taken.file, "cpu");
	assert_null(line.taken.size);
	line_take(&line, WHY, "why -s 12");
	assert_string_equal(line.taken.size, "12");
	assert_null(line.taken.file);
}

static void operands_stand_anywhere(void **state)
{
	struct line line;

	line_take(&line, WHY, "why 12 -a 34 --file x 56");
	assert_int_equal(line.err, 0);
	assert_int_equal(line.first, 4);
	assert_string_equal(line.argv[4], "12");
	assert_string_equal(line.argv[5], "34");
	assert_string_equal(line.argv[6], "56");
	line_take(&line, WHY, "why -a -- -f x");
	assert_int_equal(line.err, 0);
	assert_null(line.taken.file);
	assert_string_equal(line.argv[line.first], "-f");
}

static void a_line_without_options_is_none(void **state)
{
	struct line line;

	line_take(&line, TOP, "top");
	assert_int_equal(line.err, 0);
	assert_int_equal(line.first, 1);
	line_take(&line, TOP, "top -");
	assert_int_equal(line.err, 0);
	assert_string_equal(line.argv[line.first], "-");
}

static void one_line_after_another_starts_afresh(void **state)
{
	struct line line;

	assert_refused(TOP, "top -a -q -f x", "-q");
	line_take(&line, TOP, "top -a -f y");
	assert_int_equal(line.err, 0);
	assert_string_equal(line.taken.file, "y");
}

static void a_value_may_look_like_an_option_only_with_an_equals_sign(void **state)
{
	struct line line;

	assert_refused(TOP, "top --file --all", "--file=--all");
	assert_refused(TOP, "top -f -a", "--file=-a");
	line_take(&line, TOP, "top --file=--all");
	assert_string_equal(line.taken.file, "--all");
	line_take(&line, TOP, "top -f-a");
	assert_string_equal(line.taken.file, "-a");
	line_take(&line, TOP, "top --file -");
	assert_string_equal(line.taken.file, "-");
}

static void a_missing_value_is_told_with_its_option(void **state)
{
	assert_refused(TOP, "top --file", "--file (-f) needs a value, FILE");
	assert_refused(TOP, "top -f", "--file (-f) needs a value, FILE");
	assert_refused(TOP, "top -af", "--file (-f) needs a value, FILE");
	assert_refused(TOP, "top --max-size", "--max-size needs a value, SIZE");
	assert_refused(WHY, "why -s", "--size (-s) needs a value, SIZE");
}

static void a_wrong_value_is_told_with_what_it_must_be(void **state)
{
	assert_refused(TOP, "top --max-size 1x", "--max-size: `1x` is not a number, such as 10");
	assert_refused(TOP, "top --max-size=", "--max-size: `` is not a number");
	assert_refused(TOP, "top --never", "--never: it cannot be used here");
}

static void an_unwanted_value_is_told_as_such(void **state)
{
	assert_refused(TOP, "top --all=3", "--all (-a) takes no value: `--all=3`");
	assert_refused(TOP, "top 7 --al= -f x", "--all (-a) takes no value");
}

static void an_unknown_option_is_told_with_its_command(void **state)
{
	assert_refused(TOP, "top --frobnicate", "`top` has no option --frobnicate");
	assert_refused(TOP, "top -q", "`top` has no option -q");
	assert_refused(TOP, "top -aq", "`top` has no option -q");
	assert_refused(TOP, "top -qa", "`top` has no option -q");
	assert_refused(WHY, "why --max-size 3", "`why` has no option --max-size");
	assert_refused(TOP, "top --sorf cpu", "did you mean --sort?");
	assert_refused(TOP, "top --sort=cpu --sorf=cpu", "did you mean --sort?");
}

static void a_hostile_option_cannot_act_on_the_terminal(void **state)
{
	assert_refused(TOP, "top --\x1b[2J", "--\\x1b[2J");
	assert_refused(TOP,
		       "top -\xff"
		       "abc",
		       "-\\xff");
	assert_refused(TOP, "top -a\xc3\xa9", "-\\xc3");
	assert_refused(TOP, "top -\x1b", "-\\x1b");
}

static void a_beginning_of_several_options_is_none(void **state)
{
	static const struct tb_option alike[] = {
		{ "interval", 0, "DUR", take_file, "", TOP },
		{ "internal", 0, "DUR", take_file, "", TOP },
		{},
	};
	char *argv[] = { (char *)"top", (char *)"--inter", (char *)"3", NULL };
	struct tb_arguments arguments = { 3, argv, 0 };
	struct taken taken = {};
	int kept = dup(STDERR_FILENO);

	assert_non_null(freopen("/dev/null", "w", stderr));
	assert_int_equal(tb_options_parse(alike, TOP, &taken, &arguments), -EINVAL);
	fflush(stderr);
	dup2(kept, STDERR_FILENO);
	close(kept);
	assert_null(taken.file);
}

static void help_lists_the_options_of_one_command(void **state)
{
	struct tb_buf help __owns(tb_buf_release) = {};

	tb_options_help(options, TOP, &help);
	assert_string_equal(help.text, "  -a, --all                   show all\n"
				       "  -f, --file FILE             write to FILE\n"
				       "      --max-size SIZE         at most SIZE\n"
				       "  -s, --sort KEY              order by KEY\n"
				       "      --never                 is refused\n");
	tb_buf_clear(&help);
	tb_options_help(options + 3, WHY, &help);
	assert_string_equal(help.text, "  -s, --size SIZE             rows of SIZE\n"
				       "      --with-a-name-beyond-the-column VALUE is long\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flags_and_values_are_taken_in_every_form),
		cmocka_unit_test(a_letter_means_what_its_command_says),
		cmocka_unit_test(operands_stand_anywhere),
		cmocka_unit_test(a_line_without_options_is_none),
		cmocka_unit_test(one_line_after_another_starts_afresh),
		cmocka_unit_test(a_value_may_look_like_an_option_only_with_an_equals_sign),
		cmocka_unit_test(a_missing_value_is_told_with_its_option),
		cmocka_unit_test(a_wrong_value_is_told_with_what_it_must_be),
		cmocka_unit_test(an_unwanted_value_is_told_as_such),
		cmocka_unit_test(an_unknown_option_is_told_with_its_command),
		cmocka_unit_test(a_hostile_option_cannot_act_on_the_terminal),
		cmocka_unit_test(a_beginning_of_several_options_is_none),
		cmocka_unit_test(help_lists_the_options_of_one_command),
	};

	return cmocka_run_group_tests_name("option", tests, NULL, NULL);
}
