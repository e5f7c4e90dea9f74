// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is at the other end of a connection on this host, and what files and unix sockets are called.
 */
#include "world.h"

#include "peer.h"

/* gunicorn 100 has a connection to postgres 200, served by backend 201 */
#define CAST                                                                   \
	"at 10s\nTHREAD tid=100 comm=gunicorn\nTHREAD tid=200 comm=postgres\n" \
	"THREAD tid=201 comm=postgres\nTHREAD tid=1 comm=systemd\nTHREAD tid=300 comm=nginx\n"

static struct tb_object object_of(const char *words)
{
	union tb_text_record record;
	char line[256], error[TB_TEXT_ERROR_LEN];
	__u64 clock_ns = 10000 * MS;

	snprintf(line, sizeof(line), "EDGE tgid=1 state=net %s", words);
	if (tb_text_parse(line, &clock_ns, &record, error) != 1)
		fail_msg("%s: %s", line, error);
	return record.as_tb_edge.object;
}

/* The pid at the other end, 0 if it is not known. */
static __u32 peer_of(const struct world *w, __u32 self, const char *words)
{
	struct tb_object object = object_of(words);
	const struct tb_model_process *peer =
		tb_model_peer(&w->model, world_process(w, self), &object);

	return peer ? peer->key.tgid : 0;
}

static void a_client_finds_who_serves_its_connection(void **state)
{
	struct world *w = *state;

	world_feed(w, CAST "SOCKET tgid=200 flags=listens local=127.0.0.1:5432\n"
			   "SOCKET tgid=201 local=127.0.0.1:5432 remote=127.0.0.1:40000\nFRAME\n");
	assert_int_equal(peer_of(w, 100, "object=tcp/client/127.0.0.1:5432 peer=127.0.0.1:40000"),
			 201);
}

static void a_client_finds_who_listens_where_the_connection_is_not_known(void **state)
{
	struct world *w = *state;

	world_feed(w, CAST "SOCKET tgid=200 flags=listens local=127.0.0.1:5432\nFRAME\n");
	assert_int_equal(peer_of(w, 100, "object=tcp/client/127.0.0.1:5432 peer=127.0.0.1:40000"),
			 200);
	assert_int_equal(peer_of(w, 100, "object=tcp/client/127.0.0.1:5433 peer=127.0.0.1:40000"),
			 0);
}

static void a_listener_on_all_addresses_serves_this_host_only(void **state)
{
	struct world *w = *state;

	world_feed(w, CAST "SOCKET tgid=200 flags=listens local=*:5432\nFRAME\n");
	assert_int_equal(peer_of(w, 100, "object=tcp/client/127.0.0.1:5432 peer=127.0.0.1:40000"),
			 200);
	assert_int_equal(peer_of(w, 100, "object=tcp/client/10.0.0.7:5432 peer=10.0.0.7:40000"),
			 200);
	assert_int_equal(peer_of(w, 100, "object=tcp/client/10.0.0.9:5432 peer=10.0.0.7:40000"), 0);
}

static void a_server_finds_who_connected(void **state)
{
	struct world *w = *state;

	world_feed(w, CAST "SOCKET tgid=100 local=127.0.0.1:40000 remote=127.0.0.1:5432\n"
			   "SOCKET tgid=201 local=127.0.0.1:5432 remote=127.0.0.1:40000\nFRAME\n");
	assert_int_equal(peer_of(w, 201, "object=tcp/server/127.0.0.1:5432 peer=127.0.0.1:40000"),
			 100);
	assert_int_equal(peer_of(w, 201, "object=tcp/server/127.0.0.1:5432"),
			 100); /* any of them */
}

static void a_server_with_different_clients_names_none(void **state)
{
	struct world *w = *state;

	world_feed(w, CAST "SOCKET tgid=100 local=127.0.0.1:40000 remote=127.0.0.1:5432\n"
			   "SOCKET tgid=300 local=127.0.0.1:40001 remote=127.0.0.1:5432\nFRAME\n");
	assert_int_equal(peer_of(w, 201, "object=tcp/server/127.0.0.1:5432"), 0);
	assert_int_equal(peer_of(w, 201, "object=tcp/server/127.0.0.1:5432 peer=127.0.0.1:40001"),
			 300);
}

