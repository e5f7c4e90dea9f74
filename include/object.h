/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a thread waits for: one object, named in the kernel at the moment of blocking. The kernel
 * fills it, user space adds names (paths, peers' processes) and never changes its identity.
 *
 * Identity is (kind, role, port, id). The other fields describe: they may differ between two
 * waits for one object (another descriptor, another client of one listener).
 *
 *  kind      id                                             also filled
 *  TCP, UDP  address folded to 64 bits, mixed with netns    family, role, port, addr, netns, peer_*
 *  UNIX      address of the kernel's unix_address, or the   role, fd, ino, pid (peer, where known)
 *            socket's inode number where it has none
 *  FILE ..   dev << 32 ^ inode number                       fd, dev, ino
 *  FUTEX     user address of the word                       nr
 *  THREAD    thread id, in the target's pid namespace
 *  SYSCALL   system call number                             nr
 *  FAULT     0: a page fault outside any system call
 *  KTHREAD   0: a kernel thread between two pieces of work
 */
#ifndef TAILBACK_OBJECT_H
#define TAILBACK_OBJECT_H

#include "types.h"

/* clang-format off */
/*       id        what a person reads; the view adds address, path or number */
#define TB_OBJECTS(X)                                                                              \
	X(NONE,     "")                                                                            \
	X(TCP,      "tcp")                                                                         \
	X(UDP,      "udp")                                                                         \
	X(UNIX,     "unix")                                                                        \
	X(SOCKET,   "socket")   /* another family: netlink, packet, vsock ... */                   \
	X(FILE,     "file")                                                                        \
	X(PIPE,     "pipe")                                                                        \
	X(EVENTFD,  "eventfd")                                                                     \
	X(SIGNALFD, "signalfd")                                                                    \
	X(TIMERFD,  "timerfd")                                                                     \
	X(EPOLL,    "epoll")                                                                       \
	X(INOTIFY,  "inotify")                                                                     \
	X(TTY,      "terminal")                                                                    \
	X(ANON,     "descriptor") /* an anonymous inode not named above */                         \
	X(FUTEX,    "futex")                                                                       \
	X(THREAD,   "thread")                                                                      \
	X(SYSCALL,  "")                                                                            \
	X(FAULT,    "page fault")                                                                  \
	X(KTHREAD,  "work")
/* clang-format on */

enum tb_object_kind {
#define X(id, text) TB_OBJ_##id,
	TB_OBJECTS(X) TB_OBJ_NR
#undef X
};

/* Which end of a connection the waiting process holds. */
enum tb_role { TB_ROLE_NONE, TB_ROLE_CLIENT, TB_ROLE_SERVER, TB_ROLE_LISTENER, TB_ROLE_NR };

#define TB_AF_UNIX  1
#define TB_AF_INET  2
#define TB_AF_INET6 10

struct tb_object {
	__u8 kind;	 /* enum tb_object_kind */
	__u8 role;	 /* enum tb_role, sockets only */
	__u16 port;	 /* client: the peer's port; server, listener: the local port; host order */
	__u8 family;	 /* TB_AF_*, sockets only */
	__u8 fds_more;	 /* poll: 1 if there were more descriptors than the one named here */
	__u16 peer_port; /* server: the remote port; client: the local port */
	__u32 nr;	 /* system call number, 0xffffffff outside any */
	__s32 fd;	 /* the descriptor waited on, -1 if none */
	__u64 id;
	__u64 ino;	    /* inode number of file, pipe, socket */
	__u32 dev;	    /* kernel dev_t of the file's file system: major << 20 | minor */
	__u32 netns;	    /* inode number of the network namespace */
	__u8 addr[16];	    /* client: the peer's address; server, listener: the local address */
	__u8 peer_addr[16]; /* the other end's of the two; IPv4 in the first four bytes */
	__s32 pid;	    /* unix: the process that listened or made the pair; 0 unknown */
	__u32 reserved;
};

_Static_assert(sizeof(struct tb_object) == 80, "the object is part of the record format");

TB_INLINE int tb_object_same(const struct tb_object *a, const struct tb_object *b)
{
	return a->id == b->id && a->kind == b->kind && a->role == b->role && a->port == b->port;
}

#endif
