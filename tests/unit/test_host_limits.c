// SPDX-License-Identifier: GPL-2.0-only
/* What the files of a control group say, under v1, v2 and both at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "groups.h"

static void a_group_of_v2_is_told_with_all_its_fields(void **state)
{
	struct case_ *c = *state;
	const struct tb_cgroup *told;

	v2_open(c);
	tree_file(&c->tree, V2 "/a/web/cpu.max", "20000 50000\n");
	tree_file(&c->tree, V2 "/a/web/cpu.stat",
		  "usage_usec 11\nuser_usec 5\nsystem_usec 6\nnr_periods 7\nnr_throttled 3\n"
		  "throttled_usec 13\nnr_bursts 0\n");
	tree_file(&c->tree, V2 "/a/web/memory.current", "4096\n");
	tree_file(&c->tree, V2 "/a/web/memory.max", "1048576\n");
	tree_file(&c->tree, V2 "/a/web/memory.high", "max\n");
	tree_file(&c->tree, V2 "/a/web/memory.events",
		  "low 1\nhigh 2\nmax 3\noom 4\noom_kill 5\noom_group_kill 6\n");
	process_in(c, "0::/a/web\n");
	assert_int_equal(groups_after(c, 0), 1);
	told = group(c, "/a/web");
	assert_int_equal(told->h.kind, TB_REC_CGROUP);
	assert_int_equal(told->h.size, sizeof(*told));
	assert_int_equal(told->quota_us, 20000);
	assert_int_equal(told->period_us, 50000);
	assert_int_equal(told->periods, 7);
	assert_int_equal(told->throttled_periods, 3);
	assert_int_equal(told->throttled_ns, 13000);
	assert_int_equal(told->usage_ns, 11000);
	assert_int_equal(told->memory_bytes, 4096);
	assert_int_equal(told->memory_limit_bytes, 1048576);
	assert_int_equal(told->memory_high_events, 2);
	assert_int_equal(told->memory_max_events, 3);
	assert_int_equal(told->oom_kills, 5);
}

static void a_group_of_v1_is_told_from_three_hierarchies(void **state)
{
	struct case_ *c = *state;
	const struct tb_cgroup *told;

	host_open(c, V1_MOUNTS);
	v1_quota(c, "/box", "20000\n");
	tree_file(&c->tree, CPU "/box/cpu.stat",
		  "nr_periods 7\nnr_throttled 3\nthrottled_time 13\nnr_bursts 0\n");
	tree_file(&c->tree, "sys/fs/cgroup/cpuacct/box/cpuacct.usage", "11\n");
	tree_file(&c->tree, MEMORY "/box/memory.usage_in_bytes", "4096\n");
	tree_file(&c->tree, MEMORY "/box/memory.limit_in_bytes", "33554432\n");
	tree_file(&c->tree, MEMORY "/box/memory.failcnt", "9\n");
	tree_file(&c->tree, MEMORY "/box/memory.oom_control",
		  "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
	process_in(c, "4:memory:/box\n2:cpuacct:/\n1:cpu:/box\n");
	assert_int_equal(groups_after(c, 0), 1);
	told = group(c, "/box");
	assert_int_equal(told->quota_us, 20000);
	assert_int_equal(told->period_us, 100000);
	assert_int_equal(told->periods, 7);
	assert_int_equal(told->throttled_periods, 3);
	assert_int_equal(told->throttled_ns, 13);
	assert_int_equal(told->usage_ns, 11);
	assert_int_equal(told->memory_bytes, 4096);
	assert_int_equal(told->memory_limit_bytes, 33554432);
	assert_int_equal(told->memory_max_events, 9);
	assert_int_equal(told->oom_kills, 2);
}

static void the_quota_is_that_of_the_cpu_hierarchy_whatever_names_the_service(void **state)
{
	struct case_ *c = *state;

	tree_file(&c->tree, V2 "/unified/cgroup.controllers", "\n");
	host_open(c, V1_MOUNTS "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n");
	v1_quota(c, "/system.slice", "40000\n");
	v1_quota(c, "/system.slice/a.service", "1000\n"); /* of others that are in it */
	process_in(c, "2:memory:/\n1:cpu:/system.slice\n0::/system.slice/a.service\n");
	assert_string_equal(c->tree.record[0].as_tb_process.cgroup, "/system.slice/a.service");
	assert_int_equal(groups_after(c, 0), 1);
	assert_int_equal(group(c, "/system.slice")->quota_us, 40000);
}

