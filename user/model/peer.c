// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is at the other end, and what things are called; see peer.h. One table of addresses answers
 * it: each socket is filed under its connection, and, for connections whose exact ports are not
 * known (an edge stands for many), under what it connects to. Addresses that are not loopback are
 * filed a second time for all network namespaces: containers reach each other across them.
 */
#include "peer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SOCKETS_MAX 65536
#define NETNS_ANY   0

struct address_key {
	__u8 local[16], remote[16];
	__u32 netns;
	__u16 local_port, remote_port;
	__u32 kind;
};

struct tb_model_socket {
	struct address_key key;
	__u32 tgid;   /* that holds it; the lowest but 1, which passes sockets on */
	bool several; /* processes of different names hold sockets under this key */
	__u64 seen;
	UT_hash_handle hh;
};

struct name_key {
	__u64 id;
	__u64 kind;
};

struct tb_model_name {
	struct name_key key;
	UT_hash_handle hh;
	char text[];
};

__u32 tb_address_plain(__u32 family, const __u8 addr[16], __u8 plain[16])
{
	static const __u8 mapped[12] = { [10] = 0xff, [11] = 0xff };

	memset(plain, 0, 16);
	if (family == TB_AF_INET6 && !memcmp(addr, mapped, sizeof(mapped))) {
		memcpy(plain, addr + 12, 4);
		return TB_AF_INET;
	}
	memcpy(plain, addr, family == TB_AF_INET ? 4 : 16);
	return family;
}

static bool address_is_loopback(const __u8 addr[16])
{
	static const __u8 v6[16] = { [15] = 1 };

	return addr[0] == 127 || !memcmp(addr, v6, sizeof(v6));
}

static bool address_is_any(const __u8 addr[16])
{
	static const __u8 any[16];

	return !memcmp(addr, any, sizeof(any));
}

static bool same_name(const struct tb_model *model, __u32 a, __u32 b)
{
	const struct tb_model_process *pa = tb_model_pid(model, a), *pb = tb_model_pid(model, b);

	return pa && pb && !strcmp(pa->comm, pb->comm);
}

static void holder_add(const struct tb_model *model, struct tb_model_socket *socket, __u32 tgid)
{
	if (socket->seen != model->generation) {
		socket->tgid = tgid;
		socket->several = false;
	}
	socket->seen = model->generation;
	if (socket->tgid == tgid)
		return;
	if (!socket->several)
		socket->several = !same_name(model, socket->tgid, tgid);
	if (socket->tgid == 1 || (tgid != 1 && tgid < socket->tgid))
		socket->tgid = tgid;
}

static struct tb_model_socket *socket_find(const struct tb_model *model,
					   const struct address_key *key)
{
	struct tb_model_socket *socket = NULL;

	HASH_FIND(hh, model->sockets, key, sizeof(*key), socket);
	return socket;
}

static int socket_file(struct tb_model *model, const struct address_key *key, __u32 tgid)
{
	struct tb_model_socket *socket = socket_find(model, key);

	if (!socket) {
		if (HASH_COUNT(model->sockets) >= SOCKETS_MAX)
			return 0;
		socket = calloc(1, sizeof(*socket));
		if (!socket)
			return -ENOMEM;
		socket->key = *key;
		HASH_ADD(hh, model->sockets, key, sizeof(socket->key), socket);
	}
	holder_add(model, socket, tgid);
	return 0;
}

/* Under its namespace, and under all where the address means the same everywhere. */
static int socket_file_twice(struct tb_model *model, struct address_key *key, const __u8 addr[16],
			     __u32 tgid)
{
	int err = socket_file(model, key, tgid);

	if (err || address_is_loopback(addr) || address_is_any(addr))
		return err;
	key->netns = NETNS_ANY;
	return socket_file(model, key, tgid);
}

static int inet_socket(struct tb_model *model, const struct tb_socket *record)
{
	struct address_key key = { .kind = record->kind,
				   .netns = record->netns,
				   .local_port = record->local_port };
	int err;

	tb_address_plain(record->family, record->local_addr, key.local);
	if (record->flags & TB_SOCKET_LISTENS)
		return socket_file_twice(model, &key, key.local, record->tgid);
	tb_address_plain(record->family, record->remote_addr, key.remote);
	key.remote_port = record->remote_port;
	if (!key.remote_port) /* UDP that serves */
		return socket_file_twice(model, &key, key.local, record->tgid);
	err = socket_file_twice(model, &key, key.local, record->tgid);
	if (err)
		return err;
	memset(key.local, 0, sizeof(key.local));
	key.local_port = 0;
	key.netns = record->netns;
	return socket_file_twice(model, &key, key.remote, record->tgid);
}

static struct address_key unix_key(__u64 id)
{
	struct address_key key = { .kind = TB_OBJ_UNIX };

	memcpy(key.local, &id, sizeof(id));
	return key;
}

int tb_peer_socket(struct tb_model *model, const struct tb_socket *record)
{
	struct address_key key;

	model->sockets_seen = model->generation;
	if (record->kind == TB_OBJ_TCP || record->kind == TB_OBJ_UDP)
		return inet_socket(model, record);
	if (record->kind != TB_OBJ_UNIX || !(record->flags & TB_SOCKET_LISTENS) || !record->id)
		return 0;
	key = unix_key(record->id);
	return socket_file(model, &key, record->tgid);
}

