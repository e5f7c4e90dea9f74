// SPDX-License-Identifier: GPL-2.0-only
/* See wording.h. */
#include "wording.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "escape.h"
#include "peer.h"
#include "syscalls.h"
#include "tables.h"

static const char *const syscall_names[TB_SYSCALL_NR_MAX] = {
#include "syscall_names.h"
};

const char *tb_syscall_name(__u32 nr)
{
	return nr < TB_SYSCALL_NR_MAX ? syscall_names[nr] : NULL;
}

void tb_view_address(struct tb_buf *out, __u32 family, const __u8 addr[16], __u16 port)
{
	char text[INET6_ADDRSTRLEN];
	__u8 plain[16];

	family = tb_address_plain(family, addr, plain);
	if (!inet_ntop(family == TB_AF_INET ? AF_INET : AF_INET6, plain, text, sizeof(text)))
		text[0] = '\0';
	tb_buf_printf(out, family == TB_AF_INET ? "%s:%u" : "[%s]:%u", text, port);
}

static bool address_is_here(__u32 family, const __u8 addr[16])
{
	static const __u8 v6[16] = { [15] = 1 }, any[16];
	__u8 plain[16];

	family = tb_address_plain(family, addr, plain);
	return !memcmp(plain, any, sizeof(any)) ||
	       (family == TB_AF_INET ? plain[0] == 127 : !memcmp(plain, v6, sizeof(v6)));
}

/* The other end: a client's is the object itself; a server is named by its own port. */
static void inet_text(struct tb_buf *out, const struct tb_object *object, enum tb_object_form form)
{
	if (form != TB_FORM_FULL && address_is_here(object->family, object->addr))
		tb_buf_printf(out, ":%u", object->port);
	else
		tb_view_address(out, object->family, object->addr, object->port);
}

static void peer_text(struct tb_buf *out, const struct tb_model_process *peer,
		      enum tb_object_form form)
{
	if (!peer)
		return;
	tb_buf_add(out, form != TB_FORM_FULL ? " " : " (");
	tb_escape_terminal(out, peer->comm, sizeof(peer->comm));
	if (form == TB_FORM_FULL)
		tb_buf_add(out, ")");
}

/* Where room is scarce, the end of a path tells more than its beginning. */
static void path_text(struct tb_buf *out, const char *path, enum tb_object_form form)
{
	size_t at = strnlen(path, TB_PATH_LEN), slashes = 0;

	while (form == TB_FORM_TIGHT && at && slashes < 2)
		slashes += path[--at] == '/';
	if (form == TB_FORM_TIGHT && slashes == 2 && at)
		path += at + 1;
	tb_escape_terminal(out, path, TB_PATH_LEN);
}

static void unix_text(struct tb_buf *out, const struct tb_teller *teller,
		      const struct tb_object *object)
{
	const char *path = tb_model_object_name(teller->model, object);

	if (path)
		path_text(out, path, teller->form);
	else
		tb_buf_add(out, "unix socket");
}

static void file_text(struct tb_buf *out, const struct tb_teller *teller,
		      const struct tb_object *object)
{
	const char *path = tb_model_object_name(teller->model, object);

	if (path)
		path_text(out, path, teller->form);
	else
		tb_buf_printf(out, "file %u:%u inode %llu", object->dev >> 20,
			      object->dev & 0xfffff, (unsigned long long)object->ino);
}

static void syscall_text(struct tb_buf *out, __u32 nr)
{
	const char *name = tb_syscall_name(nr);

	if (name)
		tb_buf_add(out, name);
	else if (nr != TB_NO_SYSCALL)
		tb_buf_printf(out, "system call %u", nr);
}

void tb_view_object(struct tb_buf *out, const struct tb_teller *teller,
		    const struct tb_object *object)
{
	const struct tb_model *model = teller->model;

	switch (object->kind) {
	case TB_OBJ_TCP:
	case TB_OBJ_UDP:
		inet_text(out, object, teller->form);
		peer_text(out, tb_model_peer(model, teller->self, object), teller->form);
		return;
	case TB_OBJ_UNIX:
		unix_text(out, teller, object);
		peer_text(out, tb_model_peer(model, teller->self, object), teller->form);
		return;
	case TB_OBJ_FILE:
		file_text(out, teller, object);
		return;
	case TB_OBJ_FUTEX:
		tb_buf_printf(out, "futex 0x%llx", (unsigned long long)object->id);
		return;
	case TB_OBJ_THREAD:
		tb_buf_printf(out, "thread %llu", (unsigned long long)object->id);
		return;
	case TB_OBJ_PIPE:
		tb_buf_printf(out, "pipe:[%llu]", (unsigned long long)object->ino);
		return;
	case TB_OBJ_SYSCALL:
		syscall_text(out, object->nr);
		return;
	}
	tb_buf_add(out, tb_object_text(object->kind));
}

void tb_view_wait(struct tb_buf *out, const struct tb_teller *teller, __u32 state,
		  const struct tb_object *object)
{
	const char *name = tb_state_name(state);
	struct tb_buf text = {};

	tb_view_object(&text, teller, object);
	if (!text.length || strncmp(text.text, name, strlen(name)))
		tb_buf_printf(out, text.length ? "%s " : "%s", name);
	if (text.length)
		tb_buf_add(out, text.text);
	out->failed |= text.failed;
	tb_buf_release(&text);
}
