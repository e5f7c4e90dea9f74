// SPDX-License-Identifier: GPL-2.0-only
/* Waits for one object: what is closed, what is open, and that nothing is kept of what is over. */
#include "world.h"

#include <utlist.h>

#define NET "object=tcp/client/127.0.0.1:5432"

static const struct tb_model_edge *edge_of(const struct world *w, __u32 tgid, __u32 state)
{
	const struct tb_model_edge *edge;

	DL_FOREACH(world_process(w, tgid)->edges, edge)
		if (edge->now.state == state)
			return edge;
	return NULL;
}

static void a_wait_that_is_open_has_an_edge_too(void **state)
{
	struct world *w = *state;
	const struct tb_model_edge *edge;

	world_feed(w, "at 10s\nTHREAD tid=7 state=filelock for=4s object=file/8:1/5\n"
		      "THREAD tid=8 tgid=7 state=filelock for=2s object=file/8:1/5\nFRAME\n");
	edge = edge_of(w, 7, TB_FILELOCK);
	assert_non_null(edge);
	assert_int_equal(edge->open_nr, 2);
	assert_int_equal(edge->open_ns, 6000 * MS);
	assert_int_equal(edge->now.count, 0);
	assert_int_equal(tb_edge_effective_ns(edge), 6000 * MS);
}

static void closed_and_open_time_of_an_edge_add_up(void **state)
{
	struct world *w = *state;
	const struct tb_model_edge *edge;

	world_feed(w, "at 10s\nEDGE tgid=7 state=net count=3 total=30ms " NET "\n"
		      "THREAD tid=7 state=net for=5ms " NET "\nFRAME\n");
	edge = edge_of(w, 7, TB_NET);
	assert_int_equal(edge->now.count, 3);
	assert_int_equal(tb_edge_effective_ns(edge), 35 * MS);
	assert_int_equal(HASH_COUNT(w->model.edges), 1);
}

static void a_woken_thread_still_counts_its_wait_but_no_longer_waits(void **state)
{
	struct world *w = *state;
	const struct tb_model_edge *edge;

	world_feed(w,
		   "at 10s\nTHREAD tid=7 state=net for=5ms last=9995ms " NET "\nFRAME\n"
		   "at 10.001s\nTHREAD tid=7 state=runqueue blocked=5.5ms queued=0.5ms last=9995ms "
		   "blocked_state=net flags=woken\nFRAME\n");
	edge = edge_of(w, 7, TB_NET);
	assert_int_equal(edge->open_nr, 0);
	assert_int_equal(edge->open_ns, 5500000);
}

static void other_objects_reasons_and_processes_are_other_edges(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nEDGE tgid=7 state=net total=1ms " NET "\n"
		      "EDGE tgid=7 state=net total=1ms object=tcp/client/127.0.0.1:5433\n"
		      "EDGE tgid=7 state=net total=1ms object=tcp/server/127.0.0.1:5432\n"
		      "EDGE tgid=7 state=poll total=1ms " NET "\n"
		      "EDGE tgid=8 state=net total=1ms " NET "\n"
		      "EDGE tgid=7 leader=2 state=net total=1ms " NET "\nFRAME\n");
	assert_int_equal(HASH_COUNT(w->model.edges), 6);
}

static void a_connection_is_described_by_the_newest_wait(void **state)
{
	struct world *w = *state;

	world_feed(w,
		   "at 10s\nEDGE tgid=7 state=net total=1ms " NET " peer=127.0.0.1:40000\nFRAME\n"
		   "at 11s\nTHREAD tid=7 state=net for=1ms " NET " peer=127.0.0.1:40001\nFRAME\n");
	assert_int_equal(edge_of(w, 7, TB_NET)->now.object.peer_port, 40001);
}

