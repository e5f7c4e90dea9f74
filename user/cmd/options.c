// SPDX-License-Identifier: GPL-2.0-only
/* The rows of the option table and what each does to the struct. Called by main.c. */
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "duration.h"
#include "findings.h"
#include "log.h"
#include "tables.h"

#define NUMBER_MAX    (1u << 22) /* the kernel's limit on pids; as a count it is plenty */
#define PERIOD_MIN_NS 10000000	 /* shorter, and the tool would mostly watch itself */

static const char duration_must[] =
	"a duration with a unit, such as 500ms, 10s or 5m, at most a year";
static const char period_must[] =
	"a duration with a unit, such as 500ms, 10s or 5m, from 10ms to a year";
static const char number_must[] = "a whole number from 1 to 4194304";
static const char pids_must[] = "a process id from 1 to 4194304, nor several with commas between";

static const char *number_take(const char *value, __u32 *number)
{
	unsigned long parsed;
	char *end;

	errno = 0;
	parsed = strtoul(value, &end, 10);
	if (errno || *end || *value < '0' || *value > '9' || !parsed || parsed > NUMBER_MAX)
		return number_must;
	*number = (__u32)parsed;
	return NULL;
}

static const char *duration_take(const char *value, __u64 *ns)
{
	return tb_duration_parse(value, ns) ? duration_must : NULL;
}

/* A length of time that the tool itself is to live by. */
static const char *period_take(const char *value, __u64 *ns)
{
	return tb_duration_parse(value, ns) || *ns < PERIOD_MIN_NS ? period_must : NULL;
}

#define TAKE(name) static const char *take_##name(void *into, const char *value)
#define TAKE_FLAG(name, field)                             \
	TAKE(name)                                         \
	{                                                  \
		((struct tb_options *)into)->field = true; \
		return NULL;                               \
	}
#define TAKE_TEXT(name, field)                                \
	TAKE(name)                                            \
	{                                                     \
		((struct tb_options *)into)->field = value;   \
		return *value ? NULL : "a name: it is empty"; \
	}
#define TAKE_BY(take, name, field)                                       \
	TAKE(name)                                                       \
	{                                                                \
		return take(value, &((struct tb_options *)into)->field); \
	}

TAKE_BY(period_take, duration, duration_ns)
TAKE_BY(period_take, interval, interval_ns)
TAKE_BY(duration_take, min, filter.min_ns)
TAKE_TEXT(input, input)
TAKE_TEXT(tee, tee)
TAKE_TEXT(comm, filter.comm)
TAKE_TEXT(cgroup, filter.cgroup)
TAKE_TEXT(unit, filter.unit)
TAKE_TEXT(sort, sort)
TAKE_BY(number_take, rows, rows)
TAKE_BY(number_take, frames, frames)
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

/*
 * The next word of a list with commas; false at its end. A word that is empty, or longer than any
 * that could be meant, is handed out as "".
 */
static bool word_next(const char **list, char *word, size_t size)
{
	size_t length = strcspn(*list, ",");

	if (!**list)
		return false;
	snprintf(word, size, "%.*s", length < size ? (int)length : 0, *list);
	*list += length;
	if ((*list)[0] && (*list)[1])
		(*list)++;
	return true; /* a comma at the end stays, and is an empty word the next time */
}

TAKE(pids)
{
	struct tb_filter *filter = &((struct tb_options *)into)->filter;
	char word[16];

	while (word_next(&value, word, sizeof(word))) {
		if (filter->pid_nr == TB_FILTER_PIDS_MAX)
			return "short enough: at most 64 process ids can be given";
		if (number_take(word, &filter->pids[filter->pid_nr++]))
			return pids_must;
	}
	return filter->pid_nr ? NULL : pids_must;
}

TAKE(reason)
{
	struct tb_options *options = into;
	size_t used = 0;
	__u32 state;

	options->filter.reason = tb_state_number(value);
	if (options->filter.reason >= 0)
		return NULL;
	for (state = 0; state < TB_STATE_NR; state++)
		used += (size_t)snprintf(options->must + used, sizeof(options->must) - used, "%s%s",
					 state ? ", " : "one of ", tb_state_name(state));
	return options->must;
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

static const char *fail_on_must(struct tb_options *options)
{
	size_t used = 0;
	__u32 kind;

	for (kind = 0; kind < TB_FINDING_NR; kind++)
		if (tb_finding_judged(kind))
			used += (size_t)snprintf(options->must + used, sizeof(options->must) - used,
						 "%s%s",
						 used ? ", " : "a kind that this version judges: ",
						 tb_finding_name(kind));
	return options->must;
}

TAKE(fail_on)
{
	struct tb_options *options = into;
	char word[32];
	int kind;

	while (word_next(&value, word, sizeof(word))) {
		kind = tb_finding_number(word);
		if (kind < 0 || !tb_finding_judged((__u32)kind))
			return fail_on_must(options);
		options->fail_on |= 1ull << kind;
	}
	return options->fail_on ? NULL : fail_on_must(options);
}

#define ON(id) (1u << TB_COMMAND_##id)
#define VIEWS  (ON(TOP) | ON(DIAGNOSE))
#define BUILT  (VIEWS | ON(DOCTOR))
#define EVERY  (~0u)

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
	{ "fail-on", 0, "KIND[,KIND]", take_fail_on, "exit 3 if such a finding is present",
	  ON(DIAGNOSE) },
	{ "help", 'h', NULL, take_help, "this text", EVERY },
	{ "version", 'V', NULL, take_version, "the version", EVERY },
	{ NULL },
};

/* `--tid 123` asks for the threads, and of them that one. */
static int operands_take(struct tb_options *options, const struct tb_arguments *arguments)
{
	int argc = arguments->argc, first = arguments->first;
	char **argv = arguments->argv;
	const char *must;

	if (first == argc)
		return 0;
	if (!options->threads || argc - first > 1) {
		tb_error("`%s` is one word too many for `%s`; `tailback %s --help` shows what it "
			 "takes",
			 argv[argc - 1], argv[0], argv[0]);
		return -EINVAL;
	}
	must = number_take(argv[first], &options->filter.tid);
	if (must)
		tb_error("--tid: `%s` is not %s, the id of a thread", argv[first], must);
	return must ? -EINVAL : 0;
}

int tb_options_take(struct tb_options *options, unsigned int command, int argc, char **argv)
{
	struct tb_arguments arguments = { .argc = argc, .argv = argv };
	int err;

	memset(options, 0, sizeof(*options));
	options->filter = tb_filter_default();
	err = tb_options_parse(tb_option_table, 1u << command, options, &arguments);
	if (err)
		return err;
	options->filter.idle = options->show_all;
	return options->help ? 0 : operands_take(options, &arguments);
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
