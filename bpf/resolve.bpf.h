/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Descriptor -> object. Two depths: object_identify finds kind, role, port and id (the hot path, on
 * every wait for a descriptor), object_describe adds addresses, inode and peer (new edges, the
 * walk). A kernel object is known by the address of its file_operations, learned at start.
 */
#ifndef TAILBACK_RESOLVE_BPF_H
#define TAILBACK_RESOLVE_BPF_H

#include "compat.bpf.h"

#define TCP_LISTEN     10
#define IPPROTO_TCP_NR 6
#define IPPROTO_UDP_NR 17
#define S_IFMT	       0170000
#define S_IFIFO	       0010000
#define S_IFCHR	       0020000
#define ADDRESS_MIX    0x9e3779b97f4a7c15ull /* 2^64 / golden ratio: spreads folded addresses */

/* The file behind a descriptor; 0 if there is none. */
static __always_inline u64 fd_file(struct task_struct *task, s32 fd)
{
	struct files_struct *files = task->files;
	struct fdtable *fdt;
	u64 slot, file = 0;

	if (!files || fd < 0)
		return 0;
	fdt = files->fdt;
	if (!fdt || (u32)fd >= fdt->max_fds)
		return 0;
	slot = (u64)fdt->fd + (u64)(u32)fd * sizeof(void *);
	if (fetch_is_direct)
		fetch(file, struct poll_table_entry, slot, filp);
	else if (knobs.has_kernel_reads)
		bpf_probe_read_kernel(&file, sizeof(file), (void *)slot);
	return file;
}

static __always_inline u32 file_kind(u64 file, u64 f_op)
{
	u64 inode;
	u16 mode;

	if (f_op == handles.f_op[TB_OBJ_SOCKET])
		return TB_OBJ_SOCKET;
	if (f_op == handles.f_op[TB_OBJ_PIPE])
		return TB_OBJ_PIPE;
	if (f_op == handles.f_op[TB_OBJ_EPOLL])
		return TB_OBJ_EPOLL;
	if (f_op == handles.f_op[TB_OBJ_EVENTFD])
		return TB_OBJ_EVENTFD;
	if (f_op == handles.f_op[TB_OBJ_TIMERFD])
		return TB_OBJ_TIMERFD;
	if (f_op == handles.f_op[TB_OBJ_SIGNALFD])
		return TB_OBJ_SIGNALFD;
	if (f_op == handles.f_op[TB_OBJ_INOTIFY])
		return TB_OBJ_INOTIFY;
	fetch(inode, struct file, file, f_inode);
	fetch(mode, struct inode, inode, i_mode);
	if ((mode & S_IFMT) == S_IFIFO)
		return TB_OBJ_PIPE;
	if ((mode & S_IFMT) == S_IFCHR)
		return TB_OBJ_TTY;
	return (mode & S_IFMT) ? TB_OBJ_FILE : TB_OBJ_ANON;
}

/*
 * An accepted socket shares its listener's port bucket, which bind() made (fastreuse >= 0); the
 * bucket of a port that connect() picked has fastreuse -1 (net/ipv4/inet_hashtables.c).
 */
static __always_inline u32 tcp_role(u64 sk, u32 state)
{
	signed char fastreuse;
	u64 bucket;

	if (state == TCP_LISTEN)
		return TB_ROLE_LISTENER;
	fetch(bucket, struct inet_connection_sock, sk, icsk_bind_hash);
	if (!bucket)
		return TB_ROLE_CLIENT;
	fetch(fastreuse, struct inet_bind_bucket, bucket, fastreuse);
	return fastreuse >= 0 ? TB_ROLE_SERVER : TB_ROLE_CLIENT;
}

static __always_inline u64 inet_address(u64 sk, u32 family, int local)
{
	u32 a, b, c, d;

	if (family == TB_AF_INET) {
		if (local)
			fetch(a, struct sock, sk, __sk_common.skc_rcv_saddr);
		else
			fetch(a, struct sock, sk, __sk_common.skc_daddr);
		return a;
	}
	if (local)
		return 0; /* one listener of a process and port: its address tells no more */
	fetch(a, struct sock, sk, __sk_common.skc_v6_daddr.in6_u.u6_addr32[0]);
	fetch(b, struct sock, sk, __sk_common.skc_v6_daddr.in6_u.u6_addr32[1]);
	fetch(c, struct sock, sk, __sk_common.skc_v6_daddr.in6_u.u6_addr32[2]);
	fetch(d, struct sock, sk, __sk_common.skc_v6_daddr.in6_u.u6_addr32[3]);
	return (((u64)a << 32 | b) ^ ((u64)c << 32 | d) * ADDRESS_MIX) | 1ull << 63;
}

