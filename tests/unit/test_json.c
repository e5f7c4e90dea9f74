// SPDX-License-Identifier: GPL-2.0-only
/* user/view/json.c: the header of every document, and what may not leave through its door. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "json.h"
#include "version.h"

static void model_fill(struct tb_model *model)
{
	tb_model_init(model);
	model->marked = true;
	model->mark_frame.h.time_ns = 5000000000ull;
	model->mark_frame.realtime_ns = 1700000000123456789ull;
	model->frame.h.time_ns = 6500000000ull;
	model->mark_walk_ns = 5000000000ull;
	model->walk_ns = 6500000000ull;
	strcpy(model->host.name, "shop-1");
	strcpy(model->host.boot_id, "6a1ab36b-0a5f-4b0c-8c86-56bd1b3b0fd0");
}

static void a_document_has_the_header_of_the_contract(void **state)
{
	struct tb_buf out = {};
	struct tb_model model;

	model_fill(&model);
	model.status.bpf_ns_known = 1;
	model.status.bpf_ns = 3000000;
	model.status.user_ns = 6000000;
	model.status.lost_ring = 7;
	model.status.gaps = 2;
	model.status.map_bytes = 4096;
	tb_json_write(&out, tb_json_document(&out, "tailback.top/1", &model), TB_JSON_LINE);
	assert_string_equal(
		out.text,
		"{\"schema\":\"tailback.top/1\",\"version\":\"" TAILBACK_VERSION
		"\",\"host\":\"shop-1\","
		"\"boot_id\":\"6a1ab36b-0a5f-4b0c-8c86-56bd1b3b0fd0\","
		"\"started_at\":\"2023-11-14T22:13:20.123Z\","
		"\"window\":{\"seconds\":1.5,\"complete\":false,\"lost_events\":7,\"gaps\":2,"
		"\"unknown_share\":0.0},"
		"\"overhead\":{\"bpf_cpu_fraction\":0.002,\"user_cpu_fraction\":0.004,"
		"\"map_bytes\":4096,\"rss_bytes\":null}}\n");
	assert_false(out.failed);
	tb_buf_release(&out);
	tb_model_release(&model);
}

static void what_is_unknown_is_null(void **state)
{
	struct tb_buf out = {};
	json_t *list = json_array();

	tb_json_append(&out, list, tb_json_known(-1));
	tb_json_append(&out, list, tb_json_known(NAN));
	tb_json_append(&out, list, tb_json_known(0));
	tb_json_append(&out, list, tb_json_text("", 0));
	tb_json_write(&out, list, TB_JSON_LINE);
	assert_string_equal(out.text, "[null,null,0.0,null]\n");
	assert_false(out.failed);
	tb_buf_release(&out);
}

static void an_id_of_64_bits_is_a_hex_string(void **state)
{
	struct tb_buf out = {};
	json_t *list = json_array();

	tb_json_append(&out, list, tb_json_hex(~0ull));
	tb_json_write(&out, list, TB_JSON_LINE);
	assert_string_equal(out.text, "[\"0xffffffffffffffff\"]\n");
	tb_buf_release(&out);
}

static void hostile_text_leaves_as_valid_ascii_json(void **state)
{
	static const char name[16] = "\x1b[31m\"\\\n\xff\xc2\x9b";
	struct tb_buf out = {};
	json_t *list = json_array();

	tb_json_append(&out, list, tb_json_text(name, sizeof(name)));
	tb_json_write(&out, list, TB_JSON_LINE);
	assert_string_equal(out.text, "[\"\\u001B[31m\\\"\\\\\\n\\uFFFD\\u009B\"]\n");
	tb_buf_release(&out);
}

static void a_value_that_could_not_be_made_is_not_silently_missing(void **state)
{
	struct tb_buf out = {};
	json_t *object = json_object();

	tb_json_set(&out, object, "key", NULL);
	assert_true(out.failed);
	json_decref(object);
	tb_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_document_has_the_header_of_the_contract),
		cmocka_unit_test(what_is_unknown_is_null),
		cmocka_unit_test(an_id_of_64_bits_is_a_hex_string),
		cmocka_unit_test(hostile_text_leaves_as_valid_ascii_json),
		cmocka_unit_test(a_value_that_could_not_be_made_is_not_silently_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
