/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One window of ten seconds on two CPUs, told by its second frame, and its verdict. The first frame
 * has the same threads, which begin there: what a THREAD line says of times must sum to ten
 * seconds. Disks and control groups have counters that are older, so their first lines are given.
 */
#ifndef TAILBACK_TESTS_VERDICT_CASE_H
#define TAILBACK_TESTS_VERDICT_CASE_H

#include <stdio.h>

#include "tables.h"
#include "verdict.h"
#include "world.h"

#define FULL  "HOST user=19s idle=1s\n"	 /* two CPUs, 95 % busy */
#define HALF  "HOST user=10s idle=10s\n" /* one of two */
#define QUIET "HOST user=100ms idle=19900ms\n"

struct verdict_case {
	struct world world;
	struct tb_filter filter;
	struct tb_verdict verdict;
	bool made;
};

static inline int verdict_setup(void **state)
{
	struct verdict_case *c = calloc(1, sizeof(*c));

	if (!c)
		return -1;
	tb_model_init(&c->world.model);
	c->filter = tb_filter_default();
	*state = c;
	return 0;
}

static inline int verdict_teardown(void **state)
{
	struct verdict_case *c = *state;

	if (c->made)
		tb_verdict_release(&c->verdict);
	tb_model_release(&c->world.model);
	free(c);
	return 0;
}

#define verdict_test(name) cmocka_unit_test_setup_teardown(name, verdict_setup, verdict_teardown)

static inline bool word_is_of_first_frame(const char *word)
{
	return !strncmp(word, "tid=", 4) || !strncmp(word, "tgid=", 5) ||
	       !strncmp(word, "comm=", 5) || !strcmp(word, "flags=kernel");
}

/* A THREAD line of the second frame as it stood when the thread began, in the first. */
static inline void thread_begins(struct verdict_case *c, char *line)
{
	char first[512] = "THREAD", *word, *save = NULL;

	for (word = strtok_r(line, " ", &save); word; word = strtok_r(NULL, " ", &save))
		if (word_is_of_first_frame(word)) {
			strcat(first, " ");
			strcat(first, word);
		}
	world_line(&c->world, first);
}

/* `before`: lines of the first frame beside its threads. `after`: all of the second. */
static inline void judge(struct verdict_case *c, const char *before, const char *after)
{
	char *copy = strdup(after), *line, *save = NULL;

	assert_non_null(copy);
	world_line(&c->world, "at 100s");
	world_feed(&c->world, before);
	for (line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (!strncmp(line, "THREAD ", 7))
			thread_begins(c, line);
	free(copy);
	world_line(&c->world, "FRAME");
	tb_model_mark(&c->world.model);
	world_line(&c->world, "at 110s");
	world_feed(&c->world, after);
	world_line(&c->world, "FRAME");
	assert_int_equal(tb_verdict_make(&c->verdict, &c->world.model, &c->filter), 0);
	c->made = true;
}

static inline void assert_verdict(const struct verdict_case *c, enum tb_verdict_class verdict)
{
	assert_string_equal(tb_verdict_name(c->verdict.verdict), tb_verdict_name(verdict));
}

/* The only finding of a kind; fails if there is none. */
static inline const struct tb_finding *finding_of(const struct verdict_case *c,
						  enum tb_finding_kind kind)
{
	size_t i;

	for (i = 0; i < c->verdict.finding_nr; i++)
		if (c->verdict.findings[i].kind == kind)
			return &c->verdict.findings[i];
	fail_msg("no finding %s among %zu", tb_finding_name(kind), c->verdict.finding_nr);
	return NULL;
}

static inline bool has_finding(const struct verdict_case *c, enum tb_finding_kind kind)
{
	size_t i;

	for (i = 0; i < c->verdict.finding_nr; i++)
		if (c->verdict.findings[i].kind == kind)
			return true;
	return false;
}

static inline void assert_severity(const struct tb_finding *finding, enum tb_severity severity)
{
	assert_string_equal(tb_severity_name(finding->severity), tb_severity_name(severity));
}

static inline void assert_about(const struct tb_group *group, const char *comm)
{
	assert_non_null(group);
	assert_string_equal(group->process->comm, comm);
}

static inline void assert_evidence(const struct tb_finding *finding, enum tb_evidence evidence,
				   double expected)
{
	if (finding->evidence[evidence] < expected - 0.005 ||
	    finding->evidence[evidence] > expected + 0.005)
		fail_msg("%s is %f, expected %f", tb_evidence_key(evidence, finding->kind),
			 finding->evidence[evidence], expected);
}

static inline const struct tb_group *group_named(const struct verdict_case *c, const char *comm)
{
	size_t i;

	for (i = 0; i < c->verdict.group_nr; i++)
		if (!strcmp(c->verdict.groups[i].process->comm, comm))
			return &c->verdict.groups[i];
	fail_msg("no group %s", comm);
	return NULL;
}

#endif
