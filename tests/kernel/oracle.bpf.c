// SPDX-License-Identifier: GPL-2.0-only
/*
 * The slow and obvious way, for the tests only: a clock at every wake and switch, a state of its
 * own. It agrees with the product or one of the two is wrong.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "oracle.h"

#define TASK_DEAD 0x80

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct oracle);
} living SEC(".maps");

/* What a thread had measured when it died, under the name it died with. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 131072);
	__type(key, struct oracle_key);
	__type(value, struct oracle);
} dead SEC(".maps");

static __always_inline struct oracle *oracle_of(struct task_struct *task)
{
	return bpf_task_storage_get(&living, task, NULL, 0);
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(oracle_fork, struct task_struct *parent, struct task_struct *child)
{
	bpf_task_storage_get(&living, child, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);
	return 0;
}

SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(oracle_born, struct task_struct *task)
{
	struct oracle *o = oracle_of(task);

	if (!o)
		return 0;
	o->queued_at_ns = bpf_ktime_get_ns();
	o->born_ns = task->sched_info.last_queued;
	return 0;
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(oracle_woken, struct task_struct *task)
{
	struct oracle *o = oracle_of(task);

	if (o && !o->queued_at_ns && !task->on_cpu)
		o->queued_at_ns = bpf_ktime_get_ns();
	return 0;
}

static __always_inline void oracle_arrive(struct oracle *o, u64 now_ns)
{
	u64 queued_ns = o->queued_at_ns ? now_ns - o->queued_at_ns : 0;

	if (queued_ns >= ORACLE_LONG_NS)
		o->queued_ns += queued_ns;
	else
		o->queued_short_ns += queued_ns;
	o->queued_at_ns = 0;
}

/* Since 6.12, in types of their own: see compat.bpf.h. */
struct sched_entity___delayed {
	unsigned char sched_delayed;
} __attribute__((preserve_access_index));

struct task_struct___delayed {
	struct sched_entity___delayed se;
} __attribute__((preserve_access_index));

static __always_inline void oracle_leave(struct oracle *o, struct task_struct *task, u64 now_ns)
{
	struct oracle_key key = {};
	struct task_struct___delayed *later = (void *)task;
	int delayed = bpf_core_field_exists(later->se.sched_delayed) && later->se.sched_delayed;

	o->switches++;
	o->kernel_switches = task->nvcsw + task->nivcsw;
	o->exec_ns = task->se.sum_exec_runtime;
	o->queued_at_ns = task->on_rq && !delayed ? now_ns : 0;
	if (!(task->__state & TASK_DEAD))
		return;
	key.tid = task->pid;
	key.start_ns = task->start_boottime;
	bpf_map_update_elem(&dead, &key, o, BPF_ANY);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(oracle_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	struct oracle *leaving = prev->pid ? oracle_of(prev) : NULL;
	struct oracle *coming = next->pid ? oracle_of(next) : NULL;
	u64 now_ns = bpf_ktime_get_ns();

	if (leaving)
		oracle_leave(leaving, prev, now_ns);
	if (coming)
		oracle_arrive(coming, now_ns);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
