// SPDX-License-Identifier: GPL-2.0-only
/*
 * Switches that no program saw are told by the kernel's own count of them: while the hook is taken
 * away for a moment, no time is lost, and what may carry a wrong label is counted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <bpf/libbpf.h>

#include "lib/collect.h"
#include "skeleton.h"

#define UNSEEN_SLEEPS 10

static const struct tb_thread *self(struct collect *c)
{
	collect_frame(c);
	return &collect_thread(c, (__u32)getpid())->last;
}

static void switches_that_nobody_saw_are_a_gap_and_no_loss_of_time(void **state)
{
	struct collect *c = *state;
	struct bpf_link **link = &c->kernel.loader.links[TB_HOOK_on_switch];
	struct tb_thread before, after;
	__u64 spent = 0;
	int i;

	usleep(1000);
	before = *self(c);
	assert_int_equal(before.gaps, 0);
	assert_int_equal(bpf_link__destroy(*link), 0);
	for (i = 0; i < UNSEEN_SLEEPS; i++)
		usleep(1000);
	*link = bpf_program__attach(c->kernel.loader.skel->progs.on_switch);
	assert_non_null(*link);
	usleep(1000);
	after = *self(c);
	assert_in_range(after.gaps, UNSEEN_SLEEPS, UNSEEN_SLEEPS * 100);
	assert_true(c->status.gaps >= after.gaps);
	for (i = 0; i < TB_STATE_NR; i++)
		spent += after.ns[i] - before.ns[i];
	for (i = 0; i < 3; i++)
		spent += after.open_ns[i] - before.open_ns[i];
	assert_int_equal(spent, after.h.time_ns - before.h.time_ns);
	assert_int_equal(c->broken, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(switches_that_nobody_saw_are_a_gap_and_no_loss_of_time),
	};

	return cmocka_run_group_tests(tests, collect_setup, collect_teardown);
}
