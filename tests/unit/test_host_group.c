// SPDX-License-Identifier: GPL-2.0-only
/* Which control groups are looked at, how often, and for how long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "groups.h"

static void a_limit_set_later_is_found(void **state)
{
	struct case_ *c = *state;

	host_open(c, V1_MOUNTS);
	v1_quota(c, "/box", "-1\n");
	process_in(c, "1:cpu:/box\n");
	assert_int_equal(groups_after(c, 0), 0);
	v1_quota(c, "/box", "5000\n");
	assert_int_equal(groups_after(c, 1), 0); /* in a later round */
	assert_int_equal(groups_after(c, HOUR_NS), 1);
	assert_int_equal(group(c, "/box")->quota_us, 5000);
}

static void a_process_told_of_has_its_group_looked_at_at_once(void **state)
{
	struct case_ *c = *state;

	host_open(c, V1_MOUNTS);
	v1_quota(c, "/box", "-1\n");
	process_in(c, "1:cpu:/box\n");
	groups_after(c, 0);
	v1_quota(c, "/box", "5000\n");
	process_in(c, "1:cpu:/box\n");
	assert_int_equal(groups_after(c, 1), 1);
}

static void a_limit_that_was_lifted_is_told_a_last_time(void **state)
{
	struct case_ *c = *state;

	host_open(c, V1_MOUNTS);
	v1_quota(c, "/box", "5000\n");
	process_in(c, "1:cpu:/box\n");
	assert_int_equal(groups_after(c, 0), 1);
	v1_quota(c, "/box", "-1\n");
	assert_int_equal(groups_after(c, HOUR_NS), 1);
	assert_true(group(c, "/box")->quota_us == TB_UNLIMITED);
	assert_int_equal(groups_after(c, HOUR_NS), 0);
}

static void a_group_that_is_removed_is_forgotten(void **state)
{
	struct case_ *c = *state;

	host_open(c, V1_MOUNTS);
	v1_quota(c, "/a/box", "5000\n");
	process_in(c, "1:cpu:/a/box\n");
	assert_int_equal(groups_after(c, 0), 1);
	assert_int_equal(HASH_COUNT(c->host->groups.all), 3);
	tree_unlink(&c->tree, CPU "/a/box/cpu.cfs_quota_us");
	tree_unlink(&c->tree, CPU "/a/box/cpu.cfs_period_us");
	tree_unlink(&c->tree, CPU "/a/box");
	assert_int_equal(groups_after(c, HOUR_NS), 0);
	assert_int_equal(HASH_COUNT(c->host->groups.all), 2);
	tree_unlink(&c->tree, CPU "/a");
	assert_int_equal(groups_after(c, HOUR_NS), 0);
	assert_int_equal(HASH_COUNT(c->host->groups.all), 1);
}

static void a_group_without_files_is_kept_until_its_controller_comes(void **state)
{
	struct case_ *c = *state;

	v2_open(c);
	tree_file(&c->tree, V2 "/a.service/cgroup.procs", "70\n");
	process_in(c, "0::/a.service\n");
	assert_int_equal(groups_after(c, 0), 0);
	tree_file(&c->tree, V2 "/a.service/cpu.max", "1000 100000\n");
	assert_int_equal(groups_after(c, HOUR_NS), 1);
}

static void counters_go_on_in_files_that_stay_open(void **state)
{
	struct case_ *c = *state;

	v2_open(c);
	tree_file(&c->tree, V2 "/a/cpu.max", "1000 100000\n");
	tree_file(&c->tree, V2 "/a/cpu.stat", "nr_periods 1\nnr_throttled 1\n");
	process_in(c, "0::/a\n");
	groups_after(c, 0);
	assert_int_equal(c->host->groups.open_nr, 1);
	tree_file(&c->tree, V2 "/a/cpu.stat", "nr_periods 9\nnr_throttled 5\n");
	assert_int_equal(groups_after(c, HOUR_NS), 1);
	assert_int_equal(group(c, "/a")->periods, 9);
	assert_int_equal(group(c, "/a")->throttled_periods, 5);
	assert_int_equal(c->host->groups.open_nr, 1);
}

static void past_their_bound_files_are_closed_again(void **state)
{
	struct case_ *c = *state;

	v2_open(c);
	c->host->groups.open_max = 0;
	tree_file(&c->tree, V2 "/a/cpu.max", "1000 100000\n");
	tree_file(&c->tree, V2 "/a/cpu.stat", "nr_periods 1\n");
	process_in(c, "0::/a\n");
	assert_int_equal(groups_after(c, 0), 1);
	assert_int_equal(c->host->groups.open_nr, 0);
	tree_file(&c->tree, V2 "/a/cpu.stat", "nr_periods 2\n");
	assert_int_equal(groups_after(c, HOUR_NS), 1);
	assert_int_equal(group(c, "/a")->periods, 2);
}

