// SPDX-License-Identifier: GPL-2.0-only
/* Who a process is: hostile names, pids used again, groups of every layout. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <sys/wait.h>
#include <time.h>

#include "host_case.h"

#define TICK_NS 10000000ull
#define START	12345ull /* ticks */
#define STAT_TAIL                                                           \
	" S 1 70 70 0 -1 4194560 1 0 0 0 8 9 0 0 -20 -1 4 0 12345 1000 50 " \
	"18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0\n"

static int process_setup(void **state)
{
	struct case_ *c;

	if (case_setup(state))
		return -1;
	c = *state;
	tree_file(&c->tree, "proc/70/stat", "70 (nginx)" STAT_TAIL);
	tree_file(&c->tree, "proc/70/status",
		  "Name:\tnginx\nPid:\t70\nPPid:\t1\nUid:\t1000\t33\t33\t33\nNSpid:\t70\t12\t3\n"
		  "Threads:\t4\n");
	tree_link(&c->tree, "proc/70/exe", "/usr/sbin/nginx");
	tree_file(&c->tree, "proc/70/cgroup", "0::/system.slice/nginx.service\n");
	return 0;
}

static int ask(struct case_ *c, __u64 start_ns)
{
	struct tb_sink sink = tree_sink(&c->tree);

	return tb_host_process(c->host, 70, start_ns, &sink);
}

static const struct tb_process *told(struct case_ *c)
{
	assert_int_equal(ask(c, START * TICK_NS + 7), 0);
	assert_int_equal(c->tree.nr, 1);
	assert_int_equal(c->tree.record[0].h.kind, TB_REC_PROCESS);
	assert_int_equal(c->tree.record[0].h.size, sizeof(struct tb_process));
	return &c->tree.record[0].as_tb_process;
}

static void a_process_is_told_with_all_its_fields(void **state)
{
	const struct tb_process *process = told(*state);

	assert_int_equal(process->tgid, 70);
	assert_int_equal(process->ppid, 1);
	assert_int_equal(process->leader_start_ns, START * TICK_NS + 7);
	assert_int_equal(process->ns_tgid, 3);
	assert_int_equal(process->uid, 33);
	assert_string_equal(process->comm, "nginx");
	assert_string_equal(process->exe, "nginx");
	assert_string_equal(process->cgroup, "/system.slice/nginx.service");
}

static void a_process_that_is_gone_is_not_told(void **state)
{
	struct case_ *c = *state;
	struct tb_sink sink = tree_sink(&c->tree);

	assert_int_equal(tb_host_process(c->host, 71, START * TICK_NS, &sink), -ESRCH);
	assert_int_equal(c->tree.nr, 0);
}

static void a_pid_that_was_used_again_is_another_process(void **state)
{
	struct case_ *c = *state;

	assert_int_equal(ask(c, (START - 3) * TICK_NS), -ESRCH);
	assert_int_equal(ask(c, (START + 3) * TICK_NS), -ESRCH);
	assert_int_equal(ask(c, 0), -ESRCH);
	assert_int_equal(ask(c, UINT64_MAX), -ESRCH);
	assert_int_equal(c->tree.nr, 0);
	assert_int_equal(ask(c, (START - 1) * TICK_NS), 0);
	assert_int_equal(ask(c, (START + 1) * TICK_NS), 0);
}

static void a_name_may_hold_any_bytes(void **state)
{
	static const char *const names[] = {
		"a) S 1 (b", ") R 9 9 9", "\n70 (x) S\n",    "((((", "))))",
		"",	     " ",	  "\x1b[2J\xff\xfe",
	};
	struct case_ *c = *state;
	char stat[512];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(stat, sizeof(stat), "70 (%s)%s", names[i], STAT_TAIL);
		tree_file(&c->tree, "proc/70/stat", stat);
		assert_string_equal(told(c)->comm, names[i]);
		assert_int_equal(told(c)->ppid, 1);
	}
}

static void a_name_longer_than_its_field_is_cut_and_ended(void **state)
{
	struct case_ *c = *state;

	tree_file(&c->tree, "proc/70/stat", "70 (rcu_exp_gp_kthread_worker)" STAT_TAIL);
	assert_string_equal(told(c)->comm, "rcu_exp_gp_kthr");
}

