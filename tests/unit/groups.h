/* SPDX-License-Identifier: GPL-2.0-only */
/* A host reader over a made tree of control groups, and a process that is in one. */
#ifndef TAILBACK_TEST_GROUPS_H
#define TAILBACK_TEST_GROUPS_H

#include "host_case.h"
#include "host_parts.h"

#define START_NS 123450000000ull
#define STAT	 "70 (web) S 1 70 70 0 -1 4194560 1 0 0 0 8 9 0 0 20 0 4 0 12345 0\n"
#define HOUR_NS	 3600000000000ull /* no round's pause is as long */

#define V1_MOUNTS                                                              \
	"proc /proc proc rw 0 0\ntmpfs /sys/fs/cgroup tmpfs rw,mode=755 0 0\n" \
	"cgroup /sys/fs/cgroup/cpuset cgroup rw,relatime,cpuset 0 0\n"         \
	"cgroup /sys/fs/cgroup/cpu cgroup rw,relatime,cpu 0 0\n"               \
	"cgroup /sys/fs/cgroup/cpuacct cgroup rw,relatime,cpuacct 0 0\n"       \
	"cgroup /sys/fs/cgroup/memory cgroup rw,relatime,memory 0 0\n"

#define CPU    "sys/fs/cgroup/cpu"
#define MEMORY "sys/fs/cgroup/memory"
#define V2     "sys/fs/cgroup"

/* A process of this tree, and a reader that host_open() makes again once the mounts are there. */
static inline int groups_setup(void **state)
{
	struct case_ *c;

	if (case_setup(state))
		return -1;
	c = *state;
	tree_file(&c->tree, "proc/70/stat", STAT);
	c->now_ns = HOUR_NS;
	return 0;
}

static inline void host_open(struct case_ *c, const char *mounts)
{
	tree_file(&c->tree, "proc/self/mounts", mounts);
	tb_host_free(c->host);
	c->host = tb_host_new(c->tree.root);
	assert_non_null(c->host);
}

static inline void process_in(struct case_ *c, const char *cgroup)
{
	struct tb_sink sink = tree_sink(&c->tree);

	tree_file(&c->tree, "proc/70/cgroup", cgroup);
	assert_int_equal(tb_host_process(c->host, 70, START_NS, &sink), 0);
}

/* A frame `pause_ns` after the one before: the number of groups told. */
static inline int groups_after(struct case_ *c, __u64 pause_ns)
{
	struct tb_sink sink = tree_sink(&c->tree);

	c->now_ns += pause_ns;
	assert_int_equal(host_groups_put(c->host, c->now_ns, &sink), 0);
	return c->tree.nr;
}

static inline const struct tb_cgroup *group(struct case_ *c, const char *path)
{
	int i;

	for (i = 0; i < c->tree.nr; i++)
		if (!strcmp(c->tree.record[i].as_tb_cgroup.path, path))
			return &c->tree.record[i].as_tb_cgroup;
	fail_msg("%s was not told", path);
	return NULL;
}

static inline void v1_quota(struct case_ *c, const char *path, const char *quota)
{
	char name[256];

	snprintf(name, sizeof(name), CPU "%s/cpu.cfs_quota_us", path);
	tree_file(&c->tree, name, quota);
	snprintf(name, sizeof(name), CPU "%s/cpu.cfs_period_us", path);
	tree_file(&c->tree, name, "100000\n");
}

static inline void v2_open(struct case_ *c)
{
	tree_file(&c->tree, V2 "/cgroup.controllers", "cpuset cpu io memory pids\n");
	host_open(c, "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n");
}

#define GROUPS(test) cmocka_unit_test_setup_teardown(test, groups_setup, case_teardown)

#endif
