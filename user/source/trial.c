// SPDX-License-Identifier: GPL-2.0-only
/*
 * See trial.h. What the kernel said is made into one line here; whether it matters is for others.
 */
#include "trial.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "loader.h"
#include "log.h"
#include "skeleton.h"
#include "tables.h"

#define LOG_BYTES  (1u << 20)
#define LINE_BYTES 120

static void free_skeleton(struct tailback_bpf **skel)
{
	tailback_bpf__destroy(*skel);
}

static void free_link(struct bpf_link **link)
{
	bpf_link__destroy(*link);
}

/* The statistics that end a verifier's log tell nothing: the line before them is its reason. */
static bool line_is_reason(const char *line)
{
	static const char *const statistics[] = { "processed ", "verification time ",
						  "stack depth ", "peak_states " };
	size_t i;

	for (i = 0; i < sizeof(statistics) / sizeof(statistics[0]); i++)
		if (!strncmp(line, statistics[i], strlen(statistics[i])))
			return false;
	return *line != '\0';
}

/* Cuts the log into lines. */
static const char *log_reason(char *log)
{
	const char *reason = "";
	char *line;

	while ((line = strsep(&log, "\n")))
		if (line_is_reason(line))
			reason = line;
	return reason;
}

/* The kernel's own ENOTSUPP, which it should not let out, has no name outside. */
static const char *error_text(int err)
{
	return err == -524 ? strerror(EOPNOTSUPP) : strerror(-err);
}

static void why_not_loaded(enum tb_hook hook, char *log, struct tb_hook_result *result)
{
	const char *reason = log_reason(log);

	if (result->err == -ESRCH || result->err == -ENOENT)
		snprintf(result->why, sizeof(result->why), "this kernel has no %s",
			 tb_hook_target(hook));
	else if (*reason)
		snprintf(result->why, sizeof(result->why), "%s; the verifier says: %.*s",
			 error_text(result->err), LINE_BYTES, reason);
	else
		snprintf(result->why, sizeof(result->why), "%s", error_text(result->err));
}

/* Only the hook's own program, with a place for what the verifier says of it. */
static struct bpf_program *program_alone(struct tailback_bpf *skel, enum tb_hook hook, char *log)
{
	struct bpf_program *program, *own = NULL;

	bpf_object__for_each_program(program, skel->obj)
	{
		if (!strcmp(bpf_program__name(program), tb_hook_name(hook)))
			own = program;
		else
			bpf_program__set_autoload(program, false);
	}
	if (own)
		bpf_program__set_log_buf(own, log, LOG_BYTES);
	return own;
}

void tb_trial_hook(enum tb_hook hook, const struct tb_knobs *knobs, struct tb_hook_result *result)
{
	struct tailback_bpf *skel __owns(free_skeleton) = tailback_bpf__open();
	struct bpf_link *link __owns(free_link) = NULL;
	char *log __owns(free_text) = calloc(1, LOG_BYTES);
	struct bpf_program *program;

	memset(result, 0, sizeof(*result));
	program = skel && log ? program_alone(skel, hook, log) : NULL;
	if (!program) {
		result->err = -ENOMEM;
		snprintf(result->why, sizeof(result->why), "out of memory while it was opened");
		return;
	}
	skel->rodata->knobs = *knobs;
	if (tailback_bpf__load(skel)) {
		result->err = -errno;
		return why_not_loaded(hook, log, result);
	}
	link = bpf_program__attach(program);
	result->attached = link != NULL;
	result->err = link ? 0 : -errno;
	if (!link)
		snprintf(result->why, sizeof(result->why), "it loads, but does not attach: %s",
			 strerror(-result->err));
}

/* What the kernel says has a reason that the checks know better. */
static void refusal_explain(const struct tb_health *health, struct tb_hook_result *result)
{
	struct tb_buf reasons = {};

	tb_checks_reasons(&reasons, health->checks);
	if (reasons.length && !reasons.failed)
		snprintf(result->why, sizeof(result->why), "%s: %s", error_text(result->err),
			 reasons.text);
	tb_buf_release(&reasons);
}

/*
 * The kernel may hide its lockdown, but programs that read memory do not load under the strictest.
 */
static void lockdown_conclude(struct tb_health *health)
{
	struct tb_check_result *lockdown = &health->checks[TB_CHECK_lockdown];

	if (lockdown->ok != TB_ANSWER_UNKNOWN || !health->hooks[TB_HOOK_on_switch].attached)
		return;
	lockdown->ok = TB_ANSWER_YES;
	lockdown->fix[0] = '\0';
	snprintf(lockdown->found, sizeof(lockdown->found),
		 "not confidentiality, since on_switch attaches");
}

void tb_trial_all(struct tb_health *health)
{
	struct tb_hook_result *result;
	struct tb_knobs knobs;
	int hook;

	tb_log_quiet_libbpf();
	tb_loader_knobs(&knobs, health->checks);
	for (hook = 0; hook < TB_HOOK_NR; hook++) {
		result = &health->hooks[hook];
		if (health->checks[TB_CHECK_btf].ok == TB_ANSWER_NO) {
			snprintf(result->why, sizeof(result->why), "not tried: there is no BTF");
			continue;
		}
		tb_trial_hook((enum tb_hook)hook, &knobs, result);
		if (result->err)
			refusal_explain(health, result);
	}
	lockdown_conclude(health);
}
