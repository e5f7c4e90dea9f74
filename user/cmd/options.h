/* SPDX-License-Identifier: GPL-2.0-only */
/* What the command line says, for all commands: one struct, one table of options. */
#ifndef TAILBACK_OPTIONS_H
#define TAILBACK_OPTIONS_H

#include <stdbool.h>

#include "filter.h"
#include "option.h"

enum tb_color { TB_COLOR_AUTO, TB_COLOR_ALWAYS, TB_COLOR_NEVER };

struct tb_options {
	__u64 duration_ns; /* 0: the command's own */
	__u64 interval_ns; /* 0: the command's own */
	const char *input; /* NULL: the running kernel */
	const char *tee;
	struct tb_filter filter;
	bool threads;	  /* rows are threads */
	bool show_all;	  /* also what a view leaves out: idle, not judged */
	const char *sort; /* NULL: the command's own */
	__u32 rows;	  /* at most so many; 0: the command's own */
	__u32 frames;	  /* top --batch: 0: no end */
	bool batch;
	bool json;
	bool strict;
	enum tb_color color;
	__u64 fail_on; /* bit set, by enum tb_finding_kind */
	bool help, version;
	char must[256]; /* scratch of options.c: what a refused value should have been */
};

extern const struct tb_option tb_option_table[];

/* Parse argv[1..] for a command (enum tb_command). 0 or -EINVAL, which has been said. */
int tb_options_take(struct tb_options *options, unsigned int command, int argc, char **argv);

/* Is colour wanted on this descriptor? --color, NO_COLOR, TERM, and whether it is a terminal. */
bool tb_options_color(const struct tb_options *options, int fd);

#endif
