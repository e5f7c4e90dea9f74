/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all JSON of the tool shares: the header of every document, values that may be unknown, and
 * the door for untrusted text. Views build with jansson and this; nobody prints JSON by hand.
 *
 * Running out of memory is remembered in the text that the document goes to, as in buf.h.
 */
#ifndef TAILBACK_VIEW_JSON_H
#define TAILBACK_VIEW_JSON_H

#include <jansson.h>

#include "buf.h"
#include "model.h"
#include "wording.h"

enum tb_json_form {
	TB_JSON_LINE, /* one object a line: streams */
	TB_JSON_PAGE, /* indented: one document */
};

/*
 * A document with the keys of the contract that every one has: schema, version, host, boot_id,
 * started_at, window, overhead. The window is the model's. `schema` is such as "tailback.top/1".
 */
json_t *tb_json_document(struct tb_buf *out, const char *schema, const struct tb_model *model);

/* object[key] = value, which is owned by the object from now on. Keys never come from data. */
void tb_json_set(struct tb_buf *out, json_t *object, const char *key, json_t *value);
void tb_json_append(struct tb_buf *out, json_t *array, json_t *value);

/* Any bytes up to `size` or the first 0, as tb_escape_utf8; null if there are none. */
json_t *tb_json_text(const char *bytes, size_t size);

/* 64-bit ids and addresses: "0x7f31c80". JavaScript's numbers would round them. */
json_t *tb_json_hex(__u64 value);

/* A number; null where it is negative, which is how the model says "unknown", or none at all. */
json_t *tb_json_known(double value);

json_t *tb_json_seconds(__u64 ns);

/*
 * A wait and its object: state, object (the words of the text views), kind, role, address,
 * peer_address, peer {pid, comm}, path, fd, id, syscall; null where there is none. json_wait.c.
 * Whether it is for work, only the caller knows: it adds `idle`.
 */
json_t *tb_json_wait(struct tb_buf *out, const struct tb_teller *teller, __u32 state,
		     const struct tb_object *object);

/* The document as text with a newline at its end. Releases it. */
void tb_json_write(struct tb_buf *out, json_t *document, enum tb_json_form form);

#endif
