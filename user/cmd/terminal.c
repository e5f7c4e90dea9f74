// SPDX-License-Identifier: GPL-2.0-only
/* See terminal.h. The only file that knows ncurses. */
#include "terminal.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#include "clock.h"
#include "duration.h"
#include "log.h"
#include "stop.h"

#define ESCAPE_DELAY_MS 25 /* a lone ESC is a key of its own after so long */

static const struct {
	int curses;
	enum tb_key key;
} function_keys[] = {
	{ KEY_UP, TB_KEY_UP },	       { KEY_DOWN, TB_KEY_DOWN },
	{ KEY_PPAGE, TB_KEY_PAGE_UP }, { KEY_NPAGE, TB_KEY_PAGE_DOWN },
	{ KEY_HOME, TB_KEY_HOME },     { KEY_END, TB_KEY_END },
	{ KEY_ENTER, TB_KEY_ENTER },   { KEY_BACKSPACE, TB_KEY_ERASE },
	{ KEY_RESIZE, TB_KEY_REDRAW },
};

static const struct {
	wint_t character;
	enum tb_key key;
} control_keys[] = {
	{ '\r', TB_KEY_ENTER }, { '\n', TB_KEY_ENTER }, { 27, TB_KEY_ESCAPE },
	{ 127, TB_KEY_ERASE },	{ 8, TB_KEY_ERASE },
};

int tb_terminal_check(void)
{
	const char *name = getenv("TERM");
	const char *move;
	int found = 0;

	if (setupterm(NULL, STDOUT_FILENO, &found) != OK || found != 1) {
		tb_error("this terminal (TERM=%s) is not known here: set TERM, or use --batch",
			 name ? name : "");
		return -ENOTTY;
	}
	move = tigetstr("cup");
	if (move && move != (const char *)-1)
		return 0;
	tb_error("this terminal (TERM=%s) cannot place text: use --batch", name ? name : "");
	return -ENOTTY;
}

/*
 * Delivered only inside ppoll: no wake-up is missed, and no handler of curses runs amid its work.
 */
static void signals_hold(struct tb_terminal *terminal)
{
	static const int held[] = { SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP };
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < sizeof(held) / sizeof(held[0]); i++)
		sigaddset(&set, held[i]);
	sigprocmask(SIG_BLOCK, &set, &terminal->signals);
}

static void colors_begin(struct tb_terminal *terminal)
{
	short color;

	terminal->color = terminal->color && has_colors();
	if (!terminal->color)
		return;
	start_color();
	use_default_colors();
	for (color = 0; color < 8; color++)
		init_pair((short)(color + 1), color, -1);
}

static void size_take(struct tb_terminal *terminal)
{
	terminal->width = COLS > 0 ? (size_t)COLS : 0;
	terminal->height = LINES > 0 ? (size_t)LINES : 0;
}

int tb_terminal_open(struct tb_terminal *terminal, bool color)
{
	memset(terminal, 0, sizeof(*terminal));
	terminal->color = color;
	tb_terminal_guard(STDOUT_FILENO);
	if (!newterm(NULL, stdout, stdin)) {
		tb_terminal_unguard();
		tb_error("cannot use this terminal: use --batch");
		return -ENOTTY;
	}
	signals_hold(terminal);
	colors_begin(terminal);
	set_escdelay(ESCAPE_DELAY_MS);
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	curs_set(0);
	size_take(terminal);
	return 0;
}

void tb_terminal_close(struct tb_terminal *terminal)
{
	endwin();
	tb_terminal_unguard();
	sigprocmask(SIG_SETMASK, &terminal->signals, NULL);
}

static attr_t attributes(const struct tb_terminal *terminal, unsigned int style)
{
	struct tb_style_look look = tb_style_look(style);
	attr_t bits =
		(look.bold ? A_BOLD : 0) | (look.reverse ? A_REVERSE : 0) | (look.dim ? A_DIM : 0);

	if (terminal->color && look.color >= 0)
		bits |= COLOR_PAIR(look.color + 1);
	return bits;
}