static __always_inline void inet_kind_and_role(u64 sk, u32 state, u16 remote_port,
					       struct tb_object *o)
{
	u16 protocol;

	fetch(protocol, struct sock, sk, sk_protocol);
	o->kind = protocol == IPPROTO_TCP_NR   ? TB_OBJ_TCP
		  : protocol == IPPROTO_UDP_NR ? TB_OBJ_UDP
					       : TB_OBJ_SOCKET;
	o->role = o->kind == TB_OBJ_TCP ? tcp_role(sk, state)
		  : remote_port		? TB_ROLE_CLIENT
					: TB_ROLE_SERVER;
}

/*
 * Kind and role lie in three cache lines that the other end of a connection keeps taking away,
 * while ports, addresses and state are in one that rests. For one socket between two ports they
 * cannot change, except that it begins to listen.
 */
static __always_inline void inet_identify(u64 sk, struct sock_ref *known, struct tb_object *o)
{
	u16 remote, local;
	u32 state, ports;

	fetch(state, struct sock, sk, __sk_common.skc_state);
	fetch(remote, struct sock, sk, __sk_common.skc_dport);
	fetch(local, struct sock, sk, __sk_common.skc_num);
	ports = (u32)remote << 16 | local;
	if (known && known->sk == sk && known->ports == ports && state != TCP_LISTEN) {
		o->kind = known->kind;
		o->role = known->role;
	} else {
		inet_kind_and_role(sk, state, remote, o);
		if (known)
			*known = (struct sock_ref){
				.sk = sk, .ports = ports, .kind = o->kind, .role = o->role
			};
	}
	o->port = o->role == TB_ROLE_CLIENT ? __builtin_bswap16(remote) : local;
	o->id = inet_address(sk, o->family, o->role != TB_ROLE_CLIENT);
}

/* The listener's unix_address is shared by all that it accepts, and is the client's peer's too. */
static __always_inline void unix_identify(u64 sk, struct tb_object *o)
{
	u64 address, peer;
	u32 state;

	o->kind = TB_OBJ_UNIX;
	fetch(state, struct sock, sk, __sk_common.skc_state);
	fetch(address, struct unix_sock, sk, addr);
	o->role = state == TCP_LISTEN ? TB_ROLE_LISTENER : TB_ROLE_SERVER;
	o->id = address;
	if (address)
		return;
	o->role = TB_ROLE_CLIENT;
	fetch(peer, struct unix_sock, sk, peer);
	if (peer)
		fetch(o->id, struct unix_sock, peer, addr);
	if (!o->id) {
		o->role = TB_ROLE_NONE; /* a pair */
		o->id = sk;
	}
}

static __always_inline u64 file_sock(u64 file)
{
	u64 socket, sk = 0;

	fetch(socket, struct file, file, private_data);
	if (socket)
		fetch(sk, struct socket, socket, sk);
	return sk;
}

static __always_inline void socket_identify(u64 file, struct sock_ref *known, struct tb_object *o)
{
	u64 sk = file_sock(file);

	o->kind = TB_OBJ_SOCKET;
	if (!sk)
		return;
	fetch(o->family, struct sock, sk, __sk_common.skc_family);
	if (o->family == TB_AF_INET || o->family == TB_AF_INET6)
		inet_identify(sk, known, o);
	else if (o->family == TB_AF_UNIX)
		unix_identify(sk, o);
}

static __always_inline void inode_identify(u64 file, struct tb_object *o)
{
	u64 inode, sb, ino;
	u32 dev;

	fetch(inode, struct file, file, f_inode);
	fetch(ino, struct inode, inode, i_ino);
	fetch(sb, struct inode, inode, i_sb);
	fetch(dev, struct super_block, sb, s_dev);
	o->ino = ino;
	o->dev = dev;
	o->id = ((u64)dev << 32) ^ ino;
}

/*
 * What a file is: kind, role, port, id. Anonymous inodes share one inode: the file tells them
 * apart. known: the thread's last socket, or NULL.
 */
static __always_inline void object_identify(u64 file, struct sock_ref *known, struct tb_object *o)
{
	u64 f_op;

	fetch(f_op, struct file, file, f_op);
	o->kind = file_kind(file, f_op);
	if (o->kind == TB_OBJ_SOCKET)
		socket_identify(file, known, o);
	else if (o->kind == TB_OBJ_FILE || o->kind == TB_OBJ_PIPE || o->kind == TB_OBJ_TTY)
		inode_identify(file, o);
	else
		o->id = file;
}

#endif
