// SPDX-License-Identifier: GPL-2.0-only
/* What `top` shows, as exact text: at every size, with every trouble, and with hostile names. */
#include "world.h"

#include <locale.h>

#include "top_columns.h"

#define HOST                                                                          \
	"HOST user=10s system=2s idle=8s name=shop-1 memory_total_bytes=8000000000\n" \
	"DISK name=sda dev=8:0 busy=1s\n"
#define HOST_LATER                                                                            \
	"HOST user=11.2s system=2.28s idle=8.52s name=shop-1 memory_total_bytes=8000000000\n" \
	"DISK name=sda dev=8:0 busy=1010ms\n"

/* A web tier asks its database; a tar waits for the disk; a thousand-year-old java waits for work.
 */
static const char shop[] =
	"at 100s\n"
	"PROCESS tgid=4100 comm=gunicorn\nPROCESS tgid=4211 comm=postgres\n"
	"PROCESS tgid=812 comm=tar\nPROCESS tgid=950 comm=java\n"
	"SOCKET tgid=4211 family=2 local=127.0.0.1:5432 flags=listens\n"
	"NAME kind=file id=0x8000010000000007 text=/srv/up/a.tar\n"
	"THREAD tid=4103 tgid=4100 comm=gunicorn oncpu=1s net=3s state=net for=400us "
	"object=tcp/client/127.0.0.1:5432\n"
	"THREAD tid=4106 tgid=4100 comm=gunicorn oncpu=1s net=3s state=oncpu for=1ms\n"
	"EDGE tgid=4100 state=net count=9 total=6s object=tcp/client/127.0.0.1:5432\n"
	"THREAD tid=4211 comm=postgres oncpu=2s net=2s state=oncpu for=1ms\n"
	"THREAD tid=812 comm=tar oncpu=1s state=disk for=3.2s object=file/8:1/7 "
	"id=0x8000010000000007\n"
	"THREAD tid=950 comm=java state=event for=90s object=futex/0x7f0000000010\n" HOST
	"STATUS user=1s bpf=1s\nFRAME\n";

static const char shop_later[] =
	"at 101s\n"
	"THREAD tid=4103 tgid=4100 comm=gunicorn oncpu=1150ms runqueue=40ms net=3810ms state=net "
	"for=400us "
	"object=tcp/client/127.0.0.1:5432\n"
	"THREAD tid=4106 tgid=4100 comm=gunicorn oncpu=1160ms net=3510ms lock=330ms state=oncpu "
	"for=1ms\n"
	"EDGE tgid=4100 state=net count=90 total=7320ms object=tcp/client/127.0.0.1:5432\n"
	"THREAD tid=4211 comm=postgres oncpu=2690ms runqueue=310ms net=2s state=oncpu for=1ms\n"
	"THREAD tid=812 comm=tar oncpu=1020ms state=disk for=4.18s object=file/8:1/7 "
	"id=0x8000010000000007\n"
	"THREAD tid=950 comm=java state=event for=91s object=futex/0x7f0000000010\n" HOST_LATER
	"STATUS user=1002ms bpf=1001.5ms\nFRAME\n";

static struct tb_top_look look_of(size_t width, size_t height)
{
	return (struct tb_top_look){ .filter = tb_filter_default(),
				     .sort = tb_top_columns,
				     .width = width,
				     .height = height,
				     .cursor = TB_TOP_NO_CURSOR };
}

static void shop_fill(struct world *world)
{
	world_feed(world, shop);
	tb_model_mark(&world->model);
	world_feed(world, shop_later);
}

static void assert_page(const struct world *world, const struct tb_top_look *look, const char *text)
{
	struct tb_top_rows rows = {};
	struct tb_page page = {};

	assert_int_equal(tb_top_rows_take(&rows, &world->model, look), 0);
	tb_top_page(&page, &world->model, &rows, look);
	assert_string_equal(page.text.text, text);
	assert_false(page.text.failed);
	tb_top_rows_release(&rows);
	tb_page_release(&page);
}

/* One line of the page, without its newline. */
static void assert_line(const struct world *world, const struct tb_top_look *look, size_t nr,
			const char *text)
{
	struct tb_top_rows rows = {};
	struct tb_page page = {};
	char *line, *save = NULL;

	assert_int_equal(tb_top_rows_take(&rows, &world->model, look), 0);
	tb_top_page(&page, &world->model, &rows, look);
	for (line = strtok_r(page.text.text, "\n", &save); line && nr; nr--)
		line = strtok_r(NULL, "\n", &save);
	assert_non_null(line);
	assert_string_equal(line, text);
	tb_top_rows_release(&rows);
	tb_page_release(&page);
}

