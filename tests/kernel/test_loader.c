// SPDX-License-Identifier: GPL-2.0-only
/* Loading on this kernel: each hook alone, all together, and a load that cannot succeed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "check.h"
#include "loader.h"
#include "tables.h"
#include "trial.h"

static void every_hook_attaches_alone(void **state)
{
	struct tb_health health = {};
	__u32 hook;

	tb_checks_run(health.checks);
	tb_trial_all(&health);
	for (hook = 0; hook < TB_HOOK_NR; hook++)
		if (!health.hooks[hook].attached)
			fail_msg("%s: %s", tb_hook_name(hook), health.hooks[hook].why);
	assert_int_equal(tb_health_missing(&health), TB_NEED_NOTHING);
}

static void every_hook_attaches_together(void **state)
{
	struct tb_loader loader;
	int hook;

	assert_int_equal(tb_loader_open(&loader, NULL), 0);
	for (hook = 0; hook < TB_HOOK_NR; hook++)
		assert_int_equal(loader.errors[hook], 0);
	assert_true(tb_loader_map_bytes(&loader) > 0);
	tb_loader_close(&loader);
}

/* More folds than any map can have: the programs are not to blame, and each loads alone. */
static void what_the_kernel_refuses_of_all_together_is_an_error_and_leaves_nothing(void **state)
{
	const struct tb_loader_options options = { .fold_slots = 0xffffffff };
	struct tb_loader loader, none = {};

	assert_int_not_equal(tb_loader_open(&loader, &options), 0);
	assert_memory_equal(&loader, &none, sizeof(none));
}

/* The knobs of a kernel without the function and without reads: programs load without both. */
static void every_hook_attaches_without_what_can_be_spared(void **state)
{
	struct tb_check_result checks[TB_CHECK_NR] = {};
	struct tb_hook_result result;
	struct tb_knobs knobs;
	int hook;

	checks[TB_CHECK_bpf_rdonly_cast].ok = TB_ANSWER_NO;
	checks[TB_CHECK_lockdown].ok = TB_ANSWER_NO;
	tb_loader_knobs(&knobs, checks);
	assert_false(knobs.has_rdonly_cast || knobs.has_user_reads || knobs.has_kernel_reads);
	for (hook = 0; hook < TB_HOOK_NR; hook++) {
		tb_trial_hook((enum tb_hook)hook, &knobs, &result);
		if (!result.attached)
			fail_msg("%s: %s", tb_hook_name((__u32)hook), result.why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_hook_attaches_alone),
		cmocka_unit_test(every_hook_attaches_together),
		cmocka_unit_test(
			what_the_kernel_refuses_of_all_together_is_an_error_and_leaves_nothing),
		cmocka_unit_test(every_hook_attaches_without_what_can_be_spared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
