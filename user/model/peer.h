/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names for objects: the process at the other end of a socket, the path of a file or unix socket.
 * Built from SOCKET and NAME records; model.c feeds it, views ask.
 */
#ifndef TAILBACK_PEER_H
#define TAILBACK_PEER_H

#include "model.h"

int tb_peer_socket(struct tb_model *model, const struct tb_socket *socket);
int tb_peer_name(struct tb_model *model, const struct tb_name *name);
void tb_peer_frame_end(struct tb_model *model); /* forget sockets that the last scan did not show */
void tb_peer_release(struct tb_model *model);

/*
 * Who is at the other end of what `self` waits for: for a client the process that owns or listens
 * on the other end, for a server the one that connected, for a listener nobody. NULL if not known
 * here.
 */
const struct tb_model_process *tb_model_peer(const struct tb_model *model,
					     const struct tb_model_process *self,
					     const struct tb_object *object);

/* The path of a file or unix socket; any bytes, terminated. NULL if not known. */
const char *tb_model_object_name(const struct tb_model *model, const struct tb_object *object);

/* An IPv4 address that travels as IPv6 (::ffff:a.b.c.d) becomes one; returns the family to show. */
__u32 tb_address_plain(__u32 family, const __u8 addr[16], __u8 plain[16]);

#endif