static void a_screen_of_80_by_24(void **state)
{
	struct tb_top_look look = look_of(80, 24);

	shop_fill(*state);
	assert_page(
		*state, &look,
		"tailback   shop-1   2 CPUs   00:01:41   over 1.0 s   lost 0   gaps 0   cost 0.4%\n"
		"CPU 74% busy, 0.35 threads queue for it   disk sda 1%   memory ok   steal 0%\n"
		"threads   on CPU 1.02   queued 0.35   blocked 2.63   idle 1 (hidden, i)\n"
		"    PID NAME        ON-CPU QUEUED BLOCKED WHERE      TOP WAIT            LONGEST\n"
		"   4100 gunicorn      0.31   0.04    1.65 #llnnnnnnn net :5432 postgres  0.40 ms\n"
		"   4211 postgres      0.69   0.31    0.00 #######qqq -                         -\n"
		"    812 tar           0.02   0.00    0.98 dddddddddd disk /srv/up/a.tar    4.2 s\n"
		"\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"
		"3 of 4 processes shown   sorted by busy\n"
		"/ filter  s sort  r order  i idle  t threads  k kernel  p pause  ? help  q "
		"quit\n");
}

static void a_screen_of_20_by_5(void **state)
{
	struct tb_top_look look = look_of(20, 5);

	shop_fill(*state);
	assert_page(*state, &look,
		    "CPU 74%   lost 0\n"
		    "NAME      WHERE\n"
		    "gunicorn  #llnnnnnnn\n"
		    "postgres  #######qqq\n"
		    "? help   q quit\n");
}

static void a_file_is_wider_and_as_long_as_its_rows(void **state)
{
	struct tb_top_look look = look_of(100, 0);

	shop_fill(*state);
	look.filter.idle = true;
	assert_page(
		*state, &look,
		"tailback   shop-1   2 CPUs   00:01:41   over 1.0 s   lost 0   gaps 0   cost 0.4%\n"
		"CPU 74% busy, 0.35 threads queue for it   disk sda 1%   memory ok   steal 0%\n"
		"threads   on CPU 1.02   queued 0.35   blocked 2.63   idle 1 (shown)\n"
		"    PID NAME            ON-CPU QUEUED BLOCKED WHERE      TOP WAIT                 "
		"           LONGEST\n"
		"   4100 gunicorn          0.31   0.04    1.65 #llnnnnnnn net :5432 postgres       "
		"           0.40 ms\n"
		"   4211 postgres          0.69   0.31    0.00 #######qqq -                        "
		"                 -\n"
		"    812 tar               0.02   0.00    0.98 dddddddddd disk /srv/up/a.tar       "
		"             4.2 s\n"
		"    950 java              0.00   0.00    1.00 eeeeeeeeee event futex "
		"0x7f0000000010           91.0 s\n"
		"4 of 4 processes shown   sorted by busy\n");
}

static void threads_are_rows_of_their_own(void **state)
{
	struct tb_top_look look = look_of(80, 0);

	shop_fill(*state);
	look.threads = true;
	look.filter.pids[0] = 4100;
	look.filter.pid_nr = 1;
	assert_line(
		*state, &look, 3,
		"    TID NAME        ON-CPU QUEUED BLOCKED WHERE      WAITS FOR           LONGEST");
	assert_line(
		*state, &look, 4,
		"   4106 gunicorn      0.16   0.00    0.84 ##lllnnnnn -                         -");
	assert_line(
		*state, &look, 5,
		"   4103 gunicorn      0.15   0.04    0.81 ##nnnnnnnn net :5432 postgres  0.40 ms");
	assert_line(*state, &look, 6, "2 of 5 threads shown   sorted by busy   only pid 4100");
}

static void losses_and_missing_hooks_are_said_in_words(void **state)
{
	struct tb_top_look look = look_of(100, 0);
	struct world *w = *state;

	shop_fill(w);
	world_feed(w, "STATUS user=1002ms bpf_ns_known=0 lost_ring=7 gaps=2 degraded=16\nFRAME\n");
	assert_line(w, &look, 0,
		    "tailback   shop-1   2 CPUs   00:01:41   over 1.0 s   lost 7   gaps 2   "
		    "cost 0.2% + BPF ?");
	assert_line(w, &look, 3,
		    "INCOMPLETE  7 events lost, 2 gaps: sums are exact, some time may have a wrong "
		    "reason");
	assert_line(w, &look, 4,
		    "DEGRADED  without on_learn: net, accept, ipc, timer: such waits are shown as "
		    "other");
	look = look_of(60, 8);
	assert_line(w, &look, 0, "CPU 74%  queued 0.35  lost 7  gaps 2  DEGRADED  00:01:41");
}

