// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text format: what lines mean, what they default to, that nothing is lost on the way there and
 * back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "account.h"
#include "text.h"

static union tb_text_record parse_at(const char *line, __u64 clock_ns)
{
	union tb_text_record record;
	char error[TB_TEXT_ERROR_LEN];

	if (tb_text_parse(line, &clock_ns, &record, error) != 1)
		fail_msg("%s: %s", line, error);
	return record;
}

static void assert_error(const char *line, const char *part)
{
	union tb_text_record record;
	char error[TB_TEXT_ERROR_LEN];
	__u64 clock_ns = 10000000000;

	assert_int_equal(tb_text_parse(line, &clock_ns, &record, error), -EINVAL);
	if (!strstr(error, part))
		fail_msg("`%s` does not tell `%s`", error, part);
}

static void assert_round_trip(const union tb_text_record *record)
{
	char *line = NULL;
	size_t size;
	FILE *file = open_memstream(&line, &size);
	union tb_text_record again;

	assert_int_equal(tb_text_write(file, &record->h), 0);
	fclose(file);
	again = parse_at(line, 0);
	if (memcmp(record, &again, record->h.size))
		fail_msg("not the same again: %s", line);
	free(line);
}

static void a_thread_line_keeps_the_invariant(void **state)
{
	union tb_text_record r =
		parse_at("THREAD tid=7 oncpu=100ms net=400ms state=net for=300us", 10000000000);
	const struct tb_thread *t = &r.as_tb_thread;

	assert_true(tb_account_sums(t->ns, t->birth_ns, t->last_ns));
	assert_int_equal(t->last_ns, 10000000000 - 300000);
	assert_int_equal(t->since_ns, t->last_ns);
	assert_int_equal(t->open_ns[TB_OPEN_BLOCKED], 300000);
	assert_int_equal(t->blocked_state, TB_NET);
	assert_int_equal(t->birth_ns, t->last_ns - 500000000);
	assert_int_equal(t->id.tgid, 7);
}

static void an_open_time_goes_where_the_state_says(void **state)
{
	union tb_text_record r = parse_at("THREAD tid=7 state=runqueue for=2ms", 1000000000);

	assert_int_equal(r.as_tb_thread.open_ns[TB_OPEN_QUEUED], 2000000);
	r = parse_at("THREAD tid=7 state=oncpu for=2ms", 1000000000);
	assert_int_equal(r.as_tb_thread.open_ns[TB_OPEN_ONCPU], 2000000);
}

static void times_beyond_the_clock_are_an_error(void **state)
{
	assert_error("THREAD tid=7 oncpu=11s", "later `at`");
}

static void an_object_names_a_connection(void **state)
{
	union tb_text_record r = parse_at("EDGE tgid=1 state=net total=3ms count=3 "
					  "object=tcp/client/127.0.0.1:5432 peer=127.0.0.1:40000",
					  0);
	const struct tb_object *o = &r.as_tb_edge.object;

	assert_int_equal(o->kind, TB_OBJ_TCP);
	assert_int_equal(o->role, TB_ROLE_CLIENT);
	assert_int_equal(o->port, 5432);
	assert_int_equal(o->peer_port, 40000);
	assert_memory_equal(o->addr, "\x7f\0\0\1", 4);
	assert_int_equal(o->fd, -1);
	assert_int_equal(r.as_tb_edge.hist[tb_hist_bucket(1000000)], 3);
}

static void escapes_write_hostile_bytes(void **state)
{
	union tb_text_record r = parse_at("PROCESS tgid=1 comm=\"a\\x1b[2J\\xff \\\"\\n\"", 0);

	assert_string_equal(r.as_tb_process.comm, "a\x1b[2J\xff \"\n");
}

static void every_kind_survives_the_round_trip(void **state)
{
	static const char *const lines[] = {
		"FRAME cpus=4 walk=3us threads=9 realtime=99s",
		"THREAD tid=7 tgid=3 comm=\"\\x01 b\\\"\" flags=existed,estimate state=disk for=1s "
		"oncpu=5 "
		"disk=7 n.disk=3 gaps=2 switches=9 object=file/8:1/1234 fd=5 nr=17",
		"THREAD tid=8 state=runqueue queued=3ms blocked=4ms blocked_state=lock flags=woken",
		"THREAD tid=9 state=poll for=1 object=tcp/server/[::1]:443 peer=[fe80::1]:9 more=1",
		"THREAD tid=9 state=accept for=1 object=tcp/listener/*:80",
		"THREAD tid=9 state=net for=1 object=unix/client/0xffff8880 pid=77 ino=3",
		"EDGE tgid=3 state=event count=12 total=12345678ns object=futex/0x7f31c80",
		"EDGE tgid=0 state=other count=0 hist=none",
		"FOLD tgid=3 threads=4 comm=gone oncpu=3ms n.oncpu=8 switches=7 gaps=1",
		"PROCESS tgid=3 ppid=1 ns_tgid=2 uid=33 comm=web exe=python3.11 cgroup=\"/a "
		"b/c.service\"",
		"SOCKET tgid=3 flags=listens kind=tcp local=*:80",
		"SOCKET tgid=3 family=1 kind=unix id=0xffff8880 ino=4 peer_ino=5",
		"NAME kind=file id=0x80000000004d2 text=\"/srv/a b\"",
		"HOST user=1s idle=2s steal=3ns running=2 memory_total_bytes=4096 name=shop-1 "
		"pressure_io_some=3ms",
		"DISK name=sda dev=8:0 in_flight=3 reads=4 busy=3ms weighted=9ms",
		"CGROUP path=/a quota_us=50000 throttled=3ms oom_kills=2",
		"STATUS lost_ring=3 bpf=4us user=3ms degraded=32 bpf_ns_known=0 torn=1",
	};
	union tb_text_record record;
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		record = parse_at(lines[i], 20000000000);
		assert_round_trip(&record);
	}
}

