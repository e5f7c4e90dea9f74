// SPDX-License-Identifier: GPL-2.0-only
/* The registry of columns, JSON fields and sort keys: the order of rows, and what --sort takes. */
#include "world.h"

#include "top_columns.h"

/* Three processes: 7 runs most, 8 is blocked most, 9 has waited longest. */
static void three_fill(struct world *world)
{
	world_feed(world, "at 100s\nTHREAD tid=7 comm=c oncpu=1s\nTHREAD tid=8 comm=a oncpu=1s\n"
			  "THREAD tid=9 comm=b oncpu=1s state=disk for=50s\nFRAME\n");
	tb_model_mark(&world->model);
	world_feed(world, "at 101s\nTHREAD tid=7 comm=c oncpu=1.9s runqueue=100ms\n"
			  "THREAD tid=8 comm=a oncpu=1.1s lock=800ms state=lock for=100ms\n"
			  "THREAD tid=9 comm=b oncpu=1s state=disk for=51s\nFRAME\n");
}

static void assert_order(const struct world *world, const char *key, bool reverse,
			 const __u32 pids[3])
{
	struct tb_top_look look = { .filter = tb_filter_default(),
				    .sort = tb_top_column(key),
				    .reverse = reverse };
	struct tb_top_rows rows = {};
	size_t i;

	assert_non_null(look.sort);
	assert_int_equal(tb_top_rows_take(&rows, &world->model, &look), 0);
	assert_int_equal(rows.nr, 3);
	for (i = 0; i < 3; i++)
		assert_int_equal(rows.rows[i].process->key.tgid, pids[i]);
	tb_top_rows_release(&rows);
}

static void each_key_has_its_order(void **state)
{
	three_fill(*state);
	assert_order(*state, "pid", false, (const __u32[]){ 7, 8, 9 });
	assert_order(*state, "comm", false, (const __u32[]){ 8, 9, 7 });
	assert_order(*state, "oncpu", false, (const __u32[]){ 7, 8, 9 });
	assert_order(*state, "runqueue", false, (const __u32[]){ 7, 8, 9 });
	assert_order(*state, "blocked", false, (const __u32[]){ 9, 8, 7 });
	assert_order(*state, "longest", false, (const __u32[]){ 9, 8, 7 });
	assert_order(*state, "longest", true, (const __u32[]){ 7, 8, 9 });
}

static void rows_that_look_alike_are_in_the_order_of_what_runs_and_then_of_pids(void **state)
{
	three_fill(*state);
	assert_order(*state, "busy", false, (const __u32[]){ 7, 8, 9 });
	assert_order(*state, "throttled", false, (const __u32[]){ 7, 8, 9 });
}

static void rows_may_be_limited_to_the_first_of_the_order(void **state)
{
	struct tb_top_look look = { .filter = tb_filter_default(),
				    .sort = tb_top_column("blocked"),
				    .rows_max = 1 };
	struct world *w = *state;
	struct tb_top_rows rows = {};

	three_fill(w);
	assert_int_equal(tb_top_rows_take(&rows, &w->model, &look), 0);
	assert_int_equal(rows.nr, 1);
	assert_int_equal(rows.candidates, 3);
	assert_int_equal(rows.rows[0].process->key.tgid, 9);
	tb_top_rows_release(&rows);
}

static void what_has_no_order_is_no_key(void **state)
{
	assert_null(tb_top_column("where"));
	assert_null(tb_top_column("top_wait"));
	assert_null(tb_top_column("group"));
	assert_null(tb_top_column(""));
}

static void keys_follow_each_other_through_all_and_back(void **state)
{
	const struct tb_top_column *first = tb_top_column("busy"), *column = first;
	unsigned int nr = 0;

	do {
		column = tb_top_column_after(column);
		assert_ptr_equal(column, tb_top_column(column->key));
		nr++;
	} while (column != first && nr < 100);
	assert_in_range(nr, 8, 20);
}

static void help_lists_every_key_once(void **state)
{
	const struct tb_top_column *column;
	struct tb_buf out = {};
	const char *at;

	tb_top_sort_help(&out);
	for (column = tb_top_columns; column->key; column++) {
		if (!column->sorted_by)
			continue;
		at = strstr(out.text, column->sorted_by);
		assert_non_null(at);
	}
	assert_null(strstr(out.text, "where"));
	tb_buf_release(&out);
}

static void a_mean_has_two_digits_until_there_is_no_room(void **state)
{
	char text[16];

	tb_top_mean(text, 0.004);
	assert_string_equal(text, "0.00");
	tb_top_mean(text, 99.994);
	assert_string_equal(text, "99.99");
	tb_top_mean(text, 99.996);
	assert_string_equal(text, "100.0");
	tb_top_mean(text, 9999.96);
	assert_string_equal(text, "10000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(each_key_has_its_order),
		world_test(rows_that_look_alike_are_in_the_order_of_what_runs_and_then_of_pids),
		world_test(rows_may_be_limited_to_the_first_of_the_order),
		cmocka_unit_test(what_has_no_order_is_no_key),
		cmocka_unit_test(keys_follow_each_other_through_all_and_back),
		cmocka_unit_test(help_lists_every_key_once),
		cmocka_unit_test(a_mean_has_two_digits_until_there_is_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