static void a_group_that_meets_its_limit_is_hot(void **state)
{
	struct case_ *c = *state;
	struct host_group *a;

	v2_open(c);
	tree_file(&c->tree, V2 "/a/cpu.max", "1000 100000\n");
	tree_file(&c->tree, V2 "/a/cpu.stat", "nr_throttled 5\n");
	process_in(c, "0::/a\n");
	groups_after(c, 0);
	HASH_FIND_STR(c->host->groups.all, "/a", a);
	assert_true(a->hot);
	assert_int_equal(groups_after(c, HOUR_NS), 1); /* once, not in both rounds */
	assert_false(a->hot);
	tree_file(&c->tree, V2 "/a/cpu.stat", "nr_throttled 6\n");
	groups_after(c, HOUR_NS);
	assert_true(a->hot);
}

static void a_group_near_its_memory_limit_stays_hot(void **state)
{
	struct case_ *c = *state;
	struct host_group *a;

	v2_open(c);
	tree_file(&c->tree, V2 "/a/memory.max", "80000\n");
	tree_file(&c->tree, V2 "/a/memory.current", "70000\n");
	process_in(c, "0::/a\n");
	groups_after(c, 0);
	groups_after(c, HOUR_NS);
	HASH_FIND_STR(c->host->groups.all, "/a", a);
	assert_true(a->hot);
	tree_file(&c->tree, V2 "/a/memory.current", "69999\n");
	groups_after(c, HOUR_NS);
	assert_false(a->hot);
}

static void groups_out_of_sight_are_not_looked_up(void **state)
{
	struct case_ *c = *state;

	v2_open(c);
	process_in(c, "0::/../../kubepods/pod1\n");
	assert_int_equal(HASH_COUNT(c->host->groups.all), 0);
	assert_int_equal(groups_after(c, 0), 0);
}

static void paths_are_bounded(void **state)
{
	struct case_ *c = *state;
	char path[64], line[600] = "0::/d";
	int i;

	v2_open(c);
	for (i = 0; i < HOST_GROUPS_MAX + 100; i++) {
		snprintf(path, sizeof(path), "/g%d", i);
		host_group_note(c->host, HOST_CPU, (struct tb_span){ path, strlen(path) });
	}
	assert_int_equal(HASH_COUNT(c->host->groups.all), HOST_GROUPS_MAX);
	assert_int_equal(groups_after(c, 0), 0); /* none of them exists, but for the top */
	assert_int_equal(HASH_COUNT(c->host->groups.all), 1);
	memset(line + 5, 'd', 500);
	process_in(c, line);
	assert_int_equal(HASH_COUNT(c->host->groups.all), 1);
}

static void what_the_sink_says_ends_the_round(void **state)
{
	struct case_ *c = *state;
	struct tb_sink sink;

	v2_open(c);
	tree_file(&c->tree, V2 "/a/cpu.max", "1000 100000\n");
	tree_file(&c->tree, V2 "/a/b/cpu.max", "1000 100000\n");
	process_in(c, "0::/a/b\n");
	sink = tree_sink(&c->tree);
	c->tree.error = -ENOSPC;
	assert_int_equal(host_groups_put(c->host, c->now_ns, &sink), -ENOSPC);
	assert_int_equal(c->tree.nr, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GROUPS(a_limit_set_later_is_found),
		GROUPS(a_process_told_of_has_its_group_looked_at_at_once),
		GROUPS(a_limit_that_was_lifted_is_told_a_last_time),
		GROUPS(a_group_that_is_removed_is_forgotten),
		GROUPS(a_group_without_files_is_kept_until_its_controller_comes),
		GROUPS(counters_go_on_in_files_that_stay_open),
		GROUPS(past_their_bound_files_are_closed_again),
		GROUPS(a_group_that_meets_its_limit_is_hot),
		GROUPS(a_group_near_its_memory_limit_stays_hot),
		GROUPS(groups_out_of_sight_are_not_looked_up),
		GROUPS(paths_are_bounded),
		GROUPS(what_the_sink_says_ends_the_round),
	};

	return cmocka_run_group_tests_name("host_group", tests, NULL, NULL);
}
