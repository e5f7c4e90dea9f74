// SPDX-License-Identifier: GPL-2.0-only
/* doctor's JSON. That it fits its schema is held by tests/e2e/test_doctor. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "doctor.h"
#include "json.h"

static json_t *document_of(const struct tb_health *health)
{
	struct tb_model model;
	struct tb_buf out = {};
	json_t *document;

	tb_model_init(&model);
	tb_doctor_json(&out, health, &model);
	assert_false(out.failed);
	document = json_loads(out.text, 0, NULL);
	assert_non_null(document);
	tb_buf_release(&out);
	tb_model_release(&model);
	return document;
}

static json_t *row_of(json_t *document, const char *list, const char *name)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(document, list), i, row) {
		if (!strcmp(json_string_value(json_object_get(row, "name")), name))
			return row;
	}
	fail_msg("%s has no %s", list, name);
	return NULL;
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static void an_answer_is_true_false_or_null(void **state)
{
	struct tb_health health = { .kernel = "6.1", .arch = "aarch64" };
	json_t *document, *row;

	health.checks[TB_CHECK_btf] =
		(struct tb_check_result){ .ok = TB_ANSWER_NO, .found = "none", .fix = "another" };
	health.checks[TB_CHECK_psi] =
		(struct tb_check_result){ .ok = TB_ANSWER_YES, .found = "on" };
	document = document_of(&health);
	row = row_of(document, "checks", "btf");
	assert_true(json_is_false(json_object_get(row, "ok")));
	assert_true(json_is_true(json_object_get(row, "required")));
	assert_string_equal(text_of(row, "found"), "none");
	assert_string_equal(text_of(row, "fix"), "another");
	assert_string_equal(text_of(row, "lost_without"), "everything");
	row = row_of(document, "checks", "psi");
	assert_true(json_is_true(json_object_get(row, "ok")));
	assert_true(json_is_false(json_object_get(row, "required")));
	assert_true(json_is_null(json_object_get(row, "fix")));
	row = row_of(document, "checks", "lockdown");
	assert_true(json_is_null(json_object_get(row, "ok")));
	assert_string_equal(text_of(document, "kernel"), "6.1");
	assert_string_equal(text_of(document, "arch"), "aarch64");
	json_decref(document);
}

static void a_hook_is_attached_as_something_or_says_why_not(void **state)
{
	struct tb_health health = {};
	json_t *document, *row;

	health.hooks[TB_HOOK_on_walk].attached = true;
	health.hooks[TB_HOOK_on_fork] = (struct tb_hook_result){ .err = -EPERM, .why = "refused" };
	document = document_of(&health);
	row = row_of(document, "hooks", "on_walk");
	assert_string_equal(text_of(row, "attached_as"), "iter/task");
	assert_true(json_is_null(json_object_get(row, "why")));
	row = row_of(document, "hooks", "on_fork");
	assert_true(json_is_null(json_object_get(row, "attached_as")));
	assert_string_equal(text_of(row, "why"), "refused");
	assert_true(json_is_false(json_object_get(document, "works")));
	json_decref(document);
}

/* One frame is no window: shares of a CPU cannot be told. */
static void the_cost_is_null_where_it_cannot_be_known(void **state)
{
	struct tb_health health = {};
	json_t *document = document_of(&health), *overhead = json_object_get(document, "overhead");

	assert_true(json_is_null(json_object_get(overhead, "bpf_cpu_fraction")));
	assert_true(json_is_null(json_object_get(overhead, "user_cpu_fraction")));
	assert_true(json_is_null(json_object_get(overhead, "map_bytes")));
	json_decref(document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_true_false_or_null),
		cmocka_unit_test(a_hook_is_attached_as_something_or_says_why_not),
		cmocka_unit_test(the_cost_is_null_where_it_cannot_be_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
