// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two iterators over open descriptors, run by user space when it needs names, never on a hot path:
 * who holds which socket (to name the other end of a local connection), and, once at start, which
 * file_operations belong to which kind of descriptor.
 */
#define FETCH_BY_PROBE
#include "shared.bpf.h"
#include "describe.bpf.h"

/* Iterators have one reader, and it runs in one thread: plain scratch will do. */
static struct tb_socket found;
static struct tb_name name;

SEC("iter/task_file")
int on_learn(struct bpf_iter__task_file *ctx)
{
	struct tb_learned learned = { .fd = ctx->fd };
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;

	if (!task || !file || task->tgid != (int)knobs.self_tgid)
		return 0;
	learned.f_op = (u64)file->f_op;
	bpf_seq_write(ctx->meta->seq, &learned, sizeof(learned));
	return 0;
}

/*
 * A client's object is the other end, so its own end is the object's peer; a server's is reversed.
 */
static __always_inline void socket_fill(const struct tb_object *o)
{
	int client = o->role == TB_ROLE_CLIENT;

	found.flags = o->role == TB_ROLE_LISTENER ? TB_SOCKET_LISTENS : 0;
	found.netns = o->netns;
	found.family = o->family;
	found.kind = o->kind;
	found.ino = o->ino;
	found.id = o->id;
	found.local_port = client ? o->peer_port : o->port;
	found.remote_port = client ? o->port : o->peer_port;
	__builtin_memcpy(found.local_addr, client ? o->peer_addr : o->addr, 16);
	__builtin_memcpy(found.remote_addr, client ? o->addr : o->peer_addr, 16);
}

/* The path that a unix socket is bound to; an abstract name begins with 0, shown as @. */
static __always_inline void unix_name_write(struct seq_file *seq, const struct tb_object *o)
{
	struct unix_address *address = (struct unix_address *)o->id;
	u64 path = o->id + bpf_core_field_offset(struct unix_address, name) +
		   bpf_core_field_offset(struct sockaddr_un, sun_path);
	int len;

	fetch(len, struct unix_address, address, len);
	len -= 2; /* sun_family */
	if (len <= 0 || len > 108 || !knobs.has_kernel_reads)
		return;
	__builtin_memset(&name, 0, sizeof(name));
	name.h.kind = TB_REC_NAME;
	name.h.size = sizeof(name);
	name.kind = TB_OBJ_UNIX;
	name.id = o->id;
	bpf_probe_read_kernel(name.text, len & 127, (void *)path);
	if (!name.text[0])
		name.text[0] = '@';
	bpf_seq_write(seq, &name, sizeof(name));
}

SEC("iter/task_file")
int on_socket(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *opened = ctx->file;
	struct tb_object object = {};
	u64 file = (u64)opened;

	if (!task || !opened || (u64)opened->f_op != handles.f_op[TB_OBJ_SOCKET])
		return 0;
	object_identify(file, NULL, &object);
	if (object.family != TB_AF_INET && object.family != TB_AF_INET6 &&
	    object.family != TB_AF_UNIX)
		return 0;
	object_describe(file, &object);
	__builtin_memset(&found, 0, sizeof(found));
	found.h.kind = TB_REC_SOCKET;
	found.h.size = sizeof(found);
	found.tgid = task->tgid;
	socket_fill(&object);
	bpf_seq_write(ctx->meta->seq, &found, sizeof(found));
	if (object.family == TB_AF_UNIX && object.role == TB_ROLE_LISTENER)
		unix_name_write(ctx->meta->seq, &object);
	return 0;
}
