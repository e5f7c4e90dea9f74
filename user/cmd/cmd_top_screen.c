// SPDX-License-Identifier: GPL-2.0-only
/*
 * `top` on a screen: keys change the look, frames come at their interval, and the two never wait
 * for each other. Called by cmd_top.c.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "cmd_top.h"
#include "duration.h"
#include "terminal.h"
#include "top_columns.h"
#include "top_keys.h"

#define LEAST_WIDTH  20
#define LEAST_HEIGHT 5
#define FIRST_NS     (TB_NSEC_PER_SEC / 4) /* the first picture comes sooner */
#define FIND_MAX     48

struct screen {
	struct top_run *run;
	struct tb_terminal terminal;
	size_t room;		 /* rows on the screen */
	char find[FIND_MAX];	 /* typed after `/` */
	char glob[FIND_MAX + 2]; /* the filter made of it */
	char prompt[FIND_MAX + 48];
	bool typing;
	bool inside;		    /* one process's threads, after Enter */
	struct tb_top_look outside; /* what Esc goes back to */
	__u64 due_ns;		    /* of the next frame */
	bool last;		    /* the frames that were asked for have been shown */
	bool quit;
};

typedef void (*key_fn)(struct screen *screen);

/* `/` narrows what --comm asked for only by taking its place. */
static void find_apply(struct screen *screen)
{
	struct tb_filter *filter = &screen->run->look.filter;
	bool is_glob = strpbrk(screen->find, "*?[");

	if (!*screen->find) {
		filter->comm = screen->run->options->filter.comm;
		return;
	}
	snprintf(screen->glob, sizeof(screen->glob), is_glob ? "%s" : "*%s*", screen->find);
	filter->comm = screen->glob;
}

static void key_filter(struct screen *screen)
{
	screen->typing = true;
}

static void key_sort(struct screen *screen)
{
	screen->run->look.sort = tb_top_column_after(screen->run->look.sort);
}

static void key_reverse(struct screen *screen)
{
	screen->run->look.reverse = !screen->run->look.reverse;
}

static void key_idle(struct screen *screen)
{
	screen->run->look.filter.idle = !screen->run->look.filter.idle;
}

static void key_threads(struct screen *screen)
{
	screen->run->look.threads = !screen->run->look.threads;
	screen->run->look.cursor = TB_TOP_NO_CURSOR;
	screen->run->look.first = 0;
}

static void key_kernel(struct screen *screen)
{
	screen->run->look.filter.kernel_threads = !screen->run->look.filter.kernel_threads;
}

/* What happened meanwhile belongs to no window: the next one begins when it goes on. */
static void key_pause(struct screen *screen)
{
	struct top_run *run = screen->run;

	run->look.paused = !run->look.paused;
	if (run->look.paused || !run->session.live)
		return;
	if (tb_session_frame(&run->session))
		screen->quit = true;
	tb_session_mark(&run->session);
	screen->due_ns = top_now_ns() + FIRST_NS;
}

static void key_help(struct screen *screen)
{
	screen->run->look.help = !screen->run->look.help;
}

static void key_quit(struct screen *screen)
{
	screen->quit = true;
}

static const struct {
	__u32 code;
	key_fn act;
} keys[] = {
#define X(id, code, ...) { code, key_##id },
	TB_TOP_KEYS(X)
#undef X
		{ ' ', key_pause },
};

static void key_enter(struct screen *screen)
{
	struct tb_top_look *look = &screen->run->look;

	if (look->cursor >= screen->run->rows.nr || screen->inside)
		return;
	screen->outside = *look;
	screen->inside = true;
	look->filter.pids[0] = screen->run->rows.rows[look->cursor].process->key.tgid;
	look->filter.pid_nr = 1;
	look->filter.comm = NULL; /* threads have names of their own */
	look->threads = true;
	look->cursor = TB_TOP_NO_CURSOR;
	look->first = 0;
}

/* Back by one step: from one process, from the filter, from the chosen row. */
static void key_escape(struct screen *screen)
{
	struct tb_top_look *look = &screen->run->look;

	if (look->help) {
		look->help = false;
	} else if (screen->inside) {
		look->filter = screen->outside.filter;
		look->threads = screen->outside.threads;
		look->first = screen->outside.first;
		look->cursor = screen->outside.cursor;
		screen->inside = false;
	} else if (*screen->find) {
		screen->find[0] = '\0';
		find_apply(screen);
	} else {
		look->cursor = TB_TOP_NO_CURSOR;
	}
}

static void cursor_move(struct screen *screen, long by)
{
	struct tb_top_look *look = &screen->run->look;
	long last = (long)screen->run->rows.nr - 1, to;

	if (last < 0)
		return;
	to = look->cursor == TB_TOP_NO_CURSOR ? (long)look->first + (by > 0 ? by - 1 : 0)
					      : (long)look->cursor + by;
	to = to < 0 ? 0 : to > last ? last : to;
	look->cursor = (size_t)to;
}

static bool key_move(struct screen *screen, __u32 key)
{
	long page = (long)screen->room, all = (long)screen->run->rows.nr;

	switch (key) {
	case TB_KEY_UP:
		cursor_move(screen, -1);
		return true;
	case TB_KEY_DOWN:
		cursor_move(screen, 1);
		return true;
	case TB_KEY_PAGE_UP:
		cursor_move(screen, -page);
		return true;
	case TB_KEY_PAGE_DOWN:
		cursor_move(screen, page);
		return true;
	case TB_KEY_HOME:
		cursor_move(screen, -all);
		return true;
	case TB_KEY_END:
		cursor_move(screen, all);
		return true;
	}
	return false;
}