static void a_window_without_rows_says_why(void **state)
{
	struct tb_top_look look = look_of(80, 0);

	shop_fill(*state);
	look.filter.comm = "nobody*";
	assert_line(*state, &look, 4,
		    "no process matches the filter; there are gunicorn, postgres, tar, java");
	look.filter.comm = NULL;
	look.filter.pids[0] = 999;
	look.filter.pids[1] = 4103;
	look.filter.pid_nr = 2;
	assert_line(
		*state, &look, 4,
		"no process 999 exists; 4103 is a thread of process 4100; there are gunicorn, po~");
}

static void an_idle_process_that_was_asked_for_tells_what_it_waits_for(void **state)
{
	struct tb_top_look look = look_of(80, 0);

	shop_fill(*state);
	look.filter.comm = "java";
	assert_line(
		*state, &look, 4,
		"    950 java          0.00   0.00    0.00            idle: event futex~        -");
}

static void hostile_names_are_text_and_keep_their_column(void **state)
{
	static const char *const names[] = { "\\x1b[31mred\\n\\\"", "\xff\xfe\xc3",
					     "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
					     "a\xe2\x80\xae\x62", "\\\\x1b" };
	struct tb_top_look look = look_of(80, 0);
	struct world *w = *state;
	unsigned int frame;
	char line[128];
	size_t i;

	for (frame = 0; frame < 2; frame++) {
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
			snprintf(line, sizeof(line), "at %us\nTHREAD tid=%zu comm=\"%s\" oncpu=%us",
				 100 + frame, i + 1, names[i], 1 + frame);
			world_feed(w, line);
		}
		world_feed(w, "FRAME\n");
		if (!frame)
			tb_model_mark(&w->model);
	}
	assert_line(w, &look, 4,
		    "      1 \\x1b[31mre~   1.00   0.00    0.00 ########## -                       "
		    "  -");
	assert_line(w, &look, 5,
		    "      2 \\xff\\xfe~     1.00   0.00    0.00 ########## -                      "
		    "   -");
	assert_line(w, &look, 6,
		    "      3 \xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e        1.00   0.00    0.00 "
		    "########## -                         -");
	assert_line(
		w, &look, 7,
		"      4 a~            1.00   0.00    0.00 ########## -                         -");
	assert_line(w, &look, 8,
		    "      5 \\\\x1b         1.00   0.00    0.00 ########## -                      "
		    "   -");
}

static void the_chosen_row_has_a_mark(void **state)
{
	struct tb_top_look look = look_of(40, 0);

	shop_fill(*state);
	look.cursor = 1;
	assert_line(*state, &look, 4, "   4100 gunicorn         1.65 #llnnnnnnn");
	assert_line(*state, &look, 5, ">  4211 postgres         0.00 #######qqq");
}

static void a_screen_that_is_scrolled_begins_further_down(void **state)
{
	struct tb_top_look look = look_of(20, 5);

	shop_fill(*state);
	look.first = 2;
	assert_page(*state, &look,
		    "CPU 74%   lost 0\n"
		    "NAME      WHERE\n"
		    "tar       dddddddddd\n"
		    "\n"
		    "? help   q quit\n");
}

static void every_width_fits(void **state)
{
	struct tb_top_rows rows = {};
	struct world *w = *state;
	struct tb_top_look look;
	struct tb_page page = {};
	char *line, *save;
	size_t width, height, lines;

	shop_fill(w);
	for (width = 20; width < 200; width++) {
		height = 5 + width % 30;
		look = look_of(width, height);
		look.help = width % 7 == 0;
		assert_int_equal(tb_top_rows_take(&rows, &w->model, &look), 0);
		tb_page_clear(&page);
		tb_top_page(&page, &w->model, &rows, &look);
		lines = 0;
		for (line = page.text.text; *line; line = save + 1, lines++) {
			save = strchr(line, '\n');
			*save = '\0';
			assert_in_range(tb_text_columns(line), 0, width);
		}
		if (!look.help)
			assert_int_equal(lines, height);
	}
	tb_top_rows_release(&rows);
	tb_page_release(&page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		world_test(a_screen_of_80_by_24),
		world_test(a_screen_of_20_by_5),
		world_test(a_file_is_wider_and_as_long_as_its_rows),
		world_test(threads_are_rows_of_their_own),
		world_test(losses_and_missing_hooks_are_said_in_words),
		world_test(a_window_without_rows_says_why),
		world_test(an_idle_process_that_was_asked_for_tells_what_it_waits_for),
		world_test(hostile_names_are_text_and_keep_their_column),
		world_test(the_chosen_row_has_a_mark),
		world_test(a_screen_that_is_scrolled_begins_further_down),
		world_test(every_width_fits),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
