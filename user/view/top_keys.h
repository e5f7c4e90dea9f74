/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one list of keys of `top`: the command acts by it, the last line and the help page show it. A
 * new key is one row here and one function of its name in the command.
 */
#ifndef TAILBACK_VIEW_TOP_KEYS_H
#define TAILBACK_VIEW_TOP_KEYS_H

/* clang-format off */
/*	id, code, as shown, rank in the last line (the highest goes first), short, what it does */
#define TB_TOP_KEYS(X)                                                                             \
	X(filter, '/', "/", 2, "filter", "show only names with these letters, or like this glob")  \
	X(sort, 's', "s", 3, "sort", "sort by the next key")                                       \
	X(reverse, 'r', "r", 7, "order", "turn the order round")                                 \
	X(idle, 'i', "i", 4, "idle", "show or hide who only waits for work")                       \
	X(threads, 't', "t", 5, "threads", "rows are threads or processes")                        \
	X(kernel, 'k', "k", 8, "kernel", "show or hide kernel threads")                            \
	X(pause, 'p', "p", 6, "pause", "hold the picture, and go on (space too)")                  \
	X(help, '?', "?", 1, "help", "this page")                                                  \
	X(quit, 'q', "q", 1, "quit", "end")
/* clang-format on */

#endif