/* One stretch of text without newlines, from byte to byte. */
static void stretch_draw(const struct tb_terminal *terminal, const struct tb_page *page,
			 const struct tb_span *span)
{
	attrset(attributes(terminal, span->style));
	addnstr(page->text.text + span->begin, (int)(span->end - span->begin));
	attrset(A_NORMAL);
}

/* The spans that begin in the line, and what lies between them. Spans do not cross lines. */
static void line_draw(const struct tb_terminal *terminal, const struct tb_page *page,
		      struct tb_span line, size_t *span)
{
	struct tb_span part = { .begin = line.begin, .style = TB_STYLE_PLAIN };

	while (*span < page->span_nr && page->spans[*span].begin < line.end) {
		part.end = page->spans[*span].begin;
		stretch_draw(terminal, page, &part);
		stretch_draw(terminal, page, &page->spans[*span]);
		part.begin = page->spans[(*span)++].end;
	}
	part.end = line.end > part.begin ? line.end : part.begin;
	stretch_draw(terminal, page, &part);
}

void tb_terminal_draw(struct tb_terminal *terminal, const struct tb_page *page)
{
	struct tb_span line = { 0 };
	size_t span = 0, row;
	const char *end;

	erase();
	for (row = 0; row < terminal->height && line.begin < page->text.length; row++) {
		end = strchr(page->text.text + line.begin, '\n');
		line.end = end ? (size_t)(end - page->text.text) : page->text.length;
		move((int)row, 0);
		line_draw(terminal, page, line, &span);
		line.begin = line.end + 1;
	}
	refresh();
}

static __u32 function_key(struct tb_terminal *terminal, wint_t code)
{
	size_t i;

	if (code == KEY_RESIZE)
		size_take(terminal);
	for (i = 0; i < sizeof(function_keys) / sizeof(function_keys[0]); i++)
		if ((wint_t)function_keys[i].curses == code)
			return function_keys[i].key;
	return TB_KEY_OTHER;
}

/* What curses has already read or decoded; TB_KEY_NONE if nothing. */
static __u32 key_take(struct tb_terminal *terminal)
{
	wint_t code = 0;
	size_t i;
	int got = get_wch(&code);

	if (got == ERR)
		return TB_KEY_NONE;
	if (got == KEY_CODE_YES)
		return function_key(terminal, code);
	for (i = 0; i < sizeof(control_keys) / sizeof(control_keys[0]); i++)
		if (control_keys[i].character == code)
			return control_keys[i].key;
	return code ? (__u32)code : TB_KEY_OTHER;
}

static struct timespec time_left(__u64 until_ns)
{
	__u64 now_ns = tb_clock_ns(CLOCK_MONOTONIC);
	struct timespec left = { 0 };

	if (until_ns > now_ns) {
		left.tv_sec = (time_t)((until_ns - now_ns) / TB_NSEC_PER_SEC);
		left.tv_nsec = (long)((until_ns - now_ns) % TB_NSEC_PER_SEC);
	}
	return left;
}

/*
 * Signals that wait are let in here as well: ppoll lets none in while there is input, and keys may
 * come without end. A terminal that has gone can be read for ever, and gives nothing.
 */
static bool terminal_ends(const struct tb_terminal *terminal)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	sigset_t held;

	sigprocmask(SIG_SETMASK, &terminal->signals, &held);
	sigprocmask(SIG_SETMASK, &held, NULL);
	return tb_stopped() || (poll(&input, 1, 0) > 0 && (input.revents & ~POLLIN));
}

/* A frame that is due goes before keys: it makes room for as many as come in an interval. */
__u32 tb_terminal_key(struct tb_terminal *terminal, __u64 until_ns)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	struct timespec left = time_left(until_ns);
	__u32 key;
	int ready;

	if (terminal_ends(terminal))
		return TB_KEY_STOP;
	if (!left.tv_sec && !left.tv_nsec)
		return TB_KEY_NONE;
	key = key_take(terminal);
	if (key != TB_KEY_NONE)
		return key;
	ready = ppoll(&input, 1, &left, &terminal->signals);
	if (terminal_ends(terminal))
		return TB_KEY_STOP;
	if (!ready)
		return TB_KEY_NONE;
	key = key_take(terminal);
	return key == TB_KEY_NONE ? TB_KEY_REDRAW : key;
}
