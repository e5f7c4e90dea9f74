// SPDX-License-Identifier: GPL-2.0-only
/* doctor's screen, compared as exact text. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "doctor.h"

static void found(struct tb_health *health, enum tb_check check, enum tb_answer ok,
		  const char *text)
{
	struct tb_check_result *result = &health->checks[check];

	result->ok = ok;
	snprintf(result->found, sizeof(result->found), "%s", text);
	if (ok == TB_ANSWER_NO)
		snprintf(result->fix, sizeof(result->fix), "%s", tb_check_row(check)->fix);
}

static struct tb_health health_all_well(void)
{
	struct tb_health health = { .kernel = "6.18.44", .arch = "x86_64" };
	int i;

	for (i = 0; i < TB_CHECK_NR; i++)
		found(&health, (enum tb_check)i, TB_ANSWER_YES, "yes");
	for (i = 0; i < TB_HOOK_NR; i++)
		health.hooks[i].attached = true;
	return health;
}

static void assert_text(const struct tb_health *health, const char *expected)
{
	struct tb_buf out = {};

	tb_doctor_text(&out, health, false);
	assert_false(out.failed);
	assert_string_equal(out.text, expected);
	tb_buf_release(&out);
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("this is not in it:\n%s\n--- but this is:\n%s", part, text);
}

static void a_host_where_everything_works_has_one_line_for_each_row(void **state)
{
	const struct tb_health health = health_all_well();

	assert_text(&health, "OK: everything that is required works.\n"
			     "\n"
			     "     CHECK             FOUND\n"
			     "ok   kernel_version    yes\n"
			     "ok   btf               yes\n"
			     "ok   task_storage      yes\n"
			     "ok   task_registers    yes\n"
			     "ok   scheduler_stamps  yes\n"
			     "ok   cap_bpf           yes\n"
			     "ok   cap_perfmon       yes\n"
			     "ok   user_namespace    yes\n"
			     "ok   pid_namespace     yes\n"
			     "ok   bpf_syscall       yes\n"
			     "ok   bpf_rdonly_cast   yes\n"
			     "ok   bpf_jit           yes\n"
			     "ok   lockdown          yes\n"
			     "ok   cap_sys_ptrace    yes\n"
			     "ok   proc              yes\n"
			     "ok   psi               yes\n"
			     "ok   cgroup_cpu        yes\n"
			     "ok   first_frame       yes\n"
			     "ok   own_cost          yes\n"
			     "\n"
			     "     HOOK              ATTACHED AS\n"
			     "ok   on_switch         tp_btf/sched_switch\n"
			     "ok   on_fork           tp_btf/sched_process_fork\n"
			     "ok   on_wakeup_new     tp_btf/sched_wakeup_new\n"
			     "ok   on_walk           iter/task\n"
			     "ok   on_learn          iter/task_file\n"
			     "ok   on_socket         iter/task_file\n");
}

static void what_is_lost_is_told_below_its_row_with_the_fix(void **state)
{
	struct tb_health health = health_all_well();
	struct tb_buf out = {};

	found(&health, TB_CHECK_psi, TB_ANSWER_NO, "built in, but switched off");
	found(&health, TB_CHECK_lockdown, TB_ANSWER_UNKNOWN, "securityfs is not mounted");
	health.hooks[TB_HOOK_on_socket] = (struct tb_hook_result){
		.err = -EINVAL, .why = "Invalid argument; the verifier says: unknown func"
	};
	tb_doctor_text(&out, &health, false);
	assert_has(out.text,
		   "OK: everything that is required works. 2 things are lost, see psi, on_socket.\n"
		   "Not known: lockdown.\n\n");
	assert_has(out.text, "\n?    lockdown          securityfs is not mounted\n"
			     "ok   cap_sys_ptrace    yes\n");
	assert_has(
		out.text,
		"\nlost psi               built in, but switched off\n"
		"        for   pressure: time lost to CPU, memory and disk, as the kernel sums it\n"
		"        lost  one witness of memory_pressure and cpu_saturated; the others\n"
		"              remain\n"
		"        fix   boot with psi=1 (a kernel built with CONFIG_PSI=y)\n"
		"ok   cgroup_cpu        yes\n");
	assert_has(out.text, "\nlost on_socket         not attached to iter/task_file\n"
			     "        why   Invalid argument; the verifier says: unknown func\n"
			     "        for   the processes at both ends of local connections\n"
			     "        lost  names of local peers\n");
	tb_buf_release(&out);
}

static void missing_privileges_are_named_at_once_and_their_fix_once(void **state)
{
	struct tb_health health = health_all_well();
	struct tb_buf out = {};

	found(&health, TB_CHECK_cap_bpf, TB_ANSWER_NO, "CAP_BPF is missing");
	found(&health, TB_CHECK_cap_perfmon, TB_ANSWER_NO, "CAP_PERFMON is missing");
	tb_doctor_text(&out, &health, false);
	assert_has(out.text,
		   "NO: tailback cannot run here: CAP_BPF is missing; CAP_PERFMON is missing.\n\n");
	assert_has(out.text, "NO   cap_bpf           CAP_BPF is missing\n"
			     "        for   loading BPF programs\n"
			     "        lost  everything\n"
			     "        fix   run it with sudo, or grant it once: sudo setcap\n"
			     "              cap_bpf,cap_perfmon,cap_sys_ptrace+ep {exe}\n"
			     "NO   cap_perfmon       CAP_PERFMON is missing\n"
			     "        for   attaching them to the scheduler\n"
			     "        lost  everything\n"
			     "        fix   as above\n");
	tb_buf_release(&out);
}

static void a_required_hook_that_fails_alone_is_the_conclusion(void **state)
{
	struct tb_health health = health_all_well();
	struct tb_buf out = {};

	health.hooks[TB_HOOK_on_walk] =
		(struct tb_hook_result){ .err = -ESRCH, .why = "this kernel has no iter/task" };
	tb_doctor_text(&out, &health, false);
	assert_has(out.text, "NO: tailback cannot run here: the kernel refuses on_walk.\n\n");
	assert_has(out.text, "NO   on_walk           not attached to iter/task\n"
			     "        why   this kernel has no iter/task\n");
	tb_buf_release(&out);
}

static void no_line_is_wider_than_a_terminal(void **state)
{
	struct tb_health health = health_all_well();
	struct tb_buf out = {};
	char *line, *rest;
	int i;

	for (i = 0; i < TB_CHECK_NR; i++)
		found(&health, (enum tb_check)i, TB_ANSWER_NO,
		      "many words that would not fit on one line of a terminal if it were not "
		      "for the wrapping of them");
	for (i = 0; i < TB_HOOK_NR; i++)
		health.hooks[i] = (struct tb_hook_result){ .err = -EPERM, .why = "refused" };
	tb_doctor_text(&out, &health, false);
	rest = out.text;
	while ((line = strsep(&rest, "\n")))
		if (strlen(line) > 80)
			fail_msg("%zu columns: %s", strlen(line), line);
	tb_buf_release(&out);
}

/* The path of the binary is in a fix, and anybody may name a directory. */
static void control_characters_do_not_reach_the_terminal(void **state)
{
	struct tb_health health = health_all_well();
	struct tb_buf out = {};

	found(&health, TB_CHECK_cap_bpf, TB_ANSWER_NO, "CAP_BPF is missing");
	snprintf(health.checks[TB_CHECK_cap_bpf].fix, TB_FIX_LEN, "setcap x /tmp/\33]0;evil\a/tb");
	tb_doctor_text(&out, &health, false);
	assert_null(strchr(out.text, '\33'));
	assert_null(strchr(out.text, '\a'));
	assert_has(out.text, "/tmp/\\x1b]0;evil\\x07/tb\n");
	tb_buf_release(&out);
}

static void colour_only_repeats_what_the_words_say(void **state)
{
	struct tb_health health = health_all_well();
	struct tb_buf out = {};

	found(&health, TB_CHECK_btf, TB_ANSWER_NO, "none");
	tb_doctor_text(&out, &health, true);
	assert_has(out.text, "\33[32mok\33[0m   kernel_version    yes\n");
	assert_has(out.text, "\33[1;31mNO\33[0m   btf               none\n");
	tb_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_where_everything_works_has_one_line_for_each_row),
		cmocka_unit_test(what_is_lost_is_told_below_its_row_with_the_fix),
		cmocka_unit_test(missing_privileges_are_named_at_once_and_their_fix_once),
		cmocka_unit_test(a_required_hook_that_fails_alone_is_the_conclusion),
		cmocka_unit_test(no_line_is_wider_than_a_terminal),
		cmocka_unit_test(control_characters_do_not_reach_the_terminal),
		cmocka_unit_test(colour_only_repeats_what_the_words_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
