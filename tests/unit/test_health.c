// SPDX-License-Identifier: GPL-2.0-only
/* What follows from the answers to the checks: what is missing, and in which words. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "health.h"

static struct tb_health health_all_well(void)
{
	struct tb_health health = {};
	int i;

	for (i = 0; i < TB_CHECK_NR; i++)
		health.checks[i].ok = TB_ANSWER_YES;
	for (i = 0; i < TB_HOOK_NR; i++)
		health.hooks[i].attached = true;
	return health;
}

static void answer_no(struct tb_health *health, enum tb_check check, const char *found)
{
	health->checks[check].ok = TB_ANSWER_NO;
	snprintf(health->checks[check].found, TB_FOUND_LEN, "%s", found);
}

static void assert_reasons(const struct tb_health *health, const char *expected)
{
	struct tb_buf reasons = {};

	tb_checks_reasons(&reasons, health->checks);
	assert_string_equal(reasons.text ? reasons.text : "", expected);
	tb_buf_release(&reasons);
}

static void nothing_is_missing_where_everything_is_well(void **state)
{
	struct tb_health health = health_all_well();

	assert_int_equal(tb_health_missing(&health), TB_NEED_NOTHING);
	assert_reasons(&health, "");
}

static void what_can_be_spared_is_not_missing(void **state)
{
	struct tb_health health = health_all_well();

	answer_no(&health, TB_CHECK_psi, "off");
	answer_no(&health, TB_CHECK_cap_sys_ptrace, "CAP_SYS_PTRACE is missing");
	health.hooks[TB_HOOK_on_socket] = (struct tb_hook_result){ .err = -EINVAL };
	assert_int_equal(tb_health_missing(&health), TB_NEED_NOTHING);
	assert_reasons(&health, "");
}

static void what_is_not_known_is_not_missing(void **state)
{
	struct tb_health health = health_all_well();

	health.checks[TB_CHECK_pid_namespace].ok = TB_ANSWER_UNKNOWN;
	health.checks[TB_CHECK_task_storage].ok = TB_ANSWER_UNKNOWN;
	assert_int_equal(tb_health_missing(&health), TB_NEED_NOTHING);
}

static void every_missing_privilege_is_named(void **state)
{
	struct tb_health health = health_all_well();

	answer_no(&health, TB_CHECK_cap_bpf, "CAP_BPF is missing");
	answer_no(&health, TB_CHECK_cap_perfmon, "CAP_PERFMON is missing");
	assert_int_equal(tb_health_missing(&health), TB_NEED_PRIVILEGE);
	assert_reasons(&health, "CAP_BPF is missing; CAP_PERFMON is missing");
}

static void a_kernel_that_lacks_something_comes_before_privileges(void **state)
{
	struct tb_health health = health_all_well();

	answer_no(&health, TB_CHECK_cap_bpf, "CAP_BPF is missing");
	answer_no(&health, TB_CHECK_btf, "no BTF");
	answer_no(&health, TB_CHECK_task_registers, "no registers");
	assert_int_equal(tb_health_missing(&health), TB_NEED_KERNEL);
	assert_reasons(&health, "no BTF");
}

static void a_required_hook_that_fails_is_the_kernels_unless_it_was_refused(void **state)
{
	struct tb_health health = health_all_well();

	health.hooks[TB_HOOK_on_walk] = (struct tb_hook_result){ .err = -EPERM };
	assert_int_equal(tb_health_missing(&health), TB_NEED_PRIVILEGE);
	health.hooks[TB_HOOK_on_fork] = (struct tb_hook_result){ .err = -EINVAL };
	assert_int_equal(tb_health_missing(&health), TB_NEED_KERNEL);
}

static void every_row_says_what_it_is_for_what_is_lost_and_how_to_mend_it(void **state)
{
	const struct tb_check_row *row;
	int check;

	for (check = 0; check < TB_CHECK_NR; check++) {
		row = tb_check_row((enum tb_check)check);
		assert_true(*row->name && *row->needed_for && *row->lost_without && *row->fix);
		assert_true(strlen(row->fix) < TB_FIX_LEN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_missing_where_everything_is_well),
		cmocka_unit_test(what_can_be_spared_is_not_missing),
		cmocka_unit_test(what_is_not_known_is_not_missing),
		cmocka_unit_test(every_missing_privilege_is_named),
		cmocka_unit_test(a_kernel_that_lacks_something_comes_before_privileges),
		cmocka_unit_test(a_required_hook_that_fails_is_the_kernels_unless_it_was_refused),
		cmocka_unit_test(every_row_says_what_it_is_for_what_is_lost_and_how_to_mend_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