static void a_listener_has_no_other_end(void **state)
{
	struct world *w = *state;

	world_feed(w, CAST "SOCKET tgid=100 local=127.0.0.1:40000 remote=127.0.0.1:5432\nFRAME\n");
	assert_int_equal(peer_of(w, 200, "object=tcp/listener/127.0.0.1:5432"), 0);
}

static void ipv6_and_mapped_ipv4_addresses_are_found(void **state)
{
	struct world *w = *state;

	world_feed(w, CAST
		   "SOCKET tgid=201 local=[::1]:5432 remote=[::1]:40000\n"
		   "SOCKET tgid=300 local=[::ffff:127.0.0.1]:80 remote=[::ffff:127.0.0.1]:40001\n"
		   "FRAME\n");
	assert_int_equal(peer_of(w, 100, "object=tcp/client/[::1]:5432 peer=[::1]:40000"), 201);
	assert_int_equal(peer_of(w, 100, "object=tcp/client/127.0.0.1:80 peer=127.0.0.1:40001"),
			 300);
	assert_int_equal(peer_of(w, 100, "object=tcp/client/[::1]:5432 peer=[::1]:40009"), 0);
}

static void loopback_is_another_in_each_namespace_and_real_addresses_are_not(void **state)
{
	struct world *w = *state;

	world_feed(w, CAST "SOCKET tgid=200 netns=5 flags=listens local=127.0.0.1:5432\n"
			   "SOCKET tgid=300 netns=5 flags=listens local=10.0.0.7:80\nFRAME\n");
	assert_int_equal(peer_of(w, 100, "object=tcp/client/127.0.0.1:5432 netns=6"), 0);
	assert_int_equal(peer_of(w, 100, "object=tcp/client/127.0.0.1:5432 netns=5"), 200);
	assert_int_equal(peer_of(w, 100, "object=tcp/client/10.0.0.7:80 peer=10.0.0.8:4 netns=6"),
			 300);
}

static void udp_is_not_tcp(void **state)
{
	struct world *w = *state;

	world_feed(w, CAST "SOCKET tgid=200 kind=udp local=127.0.0.1:53\nFRAME\n");
	assert_int_equal(peer_of(w, 100, "object=udp/client/127.0.0.1:53 peer=127.0.0.1:40000"),
			 200);
	assert_int_equal(peer_of(w, 100, "object=tcp/client/127.0.0.1:53 peer=127.0.0.1:40000"), 0);
}

static void a_socket_held_by_several_belongs_to_the_first_but_init(void **state)
{
	struct world *w = *state;

	world_feed(w, CAST "SOCKET tgid=1 flags=listens local=127.0.0.1:5432\n"
			   "SOCKET tgid=201 flags=listens local=127.0.0.1:5432\n"
			   "SOCKET tgid=200 flags=listens local=127.0.0.1:5432\nFRAME\n");
	/* systemd and postgres have different names */
	assert_int_equal(peer_of(w, 100, "object=tcp/client/127.0.0.1:5432"), 0);
	world_feed(w, "at 12s\nSOCKET tgid=201 flags=listens local=127.0.0.1:5432\n"
		      "SOCKET tgid=200 flags=listens local=127.0.0.1:5432\nFRAME\n");
	assert_int_equal(peer_of(w, 100, "object=tcp/client/127.0.0.1:5432"), 200);
}

static void a_unix_client_finds_who_listens_else_who_made_the_pair(void **state)
{
	struct world *w = *state;

	world_feed(w,
		   CAST "SOCKET tgid=200 flags=listens family=1 kind=unix id=0xffff8880\nFRAME\n");
	assert_int_equal(peer_of(w, 100, "object=unix/client/0xffff8880"), 200);
	assert_int_equal(peer_of(w, 100, "object=unix/client/0xffff9990 pid=300"), 300);
	assert_int_equal(peer_of(w, 100, "object=unix/server/0xffff8880 pid=300"), 300);
	assert_int_equal(peer_of(w, 100, "object=unix/client/0xffff9990"), 0);
	assert_int_equal(peer_of(w, 300, "object=unix/client/0xffff9990 pid=300"), 0); /* itself */
}