static void limits_above_a_process_are_told_up_to_the_top(void **state)
{
	struct case_ *c = *state;

	v2_open(c);
	tree_file(&c->tree, V2 "/cpu.max", "70000 100000\n");
	tree_file(&c->tree, V2 "/a/cpu.max", "50000 100000\n");
	tree_file(&c->tree, V2 "/a/b/memory.max", "4096\n");
	tree_file(&c->tree, V2 "/a/b/c/cpu.max", "max 100000\n");
	tree_file(&c->tree, V2 "/other/cpu.max", "1000 100000\n");
	process_in(c, "0::/a/b/c\n");
	assert_int_equal(groups_after(c, 0), 3);
	assert_int_equal(group(c, "/")->quota_us, 70000);
	assert_int_equal(group(c, "/a")->quota_us, 50000);
	assert_true(group(c, "/a")->memory_limit_bytes == TB_UNLIMITED);
	assert_int_equal(group(c, "/a/b")->memory_limit_bytes, 4096);
	assert_true(group(c, "/a/b")->quota_us == TB_UNLIMITED);
	assert_int_equal(group(c, "/a/b")->period_us, 0);
}

static void of_two_memory_limits_the_lower_is_met_first(void **state)
{
	struct case_ *c = *state;

	v2_open(c);
	tree_file(&c->tree, V2 "/a/memory.max", "8192\n");
	tree_file(&c->tree, V2 "/a/memory.high", "4096\n");
	process_in(c, "0::/a\n");
	groups_after(c, 0);
	assert_int_equal(group(c, "/a")->memory_limit_bytes, 4096);
	tree_file(&c->tree, V2 "/a/memory.high", "16384\n");
	groups_after(c, HOUR_NS);
	assert_int_equal(group(c, "/a")->memory_limit_bytes, 8192);
}

static void what_has_no_limit_is_not_told(void **state)
{
	struct case_ *c = *state;

	host_open(c, V1_MOUNTS);
	v1_quota(c, "/box", "-1\n");
	tree_file(&c->tree, MEMORY "/box/memory.limit_in_bytes", "9223372036854771712\n");
	process_in(c, "4:memory:/box\n1:cpu:/box\n");
	assert_int_equal(groups_after(c, 0), 0);
	assert_int_equal(groups_after(c, HOUR_NS), 0);
	assert_int_equal(HASH_COUNT(c->host->groups.all), 2); /* and the top */
}

static void numbers_beyond_64_bits_are_the_largest(void **state)
{
	struct case_ *c = *state;

	v2_open(c);
	tree_file(&c->tree, V2 "/a/cpu.max", "99999999999999999999999 100000\n");
	tree_file(&c->tree, V2 "/a/memory.max", "18446744073709551616\n");
	process_in(c, "0::/a\n");
	assert_int_equal(groups_after(c, 0), 0);
	tree_file(&c->tree, V2 "/a/cpu.max", "1000 100000\n");
	tree_file(&c->tree, V2 "/a/cpu.stat", "usage_usec 18446744073709551615\n");
	assert_int_equal(groups_after(c, HOUR_NS), 1);
	assert_true(group(c, "/a")->usage_ns == UINT64_MAX);
}

static void a_host_without_control_groups_has_none(void **state)
{
	struct case_ *c = *state;

	host_open(c, "proc /proc proc rw 0 0\nnonsense\n\ncgroup2 / cgroup2\ncgroup /none cgroup "
		     "rw,freezer 0 0\n");
	process_in(c, "0::/a\n");
	assert_int_equal(groups_after(c, 0), 0);
	assert_int_equal(HASH_COUNT(c->host->groups.all), 0);
}

static void a_mount_point_may_hold_blanks(void **state)
{
	struct case_ *c = *state;

	host_open(c, "cgroup /mnt/my\\040groups\\134x cgroup rw,cpu,cpuacct 0 0\n");
	tree_file(&c->tree, "mnt/my groups\\x/a/cpu.cfs_quota_us", "1000\n");
	process_in(c, "1:cpu,cpuacct:/a\n");
	assert_int_equal(groups_after(c, 0), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GROUPS(a_group_of_v2_is_told_with_all_its_fields),
		GROUPS(a_group_of_v1_is_told_from_three_hierarchies),
		GROUPS(the_quota_is_that_of_the_cpu_hierarchy_whatever_names_the_service),
		GROUPS(limits_above_a_process_are_told_up_to_the_top),
		GROUPS(of_two_memory_limits_the_lower_is_met_first),
		GROUPS(what_has_no_limit_is_not_told),
		GROUPS(numbers_beyond_64_bits_are_the_largest),
		GROUPS(a_host_without_control_groups_has_none),
		GROUPS(a_mount_point_may_hold_blanks),
	};

	return cmocka_run_group_tests_name("host_limits", tests, NULL, NULL);
}
