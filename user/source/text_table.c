// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of each kind of line, as tables. A new record is one table here and one case in
 * text_default.c; a new field is one row. Used by text.c alone.
 */
#include "text_table.h"

#include <stddef.h>
#include <string.h>

/* clang-format off */
#define AT(type, member) offsetof(struct type, member), sizeof(((struct type *)0)->member), 0, 0
#define ENDPOINT(type, address, its_port, its_family)                                              \
	offsetof(struct type, address), 16, offsetof(struct type, its_port),                       \
		offsetof(struct type, its_family)

#define OBJECT_FIELDS(type)                                                                        \
	{ "object", TEXT_OBJECT, 0, AT(type, object) },                                            \
	{ "id", TEXT_HEX, 0, AT(type, object.id) },                                                \
	{ "peer", TEXT_ENDPOINT, 0, ENDPOINT(type, object.peer_addr, object.peer_port,             \
					     object.family) },                                     \
	{ "fd", TEXT_S32, 1, AT(type, object.fd) },                                                \
	{ "nr", TEXT_U32, 0, AT(type, object.nr) },                                                \
	{ "ino", TEXT_U64, 0, AT(type, object.ino) },                                              \
	{ "dev", TEXT_DEV, 0, AT(type, object.dev) },                                              \
	{ "netns", TEXT_U32, 1, AT(type, object.netns) },                                          \
	{ "pid", TEXT_S32, 0, AT(type, object.pid) },                                              \
	{ "more", TEXT_U8, 0, AT(type, object.fds_more) }

#define CPU_TIME(type)                                                                             \
	{ "time", TEXT_NS, 1, AT(type, h.time_ns) }, { "cpu", TEXT_U16, 0, AT(type, h.cpu) }

static const struct text_field frame_fields[] = {
	CPU_TIME(tb_frame),
	{ "monotonic", TEXT_NS, 1, AT(tb_frame, monotonic_ns) },
	{ "boottime", TEXT_NS, 1, AT(tb_frame, boottime_ns) },
	{ "realtime", TEXT_NS, 1, AT(tb_frame, realtime_ns) },
	{ "walk", TEXT_NS, 0, AT(tb_frame, walk_ns) },
	{ "threads", TEXT_U32, 0, AT(tb_frame, threads) },
	{ "cpus", TEXT_U32, 1, AT(tb_frame, cpus) },
};

static const struct text_field thread_fields[] = {
	CPU_TIME(tb_thread),
	{ "tid", TEXT_U32, 1, AT(tb_thread, id.tid) },
	{ "tgid", TEXT_U32, 1, AT(tb_thread, id.tgid) },
	{ "start", TEXT_NS, 1, AT(tb_thread, id.start_ns) },
	{ "leader", TEXT_NS, 1, AT(tb_thread, id.leader_start_ns) },
	{ "comm", TEXT_STRING, 0, AT(tb_thread, comm) },
	{ "flags", TEXT_THREAD_FLAGS, 0, AT(tb_thread, flags) },
	{ "state", TEXT_STATE, 1, AT(tb_thread, state) },
	{ "for", TEXT_FOR, 0, 0, 0, 0, 0 },
	{ "since", TEXT_NS, 1, AT(tb_thread, since_ns) },
	{ "birth", TEXT_NS, 1, AT(tb_thread, birth_ns) },
	{ "last", TEXT_NS, 1, AT(tb_thread, last_ns) },
	{ "blocked", TEXT_NS, 0, AT(tb_thread, open_ns[TB_OPEN_BLOCKED]) },
	{ "queued", TEXT_NS, 0, AT(tb_thread, open_ns[TB_OPEN_QUEUED]) },
	{ "running", TEXT_NS, 0, AT(tb_thread, open_ns[TB_OPEN_ONCPU]) },
	{ "blocked_state", TEXT_STATE, 1, AT(tb_thread, blocked_state) },
	{ "gaps", TEXT_U32, 0, AT(tb_thread, gaps) },
	{ "switches", TEXT_U64, 0, AT(tb_thread, switches) },
	{ "nth", TEXT_U64, 0, AT(tb_thread, nth) },
	OBJECT_FIELDS(tb_thread),
#define X(id, name, letter, idle, text) { name, TEXT_NS, 0, AT(tb_thread, ns[TB_##id]) },
	TB_STATES(X)
#undef X
#define X(id, name, letter, idle, text) { "n." name, TEXT_U32, 0, AT(tb_thread, count[TB_##id]) },
	TB_STATES(X)
#undef X
};

_Static_assert(sizeof(thread_fields) / sizeof(thread_fields[0]) <= TEXT_WORDS_MAX,
	       "text_line has room for every word");