/* Sockets come in whole scans, not in every frame: what the last scan did not show is gone. */
void tb_peer_frame_end(struct tb_model *model)
{
	struct tb_model_socket *socket, *next;

	if (model->sockets_seen != model->generation)
		return;
	HASH_ITER(hh, model->sockets, socket, next) {
		if (socket->seen == model->generation)
			continue;
		HASH_DEL(model->sockets, socket);
		free(socket);
	}
}

static void name_remove(struct tb_model *model, struct tb_model_name *name)
{
	HASH_DEL(model->names, name);
	free(name);
}

int tb_peer_name(struct tb_model *model, const struct tb_name *record)
{
	struct name_key key = { .id = record->id, .kind = record->kind };
	size_t length = strnlen(record->text, sizeof(record->text));
	struct tb_model_name *name = NULL;

	HASH_FIND(hh, model->names, &key, sizeof(key), name);
	if (name)
		name_remove(model, name);
	else if (HASH_COUNT(model->names) >= TB_MODEL_NAMES_MAX)
		name_remove(model, model->names); /* the oldest */
	name = calloc(1, sizeof(*name) + length + 1);
	if (!name)
		return -ENOMEM;
	name->key = key;
	memcpy(name->text, record->text, length);
	HASH_ADD(hh, model->names, key, sizeof(name->key), name);
	return 0;
}

void tb_peer_release(struct tb_model *model)
{
	struct tb_model_socket *socket, *next_socket;
	struct tb_model_name *name, *next_name;

	HASH_ITER(hh, model->sockets, socket, next_socket) {
		HASH_DEL(model->sockets, socket);
		free(socket);
	}
	HASH_ITER(hh, model->names, name, next_name)
		name_remove(model, name);
}

const char *tb_model_object_name(const struct tb_model *model, const struct tb_object *object)
{
	struct name_key key = { .id = object->id, .kind = object->kind };
	struct tb_model_name *name = NULL;

	HASH_FIND(hh, model->names, &key, sizeof(key), name);
	return name && name->text[0] ? name->text : NULL;
}

/* The holder under a key, in the namespace or, where the address allows it, in any. */
static __u32 holder_find(const struct tb_model *model, struct address_key key)
{
	const struct tb_model_socket *socket = socket_find(model, &key);

	if (!socket) {
		key.netns = NETNS_ANY;
		socket = socket_find(model, &key);
	}
	return socket && !socket->several ? socket->tgid : 0;
}

/* The other end's socket has the addresses the other way round; else who listens there. */
static __u32 client_peer(const struct tb_model *model, const struct tb_object *object)
{
	struct address_key key = { .kind = object->kind,
				   .netns = object->netns,
				   .local_port = object->port,
				   .remote_port = object->peer_port };
	bool own;
	__u32 tgid;

	tb_address_plain(object->family, object->addr, key.local);
	tb_address_plain(object->family, object->peer_addr, key.remote);
	own = address_is_loopback(key.local) || !memcmp(key.local, key.remote, sizeof(key.local));
	tgid = holder_find(model, key);
	if (tgid)
		return tgid;
	memset(key.remote, 0, sizeof(key.remote));
	key.remote_port = 0;
	tgid = holder_find(model, key);
	if (tgid || !own) /* another host's port is no business of a listener here */
		return tgid;
	memset(key.local, 0, sizeof(key.local));
	return holder_find(model, key);
}

static __u32 server_peer(const struct tb_model *model, const struct tb_object *object)
{
	struct address_key key = { .kind = object->kind,
				   .netns = object->netns,
				   .local_port = object->peer_port,
				   .remote_port = object->port };
	__u32 tgid;

	tb_address_plain(object->family, object->peer_addr, key.local);
	tb_address_plain(object->family, object->addr, key.remote);
	tgid = key.local_port ? holder_find(model, key) : 0;
	if (tgid)
		return tgid;
	memset(key.local, 0, sizeof(key.local));
	key.local_port = 0;
	return holder_find(model, key);
}

static __u32 unix_peer(const struct tb_model *model, const struct tb_object *object)
{
	__u32 tgid = 0;

	if (object->role == TB_ROLE_CLIENT)
		tgid = holder_find(model, unix_key(object->id));
	return tgid ? tgid : (__u32)object->pid;
}

const struct tb_model_process *tb_model_peer(const struct tb_model *model,
					     const struct tb_model_process *self,
					     const struct tb_object *object)
{
	__u32 tgid = 0;

	if (object->role == TB_ROLE_LISTENER)
		return NULL;
	if (object->kind == TB_OBJ_UNIX)
		tgid = unix_peer(model, object);
	else if (object->kind != TB_OBJ_TCP && object->kind != TB_OBJ_UDP)
		return NULL;
	else if (object->role == TB_ROLE_CLIENT)
		tgid = client_peer(model, object);
	else if (object->role == TB_ROLE_SERVER)
		tgid = server_peer(model, object);
	if (!tgid || (object->kind == TB_OBJ_UNIX && tgid == self->key.tgid))
		return NULL;
	return tb_model_pid(model, tgid);
}
