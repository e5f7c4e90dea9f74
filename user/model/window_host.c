// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host in the window: CPUs, pressure, disks, and how far it can all be believed; see window.h.
 */
#include "window.h"

#include <utlist.h>

#define UNKNOWN_NS   (~(__u64)0)
#define NSEC_PER_SEC 1e9

/* Share of the window in a stall counter; negative where the kernel keeps none. */
static double pressure(__u64 now, __u64 before, __u64 window_ns)
{
	if (now == UNKNOWN_NS || before == UNKNOWN_NS || !window_ns)
		return -1;
	return (double)tb_grown(now, before) / (double)window_ns;
}

/* The kernel's counters are read at other instants than the frame is taken. */
static double share(__u64 now, __u64 before, __u64 window_ns)
{
	double part = pressure(now, before, window_ns);

	return part > 1 ? 1 : part;
}

static double per_second(__u64 now, __u64 before, __u64 window_ns)
{
	return window_ns ? (double)tb_grown(now, before) * NSEC_PER_SEC / (double)window_ns : 0;
}

static void host_cpu(const struct tb_host *now, const struct tb_host *mark,
		     struct tb_host_usage *usage)
{
	double idle = (double)tb_grown(now->idle_ns, mark->idle_ns);
	double iowait = (double)tb_grown(now->iowait_ns, mark->iowait_ns);
	double steal = (double)tb_grown(now->steal_ns, mark->steal_ns);
	double busy = (double)tb_grown(now->user_ns, mark->user_ns) +
		      (double)tb_grown(now->system_ns, mark->system_ns);
	double all = idle + iowait + steal + busy;

	usage->busy = all > 0 ? busy / all : -1;
	usage->steal = all > 0 ? steal / all : -1;
	usage->iowait = all > 0 ? iowait / all : -1;
}

/* The host and the tool itself are looked at when a frame ends; threads are earlier. */
static __u64 host_window_ns(const struct tb_model *model)
{
	return model->marked ? tb_grown(model->frame.h.time_ns, model->mark_frame.h.time_ns) : 0;
}

void tb_window_host(const struct tb_model *model, struct tb_host_usage *usage)
{
	const struct tb_host *now = &model->host, *mark = &model->mark_host;
	__u64 window_ns = host_window_ns(model);

	host_cpu(now, mark, usage);
	usage->pressure_cpu =
		share(now->pressure_cpu_some_ns, mark->pressure_cpu_some_ns, window_ns);
	usage->pressure_io = share(now->pressure_io_some_ns, mark->pressure_io_some_ns, window_ns);
	usage->pressure_memory =
		share(now->pressure_memory_some_ns, mark->pressure_memory_some_ns, window_ns);
	usage->swap_pages_per_s = per_second(now->swap_in_pages + now->swap_out_pages,
					     mark->swap_in_pages + mark->swap_out_pages, window_ns);
	usage->reclaim_pages_per_s =
		per_second(now->reclaim_direct_pages, mark->reclaim_direct_pages, window_ns);
	usage->major_faults_per_s = per_second(now->major_faults, mark->major_faults, window_ns);
}

void tb_window_disk(const struct tb_model *model, const struct tb_model_disk *disk,
		    struct tb_disk_usage *usage)
{
	const struct tb_disk *now = &disk->now, *mark = &disk->mark;
	__u64 window_ns = host_window_ns(model);
	__u64 ended = tb_grown(now->reads, mark->reads) + tb_grown(now->writes, mark->writes);
	double weighted_s = (double)tb_grown(now->weighted_ns, mark->weighted_ns) / NSEC_PER_SEC;

	usage->busy = share(now->busy_ns, mark->busy_ns, window_ns);
	usage->queue = pressure(now->weighted_ns, mark->weighted_ns, window_ns);
	usage->reads_per_s = per_second(now->reads, mark->reads, window_ns);
	usage->writes_per_s = per_second(now->writes, mark->writes, window_ns);
	usage->read_bytes_per_s = per_second(now->read_bytes, mark->read_bytes, window_ns);
	usage->written_bytes_per_s = per_second(now->written_bytes, mark->written_bytes, window_ns);
	usage->await_s = ended ? weighted_s / (double)ended : -1;
}

const struct tb_model_disk *tb_window_busiest_disk(const struct tb_model *model)
{
	const struct tb_model_disk *disk, *next, *busiest = NULL;
	__u64 busy_ns, most_ns = 0;

	HASH_ITER(hh, model->disks, disk, next) {
		busy_ns = tb_grown(disk->now.busy_ns, disk->mark.busy_ns);
		if (busiest && busy_ns <= most_ns)
			continue;
		busiest = disk;
		most_ns = busy_ns;
	}
	return busiest;
}

/* Something that happened to the tool rather than to its subjects. */
static __u64 lost_sum(const struct tb_status *status)
{
	return status->lost_ring + status->lost_threads + status->lost_edges + status->lost_folds +
	       status->missed_runs;
}

/* Waits of which neither reason nor object is known, and all time of nobody in particular. */
static __u64 process_unknown_ns(const struct tb_model *model,
				const struct tb_model_process *process,
				const struct tb_usage *usage)
{
	const struct tb_model_edge *edge;
	__u64 ns = 0;

	if (process == model->other)
		return tb_usage_blocked_ns(usage) + usage->ns[TB_ONCPU] + usage->ns[TB_RUNQUEUE] +
		       usage->ns[TB_THROTTLED];
	DL_FOREACH(process->edges, edge)
		if (edge->now.state == TB_OTHER && edge->now.object.kind == TB_OBJ_NONE)
			ns += tb_grown(tb_edge_effective_ns(edge), edge->mark_ns);
	return ns;
}

static double unknown_share(const struct tb_model *model)
{
	const struct tb_model_process *process, *next;
	struct tb_usage usage;
	__u64 unknown_ns = 0, all_ns = 0;
	int i;

	HASH_ITER(hh, model->processes, process, next) {
		if (process->kernel)
			continue;
		tb_window_process(model, process, &usage);
		unknown_ns += process_unknown_ns(model, process, &usage);
		for (i = 0; i < TB_STATE_NR; i++)
			all_ns += usage.ns[i];
	}
	if (unknown_ns > all_ns)
		unknown_ns = all_ns;
	return all_ns ? (double)unknown_ns / (double)all_ns : 0;
}

void tb_window_trust(const struct tb_model *model, struct tb_trust *trust)
{
	const struct tb_status *now = &model->status, *mark = &model->mark_status;
	__u64 window_ns = host_window_ns(model);

	trust->lost_total = lost_sum(now);
	trust->lost_window = tb_grown(lost_sum(now), lost_sum(mark));
	trust->gaps = tb_grown(now->gaps, mark->gaps);
	trust->torn = tb_grown(now->torn, mark->torn) + tb_grown(model->torn, model->mark_torn);
	trust->complete = !trust->lost_window && !trust->gaps;
	trust->unknown_share = unknown_share(model);
	trust->bpf_cpu_fraction =
		now->bpf_ns_known ? pressure(now->bpf_ns, mark->bpf_ns, window_ns) : -1;
	trust->user_cpu_fraction = pressure(now->user_ns, mark->user_ns, window_ns);
}
