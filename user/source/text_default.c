// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a line means where it says nothing: the values that keep the invariants of records.h, so
 * that tests write only what they are about. Used by text.c alone.
 */
#include "text_table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define REALTIME_ORIGIN_NS 1735689600000000000ull /* 2025-01-01 UTC: clock 0 of the tests */
#define LEADER_START_NS	   1
#define NETNS		   1

static void default_u64(const struct text_line *line, const char *name, __u64 *field, __u64 value)
{
	if (!text_given(line, name))
		*field = value;
}

static void default_u32(const struct text_line *line, const char *name, __u32 *field, __u32 value)
{
	if (!text_given(line, name))
		*field = value;
}

static __u64 states_sum(const __u64 ns[TB_STATE_NR])
{
	__u64 sum = 0;
	int i;

	for (i = 0; i < TB_STATE_NR; i++)
		sum += ns[i];
	return sum;
}

/* FNV-1a of what names an address: any id will do as long as the same address has the same. */
static __u64 address_id(const struct tb_object *object)
{
	__u64 hash = 0xcbf29ce484222325ull;
	size_t i;

	for (i = 0; i < sizeof(object->addr); i++)
		hash = (hash ^ object->addr[i]) * 0x100000001b3ull;
	return hash;
}

static void object_complete(const struct text_line *line, struct tb_object *object)
{
	if (!text_given(line, "object"))
		return;
	if (!text_given(line, "fd"))
		object->fd = -1;
	if (object->kind < TB_OBJ_TCP || object->kind > TB_OBJ_SOCKET)
		return;
	default_u32(line, "netns", &object->netns, NETNS);
	if (object->kind == TB_OBJ_TCP || object->kind == TB_OBJ_UDP)
		default_u64(line, "id", &object->id, address_id(object));
}

static int frame_complete(struct text_line *line)
{
	struct tb_frame *frame = &line->record.as_tb_frame;

	default_u64(line, "monotonic", &frame->monotonic_ns, frame->h.time_ns);
	default_u64(line, "boottime", &frame->boottime_ns, frame->h.time_ns);
	default_u64(line, "realtime", &frame->realtime_ns, REALTIME_ORIGIN_NS + frame->h.time_ns);
	default_u32(line, "cpus", &frame->cpus, 2);
	return 0;
}

/* `for=` is how long the thread has been in its state: an open time of that kind. */
static void thread_open(struct text_line *line)
{
	struct tb_thread *thread = &line->record.as_tb_thread;
	int open = TB_OPEN_BLOCKED;

	if (thread->state == TB_ONCPU)
		open = TB_OPEN_ONCPU;
	else if (thread->state == TB_RUNQUEUE || thread->state == TB_THROTTLED)
		open = TB_OPEN_QUEUED;
	thread->open_ns[open] = line->for_ns;
}

static int thread_complete(struct text_line *line)
{
	struct tb_thread *thread = &line->record.as_tb_thread;
	__u64 open, closed = states_sum(thread->ns);

	default_u32(line, "tgid", &thread->id.tgid, thread->id.tid);
	default_u64(line, "start", &thread->id.start_ns, LEADER_START_NS);
	default_u64(line, "leader", &thread->id.leader_start_ns, LEADER_START_NS);
	default_u32(line, "state", &thread->state, TB_ONCPU);
	default_u32(line, "blocked_state", &thread->blocked_state,
		    tb_is_reason(thread->state) ? thread->state : TB_OTHER);
	if (text_given(line, "for"))
		thread_open(line);
	open = thread->open_ns[0] + thread->open_ns[1] + thread->open_ns[2];
	if (open + closed > thread->h.time_ns && !text_given(line, "birth")) {
		snprintf(line->error, TB_TEXT_ERROR_LEN,
			 "the times add up to more than the clock: begin the file with a later "
			 "`at`");
		return -EINVAL;
	}
	default_u64(line, "last", &thread->last_ns, thread->h.time_ns - open);
	default_u64(line, "since", &thread->since_ns,
		    text_given(line, "for") ? thread->h.time_ns - line->for_ns : thread->last_ns);
	default_u64(line, "birth", &thread->birth_ns, thread->last_ns - closed);
	object_complete(line, &thread->object);
	return 0;
}