static void errors_tell_the_word_and_what_is_allowed(void **state)
{
	assert_error("THRED tid=1", "`THRED` begins no line; these do: at FRAME THREAD");
	assert_error("THREAD tidd=1", "THREAD has no word `tidd`; it has time cpu tid");
	assert_error("THREAD tid=x", "tid=x: must be a number");
	assert_error("THREAD tid=4294967296", "that fits the field");
	assert_error("THREAD tid=1 state=nett", "must be one of oncpu runqueue");
	assert_error("THREAD tid=1 net=5parsec", "must be a duration");
	assert_error("THREAD tid=1 flags=dead", "exited,existed");
	assert_error("THREAD tid=1 object=tcp/client/host:1", "tcp/client/127.0.0.1:80");
	assert_error("THREAD tid=1 comm=\"abc", "must end with \"");
	assert_error("PROCESS tgid=1 comm=12345678901234567", "a shorter text");
	assert_error("THREAD tid", "must be word=value");
	assert_error("at noon", "must be followed by a duration");
}

static int count_records(void *ctx, const struct tb_record *record)
{
	++*(int *)ctx;
	return 0;
}

static struct tb_text *text_of(char *input)
{
	return tb_text_new(fmemopen(input, strlen(input), "r"), "in.txt");
}

static void a_source_yields_frames_until_the_file_ends(void **state)
{
	char input[] = "# two frames\nat 1s\nTHREAD tid=1\nFRAME\n\nat 2s\nTHREAD tid=1\nTHREAD "
		       "tid=2\nFRAME\n";
	struct tb_text *text = text_of(input);
	struct tb_source source = tb_text_source(text);
	int records = 0;
	struct tb_sink sink = { .ctx = &records, .record = count_records };

	assert_int_equal(tb_source_frame(&source, &sink), 0);
	assert_int_equal(records, 2);
	assert_int_equal(tb_source_frame(&source, &sink), 0);
	assert_int_equal(records, 5);
	assert_int_equal(tb_source_frame(&source, &sink), -ENODATA);
	tb_text_free(text);
}

static void a_bad_line_is_named_by_file_and_number(void **state)
{
	char input[] = "at 1s\n\nTHREAD tid=one\nFRAME\n";
	struct tb_text *text = text_of(input);
	struct tb_source source = tb_text_source(text);
	int records = 0;
	struct tb_sink sink = { .ctx = &records, .record = count_records };

	assert_int_equal(tb_source_frame(&source, &sink), -EINVAL);
	assert_non_null(strstr(tb_text_error(text), "in.txt:3: tid=one: must be a number"));
	tb_text_free(text);
}

static void a_file_that_ends_amid_a_frame_is_an_error(void **state)
{
	char input[] = "THREAD tid=1\n";
	struct tb_text *text = text_of(input);
	struct tb_source source = tb_text_source(text);
	int records = 0;
	struct tb_sink sink = { .ctx = &records, .record = count_records };

	assert_int_equal(tb_source_frame(&source, &sink), -EINVAL);
	assert_non_null(strstr(tb_text_error(text), "add a FRAME line"));
	tb_text_free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_thread_line_keeps_the_invariant),
		cmocka_unit_test(an_open_time_goes_where_the_state_says),
		cmocka_unit_test(times_beyond_the_clock_are_an_error),
		cmocka_unit_test(an_object_names_a_connection),
		cmocka_unit_test(escapes_write_hostile_bytes),
		cmocka_unit_test(every_kind_survives_the_round_trip),
		cmocka_unit_test(errors_tell_the_word_and_what_is_allowed),
		cmocka_unit_test(a_source_yields_frames_until_the_file_ends),
		cmocka_unit_test(a_bad_line_is_named_by_file_and_number),
		cmocka_unit_test(a_file_that_ends_amid_a_frame_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
