// SPDX-License-Identifier: GPL-2.0-only
/* What the command line says, and what it may not say. The messages are held by tests/e2e. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "command.h"
#include "options.h"
#include "findings.h"
#include "states.h"

#define WORDS_MAX 8

/* The words of a line, split at blanks; `_` stands for no letter at all. */
static int take_line(struct tb_options *options, enum tb_command command, const char *line)
{
	static char copy[256]; /* options point into it */
	char *words[WORDS_MAX], *word, *rest = copy;
	int nr = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	while ((word = strsep(&rest, " ")) && nr < WORDS_MAX - 1)
		words[nr++] = strcmp(word, "_") ? word : "";
	words[nr] = NULL;
	return tb_options_take(options, command, nr, words);
}

static void assert_refused(const char *line)
{
	struct tb_options options;

	if (take_line(&options, TB_COMMAND_TOP, line) != -EINVAL)
		fail_msg("taken: %s", line);
}

static void values_are_taken_by_long_and_short_names(void **state)
{
	struct tb_options options;

	assert_int_equal(take_line(&options, TB_COMMAND_TOP, "top -bn 3 --interval=500ms -s cpu"),
			 0);
	assert_true(options.batch);
	assert_int_equal(options.frames, 3);
	assert_int_equal(options.interval_ns, 500000000);
	assert_string_equal(options.sort, "cpu");
	assert_int_equal(options.filter.reason, -1);
	assert_false(options.filter.idle);
}

static void several_process_ids_stand_between_commas(void **state)
{
	struct tb_options options;

	assert_int_equal(take_line(&options, TB_COMMAND_TOP, "top -p 1,22 -p 333"), 0);
	assert_int_equal(options.filter.pid_nr, 3);
	assert_int_equal(options.filter.pids[0], 1);
	assert_int_equal(options.filter.pids[1], 22);
	assert_int_equal(options.filter.pids[2], 333);
}

static void a_process_id_is_a_number_and_nothing_else(void **state)
{
	static const char *const garbage[] = {
		"abc", "1x", "1,,2", "1,",  ",",
		"0",   "-1", "+1",   "1 ",  "4194305",
		"0x1", "_",  "1;2",  "1.5", "99999999999999999999999"
	};
	char line[64];
	size_t i;

	for (i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		snprintf(line, sizeof(line), "top -p %s", garbage[i]);
		assert_refused(line);
	}
}

static void more_process_ids_than_there_is_room_for_are_refused(void **state)
{
	char line[256] = "top -p 1";
	int i;

	for (i = 1; i <= TB_FILTER_PIDS_MAX; i++)
		strcat(line, ",1");
	assert_refused(line);
}

static void counts_begin_at_one_and_end(void **state)
{
	assert_refused("top -n 0");
	assert_refused("top -n -1");
	assert_refused("top -N 0");
	assert_refused("top -n 4194305");
	assert_refused("top -n 18446744073709551617");
}

static void durations_need_a_unit_and_have_bounds(void **state)
{
	struct tb_options options;

	assert_refused("top --interval 10");
	assert_refused("top --interval 10q");
	assert_refused("top --interval -1s");
	assert_refused("top --interval 0s");
	assert_refused("top --interval 9ms");
	assert_refused("top --interval 99999999h");
	assert_refused("top --interval nan");
	assert_int_equal(take_line(&options, TB_COMMAND_TOP, "top --interval 10ms --min 1us"), 0);
	assert_int_equal(options.interval_ns, 10000000);
	assert_int_equal(options.filter.min_ns, 1000);
}

static void an_option_is_not_taken_for_the_value_of_the_one_before(void **state)
{
	struct tb_options options;

	assert_refused("top --tee --batch");
	assert_refused("top --comm -b");
	assert_refused("top --tee");
	assert_int_equal(take_line(&options, TB_COMMAND_TOP, "top --comm=-bash -i -"), 0);
	assert_string_equal(options.filter.comm, "-bash");
	assert_string_equal(options.input, "-");
}

static void names_must_be_there_and_known(void **state)
{
	struct tb_options options;

	assert_refused("top --comm _");
	assert_refused("top --reason frob");
	assert_refused("top --color sometimes");
	assert_int_equal(take_line(&options, TB_COMMAND_TOP, "top --reason disk --color never"), 0);
	assert_int_equal(options.filter.reason, TB_DISK);
	assert_int_equal(options.color, TB_COLOR_NEVER);
}

static void only_findings_that_are_judged_can_fail_a_run(void **state)
{
	struct tb_options options;

	assert_int_equal(take_line(&options, TB_COMMAND_DIAGNOSE,
				   "diagnose --fail-on cpu_quota,disk_stalled"),
			 0);
	assert_int_equal(options.fail_on,
			 1ull << TB_FINDING_CPU_QUOTA | 1ull << TB_FINDING_DISK_STALLED);
	assert_int_equal(take_line(&options, TB_COMMAND_DIAGNOSE, "diagnose --fail-on frob"),
			 -EINVAL);
	assert_int_equal(take_line(&options, TB_COMMAND_DIAGNOSE, "diagnose --fail-on _"), -EINVAL);
	assert_int_equal(take_line(&options, TB_COMMAND_DIAGNOSE, "diagnose --fail-on cpu_quota,"),
			 -EINVAL);
}

static void words_that_nobody_asked_for_are_refused(void **state)
{
	struct tb_options options;

	assert_refused("top junk");
	assert_refused("top -- junk");
	assert_refused("top --tid abc");
	assert_refused("top --tid 1 2");
	assert_refused("top --frob");
	assert_refused("top --batch=yes");
	assert_refused("top -d 10s"); /* of another command */
	assert_int_equal(take_line(&options, TB_COMMAND_TOP, "top --tid 77 -b"), 0);
	assert_true(options.threads);
	assert_int_equal(options.filter.tid, 77);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_taken_by_long_and_short_names),
		cmocka_unit_test(several_process_ids_stand_between_commas),
		cmocka_unit_test(a_process_id_is_a_number_and_nothing_else),
		cmocka_unit_test(more_process_ids_than_there_is_room_for_are_refused),
		cmocka_unit_test(counts_begin_at_one_and_end),
		cmocka_unit_test(durations_need_a_unit_and_have_bounds),
		cmocka_unit_test(an_option_is_not_taken_for_the_value_of_the_one_before),
		cmocka_unit_test(names_must_be_there_and_known),
		cmocka_unit_test(only_findings_that_are_judged_can_fail_a_run),
		cmocka_unit_test(words_that_nobody_asked_for_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
