// SPDX-License-Identifier: GPL-2.0-only
/* The rows of the option table and what each does to the struct; see options.h. Called by main.c. */
#include "options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "duration.h"
#include "findings.h"
#include "log.h"
#include "tables.h"

#define PID_MAX (1u << 22)	/* the kernel's limit on 64 bits */

static const char duration_must[] = "a duration with a unit, such as 500ms, 10s or 5m";

static const char *number_take(const char *value, __u32 max, __u32 *number)
{
	unsigned long parsed;
	char *end;

	errno = 0;
	parsed = strtoul(value, &end, 10);
	if (errno || *end || end == value || *value == '-' || !parsed || parsed > max)
		return "a whole number above 0";
	*number = (__u32)parsed;
	return NULL;
}

#define TAKE(name) static const char *take_##name(void *into, const char *value)
#define TAKE_FLAG(name, field)                                                                     \
	TAKE(name)                                                                                 \
	{                                                                                          \
		((struct tb_options *)into)->field = true;                                         \
		return NULL;                                                                       \
	}
#define TAKE_TEXT(name, field)                                                                     \
	TAKE(name)                                                                                 \
	{                                                                                          \
		((struct tb_options *)into)->field = value;                                        \
		return *value ? NULL : "not empty";                                                \
	}
#define TAKE_DURATION(name, field)                                                                 \
	TAKE(name)                                                                                 \
	{                                                                                          \
		return tb_duration_parse(value, &((struct tb_options *)into)->field) ?             \
			       duration_must : NULL;                                               \
	}
#define TAKE_NUMBER(name, field)                                                                   \
	TAKE(name)                                                                                 \
	{                                                                                          \
		return number_take(value, PID_MAX, &((struct tb_options *)into)->field);           \
	}

TAKE_DURATION(duration, duration_ns)
TAKE_DURATION(interval, interval_ns)
TAKE_DURATION(min, filter.min_ns)
TAKE_TEXT(input, input)
TAKE_TEXT(tee, tee)
TAKE_TEXT(comm, filter.comm)
TAKE_TEXT(cgroup, filter.cgroup)
TAKE_TEXT(unit, filter.unit)
TAKE_TEXT(sort, sort)
TAKE_NUMBER(rows, rows)
TAKE_NUMBER(frames, frames)
TAKE_FLAG(threads, threads)
TAKE_FLAG(all, show_all)
TAKE_FLAG(kernel_threads, filter.kernel_threads)
TAKE_FLAG(batch, batch)
TAKE_FLAG(json, json)
TAKE_FLAG(strict, strict)
TAKE_FLAG(help, help)
TAKE_FLAG(version, version)

TAKE(no_idle)
{
	((struct tb_options *)into)->filter.idle = false;
	((struct tb_options *)into)->show_all = false;
	return NULL;
}

TAKE(pids)
{
	struct tb_filter *filter = &((struct tb_options *)into)->filter;
	char word[16];
	size_t length;

	while (*value) {
		length = strcspn(value, ",");
		if (!length || length >= sizeof(word))
			return "process ids, separated by commas";
		if (filter->pid_nr == TB_FILTER_PIDS_MAX)
			return "at most 64 process ids";
		memcpy(word, value, length);
		word[length] = '\0';
		if (number_take(word, PID_MAX, &filter->pids[filter->pid_nr++]))
			return "process ids, separated by commas";
		value += length + (value[length] == ',');
	}
	return filter->pid_nr ? NULL : "process ids, separated by commas";
}

TAKE(reason)
{
	struct tb_filter *filter = &((struct tb_options *)into)->filter;

	filter->reason = tb_state_number(value);
	return filter->reason < 0 ? "a state such as net, lock, disk or runqueue (docs/tailback.8 lists them)"
				  : NULL;
}

TAKE(color)
{
	static const char *const words[] = { "auto", "always", "never" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(value, words[i]))
			continue;
		((struct tb_options *)into)->color = (enum tb_color)i;
		return NULL;
	}
	return "auto, always or never";
}

