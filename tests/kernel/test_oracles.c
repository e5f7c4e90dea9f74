// SPDX-License-Identifier: GPL-2.0-only
/*
 * The account against measures that it does not use: switch-outs against the kernel's own count
 * (exact), run queue against clocks at wake and switch, on-CPU time against sum_exec_runtime.
 *
 * The last two compare clocks read microseconds apart, and a hypervisor may stop the CPU between
 * them: a round that disagrees is repeated, a wrong account disagrees in every round.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <bpf/bpf.h>

#include "lib/collect.h"
#include "oracle.h"
#include "oracle.skel.h"

#define ROUNDS		5
#define QUEUE_TOLERANCE 0.015
#define ONCPU_TOLERANCE 0.01

struct oracles {
	struct collect *collect;
	struct oracle_bpf *skel;
};

struct sums {
	double queued_ns, oracle_queued_ns;
	double oncpu_ns, exec_ns;
	unsigned long threads, switches, wrong_switches, gaps;
};

static int setup(void **state)
{
	struct oracles *o = calloc(1, sizeof(*o));

	if (!o)
		return -1;
	o->skel = oracle_bpf__open_and_load();
	if (!o->skel || oracle_bpf__attach(o->skel))
		return -1;
	*state = o;
	return collect_setup((void **)&o->collect);
}

static int teardown(void **state)
{
	struct oracles *o = *state;
	int err = collect_teardown((void **)&o->collect);

	oracle_bpf__destroy(o->skel);
	free(o);
	return err;
}

/* Threads that were born and died under both pairs of eyes. */
static struct sums sums_take(const struct oracles *o)
{
	int fd = bpf_map__fd(o->skel->maps.dead);
	const struct seen_thread *seen;
	struct sums sums = {};

	for (seen = o->collect->threads; seen; seen = seen->hh.next) {
		const struct tb_thread *t = &seen->last;
		struct oracle_key key = { .tid = seen->id.tid, .start_ns = seen->id.start_ns };
		struct oracle oracle;

		if (!(t->flags & TB_THREAD_EXITED) || (t->flags & TB_THREAD_EXISTED))
			continue;
		/* After an exec two threads end under one name, and the ring may have lost one. */
		if (bpf_map_lookup_elem(fd, &key, &oracle) || oracle.born_ns != t->birth_ns)
			continue;
		sums.threads++;
		sums.switches += t->switches;
		sums.wrong_switches +=
			t->switches != oracle.switches || t->switches != oracle.kernel_switches;
		sums.gaps += t->gaps;
		sums.queued_ns += (double)(t->ns[TB_RUNQUEUE] + t->ns[TB_THROTTLED]);
		sums.oracle_queued_ns += (double)(oracle.queued_ns + oracle.queued_short_ns);
		sums.oncpu_ns += (double)t->ns[TB_ONCPU];
		sums.exec_ns += (double)oracle.exec_ns;
	}
	return sums;
}

static int apart(double a, double b, double tolerance)
{
	return a > b * (1 + tolerance) || a < b * (1 - tolerance);
}

static struct sums sums_less(struct sums a, const struct sums *b)
{
	a.queued_ns -= b->queued_ns;
	a.oracle_queued_ns -= b->oracle_queued_ns;
	a.oncpu_ns -= b->oncpu_ns;
	a.exec_ns -= b->exec_ns;
	a.threads -= b->threads;
	return a;
}

static struct sums round_run(struct oracles *o, const char *const argv[])
{
	struct sums before = sums_take(o);

	assert_int_equal(collect_while(o->collect, argv, 50), 0);
	return sums_less(sums_take(o), &before);
}

static void queued_and_oncpu_time_agree_with_other_clocks(void **state)
{
	static const char *const argv[] = { "wait_reason", "runqueue", "0.1", "8", NULL };
	struct sums sums;
	int round, bad = 1;

	for (round = 0; round < ROUNDS && bad; round++) {
		sums = round_run(*state, argv);
		assert_true(sums.threads >= 2);
		assert_true(sums.oracle_queued_ns > 0 && sums.exec_ns > 0);
		print_message("queued %.3f ms, oracle %.3f ms; on CPU %.3f ms, exec %.3f ms\n",
			      sums.queued_ns / 1e6, sums.oracle_queued_ns / 1e6,
			      sums.oncpu_ns / 1e6, sums.exec_ns / 1e6);
		bad = apart(sums.queued_ns, sums.oracle_queued_ns, QUEUE_TOLERANCE) ||
		      apart(sums.oncpu_ns, sums.exec_ns, ONCPU_TOLERANCE);
	}
	assert_false(bad);
}

static void every_switch_is_seen_exactly_once(void **state)
{
	static const char *const argv[] = { "stress_tasks", "3", NULL };
	struct oracles *o = *state;
	struct sums sums;

	assert_int_equal(collect_while(o->collect, argv, 100), 0);
	sums = sums_take(o);
	print_message("%lu threads, %lu switches\n", sums.threads, sums.switches);
	assert_true(sums.threads > 100);
	assert_int_equal(sums.wrong_switches, 0);
	assert_int_equal(sums.gaps, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queued_and_oncpu_time_agree_with_other_clocks),
		cmocka_unit_test(every_switch_is_seen_exactly_once),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
