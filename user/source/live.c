// SPDX-License-Identifier: GPL-2.0-only
/*
 * One frame of the running kernel: what the programs keep, who the processes are, how the host
 * does. Only the order is decided here; each part is read by its own file.
 */
#include "live.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "host.h"
#include "kernel.h"
#include "log.h"
#include "names.h"

#define NSEC_PER_SEC		1000000000ull
#define SOCKETS_MIN_INTERVAL_NS (2 * NSEC_PER_SEC)
#define SOCKETS_COST_SHARE	200 /* a scan may take one part in so many of the time */

struct tb_live {
	struct tb_kernel kernel;
	struct tb_host_reader *host;
	struct tb_names *names;
	__u64 sockets_due_ns;
};

int tb_live_open(struct tb_live **out, const struct tb_live_options *options)
{
	struct tb_live *live = calloc(1, sizeof(*live));
	int err;

	if (!live)
		return -ENOMEM;
	err = tb_kernel_open(&live->kernel, options ? &options->loader : NULL);
	if (err) {
		free(live);
		return err;
	}
	live->host = tb_host_new(NULL);
	live->names = tb_names_new();
	if (!live->host || !live->names) {
		tb_live_close(live);
		return -ENOMEM;
	}
	*out = live;
	return 0;
}

void tb_live_close(struct tb_live *live)
{
	if (!live)
		return;
	tb_names_free(live->names);
	tb_host_free(live->host);
	tb_kernel_close(&live->kernel);
	free(live);
}

/*
 * Exits before folds, so that what a fold holds beyond them was lost; folds before the walk, so
 * that none holds a thread which the walk still shows.
 */
static int frame_threads(struct tb_live *live, struct tb_frame *frame)
{
	__u64 begin_ns;
	int err, visited;

	err = tb_kernel_drain(&live->kernel);
	if (!err)
		err = tb_kernel_folds(&live->kernel);
	if (err)
		return err;
	begin_ns = tb_clock_ns(CLOCK_MONOTONIC);
	visited = tb_kernel_iterate(&live->kernel, TB_HOOK_on_walk);
	if (visited < 0)
		return visited;
	frame->threads = (__u32)visited;
	frame->walk_ns = tb_clock_ns(CLOCK_MONOTONIC) - begin_ns;
	return 0;
}

/* Names of peers age slowly and cost a look at every descriptor: a bounded share of the time. */
static int frame_sockets(struct tb_live *live)
{
	__u64 begin_ns = tb_clock_ns(CLOCK_MONOTONIC), cost_ns;
	int found;

	if (begin_ns < live->sockets_due_ns || live->kernel.loader.errors[TB_HOOK_on_socket])
		return 0;
	found = tb_kernel_iterate(&live->kernel, TB_HOOK_on_socket);
	cost_ns = tb_clock_ns(CLOCK_MONOTONIC) - begin_ns;
	live->sockets_due_ns = begin_ns + SOCKETS_MIN_INTERVAL_NS + cost_ns * SOCKETS_COST_SHARE;
	return found < 0 ? found : 0;
}

static int process_told(void *ctx, __u32 tgid, __u64 leader_start_ns)
{
	struct tb_live *live = ctx;

	return tb_host_process(live->host, tgid, leader_start_ns, live->kernel.sink);
}

static int frame_end(struct tb_live *live, struct tb_frame *frame)
{
	frame->h = (struct tb_record){ .kind = TB_REC_FRAME,
				       .size = sizeof(*frame),
				       .time_ns = tb_kernel_now(&live->kernel) };
	frame->monotonic_ns = tb_clock_ns(CLOCK_MONOTONIC);
	frame->boottime_ns = tb_clock_ns(CLOCK_BOOTTIME);
	frame->realtime_ns = tb_clock_ns(CLOCK_REALTIME);
	frame->cpus = (__u32)sysconf(_SC_NPROCESSORS_ONLN);
	tb_census_next(live->kernel.census);
	return tb_sink_put(live->kernel.sink, &frame->h);
}

/* Records of threads and edges pass the names on their way, which learn what is to be named. */
static int names_record(void *ctx, const struct tb_record *record)
{
	struct tb_live *live = ctx;

	tb_names_note(live->names, record);
	return tb_sink_put(tb_names_sink(live->names), record);
}

int tb_live_frame(struct tb_live *live, const struct tb_sink *sink)
{
	struct tb_sink through = { .ctx = live, .record = names_record };
	struct tb_frame frame = {};
	int err;

	live->kernel.sink = &through;
	tb_names_begin(live->names, sink);
	err = frame_threads(live, &frame);
	if (!err)
		err = tb_kernel_edges(&live->kernel);
	if (!err)
		err = frame_sockets(live);
	if (!err)
		err = tb_census_untold(live->kernel.census, process_told, live);
	if (!err)
		err = tb_names_tell(live->names);
	if (!err)
		err = tb_host_frame(live->host, sink);
	if (!err)
		err = tb_kernel_status(&live->kernel);
	if (!err)
		err = frame_end(live, &frame);
	live->kernel.sink = NULL;
	return err;
}

static int source_frame(void *ctx, const struct tb_sink *sink)
{
	return tb_live_frame(ctx, sink);
}

struct tb_source tb_live_source(struct tb_live *live)
{
	return (struct tb_source){ .ctx = live, .frame = source_frame };
}