TAKE(fail_on)
{
	struct tb_options *options = into;
	char word[32];
	size_t length;
	int kind;

	while (*value) {
		length = strcspn(value, ",");
		if (!length || length >= sizeof(word))
			return "kinds of findings, separated by commas";
		memcpy(word, value, length);
		word[length] = '\0';
		kind = tb_finding_number(word);
		if (kind < 0)
			return "kinds of findings, such as cpu_saturated,disk_stalled";
		if (!tb_finding_judged((__u32)kind))
			return "kinds that this version judges; docs/tailback.8 lists them";
		options->fail_on |= 1ull << kind;
		value += length + (value[length] == ',');
	}
	return NULL;
}

#define ON(id) (1u << TB_COMMAND_##id)
#define VIEWS (ON(TOP) | ON(DIAGNOSE))
#define BUILT (VIEWS | ON(DOCTOR))
#define EVERY (~0u)

const struct tb_option tb_option_table[] = {
	{ "duration", 'd', "DUR", take_duration, "length of the window (10s)", ON(DIAGNOSE) },
	{ "interval", 0, "DUR", take_interval, "time between two frames (1s)", ON(TOP) },
	{ "batch", 'b', NULL, take_batch, "print frames as text, without a terminal", ON(TOP) },
	{ "frames", 'n', "N", take_frames, "end after N frames", ON(TOP) },
	{ "input", 'i', "FILE", take_input, "show a recording instead of this host", VIEWS },
	{ "tee", 0, "FILE", take_tee, "also record what is shown", VIEWS },
	{ "pid", 'p', "PID[,PID]", take_pids, "only these processes", VIEWS },
	{ "tid", 0, NULL, take_threads, "rows are threads, not processes", ON(TOP) },
	{ "comm", 0, "GLOB", take_comm, "only processes with such a name", VIEWS },
	{ "cgroup", 0, "GLOB", take_cgroup, "only processes in such a control group", VIEWS },
	{ "unit", 0, "NAME", take_unit, "only processes of this systemd unit", VIEWS },
	{ "reason", 0, "NAME", take_reason, "only who waited for this reason", VIEWS },
	{ "min", 0, "DUR", take_min, "only who waited at least so long", VIEWS },
	{ "no-idle", 0, NULL, take_no_idle, "hide who only waits for work (the default)", VIEWS },
	{ "all", 'a', NULL, take_all, "show also who only waits for work", VIEWS },
	{ "kernel-threads", 0, NULL, take_kernel_threads, "show kernel threads", VIEWS },
	{ "sort", 's', "KEY", take_sort, "order of the rows; `help` lists the keys", VIEWS },
	{ "top", 'N', "N", take_rows, "show at most N rows", VIEWS },
	{ "json", 'j', NULL, take_json, "JSON on stdout", BUILT },
	{ "color", 0, "WHEN", take_color, "auto, always or never", BUILT },
	{ "strict", 0, NULL, take_strict, "exit 6 if the data is incomplete", VIEWS },
	{ "fail-on", 0, "KIND[,KIND]", take_fail_on, "exit 3 if such a finding is present", ON(DIAGNOSE) },
	{ "help", 'h', NULL, take_help, "this text", EVERY },
	{ "version", 'V', NULL, take_version, "the version", EVERY },
	{ NULL },
};

/* `--tid 123` asks for the threads, and of them that one. */
static int operands_take(struct tb_options *options, int argc, char **argv, int first)
{
	if (first == argc)
		return 0;
	if (options->threads && argc - first == 1 &&
	    !number_take(argv[first], PID_MAX, &options->filter.tid))
		return 0;
	tb_error("`%s` is not expected here; --help shows what is", argv[first]);
	return -EINVAL;
}

int tb_options_take(struct tb_options *options, unsigned int command, int argc, char **argv)
{
	int first, err;

	memset(options, 0, sizeof(*options));
	options->filter = tb_filter_default();
	err = tb_options_parse(tb_option_table, 1u << command, options, argc, argv, &first);
	if (err)
		return err;
	options->filter.idle = options->show_all;
	return options->help ? 0 : operands_take(options, argc, argv, first);
}

bool tb_options_color(const struct tb_options *options, int fd)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (options->color != TB_COLOR_AUTO)
		return options->color == TB_COLOR_ALWAYS;
	if (no_color && *no_color)
		return false;
	return isatty(fd) && term && strcmp(term, "dumb");
}
