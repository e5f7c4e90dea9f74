/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a wait is for, in words: the one place where an object becomes text. Used by every view that
 * names a wait. All untrusted parts have passed the terminal's door.
 */
#ifndef TAILBACK_WORDING_H
#define TAILBACK_WORDING_H

#include "buf.h"
#include "model.h"

enum tb_object_form {
	TB_FORM_FULL,  /* "127.0.0.1:5432 (postgres)", "/srv/up/a.tar", "futex 0x7f31c80" */
	TB_FORM_SHORT, /* ":5432 postgres": without an address that is this host's */
	TB_FORM_TIGHT, /* and of a path the last two parts: "pg_wal/0000000100000007" */
};

/* Whose wait it is: who is at the other end depends on it. */
struct tb_teller {
	const struct tb_model *model;
	const struct tb_model_process *self;
	enum tb_object_form form;
};

/* The object alone; nothing where there is nothing to say. */
void tb_view_object(struct tb_buf *out, const struct tb_teller *teller,
		    const struct tb_object *object);

/*
 * The state and its object: "net 127.0.0.1:5432 (postgres)", "timer nanosleep"; "pipe:[17]" says
 * both.
 */
void tb_view_wait(struct tb_buf *out, const struct tb_teller *teller, __u32 state,
		  const struct tb_object *object);

/* "127.0.0.1:5432", "[::1]:443"; an IPv4 address that travels as IPv6 is shown as IPv4. */
void tb_view_address(struct tb_buf *out, __u32 family, const __u8 addr[16], __u16 port);

/* The name of a system call, NULL for a number that this build does not know. */
const char *tb_syscall_name(__u32 nr);

#endif