static int edge_complete(struct text_line *line)
{
	struct tb_edge *edge = &line->record.as_tb_edge;
	__u64 mean;

	default_u64(line, "leader", &edge->leader_start_ns, edge->tgid ? LEADER_START_NS : 0);
	default_u64(line, "count", &edge->count, 1);
	mean = edge->count ? edge->total_ns / edge->count : 0;
	default_u64(line, "max", &edge->max_ns, mean);
	if (!text_given(line, "hist"))
		edge->hist[tb_hist_bucket(mean)] = (__u32)edge->count;
	if (!text_given(line, "state"))
		edge->state = TB_OTHER;
	object_complete(line, &edge->object);
	return 0;
}

static int fold_complete(struct text_line *line)
{
	struct tb_fold *fold = &line->record.as_tb_fold;

	default_u32(line, "threads", &fold->threads, 1);
	default_u64(line, "begun", &fold->begun, fold->threads);
	default_u64(line, "leader", &fold->leader_start_ns, fold->tgid ? LEADER_START_NS : 0);
	default_u64(line, "lifetime", &fold->lifetime_ns, states_sum(fold->ns));
	return 0;
}

static int process_complete(struct text_line *line)
{
	struct tb_process *process = &line->record.as_tb_process;

	default_u64(line, "leader", &process->leader_start_ns, LEADER_START_NS);
	default_u32(line, "ns_tgid", &process->ns_tgid, process->tgid);
	if (!text_given(line, "exe"))
		memcpy(process->exe, process->comm, sizeof(process->comm));
	return 0;
}

static int socket_complete(struct text_line *line)
{
	struct tb_socket *socket = &line->record.as_tb_socket;

	default_u32(line, "netns", &socket->netns, NETNS);
	if (!text_given(line, "kind"))
		socket->kind = TB_OBJ_TCP;
	return 0;
}

static int host_complete(struct text_line *line)
{
	struct tb_host *host = &line->record.as_tb_host;

	default_u32(line, "cpus", &host->cpus, 2);
	default_u64(line, "pressure_cpu_some", &host->pressure_cpu_some_ns, ~0ull);
	default_u64(line, "pressure_io_some", &host->pressure_io_some_ns, ~0ull);
	default_u64(line, "pressure_io_full", &host->pressure_io_full_ns, ~0ull);
	default_u64(line, "pressure_memory_some", &host->pressure_memory_some_ns, ~0ull);
	default_u64(line, "pressure_memory_full", &host->pressure_memory_full_ns, ~0ull);
	return 0;
}

static int cgroup_complete(struct text_line *line)
{
	struct tb_cgroup *cgroup = &line->record.as_tb_cgroup;

	default_u64(line, "quota_us", &cgroup->quota_us, TB_UNLIMITED);
	default_u64(line, "period_us", &cgroup->period_us, 100000);
	default_u64(line, "memory_limit_bytes", &cgroup->memory_limit_bytes, TB_UNLIMITED);
	return 0;
}

int text_complete(struct text_line *line)
{
	struct tb_record *header = &line->record.h;

	header->kind = (__u16)line->kind->kind;
	header->size = line->kind->size;
	default_u64(line, "time", &header->time_ns, line->clock_ns);
	switch (line->kind->kind) {
	case TB_REC_FRAME:
		return frame_complete(line);
	case TB_REC_THREAD:
		return thread_complete(line);
	case TB_REC_EDGE:
		return edge_complete(line);
	case TB_REC_FOLD:
		return fold_complete(line);
	case TB_REC_PROCESS:
		return process_complete(line);
	case TB_REC_SOCKET:
		return socket_complete(line);
	case TB_REC_HOST:
		return host_complete(line);
	case TB_REC_CGROUP:
		return cgroup_complete(line);
	case TB_REC_STATUS:
		default_u32(line, "bpf_ns_known", &line->record.as_tb_status.bpf_ns_known, 1);
		break;
	}
	return 0;
}