/* The last character of the text, which is UTF-8. */
static void find_erase(struct screen *screen)
{
	size_t length = strlen(screen->find);

	while (length && ((unsigned char)screen->find[--length] & 0xc0) == 0x80)
		;
	screen->find[length] = '\0';
}

static void find_add(struct screen *screen, __u32 key)
{
	size_t length = strlen(screen->find), bytes;
	mbstate_t state = { 0 };
	char text[MB_LEN_MAX];

	if (key >= TB_KEY_OTHER || wcwidth((wchar_t)key) <= 0)
		return;
	bytes = wcrtomb(text, (wchar_t)key, &state);
	if (bytes == (size_t)-1 || length + bytes >= sizeof(screen->find))
		return;
	memcpy(screen->find + length, text, bytes);
	screen->find[length + bytes] = '\0';
}

static void key_typed(struct screen *screen, __u32 key)
{
	if (key == TB_KEY_ESCAPE)
		screen->find[0] = '\0';
	else if (key == TB_KEY_ERASE)
		find_erase(screen);
	else if (key != TB_KEY_ENTER)
		find_add(screen, key);
	if (key == TB_KEY_ESCAPE || key == TB_KEY_ENTER)
		screen->typing = false;
	find_apply(screen);
}

static void key_act(struct screen *screen, __u32 key)
{
	size_t i;

	if (screen->typing) {
		key_typed(screen, key);
		return;
	}
	if (key == TB_KEY_ENTER)
		key_enter(screen);
	if (key == TB_KEY_ESCAPE || key == TB_KEY_ERASE)
		key_escape(screen);
	if (key_move(screen, key))
		return;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].code == key)
			keys[i].act(screen);
}

/* The chosen row is on the screen, and the screen is as full as it can be. */
static void scroll_fit(struct screen *screen)
{
	struct tb_top_look *look = &screen->run->look;
	size_t nr = screen->run->rows.nr;

	if (look->cursor != TB_TOP_NO_CURSOR && look->cursor >= nr)
		look->cursor = nr ? nr - 1 : TB_TOP_NO_CURSOR;
	if (look->cursor != TB_TOP_NO_CURSOR) {
		if (look->cursor < look->first)
			look->first = look->cursor;
		if (look->cursor >= look->first + screen->room)
			look->first = look->cursor - screen->room + 1;
	}
	if (look->first + screen->room > nr)
		look->first = nr > screen->room ? nr - screen->room : 0;
}

static void prompt_make(struct screen *screen)
{
	screen->run->look.prompt = screen->typing ? screen->prompt : NULL;
	snprintf(screen->prompt, sizeof(screen->prompt), "/%s_   Enter keeps, Esc clears",
		 screen->find);
}

static void page_fill(struct screen *screen)
{
	struct top_run *run = screen->run;

	tb_page_clear(&run->page);
	if (screen->terminal.width < LEAST_WIDTH || screen->terminal.height < LEAST_HEIGHT) {
		tb_page_add(&run->page, TB_STYLE_PLAIN, "too small:\n20x5 needed\n");
		return;
	}
	run->look.width = screen->terminal.width;
	run->look.height = screen->terminal.height;
	prompt_make(screen);
	screen->room = tb_top_page(&run->page, &run->session.model, &run->rows, &run->look);
}

/* Twice where the rows have moved: how many there is room for is known only after the first. */
static void screen_draw(struct screen *screen)
{
	size_t first = screen->run->look.first;

	page_fill(screen);
	scroll_fit(screen);
	if (screen->run->look.first != first)
		page_fill(screen);
	tb_terminal_draw(&screen->terminal, &screen->run->page);
}

/* Rows as the look wants them now, of the same frame. */
static int screen_again(struct screen *screen)
{
	int err = tb_top_rows_take(&screen->run->rows, &screen->run->session.model,
				   &screen->run->look);

	if (!err)
		screen_draw(screen);
	return err;
}

static int screen_frame(struct screen *screen)
{
	struct top_run *run = screen->run;
	int err;

	screen->quit = screen->last; /* it has been shown for its time */
	if (screen->quit)
		return 0;
	err = top_frame(run);
	screen->due_ns = top_now_ns() + run->interval_ns;
	if (err == -ENODATA) {
		run->look.ended = true;
		return screen_again(screen);
	}
	if (err)
		return err;
	screen_draw(screen);
	screen->last = !top_frame_shown(run);
	return 0;
}

static int screen_wait(struct screen *screen)
{
	struct tb_top_look *look = &screen->run->look;
	bool frozen = look->paused || look->ended;
	__u32 key = tb_terminal_key(&screen->terminal,
				    frozen ? top_now_ns() + TB_NSEC_PER_SEC : screen->due_ns);

	if (key == TB_KEY_NONE)
		return frozen ? 0 : screen_frame(screen);
	if (key == TB_KEY_STOP)
		screen->quit = true;
	else if (key != TB_KEY_REDRAW)
		key_act(screen, key);
	return screen->quit ? 0 : screen_again(screen);
}

int top_screen_run(struct top_run *run)
{
	struct screen screen = { .run = run };
	int err = tb_terminal_open(&screen.terminal, tb_options_color(run->options, STDOUT_FILENO));

	if (err)
		return err;
	screen.due_ns = top_now_ns() + (run->interval_ns < FIRST_NS ? run->interval_ns : FIRST_NS);
	while (!err && !screen.quit)
		err = screen_wait(&screen);
	tb_terminal_close(&screen.terminal);
	return err;
}
