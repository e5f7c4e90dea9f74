// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses and objects of the text format: `tcp/client/127.0.0.1:5432`, `file/8:1/1234`. Used by
 * text_value.c.
 */
#include "text_table.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *const text_object_kinds[TB_OBJ_NR] = {
	[TB_OBJ_NONE] = "none",	      [TB_OBJ_TCP] = "tcp",	    [TB_OBJ_UDP] = "udp",
	[TB_OBJ_UNIX] = "unix",	      [TB_OBJ_SOCKET] = "socket",   [TB_OBJ_FILE] = "file",
	[TB_OBJ_PIPE] = "pipe",	      [TB_OBJ_EVENTFD] = "eventfd", [TB_OBJ_SIGNALFD] = "signalfd",
	[TB_OBJ_TIMERFD] = "timerfd", [TB_OBJ_EPOLL] = "epoll",	    [TB_OBJ_INOTIFY] = "inotify",
	[TB_OBJ_TTY] = "tty",	      [TB_OBJ_ANON] = "anon",	    [TB_OBJ_FUTEX] = "futex",
	[TB_OBJ_THREAD] = "thread",   [TB_OBJ_SYSCALL] = "syscall", [TB_OBJ_FAULT] = "fault",
	[TB_OBJ_KTHREAD] = "kthread",
};

static const char *const role_names[TB_ROLE_NR] = { "none", "client", "server", "listener" };

/* `host` may be `*`, an IPv4 or a bracketed IPv6 address. */
static int address_parse(const char *host, __u8 addr[16], __u8 *family)
{
	size_t length = strlen(host);
	char copy[INET6_ADDRSTRLEN];

	memset(addr, 0, 16);
	*family = TB_AF_INET;
	if (!strcmp(host, "*") || inet_pton(AF_INET, host, addr) == 1)
		return 0;
	if (*host != '[' || host[length - 1] != ']' || length - 2 >= sizeof(copy))
		return -EINVAL;
	memcpy(copy, host + 1, length - 2);
	copy[length - 2] = '\0';
	*family = TB_AF_INET6;
	return inet_pton(AF_INET6, copy, addr) == 1 ? 0 : -EINVAL;
}

int text_endpoint_parse(const char *value, __u8 addr[16], __u16 *port, __u8 *family)
{
	const char *colon = strrchr(value, ':');
	char host[64], *end;
	unsigned long number;

	if (!colon || (size_t)(colon - value) >= sizeof(host) || colon == value)
		return -EINVAL;
	memcpy(host, value, (size_t)(colon - value));
	host[colon - value] = '\0';
	number = strtoul(colon + 1, &end, 10);
	if (end == colon + 1 || *end || number > 65535)
		return -EINVAL;
	*port = (__u16)number;
	return address_parse(host, addr, family);
}

void text_endpoint_write(FILE *file, const __u8 addr[16], __u16 port, __u8 family)
{
	char host[INET6_ADDRSTRLEN] = "";

	inet_ntop(family == TB_AF_INET6 ? AF_INET6 : AF_INET, addr, host, sizeof(host));
	fprintf(file, family == TB_AF_INET6 ? "[%s]:%u" : "%s:%u", host, port);
}

static bool object_has_address(const struct tb_object *object)
{
	return object->kind == TB_OBJ_TCP || object->kind == TB_OBJ_UDP;
}

static bool object_has_inode(const struct tb_object *object)
{
	return object->kind == TB_OBJ_FILE || object->kind == TB_OBJ_PIPE ||
	       object->kind == TB_OBJ_TTY;
}

static bool object_is_socket(const struct tb_object *object)
{
	return object->kind >= TB_OBJ_TCP && object->kind <= TB_OBJ_SOCKET;
}

/* The part after kind and role. */
static int identity_parse(struct tb_object *object, const char *value)
{
	unsigned int major, minor;
	unsigned long long ino;
	char *end, extra;

	if (object_has_address(object))
		return text_endpoint_parse(value, object->addr, &object->port, &object->family);
	if (object_has_inode(object)) {
		if (sscanf(value, "%u:%u/%llu%c", &major, &minor, &ino, &extra) != 3)
			return -EINVAL;
		object->dev = major << 20 | minor;
		object->ino = ino;
		object->id = (__u64)object->dev << 32 ^ ino;
		return 0;
	}
	object->id = strtoull(value, &end, 0);
	if (object->kind == TB_OBJ_SYSCALL || object->kind == TB_OBJ_FUTEX)
		object->nr = object->kind == TB_OBJ_SYSCALL ? (__u32)object->id : 0;
	if (object->kind == TB_OBJ_UNIX)
		object->family = TB_AF_UNIX;
	return *value && !*end ? 0 : -EINVAL;
}

int text_object_parse(struct tb_object *object, const char *value, char *error)
{
	char kind[64], *slash;
	int found;

	snprintf(kind, sizeof(kind), "%s", value);
	slash = strchr(kind, '/');
	if (slash)
		*slash = '\0';
	found = text_name_find(text_object_kinds, TB_OBJ_NR, kind);
	if (found < 0) {
		text_names_list(text_object_kinds, TB_OBJ_NR, error);
		return -EINVAL;
	}
	object->kind = (__u8)found;
	if (!slash)
		return 0;
	value += slash - kind + 1;
	snprintf(kind, sizeof(kind), "%.*s", (int)strcspn(value, "/"), value);
	found = object_is_socket(object) ? text_name_find(role_names, TB_ROLE_NR, kind) : -1;
	if (found >= 0) {
		object->role = (__u8)found;
		value += strlen(kind);
		if (!*value++)
			return 0;
	}
	if (!identity_parse(object, value))
		return 0;
	snprintf(error, TB_TEXT_ERROR_LEN, "tcp/client/127.0.0.1:80, file/8:1/1234 or kind/id");
	return -EINVAL;
}

void text_object_write(FILE *file, const struct tb_object *object)
{
	fputs(object->kind < TB_OBJ_NR ? text_object_kinds[object->kind] : "?", file);
	if (object_is_socket(object))
		fprintf(file, "/%s", role_names[object->role & 3]);
	fputc('/', file);
	if (object_has_address(object))
		text_endpoint_write(file, object->addr, object->port, object->family);
	else if (object_has_inode(object))
		fprintf(file, "%u:%u/%llu", object->dev >> 20, object->dev & 0xfffff,
			(unsigned long long)object->ino);
	else
		fprintf(file, "0x%llx", (unsigned long long)object->id);
}