static void an_edge_that_begins_again_keeps_what_it_had(void **state)
{
	struct world *w = *state;
	const struct tb_model_edge *edge;

	world_feed(w, "at 10s\nEDGE tgid=7 state=net count=3 total=30ms " NET "\nFRAME\n"
		      "at 20s\nEDGE tgid=7 state=net count=1 total=4ms " NET "\nFRAME\n"
		      "at 21s\nEDGE tgid=7 state=net count=2 total=5ms " NET "\nFRAME\n");
	edge = edge_of(w, 7, TB_NET);
	assert_int_equal(edge->now.count, 5);
	assert_int_equal(tb_edge_effective_ns(edge), 35 * MS);
	world_feed(w, "at 22s\nEDGE tgid=7 state=net count=1 total=1ms " NET "\nFRAME\n");
	assert_int_equal(edge_of(w, 7, TB_NET)->now.count, 6);
	assert_int_equal(tb_edge_effective_ns(edge_of(w, 7, TB_NET)), 36 * MS);
}

static void what_was_open_and_is_over_leaves_nothing(void **state)
{
	struct world *w = *state;
	char line[128];
	int i;

	for (i = 0; i < 100; i++) {
		snprintf(line, sizeof(line),
			 "at %ds\nTHREAD tid=7 state=event for=1ms object=futex/%d\n"
			 "FRAME\n",
			 10 + i, 1000 + i);
		world_feed(w, line);
	}
	assert_int_equal(HASH_COUNT(w->model.edges), 1);
	world_feed(w, "at 200s\nTHREAD tid=7\nFRAME\n");
	assert_int_equal(HASH_COUNT(w->model.edges), 0);
}

static void an_edge_goes_with_its_process(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nEDGE tgid=7 state=net total=1ms " NET "\nFRAME\n"
		      "at 11s\nFRAME\nat 12s\nFRAME\nat 13s\nFRAME\n");
	assert_int_equal(HASH_COUNT(w->model.edges), 1);
	tb_model_mark(&w->model);
	assert_int_equal(HASH_COUNT(w->model.edges), 0);
}

static void waits_are_for_work_by_reason_and_by_end_of_a_socket(void **state)
{
	static const struct {
		__u32 state;
		struct tb_object object;
		bool idle;
	} rows[] = {
		{ TB_LOCK, {}, false },
		{ TB_EVENT, {}, true },
		{ TB_JOIN, {}, true },
		{ TB_ACCEPT, {}, true },
		{ TB_POLL, {}, true },
		{ TB_DISK, {}, false },
		{ TB_MEMORY, {}, false },
		{ TB_PIPE, {}, false },
		{ TB_FILELOCK, {}, false },
		{ TB_IPC, {}, false },
		{ TB_TIMER, {}, true },
		{ TB_CHILD, {}, true },
		{ TB_KERNEL, {}, false },
		{ TB_STOPPED, {}, true },
		{ TB_IOURING, {}, false },
		{ TB_OTHER, {}, true },
		{ TB_NET, { .kind = TB_OBJ_TCP, .role = TB_ROLE_CLIENT }, false },
		{ TB_NET, { .kind = TB_OBJ_TCP, .role = TB_ROLE_SERVER }, true },
		{ TB_NET, { .kind = TB_OBJ_UDP, .role = TB_ROLE_LISTENER }, true },
		{ TB_NET, { .kind = TB_OBJ_SOCKET }, true },
		{ TB_STATE_NR, {}, true },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (tb_wait_is_idle(rows[i].state, &rows[i].object) != rows[i].idle)
			fail_msg("row %zu, state %u", i, rows[i].state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(a_wait_that_is_open_has_an_edge_too),
		world_test(closed_and_open_time_of_an_edge_add_up),
		world_test(a_woken_thread_still_counts_its_wait_but_no_longer_waits),
		world_test(other_objects_reasons_and_processes_are_other_edges),
		world_test(a_connection_is_described_by_the_newest_wait),
		world_test(an_edge_that_begins_again_keeps_what_it_had),
		world_test(what_was_open_and_is_over_leaves_nothing),
		world_test(an_edge_goes_with_its_process),
		cmocka_unit_test(waits_are_for_work_by_reason_and_by_end_of_a_socket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
