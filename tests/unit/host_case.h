/* SPDX-License-Identifier: GPL-2.0-only */
/* A host reader over a made tree, for the tests of its parts. */
#ifndef TAILBACK_TEST_HOST_CASE_H
#define TAILBACK_TEST_HOST_CASE_H

#include "host.h"
#include "tree.h"

struct case_ {
	struct tree tree;
	struct tb_host_reader *host;
	__u64 now_ns; /* of tests that move the clock */
};

static inline int case_setup(void **state)
{
	struct case_ *c = calloc(1, sizeof(*c));

	tree_make(&c->tree);
	c->host = tb_host_new(c->tree.root);
	*state = c;
	return !c->host;
}

static inline int case_teardown(void **state)
{
	struct case_ *c = *state;

	tb_host_free(c->host);
	tree_remove(&c->tree);
	free(c);
	return 0;
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, case_setup, case_teardown)

#endif