static void what_a_kernel_worker_does_is_not_its_name(void **state)
{
	static const struct {
		const char *stat, *comm;
	} workers[] = {
		{ "70 (kworker/0:1-events) I 2 0 0 0 -1 69238880 0 0 0 0 0 0 0 0 20 0 1 0 12345 0",
		  "kworker/0:1" },
		{ "70 (kworker/u4:0+flush) I 2 0 0 0 -1 69238880 0 0 0 0 0 0 0 0 20 0 1 0 12345 0",
		  "kworker/u4:0" },
		{ "70 (kworker/0:0H) I 2 0 0 0 -1 69238880 0 0 0 0 0 0 0 0 20 0 1 0 12345 0",
		  "kworker/0:0H" },
		{ "70 (kworker/R-rcu_gp) I 2 0 0 0 -1 69238880 0 0 0 0 0 0 0 0 20 0 1 0 12345 0",
		  "kworker/R-rcu_g" },
		{ "70 (kworker/0:1-mine) S 1 0 0 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 12345 0",
		  "kworker/0:1-min" },
	};
	struct case_ *c = *state;
	size_t i;

	for (i = 0; i < sizeof(workers) / sizeof(workers[0]); i++) {
		tree_file(&c->tree, "proc/70/stat", workers[i].stat);
		assert_string_equal(told(c)->comm, workers[i].comm);
	}
}

/* However much of it is there: told as it is, or not at all. */
static void a_cut_stat_file_is_a_process_that_is_gone(void **state)
{
	struct case_ *c = *state;
	const char *stat = "70 (nginx)" STAT_TAIL, *start = strstr(stat, "12345");
	size_t length;

	for (length = 0; length < (size_t)(start - stat) + 5; length++) {
		tree_bytes(&c->tree, "proc/70/stat", stat, length);
		assert_int_equal(ask(c, START * TICK_NS), -ESRCH);
	}
	tree_bytes(&c->tree, "proc/70/stat", stat, length);
	assert_int_equal(ask(c, START * TICK_NS), 0);
	tree_unlink(&c->tree, "proc/70/stat");
	assert_int_equal(ask(c, START * TICK_NS), -ESRCH);
}

static void what_is_not_there_is_left_empty(void **state)
{
	struct case_ *c = *state;
	const struct tb_process *process;

	tree_unlink(&c->tree, "proc/70/status");
	tree_unlink(&c->tree, "proc/70/exe");
	tree_unlink(&c->tree, "proc/70/cgroup");
	process = told(c);
	assert_string_equal(process->comm, "nginx");
	assert_string_equal(process->exe, "");
	assert_string_equal(process->cgroup, "");
	assert_int_equal(process->ns_tgid, 70);
}

static void an_executable_is_named_without_its_directory(void **state)
{
	static const struct {
		const char *target, *exe;
	} links[] = {
		{ "/usr/sbin/nginx (deleted)", "nginx" },
		{ "/opt/a b/run me", "run me" },
		{ "/memfd:runc_cloned:/proc/self/exe (deleted)",
		  "memfd:runc_cloned:/proc/self/exe" },
		{ "(deleted)", "(deleted)" },
		{ "/a/0123456789012345678901234567890123456789012345678901234567890123456789",
		  "012345678901234567890123456789012345678901234567890123456789012" },
	};
	struct case_ *c = *state;
	size_t i;

	for (i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		tree_unlink(&c->tree, "proc/70/exe");
		tree_link(&c->tree, "proc/70/exe", links[i].target);
		assert_string_equal(told(c)->exe, links[i].exe);
	}
}

static void a_group_names_the_service_at_or_below_what_limits_its_cpu(void **state)
{
	static const struct {
		const char *cgroup, *path;
	} layouts[] = {
		/* v2 */
		{ "0::/a/b.service\n", "/a/b.service" },
		{ "0::/\n", "/" },
		/* v1, with a limit for the service, and without one */
		{ "4:cpu,cpuacct:/docker/1\n3:memory:/docker/1\n1:name=systemd:/docker/1\n",
		  "/docker/1" },
		{ "4:cpuacct,cpu:/\n1:name=systemd:/system.slice/a.service\n",
		  "/system.slice/a.service" },
		{ "4:cpu:/system.slice\n1:name=systemd:/system.slice/a.service\n",
		  "/system.slice/a.service" },
		/* hybrid: systemd keeps its names in v2 */
		{ "4:cpu:/\n1:name=systemd:/\n0::/system.slice/a.service\n",
		  "/system.slice/a.service" },
		/* only the memory hierarchy tells them apart */
		{ "4:memory:/box/7\n2:cpuacct:/\n1:cpu:/\n0::/\n", "/box/7" },
		/* elsewhere than the CPU's group, or beside it: the limit counts */
		{ "2:cpu:/limits/web\n1:name=systemd:/system.slice/a.service\n", "/limits/web" },
		{ "2:cpu:/a\n1:name=systemd:/ab\n", "/a" },
		{ "2:cpu:/a/b\n1:name=systemd:/a\n", "/a/b" },
		/* cpuset is not cpu */
		{ "3:cpuset:/wrong\n2:cpu:/right\n", "/right" },
		/* colons, blanks, a group that is gone, no controller at all */
		{ "0::/a:b c/d\n", "/a:b c/d" },
		{ "0::/gone.service (deleted)\n", "/gone.service" },
		{ "1:name=systemd:/init.scope\n", "/init.scope" },
		{ "nonsense\n:\n::\n0::\n5:cpu\n0::relative\n", "/" },
	};
	struct case_ *c = *state;
	size_t i;

	for (i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		tree_file(&c->tree, "proc/70/cgroup", layouts[i].cgroup);
		assert_string_equal(told(c)->cgroup, layouts[i].path);
	}
}