static const struct text_field edge_fields[] = {
	CPU_TIME(tb_edge),
	{ "tgid", TEXT_U32, 0, AT(tb_edge, tgid) },
	{ "leader", TEXT_NS, 1, AT(tb_edge, leader_start_ns) },
	{ "state", TEXT_STATE, 1, AT(tb_edge, state) },
	{ "count", TEXT_U64, 1, AT(tb_edge, count) },
	{ "total", TEXT_NS, 0, AT(tb_edge, total_ns) },
	{ "max", TEXT_NS, 1, AT(tb_edge, max_ns) },
	OBJECT_FIELDS(tb_edge),
	{ "hist", TEXT_HIST, 1, AT(tb_edge, hist) },
};

static const struct text_field fold_fields[] = {
	CPU_TIME(tb_fold),
	{ "tgid", TEXT_U32, 0, AT(tb_fold, tgid) },
	{ "threads", TEXT_U32, 1, AT(tb_fold, threads) },
	{ "leader", TEXT_NS, 1, AT(tb_fold, leader_start_ns) },
	{ "comm", TEXT_STRING, 0, AT(tb_fold, comm) },
	{ "lifetime", TEXT_NS, 1, AT(tb_fold, lifetime_ns) },
	{ "switches", TEXT_U64, 0, AT(tb_fold, switches) },
	{ "gaps", TEXT_U64, 0, AT(tb_fold, gaps) },
	{ "begun", TEXT_U64, 1, AT(tb_fold, begun) },
#define X(id, name, letter, idle, text) { name, TEXT_NS, 0, AT(tb_fold, ns[TB_##id]) },
	TB_STATES(X)
#undef X
#define X(id, name, letter, idle, text) { "n." name, TEXT_U64, 0, AT(tb_fold, count[TB_##id]) },
	TB_STATES(X)
#undef X
};

static const struct text_field process_fields[] = {
	CPU_TIME(tb_process),
	{ "tgid", TEXT_U32, 0, AT(tb_process, tgid) },
	{ "ppid", TEXT_U32, 0, AT(tb_process, ppid) },
	{ "leader", TEXT_NS, 1, AT(tb_process, leader_start_ns) },
	{ "ns_tgid", TEXT_U32, 1, AT(tb_process, ns_tgid) },
	{ "uid", TEXT_U32, 0, AT(tb_process, uid) },
	{ "comm", TEXT_STRING, 0, AT(tb_process, comm) },
	{ "exe", TEXT_STRING, 1, AT(tb_process, exe) },
	{ "cgroup", TEXT_STRING, 0, AT(tb_process, cgroup) },
};

static const struct text_field socket_fields[] = {
	CPU_TIME(tb_socket),
	{ "tgid", TEXT_U32, 0, AT(tb_socket, tgid) },
	{ "flags", TEXT_SOCKET_FLAGS, 0, AT(tb_socket, flags) },
	{ "netns", TEXT_U32, 1, AT(tb_socket, netns) },
	{ "family", TEXT_U8, 0, AT(tb_socket, family) },
	{ "kind", TEXT_KIND, 1, AT(tb_socket, kind) },
	{ "local", TEXT_ENDPOINT, 0, ENDPOINT(tb_socket, local_addr, local_port, family) },
	{ "remote", TEXT_ENDPOINT, 0, ENDPOINT(tb_socket, remote_addr, remote_port, family) },
	{ "ino", TEXT_U64, 0, AT(tb_socket, ino) },
	{ "peer_ino", TEXT_U64, 0, AT(tb_socket, peer_ino) },
	{ "id", TEXT_HEX, 0, AT(tb_socket, id) },
};

static const struct text_field name_fields[] = {
	CPU_TIME(tb_name),
	{ "kind", TEXT_KIND, 0, AT(tb_name, kind) },
	{ "id", TEXT_HEX, 0, AT(tb_name, id) },
	{ "text", TEXT_STRING, 0, AT(tb_name, text) },
};

static const struct text_field host_fields[] = {
	CPU_TIME(tb_host),
#define NS(word, member) { word, TEXT_NS, 0, AT(tb_host, member) }
	NS("user", user_ns), NS("system", system_ns), NS("idle", idle_ns),
	NS("iowait", iowait_ns), NS("steal", steal_ns),
	{ "cpus", TEXT_U32, 1, AT(tb_host, cpus) },
	{ "running", TEXT_U32, 0, AT(tb_host, running) },
#define NUMBER(member) { #member, TEXT_U64, 0, AT(tb_host, member) }
	NUMBER(memory_total_bytes), NUMBER(memory_available_bytes),
	NUMBER(swap_in_pages), NUMBER(swap_out_pages),
	NUMBER(reclaim_direct_pages), NUMBER(major_faults),
#define PRESSURE(member) { #member, TEXT_NS, 1, AT(tb_host, member##_ns) }
	PRESSURE(pressure_cpu_some), PRESSURE(pressure_io_some), PRESSURE(pressure_io_full),
	PRESSURE(pressure_memory_some), PRESSURE(pressure_memory_full),
	{ "name", TEXT_STRING, 0, AT(tb_host, name) },
	{ "boot_id", TEXT_STRING, 0, AT(tb_host, boot_id) },
	{ "release", TEXT_STRING, 0, AT(tb_host, release) },
#undef NS
#undef NUMBER
#undef PRESSURE
};

