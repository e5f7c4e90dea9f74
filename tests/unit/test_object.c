// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is one object, and what is one edge: the words by which the kernel and user space know them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "keys.h"
#include "states.h"

static const struct tb_object postgres = {
	.kind = TB_OBJ_TCP, .role = TB_ROLE_CLIENT, .port = 5432, .id = 77
};

static void what_only_describes_makes_no_other_object(void **state)
{
	struct tb_object same = postgres;

	same.fd = 9;
	same.peer_port = 40000;
	same.addr[0] = 127;
	same.ino = 4;
	same.nr = 45;
	assert_true(tb_object_same(&postgres, &same));
	assert_int_equal(tb_edge_sig(TB_NET, &postgres), tb_edge_sig(TB_NET, &same));
}

static void kind_role_port_and_id_make_another_object(void **state)
{
	struct tb_object other = postgres;

	other.kind = TB_OBJ_UDP;
	assert_false(tb_object_same(&postgres, &other));
	other = postgres;
	other.role = TB_ROLE_SERVER;
	assert_false(tb_object_same(&postgres, &other));
	other = postgres;
	other.port = 5433;
	assert_false(tb_object_same(&postgres, &other));
	other = postgres;
	other.id = 78;
	assert_false(tb_object_same(&postgres, &other));
}

static void an_edges_word_holds_all_that_tells_edges_apart(void **state)
{
	struct tb_object other = postgres;
	__u32 sig = tb_edge_sig(TB_NET, &postgres);

	assert_int_not_equal(tb_edge_sig(TB_POLL, &postgres), sig);
	other.kind = TB_OBJ_UDP;
	assert_int_not_equal(tb_edge_sig(TB_NET, &other), sig);
	other = postgres;
	other.role = TB_ROLE_SERVER;
	assert_int_not_equal(tb_edge_sig(TB_NET, &other), sig);
	other = postgres;
	other.port = 443;
	assert_int_not_equal(tb_edge_sig(TB_NET, &other), sig);
}

static void an_edges_word_gives_its_state_back_and_is_never_nothing(void **state)
{
	const struct tb_object none = {};
	__u32 reason;

	for (reason = 0; reason < TB_STATE_NR; reason++) {
		assert_int_equal(tb_edge_sig_state(tb_edge_sig(reason, &postgres)), reason);
		assert_int_not_equal(tb_edge_sig(reason, &none), 0);
	}
}

/* Five bits for the state, five for the kind, three for the role: see tb_edge_sig. */
static void the_tables_fit_into_an_edges_word(void **state)
{
	assert_in_range(TB_STATE_NR, 1, 32);
	assert_in_range(TB_OBJ_NR, 1, 32);
	assert_in_range(TB_ROLE_NR, 1, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_only_describes_makes_no_other_object),
		cmocka_unit_test(kind_role_port_and_id_make_another_object),
		cmocka_unit_test(an_edges_word_holds_all_that_tells_edges_apart),
		cmocka_unit_test(an_edges_word_gives_its_state_back_and_is_never_nothing),
		cmocka_unit_test(the_tables_fit_into_an_edges_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
