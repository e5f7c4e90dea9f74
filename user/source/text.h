/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records as text: a source for tests, and a way to look at what a source sends. One record a line:
 *
 *	at 10s
 *	PROCESS tgid=4100 comm=gunicorn cgroup="/system.slice/gunicorn.service"
 *	THREAD tid=4103 tgid=4100 comm=gunicorn oncpu=100ms net=400ms state=net for=300us
 *		object=tcp/client/127.0.0.1:5432	(on the same line)
 *	FRAME
 *
 * The first word is a row of TB_RECORDS or `at`, which sets the clock for the lines below. Values:
 * numbers; durations with a unit; text, in quotes if it holds blanks, with \" \\ \n \t \xHH in
 *quotes; addresses 127.0.0.1:80, [::1]:80, *:80; objects kind[/role][/address, dev/inode or id].
 *`#` begins a comment line. What a line leaves out gets a default, so that invariants hold: a
 *thread's birth_ns follows from its times, `for=` sets since and the open time of its state. Tests
 *and tools call it.
 */
#ifndef TAILBACK_TEXT_H
#define TAILBACK_TEXT_H

#include <stdio.h>

#include "source.h"

#define TB_TEXT_ERROR_LEN 256

struct tb_text;

/* The largest record fits. */
union tb_text_record {
	struct tb_record h;
#define X(id, number, type, text) struct type as_##type;
	TB_RECORDS(X)
#undef X
};

/*
 * Read from `file`, which the text owns from now on; `name` is for error messages. NULL without
 * memory. Errors of lines are -EINVAL, said once, and kept for tb_text_error().
 */
struct tb_text *tb_text_new(FILE *file, const char *name);
void tb_text_free(struct tb_text *text);
struct tb_source tb_text_source(struct tb_text *text);
const char *tb_text_error(const struct tb_text *text); /* "" if there is none */

/*
 * One line into a record, with `*clock_ns` as the clock, which `at` sets. 1: a record, 0: none in
 * this line, -EINVAL: `error` tells the word and what is allowed.
 */
int tb_text_parse(const char *line, __u64 *clock_ns, union tb_text_record *record,
		  char error[TB_TEXT_ERROR_LEN]);

/*
 * The line for a record, without newline; parsing it gives the same bytes. -EINVAL: unknown kind.
 */
int tb_text_write(FILE *file, const struct tb_record *record);

#endif