static void other_objects_have_no_other_end(void **state)
{
	struct world *w = *state;

	world_feed(w, CAST "FRAME\n");
	assert_int_equal(peer_of(w, 100, "object=pipe/0:9/77 pid=300"), 0);
	assert_int_equal(peer_of(w, 100, "object=socket/client/5"), 0);
}

static void sockets_that_a_scan_no_longer_shows_are_forgotten(void **state)
{
	struct world *w = *state;
	const char *client = "object=tcp/client/127.0.0.1:5432";

	world_feed(w, CAST "SOCKET tgid=200 flags=listens local=127.0.0.1:5432\nFRAME\n"
			   "at 11s\nFRAME\nat 12s\nFRAME\n"); /* no scan in these */
	assert_int_equal(peer_of(w, 100, client), 200);
	world_feed(w, "at 13s\nSOCKET tgid=300 flags=listens local=127.0.0.1:80\nFRAME\n");
	assert_int_equal(peer_of(w, 100, client), 0);
}

static void a_peer_that_ended_is_nobody(void **state)
{
	struct world *w = *state;

	world_feed(w, "at 10s\nTHREAD tid=100\nSOCKET tgid=200 flags=listens local=127.0.0.1:5432\n"
		      "FRAME\n");
	assert_int_equal(peer_of(w, 100, "object=tcp/client/127.0.0.1:5432"), 0);
}

static void names_belong_to_kind_and_id_and_can_change(void **state)
{
	struct world *w = *state;
	struct tb_object file = object_of("object=file/8:1/5"), pipe = file;

	pipe.kind = TB_OBJ_PIPE;
	assert_null(tb_model_object_name(&w->model, &file));
	world_feed(w, "NAME kind=file id=0x80000100000005 text=\"/srv/a b\"\n");
	assert_string_equal(tb_model_object_name(&w->model, &file), "/srv/a b");
	assert_null(tb_model_object_name(&w->model, &pipe));
	world_feed(w, "NAME kind=file id=0x80000100000005 text=x\n");
	assert_string_equal(tb_model_object_name(&w->model, &file), "x");
	world_feed(w, "NAME kind=file id=0x80000100000005 text=\"\"\n");
	assert_null(tb_model_object_name(&w->model, &file));
}

static void names_are_bounded_and_the_oldest_go(void **state)
{
	struct world *w = *state;
	struct tb_object file = object_of("object=file/8:1/5");
	char line[96];
	int i;

	for (i = 0; i <= TB_MODEL_NAMES_MAX; i++) {
		snprintf(line, sizeof(line), "NAME kind=file id=%d text=f%d", i + 1, i + 1);
		world_line(w, line);
	}
	file.id = 1;
	assert_null(tb_model_object_name(&w->model, &file));
	file.id = TB_MODEL_NAMES_MAX + 1;
	assert_non_null(tb_model_object_name(&w->model, &file));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(a_client_finds_who_serves_its_connection),
		world_test(a_client_finds_who_listens_where_the_connection_is_not_known),
		world_test(a_listener_on_all_addresses_serves_this_host_only),
		world_test(a_server_finds_who_connected),
		world_test(a_server_with_different_clients_names_none),
		world_test(a_listener_has_no_other_end),
		world_test(ipv6_and_mapped_ipv4_addresses_are_found),
		world_test(loopback_is_another_in_each_namespace_and_real_addresses_are_not),
		world_test(udp_is_not_tcp),
		world_test(a_socket_held_by_several_belongs_to_the_first_but_init),
		world_test(a_unix_client_finds_who_listens_else_who_made_the_pair),
		world_test(other_objects_have_no_other_end),
		world_test(sockets_that_a_scan_no_longer_shows_are_forgotten),
		world_test(a_peer_that_ended_is_nobody),
		world_test(names_belong_to_kind_and_id_and_can_change),
		world_test(names_are_bounded_and_the_oldest_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
