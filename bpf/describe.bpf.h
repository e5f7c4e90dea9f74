/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The slow half of resolve.bpf.h: what describes an object without being its identity. Called where
 * an edge is made and by the walk, never on the path of every wait.
 */
#ifndef TAILBACK_DESCRIBE_BPF_H
#define TAILBACK_DESCRIBE_BPF_H

#include "resolve.bpf.h"

static __always_inline void inet4_addresses(u64 sk, struct tb_object *o)
{
	u32 remote, local;

	fetch(remote, struct sock, sk, __sk_common.skc_daddr);
	fetch(local, struct sock, sk, __sk_common.skc_rcv_saddr);
	if (o->role == TB_ROLE_CLIENT) {
		*(u32 *)o->addr = remote;
		*(u32 *)o->peer_addr = local;
	} else {
		*(u32 *)o->addr = local;
		*(u32 *)o->peer_addr = remote;
	}
}

#define inet6_copy(to, sk, field)                                                      \
	do {                                                                           \
		u32 *to__ = (u32 *)(to);                                               \
		fetch(to__[0], struct sock, sk, __sk_common.field.in6_u.u6_addr32[0]); \
		fetch(to__[1], struct sock, sk, __sk_common.field.in6_u.u6_addr32[1]); \
		fetch(to__[2], struct sock, sk, __sk_common.field.in6_u.u6_addr32[2]); \
		fetch(to__[3], struct sock, sk, __sk_common.field.in6_u.u6_addr32[3]); \
	} while (0)

static __always_inline void inet6_addresses(u64 sk, struct tb_object *o)
{
	if (o->role == TB_ROLE_CLIENT) {
		inet6_copy(o->addr, sk, skc_v6_daddr);
		inet6_copy(o->peer_addr, sk, skc_v6_rcv_saddr);
	} else {
		inet6_copy(o->addr, sk, skc_v6_rcv_saddr);
		inet6_copy(o->peer_addr, sk, skc_v6_daddr);
	}
}

static __always_inline void inet_describe(u64 sk, struct tb_object *o)
{
	u16 remote_port, local_port;

	fetch(remote_port, struct sock, sk, __sk_common.skc_dport);
	fetch(local_port, struct sock, sk, __sk_common.skc_num);
	o->peer_port = o->role == TB_ROLE_CLIENT ? local_port : __builtin_bswap16(remote_port);
	if (o->family == TB_AF_INET)
		inet4_addresses(sk, o);
	else
		inet6_addresses(sk, o);
}

/* Who listened, or made the pair: the kernel keeps it for SO_PEERCRED. */
static __always_inline void unix_describe(u64 sk, struct tb_object *o)
{
	struct upid *number;
	u64 pid;
	int nr;

	fetch(pid, struct sock, sk, sk_peer_pid);
	if (!pid)
		return;
	number = (struct upid *)(pid + bpf_core_field_offset(struct pid, numbers));
	fetch(nr, struct upid, number, nr);
	o->pid = nr;
}

static __always_inline void socket_describe(u64 file, struct tb_object *o)
{
	u64 sk = file_sock(file), net;
	u32 inum;

	if (!sk)
		return;
	fetch(net, struct sock, sk, __sk_common.skc_net.net);
	fetch(inum, struct net, net, ns.inum);
	o->netns = inum;
	if (o->family == TB_AF_INET || o->family == TB_AF_INET6)
		inet_describe(sk, o);
	else if (o->family == TB_AF_UNIX)
		unix_describe(sk, o);
}

static __always_inline void object_describe(u64 file, struct tb_object *o)
{
	u64 inode, ino;

	fetch(inode, struct file, file, f_inode);
	fetch(ino, struct inode, inode, i_ino);
	o->ino = ino;
	if (o->family)
		socket_describe(file, o);
}

#endif