static void a_path_too_long_for_a_record_is_the_group_above(void **state)
{
	struct case_ *c = *state;
	char line[512] = "0::/kubepods.slice/";

	memset(line + 19, 'p', 200);
	strcat(line, "/");
	memset(line + strlen(line), 'c', 100);
	tree_file(&c->tree, "proc/70/cgroup", line);
	*strrchr(line, '/') = '\0';
	assert_string_equal(told(c)->cgroup, line + 3);
	memset(line + 3, 'x', 400);
	line[3] = '/';
	tree_file(&c->tree, "proc/70/cgroup", line);
	assert_string_equal(told(c)->cgroup, "/");
}

static void what_the_sink_says_is_returned(void **state)
{
	struct case_ *c = *state;

	c->tree.error = -ENOSPC;
	assert_int_equal(ask(c, START * TICK_NS), -ENOSPC);
}

static __u64 own_start_ns(void)
{
	char stat[4096] = "", *at;
	FILE *file = fopen("/proc/self/stat", "r");
	int i;

	assert_non_null(fgets(stat, sizeof(stat), file));
	fclose(file);
	for (at = strrchr(stat, ')') + 1, i = 0; i < 19; i++)
		at = strchr(at + 1, ' ');
	return strtoull(at, NULL, 10) * (1000000000ull / (unsigned long)sysconf(_SC_CLK_TCK));
}

static void this_very_process_is_told_as_it_is(void **state)
{
	struct case_ *c = *state;
	struct tb_host_reader *host = tb_host_new(NULL);
	struct tb_sink sink = tree_sink(&c->tree);
	const struct tb_process *process = &c->tree.record[0].as_tb_process;

	assert_int_equal(tb_host_process(host, (__u32)getpid(), own_start_ns(), &sink), 0);
	assert_int_equal(process->ppid, getppid());
	assert_int_equal(process->uid, geteuid());
	assert_string_equal(process->exe, "test_host_process");
	assert_string_equal(process->comm, "test_host_proce");
	assert_int_equal(process->cgroup[0], '/');
	assert_int_equal(
		tb_host_process(host, (__u32)getpid(), own_start_ns() + 5 * TICK_NS, &sink),
		-ESRCH);
	tb_host_free(host);
}

static void a_zombie_has_a_name_and_no_executable(void **state)
{
	struct case_ *c = *state;
	struct tb_host_reader *host = tb_host_new(NULL);
	struct tb_sink sink = tree_sink(&c->tree);
	siginfo_t info;
	__u64 start_ns;
	int ends[2], err;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		start_ns = own_start_ns();
		_exit(write(ends[1], &start_ns, sizeof(start_ns)) != sizeof(start_ns));
	}
	assert_int_equal(read(ends[0], &start_ns, sizeof(start_ns)), sizeof(start_ns));
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	err = tb_host_process(host, (__u32)pid, start_ns, &sink);
	waitpid(pid, NULL, 0);
	assert_int_equal(err, 0);
	assert_string_equal(c->tree.record[0].as_tb_process.comm, "test_host_proce");
	assert_string_equal(c->tree.record[0].as_tb_process.exe, "");
	assert_int_equal(tb_host_process(host, (__u32)pid, start_ns, &sink), -ESRCH);
	tb_host_free(host);
	close(ends[0]);
	close(ends[1]);
}

#define PROCESS(test) cmocka_unit_test_setup_teardown(test, process_setup, case_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROCESS(a_process_is_told_with_all_its_fields),
		PROCESS(a_process_that_is_gone_is_not_told),
		PROCESS(a_pid_that_was_used_again_is_another_process),
		PROCESS(a_name_may_hold_any_bytes),
		PROCESS(a_name_longer_than_its_field_is_cut_and_ended),
		PROCESS(what_a_kernel_worker_does_is_not_its_name),
		PROCESS(a_cut_stat_file_is_a_process_that_is_gone),
		PROCESS(what_is_not_there_is_left_empty),
		PROCESS(an_executable_is_named_without_its_directory),
		PROCESS(a_group_names_the_service_at_or_below_what_limits_its_cpu),
		PROCESS(a_path_too_long_for_a_record_is_the_group_above),
		PROCESS(what_the_sink_says_is_returned),
		PROCESS(this_very_process_is_told_as_it_is),
		PROCESS(a_zombie_has_a_name_and_no_executable),
	};

	return cmocka_run_group_tests_name("host_process", tests, NULL, NULL);
}