static const struct text_field disk_fields[] = {
	CPU_TIME(tb_disk),
	{ "name", TEXT_STRING, 0, AT(tb_disk, name) },
	{ "dev", TEXT_DEV, 0, AT(tb_disk, dev) },
	{ "in_flight", TEXT_U32, 0, AT(tb_disk, in_flight) },
	{ "reads", TEXT_U64, 0, AT(tb_disk, reads) },
	{ "writes", TEXT_U64, 0, AT(tb_disk, writes) },
	{ "read_bytes", TEXT_U64, 0, AT(tb_disk, read_bytes) },
	{ "written_bytes", TEXT_U64, 0, AT(tb_disk, written_bytes) },
	{ "busy", TEXT_NS, 0, AT(tb_disk, busy_ns) },
	{ "weighted", TEXT_NS, 0, AT(tb_disk, weighted_ns) },
};

static const struct text_field cgroup_fields[] = {
	CPU_TIME(tb_cgroup),
	{ "path", TEXT_STRING, 0, AT(tb_cgroup, path) },
	{ "throttled", TEXT_NS, 0, AT(tb_cgroup, throttled_ns) },
	{ "usage", TEXT_NS, 0, AT(tb_cgroup, usage_ns) },
#define NUMBER(member, always) { #member, TEXT_U64, always, AT(tb_cgroup, member) }
	NUMBER(quota_us, 1), NUMBER(period_us, 1), NUMBER(periods, 0),
	NUMBER(throttled_periods, 0), NUMBER(memory_bytes, 0), NUMBER(memory_limit_bytes, 1),
	NUMBER(memory_high_events, 0), NUMBER(memory_max_events, 0), NUMBER(oom_kills, 0),
#undef NUMBER
};

static const struct text_field status_fields[] = {
	CPU_TIME(tb_status),
#define NUMBER(member) { #member, TEXT_U64, 0, AT(tb_status, member) }
	NUMBER(events), NUMBER(lost_ring), NUMBER(lost_threads), NUMBER(lost_edges),
	NUMBER(lost_folds), NUMBER(gaps), NUMBER(missed_runs), NUMBER(clamped), NUMBER(torn),
	NUMBER(skipped_records), NUMBER(user_faults), NUMBER(map_bytes), NUMBER(rss_bytes),
#undef NUMBER
	{ "bpf", TEXT_NS, 0, AT(tb_status, bpf_ns) },
	{ "user", TEXT_NS, 0, AT(tb_status, user_ns) },
	{ "degraded", TEXT_U32, 0, AT(tb_status, degraded) },
	{ "bpf_ns_known", TEXT_U32, 1, AT(tb_status, bpf_ns_known) },
};
/* clang-format on */

#define KIND(id, number, type, fields)                                                         \
	{                                                                                      \
#id, number, sizeof(struct type), fields, sizeof(fields) / sizeof((fields)[0]) \
	}

static const struct text_kind kinds[] = {
	KIND(FRAME, TB_REC_FRAME, tb_frame, frame_fields),
	KIND(THREAD, TB_REC_THREAD, tb_thread, thread_fields),
	KIND(EDGE, TB_REC_EDGE, tb_edge, edge_fields),
	KIND(FOLD, TB_REC_FOLD, tb_fold, fold_fields),
	KIND(PROCESS, TB_REC_PROCESS, tb_process, process_fields),
	KIND(SOCKET, TB_REC_SOCKET, tb_socket, socket_fields),
	KIND(NAME, TB_REC_NAME, tb_name, name_fields),
	KIND(HOST, TB_REC_HOST, tb_host, host_fields),
	KIND(DISK, TB_REC_DISK, tb_disk, disk_fields),
	KIND(CGROUP, TB_REC_CGROUP, tb_cgroup, cgroup_fields),
	KIND(STATUS, TB_REC_STATUS, tb_status, status_fields),
};

#define KIND_NR (sizeof(kinds) / sizeof(kinds[0]))

const struct text_kind *text_kind_by_name(const char *name)
{
	size_t i;

	for (i = 0; i < KIND_NR; i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

const struct text_kind *text_kind_by_number(__u32 kind)
{
	size_t i;

	for (i = 0; i < KIND_NR; i++)
		if (kinds[i].kind == kind)
			return &kinds[i];
	return NULL;
}

bool text_given(const struct text_line *line, const char *name)
{
	size_t i;

	for (i = 0; i < line->kind->field_nr; i++)
		if (!strcmp(line->kind->fields[i].name, name))
			return line->given[i];
	return false;
}
