// SPDX-License-Identifier: GPL-2.0-only
/* Processes seen in the stream: who is to be told of, who is not asked about, who is gone. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "census.h"

struct asked {
	__u32 tgid[16];
	int nr;
	int answer;
};

static int setup(void **state)
{
	*state = tb_census_new();
	return !*state;
}

static int teardown(void **state)
{
	tb_census_free(*state);
	return 0;
}

static void thread_at(struct tb_census *census, __u64 time_ns, __u32 tid, __u32 flags)
{
	struct tb_thread record = {
		.h = { .kind = TB_REC_THREAD, .size = sizeof(record), .time_ns = time_ns },
		.id = { .tid = tid, .tgid = tid, .leader_start_ns = tid },
		.flags = flags
	};

	assert_int_equal(tb_census_note(census, &record.h), 0);
}

static void thread(struct tb_census *census, __u32 tid, __u32 tgid, __u32 flags)
{
	struct tb_thread record = { .h = { .kind = TB_REC_THREAD, .size = sizeof(record) },
				    .id = { .tid = tid, .tgid = tgid, .leader_start_ns = tgid },
				    .comm = "web",
				    .flags = flags };

	assert_int_equal(tb_census_note(census, &record.h), 0);
}

static void fold(struct tb_census *census, __u32 tgid)
{
	struct tb_fold record = { .h = { .kind = TB_REC_FOLD, .size = sizeof(record) },
				  .tgid = tgid,
				  .leader_start_ns = tgid };

	assert_int_equal(tb_census_note(census, &record.h), 0);
}

static int ask(void *ctx, __u32 tgid, __u64 leader_start_ns)
{
	struct asked *asked = ctx;

	assert_int_equal(leader_start_ns, tgid);
	asked->tgid[asked->nr++] = tgid;
	return asked->answer;
}

static struct asked untold(struct tb_census *census, int answer)
{
	struct asked asked = { .answer = answer };

	asked.answer = tb_census_untold(census, ask, &asked);
	return asked;
}

static bool is_gone(const struct tb_census *census, __u32 tgid)
{
	struct tb_process_key key = { .tgid = tgid, .leader_start_ns = tgid };

	return tb_census_is_gone(census, &key);
}

static void each_process_is_asked_about_once(void **state)
{
	thread(*state, 7, 7, 0);
	thread(*state, 8, 7, 0);
	fold(*state, 9);
	fold(*state, 0);
	assert_int_equal(untold(*state, 0).nr, 2);
	thread(*state, 7, 7, 0);
	assert_int_equal(untold(*state, 0).nr, 0);
}

static void who_could_not_be_found_is_not_asked_about_again(void **state)
{
	fold(*state, 9);
	assert_int_equal(untold(*state, -ESRCH).answer, 0);
	assert_int_equal(untold(*state, 0).nr, 0);
}

static void another_error_ends_the_asking(void **state)
{
	fold(*state, 9);
	fold(*state, 10);
	assert_int_equal(untold(*state, -ENOSPC).answer, -ENOSPC);
	assert_int_equal(untold(*state, 0).nr, 2);
}

static void a_new_name_is_a_reason_to_ask_again(void **state)
{
	struct tb_thread leader = { .h = { .kind = TB_REC_THREAD, .size = sizeof(leader) },
				    .id = { .tid = 7, .tgid = 7, .leader_start_ns = 7 },
				    .comm = "sh" };

	tb_census_note(*state, &leader.h);
	assert_int_equal(untold(*state, 0).nr, 1);
	strcpy(leader.comm, "postgres");
	tb_census_note(*state, &leader.h);
	assert_int_equal(untold(*state, 0).nr, 1);
	assert_int_equal(untold(*state, 0).nr, 0);
}

static void who_has_ended_is_not_asked_about(void **state)
{
	thread(*state, 7, 7, TB_THREAD_EXITED);
	fold(*state, 7);
	assert_int_equal(untold(*state, 0).nr, 0);
	thread(*state, 8, 8, 0);
	thread(*state, 8, 8, TB_THREAD_EXITED);
	assert_int_equal(untold(*state, 0).nr, 0);
}

static void who_lives_on_without_its_leader_is_asked_about(void **state)
{
	struct asked asked;

	thread(*state, 7, 7, TB_THREAD_EXITED);
	thread(*state, 8, 7, 0);
	thread(*state, 20, 9, TB_THREAD_EXITED);
	asked = untold(*state, 0);
	assert_int_equal(asked.nr, 2);
	assert_int_equal(asked.tgid[0], 7);
	assert_int_equal(asked.tgid[1], 9);
}

static void who_is_not_seen_for_some_frames_is_gone(void **state)
{
	__u64 frame;

	thread_at(*state, 0, 7, 0);
	thread_at(*state, 0, 8, 0);
	for (frame = 1; frame <= 3; frame++) {
		assert_false(is_gone(*state, 7));
		tb_census_next(*state);
		thread_at(*state, frame * 1000000000, 8, 0);
	}
	assert_true(is_gone(*state, 7));
	assert_false(is_gone(*state, 8));
	tb_census_next(*state);
	assert_false(is_gone(*state, 7)); /* forgotten */
}

/* Its threads may be on their way to their last switch: many frames are not much time. */
static void who_was_seen_just_now_is_not_gone_after_many_frames(void **state)
{
	__u64 frame;

	thread_at(*state, 0, 7, 0);
	for (frame = 1; frame <= 40; frame++) {
		tb_census_next(*state);
		thread_at(*state, frame * 50000000, 8, 0);
	}
	assert_false(is_gone(*state, 7));
	thread_at(*state, 2000000001, 8, 0);
	assert_true(is_gone(*state, 7));
}

#define CENSUS(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CENSUS(each_process_is_asked_about_once),
		CENSUS(who_could_not_be_found_is_not_asked_about_again),
		CENSUS(another_error_ends_the_asking),
		CENSUS(a_new_name_is_a_reason_to_ask_again),
		CENSUS(who_has_ended_is_not_asked_about),
		CENSUS(who_lives_on_without_its_leader_is_asked_about),
		CENSUS(who_is_not_seen_for_some_frames_is_gone),
		CENSUS(who_was_seen_just_now_is_not_gone_after_many_frames),
	};

	return cmocka_run_group_tests_name("census", tests, NULL, NULL);
}
