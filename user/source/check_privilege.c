// SPDX-License-Identifier: GPL-2.0-only
/* The rows of checks.h about what this process may do. Those who cannot be asked stay unknown. */
#include "check_rows.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>
#include <sys/capability.h>
#include <unistd.h>

#include "privilege.h"

static void capability_say(struct tb_check_result *result, int capability, const char *name)
{
	if (tb_privilege_has(capability))
		return tb_check_say(result, TB_ANSWER_YES, "%s", name);
	if (capability != CAP_SYS_PTRACE && tb_privilege_has(CAP_SYS_ADMIN))
		return tb_check_say(result, TB_ANSWER_YES, "CAP_SYS_ADMIN, which stands for %s",
				    name);
	if (tb_privilege_is_grantable(capability))
		return tb_check_say(result, TB_ANSWER_NO, "%s is missing", name);
	tb_check_fix(result, TB_FIX_CONTAINER);
	tb_check_say(result, TB_ANSWER_NO, "%s is missing, and cannot be had from here", name);
}

void tb_check_cap_bpf(const struct tb_check_context *context, struct tb_check_result *result)
{
	capability_say(result, CAP_BPF, "CAP_BPF");
}

void tb_check_cap_perfmon(const struct tb_check_context *context, struct tb_check_result *result)
{
	capability_say(result, CAP_PERFMON, "CAP_PERFMON");
}

void tb_check_cap_sys_ptrace(const struct tb_check_context *context, struct tb_check_result *result)
{
	capability_say(result, CAP_SYS_PTRACE, "CAP_SYS_PTRACE");
}

static void namespace_say(struct tb_check_result *result, const char *type, const char *trouble)
{
	int initial = tb_namespace_is_initial(type);

	if (initial < 0)
		tb_check_say(result, TB_ANSWER_UNKNOWN, "/proc/self/ns/%s: %s", type,
			     strerror(-initial));
	else if (initial)
		tb_check_say(result, TB_ANSWER_YES, "the host's");
	else
		tb_check_say(result, TB_ANSWER_NO, "%s", trouble);
}

void tb_check_user_namespace(const struct tb_check_context *context, struct tb_check_result *result)
{
	namespace_say(
		result, "user",
		"this is a user namespace of its own: capabilities do not count for BPF here");
}

void tb_check_pid_namespace(const struct tb_check_context *context, struct tb_check_result *result)
{
	namespace_say(result, "pid",
		      "this is a pid namespace of its own: the thread ids that BPF sees are the "
		      "host's, and /proc does not know them here");
}

static bool may_try(const struct tb_check_context *context)
{
	return context->before[TB_CHECK_cap_bpf].ok == TB_ANSWER_YES &&
	       context->before[TB_CHECK_user_namespace].ok != TB_ANSWER_NO;
}

/* The smallest map there is. */
void tb_check_bpf_syscall(const struct tb_check_context *context, struct tb_check_result *result)
{
	int fd, err;

	if (!may_try(context))
		return tb_check_say(result, TB_ANSWER_UNKNOWN,
				    "not tried, since it would be refused");
	fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, NULL, 4, 4, 1, NULL);
	err = errno;
	if (fd >= 0) {
		close(fd);
		return tb_check_say(result, TB_ANSWER_YES, "allowed");
	}
	tb_check_say(result, TB_ANSWER_NO, "bpf(2): %s%s", strerror(err),
		     tb_seccomp_is_on() ? ", most likely by a seccomp filter" : "");
}
