// SPDX-License-Identifier: GPL-2.0-only
/* A wait and its object as JSON: the counterpart of wording.c, for every view that names a wait. */
#include <string.h>

#include "json.h"
#include "peer.h"
#include "tables.h"

static bool is_inet(const struct tb_object *object)
{
	return object->kind == TB_OBJ_TCP || object->kind == TB_OBJ_UDP;
}

static json_t *json_address(const struct tb_object *object, const __u8 addr[16], __u16 port)
{
	struct tb_buf text = {};
	json_t *json;

	if (!is_inet(object) || !port)
		return json_null();
	tb_view_address(&text, object->family, addr, port);
	json = text.failed ? NULL : json_string(text.text);
	tb_buf_release(&text);
	return json;
}

static json_t *json_peer(struct tb_buf *out, const struct tb_model_process *peer)
{
	json_t *json;

	if (!peer)
		return json_null();
	json = json_object();
	tb_json_set(out, json, "pid", json_integer(peer->key.tgid));
	tb_json_set(out, json, "comm", tb_json_text(peer->comm, sizeof(peer->comm)));
	return json;
}

static json_t *json_role(const struct tb_object *object)
{
	static const char *const roles[TB_ROLE_NR] = { [TB_ROLE_CLIENT] = "client",
						       [TB_ROLE_SERVER] = "server",
						       [TB_ROLE_LISTENER] = "listener" };

	if (object->role >= TB_ROLE_NR || !roles[object->role])
		return json_null();
	return json_string(roles[object->role]);
}

/* The words of the text views: clean, and the same in both. */
static json_t *json_object_text(const struct tb_teller *teller, const struct tb_object *object)
{
	struct tb_teller full = *teller;
	struct tb_buf text = {};
	json_t *json;

	full.form = TB_FORM_FULL;
	tb_view_object(&text, &full, object);
	json = text.failed ? NULL : tb_json_text(tb_buf_text(&text), text.length);
	tb_buf_release(&text);
	return json;
}

/* The object's identity: an address or inode number in the kernel or the process. */
static json_t *json_id(const struct tb_object *object)
{
	return object->id && !is_inet(object) ? tb_json_hex(object->id) : json_null();
}

json_t *tb_json_wait(struct tb_buf *out, const struct tb_teller *teller, __u32 state,
		     const struct tb_object *object)
{
	const struct tb_model *model = teller->model;
	const char *path = tb_model_object_name(model, object),
		   *syscall = tb_syscall_name(object->nr);
	const char *kind = tb_object_text(object->kind);
	json_t *json = json_object();

	tb_json_set(out, json, "state", json_string(tb_state_name(state)));
	tb_json_set(out, json, "object", json_object_text(teller, object));
	tb_json_set(out, json, "kind", tb_json_text(kind, strlen(kind)));
	tb_json_set(out, json, "role", json_role(object));
	tb_json_set(out, json, "address", json_address(object, object->addr, object->port));
	tb_json_set(out, json, "peer_address",
		    json_address(object, object->peer_addr, object->peer_port));
	tb_json_set(out, json, "peer", json_peer(out, tb_model_peer(model, teller->self, object)));
	tb_json_set(out, json, "path", path ? tb_json_text(path, TB_PATH_LEN) : json_null());
	tb_json_set(out, json, "fd", object->fd >= 0 ? json_integer(object->fd) : json_null());
	tb_json_set(out, json, "id", json_id(object));
	tb_json_set(out, json, "syscall", syscall ? json_string(syscall) : json_null());
	return json;
}
