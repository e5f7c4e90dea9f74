// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rows of checks.h about the kernel. Where BTF tells whether a feature is there, it is asked
 * and not the version: distributions carry features back to older kernels.
 */
#include "check_rows.h"

#include <bpf/btf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "privilege.h"

#define OLDEST_MAJOR 5
#define OLDEST_MINOR 11 /* task storage; what came later is asked for by name */

void tb_check_kernel_version(const struct tb_check_context *context, struct tb_check_result *result)
{
	bool enough = tb_kernel_at_least(OLDEST_MAJOR, OLDEST_MINOR);
	struct utsname name;

	if (uname(&name))
		return tb_check_say(result, TB_ANSWER_UNKNOWN, "uname(2): %s", strerror(errno));
	if (enough)
		return tb_check_say(result, TB_ANSWER_YES, "Linux %s", name.release);
	tb_check_say(result, TB_ANSWER_NO, "Linux %s is too old: task storage came with 5.11",
		     name.release);
}

void tb_check_btf(const struct tb_check_context *context, struct tb_check_result *result)
{
	if (context->btf)
		return tb_check_say(result, TB_ANSWER_YES, "%u types",
				    btf__type_cnt(context->btf) - 1);
	tb_check_say(result, TB_ANSWER_NO, "this kernel shows no BTF (/sys/kernel/btf/vmlinux)");
}

static bool enum_has(const struct btf *btf, const char *type, const char *value)
{
	__s32 id = btf__find_by_name_kind(btf, type, BTF_KIND_ENUM);
	const struct btf_type *t = id > 0 ? btf__type_by_id(btf, (__u32)id) : NULL;
	const struct btf_enum *e = t ? btf_enum(t) : NULL;
	int i;

	for (i = 0; t && i < btf_vlen(t); i++)
		if (!strcmp(btf__name_by_offset(btf, e[i].name_off), value))
			return true;
	return false;
}

static bool struct_has(const struct btf *btf, const char *type, const char *member)
{
	__s32 id = btf__find_by_name_kind(btf, type, BTF_KIND_STRUCT);
	const struct btf_type *t = id > 0 ? btf__type_by_id(btf, (__u32)id) : NULL;
	const struct btf_member *m = t ? btf_members(t) : NULL;
	int i;

	for (i = 0; t && i < btf_vlen(t); i++)
		if (!strcmp(btf__name_by_offset(btf, m[i].name_off), member))
			return true;
	return false;
}

static void feature_say(const struct tb_check_context *context, struct tb_check_result *result,
			bool has, const char *what)
{
	if (!context->btf)
		tb_check_say(result, TB_ANSWER_UNKNOWN, "cannot be told without BTF");
	else if (has)
		tb_check_say(result, TB_ANSWER_YES, "%s", what);
	else
		tb_check_say(result, TB_ANSWER_NO, "this kernel lacks %s", what);
}

void tb_check_task_storage(const struct tb_check_context *context, struct tb_check_result *result)
{
	feature_say(context, result,
		    context->btf &&
			    enum_has(context->btf, "bpf_map_type", "BPF_MAP_TYPE_TASK_STORAGE"),
		    "BPF task storage");
}

/* bpf_task_pt_regs: 5.15 (dd6e10fbd9fb). */
void tb_check_task_registers(const struct tb_check_context *context, struct tb_check_result *result)
{
	feature_say(context, result,
		    context->btf && enum_has(context->btf, "bpf_func_id", "BPF_FUNC_task_pt_regs"),
		    "the BPF helper task_pt_regs");
}

/* `__state` has that name since 5.14; the others come with their config options. */
void tb_check_scheduler_stamps(const struct tb_check_context *context,
			       struct tb_check_result *result)
{
	static const struct {
		const char *type, *member;
	} needed[] = {
		{ "task_struct", "__state" },
		{ "sched_info", "last_arrival" },
		{ "sched_info", "run_delay" },
		{ "sched_entity", "cfs_rq" },
		{ "cfs_rq", "rq" },
	};
	char what[64] = "sched_info and cfs_rq";
	bool has = context->btf != NULL;
	size_t i;

	for (i = 0; has && i < sizeof(needed) / sizeof(needed[0]); i++) {
		has = struct_has(context->btf, needed[i].type, needed[i].member);
		if (!has)
			snprintf(what, sizeof(what), "%s.%s", needed[i].type, needed[i].member);
	}
	feature_say(context, result, has, what);
}

void tb_check_bpf_rdonly_cast(const struct tb_check_context *context,
			      struct tb_check_result *result)
{
	feature_say(context, result,
		    context->btf && btf__find_by_name_kind(context->btf, "bpf_rdonly_cast",
							   BTF_KIND_FUNC) > 0,
		    "the BPF function bpf_rdonly_cast");
}

/* Readable by root alone. Without the function above nothing needs it: programs are only slower. */
void tb_check_bpf_jit(const struct tb_check_context *context, struct tb_check_result *result)
{
	bool needed = context->before[TB_CHECK_bpf_rdonly_cast].ok == TB_ANSWER_YES;
	char text[16];
	int err = tb_check_read("/proc/sys/net/core/bpf_jit_enable", text, sizeof(text));

	if (err)
		return tb_check_say(result, TB_ANSWER_UNKNOWN, "net.core.bpf_jit_enable: %s",
				    strerror(-err));
	tb_check_say(result, needed && !strcmp(text, "0") ? TB_ANSWER_NO : TB_ANSWER_YES,
		     "net.core.bpf_jit_enable is %s", text);
}

void tb_check_lockdown(const struct tb_check_context *context, struct tb_check_result *result)
{
	switch (tb_lockdown()) {
	case TB_LOCKDOWN_CONFIDENTIALITY:
		return tb_check_say(result, TB_ANSWER_NO, "lockdown=confidentiality");
	case TB_LOCKDOWN_INTEGRITY:
		return tb_check_say(result, TB_ANSWER_YES, "lockdown=integrity");
	case TB_LOCKDOWN_NONE:
		return tb_check_say(result, TB_ANSWER_YES, "none");
	default:
		tb_check_fix(result, "mount -t securityfs securityfs /sys/kernel/security");
		tb_check_say(result, TB_ANSWER_UNKNOWN, "securityfs is not mounted");
	}
}
