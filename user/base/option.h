/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Command line options from a table: parsing, and the lines of --help, come from the same rows.
 * Commands own the table and the struct that it fills.
 */
#ifndef TAILBACK_OPTION_H
#define TAILBACK_OPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "buf.h"

/*
 * Takes the value of an option (NULL for a flag) into the command's struct. Returns NULL, or what
 * the value is not, as a phrase: "a duration with a unit, such as 500ms or 10s".
 */
typedef const char *(*tb_option_fn)(void *into, const char *value);

struct tb_option {
	const char *name;  /* long name, without dashes; NULL ends a table */
	char letter;	   /* 0: none */
	const char *value; /* what it takes, as shown by --help; NULL: it is a flag */
	tb_option_fn take;
	const char *help;
	unsigned int commands; /* bit set: of the commands that know it */
};

/* A command line: argv[0] is the command's name. */
struct tb_arguments {
	int argc;
	char **argv;
	int first; /* operand, after parsing: those that are no options were moved to the end */
};

/*
 * Parse argv[1..] for the command with this bit into the command's struct. Options and operands may
 * be mixed. 0, or -EINVAL, which has been said.
 */
int tb_options_parse(const struct tb_option *options, unsigned int command, void *into,
		     struct tb_arguments *arguments);

/* A line for each option of the command. */
void tb_options_help(const struct tb_option *options, unsigned int command, struct tb_buf *out);

#endif
