/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A model that lines of text fill, for the tests of user/model: what a line leaves out gets the
 * defaults of text.h. Lines go in by world_feed, which knows the clock from one call to the next.
 */
#ifndef TAILBACK_TESTS_WORLD_H
#define TAILBACK_TESTS_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model.h"
#include "text.h"

struct world {
	struct tb_model model;
	__u64 clock_ns;
};

static inline int world_setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));

	if (!world)
		return -1;
	tb_model_init(&world->model);
	*state = world;
	return 0;
}

static inline int world_teardown(void **state)
{
	struct world *world = *state;

	tb_model_release(&world->model);
	free(world);
	return 0;
}

#define world_test(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

static inline void world_line(struct world *world, const char *line)
{
	union tb_text_record record;
	char error[TB_TEXT_ERROR_LEN];
	int got = tb_text_parse(line, &world->clock_ns, &record, error);

	if (got < 0)
		fail_msg("%s: %s", line, error);
	if (got)
		assert_int_equal(tb_model_record(&world->model, &record.h), 0);
}

static inline void world_feed(struct world *world, const char *lines)
{
	char *copy = strdup(lines), *line, *save = NULL;

	assert_non_null(copy);
	for (line = strtok_r(copy, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		world_line(world, line);
	free(copy);
}

/* The process of text lines: they all begin at 1 ns unless they say otherwise. */
static inline struct tb_model_process *world_process(const struct world *world, __u32 tgid)
{
	struct tb_model_process *process = tb_model_process(&world->model, tgid, tgid ? 1 : 0);

	if (!process)
		fail_msg("no process %u", tgid);
	return process;
}

static inline __u64 world_total(const struct world *world, __u32 tgid, __u32 state)
{
	return world_process(world, tgid)->total.ns[state];
}

/* All states of a process, or, for all processes together, of everything. */
static inline __u64 world_sum(const struct tb_model_process *process)
{
	__u64 sum = 0;
	int i;

	for (i = 0; i < TB_STATE_NR; i++)
		sum += process->total.ns[i];
	return sum;
}

#define MS 1000000ull

#endif
