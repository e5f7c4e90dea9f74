// SPDX-License-Identifier: GPL-2.0-only
/* Which waits are for work, where only the window can tell: readers that nobody woke in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "syscalls.h"
#include "text.h"
#include "window.h"

/* Two frames, the mark between them; each a text that text.h describes. */
static void model_fill(struct tb_model *model, const char *before, const char *after)
{
	const struct tb_sink sink = { .ctx = model, .record = tb_model_record };
	const char *frames[] = { before, after };
	struct tb_source source;
	struct tb_text *text;
	int i;

	tb_model_init(model);
	for (i = 0; i < 2; i++) {
		text = tb_text_new(fmemopen((void *)frames[i], strlen(frames[i]), "r"), "frame");
		source = tb_text_source(text);
		if (tb_source_frame(&source, &sink))
			fail_msg("%s", tb_text_error(text));
		tb_text_free(text);
		if (!i)
			tb_model_mark(model);
	}
}

static struct tb_usage usage_of(struct tb_model *model, struct tb_longest *longest)
{
	const struct tb_model_process *process = tb_model_pid(model, 7);
	struct tb_usage usage;

	assert_non_null(process);
	tb_window_process(model, process, &usage);
	*longest = tb_process_longest(model, process, false);
	return usage;
}

#define PIPE "object=pipe/0:9/77 fd=3 "

static void a_reader_that_slept_through_the_window_is_idle(void **state)
{
	struct tb_longest longest;
	struct tb_model model;
	struct tb_usage usage;

	model_fill(&model, "at 20s\nTHREAD tid=7 state=pipe for=5s " PIPE "nr=0\nFRAME\n",
		   "at 21s\nTHREAD tid=7 state=pipe for=6s " PIPE "nr=0\nFRAME\n");
	usage = usage_of(&model, &longest);
	assert_int_equal(usage.ns[TB_PIPE], 1000000000);
	assert_int_equal(usage.idle[TB_PIPE], 1000000000);
	assert_int_equal(usage.idle_ns, 1000000000);
	assert_int_equal(tb_usage_busy_ns(&usage), 0);
	assert_null(longest.thread);
	tb_model_release(&model);
}

static void a_reader_that_was_woken_in_the_window_is_not(void **state)
{
	struct tb_longest longest;
	struct tb_model model;
	struct tb_usage usage;

	model_fill(&model,
		   "at 20s\nTHREAD tid=7 state=pipe for=5s birth=10s pipe=5s " PIPE
		   "nr=0\nEDGE tgid=7 state=pipe total=5s count=9 " PIPE "\nFRAME\n",
		   "at 21s\nTHREAD tid=7 state=pipe for=400ms birth=10s pipe=10600ms " PIPE
		   "nr=0\nEDGE tgid=7 state=pipe total=10600ms count=10 " PIPE "\nFRAME\n");
	usage = usage_of(&model, &longest);
	assert_int_equal(usage.ns[TB_PIPE], 1000000000);
	assert_int_equal(usage.idle_ns, 0);
	assert_non_null(longest.thread);
	assert_int_equal(longest.ns, 400000000);
	tb_model_release(&model);
}

static void a_writer_that_nobody_reads_waits_for_an_answer(void **state)
{
	struct tb_longest longest;
	struct tb_model model;
	struct tb_usage usage;
	char before[128], after[128];

	snprintf(before, sizeof(before),
		 "at 20s\nTHREAD tid=7 state=pipe for=5s " PIPE "nr=%d\nFRAME\n",
		 TB_SYSCALL_NR(1, 64));
	snprintf(after, sizeof(after),
		 "at 21s\nTHREAD tid=7 state=pipe for=6s " PIPE "nr=%d\nFRAME\n",
		 TB_SYSCALL_NR(1, 64));
	model_fill(&model, before, after);
	usage = usage_of(&model, &longest);
	assert_int_equal(usage.idle_ns, 0);
	assert_int_equal(tb_usage_busy_ns(&usage), 1000000000);
	assert_non_null(longest.thread);
	tb_model_release(&model);
}

static void a_reader_of_a_socket_pair_sleeps_as_one_of_a_pipe(void **state)
{
	struct tb_longest longest;
	struct tb_model model;
	struct tb_usage usage;

	model_fill(&model,
		   "at 20s\nTHREAD tid=7 state=net for=5s object=unix/none/0x9 nr=0\nFRAME\n",
		   "at 21s\nTHREAD tid=7 state=net for=6s object=unix/none/0x9 nr=0\nFRAME\n");
	usage = usage_of(&model, &longest);
	assert_int_equal(usage.idle[TB_NET], 1000000000);
	assert_null(longest.thread);
	tb_model_release(&model);
}

static void a_client_that_waits_for_its_answer_is_never_idle(void **state)
{
	struct tb_longest longest;
	struct tb_model model;
	struct tb_usage usage;

	model_fill(&model,
		   "at 20s\nTHREAD tid=7 state=net for=5s object=tcp/client/10.0.0.1:80\nFRAME\n",
		   "at 21s\nTHREAD tid=7 state=net for=6s object=tcp/client/10.0.0.1:80\nFRAME\n");
	usage = usage_of(&model, &longest);
	assert_int_equal(usage.idle_ns, 0);
	assert_non_null(longest.thread);
	tb_model_release(&model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reader_that_slept_through_the_window_is_idle),
		cmocka_unit_test(a_reader_that_was_woken_in_the_window_is_not),
		cmocka_unit_test(a_writer_that_nobody_reads_waits_for_an_answer),
		cmocka_unit_test(a_reader_of_a_socket_pair_sleeps_as_one_of_a_pipe),
		cmocka_unit_test(a_client_that_waits_for_its_answer_is_never_idle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
