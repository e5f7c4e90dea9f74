/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The terminal as a screen: pages are drawn on it, keys come from it, and it is left as it was
 * found, whatever ends the program. One at a time, by the commands that need one. Knows no command.
 */
#ifndef TAILBACK_TERMINAL_H
#define TAILBACK_TERMINAL_H

#include <signal.h>

#include "page.h"
#include "types.h"

/* Beside the characters, beyond Unicode. */
enum tb_key {
	TB_KEY_NONE = 0, /* the deadline has come */
	TB_KEY_OTHER = 0x110000,
	TB_KEY_STOP,   /* a signal wants the end, or the terminal is gone */
	TB_KEY_REDRAW, /* another size, or the program was stopped and goes on */
	TB_KEY_UP,
	TB_KEY_DOWN,
	TB_KEY_PAGE_UP,
	TB_KEY_PAGE_DOWN,
	TB_KEY_HOME,
	TB_KEY_END,
	TB_KEY_ENTER,
	TB_KEY_ESCAPE,
	TB_KEY_ERASE,
};

struct tb_terminal {
	size_t width, height;
	sigset_t signals; /* as they were: let through only while it waits for keys */
	bool color;
};

/* Can this terminal show a screen at all? 0 or -ENOTTY, said. */
int tb_terminal_check(void);

/* 0 or -errno, said. What is said on stderr meanwhile is kept for the end. */
int tb_terminal_open(struct tb_terminal *terminal, bool color);
void tb_terminal_close(struct tb_terminal *terminal);

/* The page from the upper left corner; what does not fit is cut. */
void tb_terminal_draw(struct tb_terminal *terminal, const struct tb_page *page);

/* A character or an enum tb_key; waits until the instant of CLOCK_MONOTONIC. */
__u32 tb_terminal_key(struct tb_terminal *terminal, __u64 until_ns);

/* terminal_crash.c: take note of how the terminal is, before it is changed; and put it back. */
void tb_terminal_guard(int fd);
void tb_terminal_unguard(void);

#endif
