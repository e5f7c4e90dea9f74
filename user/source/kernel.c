// SPDX-License-Identifier: GPL-2.0-only
/* Maps and iterators -> records. See kernel.h for who calls it and what it must not know. */
#include "kernel.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "skeleton.h"

#define CALIBRATE_SLEEP_NS 100000
#define CALIBRATE_TRIES	   100
#define STORAGE_BYTES	   704 /* of slab for one thread; no map tells (measured on 6.18) */

/* Every record leaves through here: the census hears of it first. */
int tb_kernel_put(struct tb_kernel *kernel, const struct tb_record *record)
{
	int err = tb_census_note(kernel->census, record);

	return err ? err : tb_sink_put(kernel->sink, record);
}

static int ring_record(void *ctx, void *data, size_t size)
{
	struct tb_kernel *kernel = ctx;
	const struct tb_record *record = data;

	kernel->events++;
	if (size < sizeof(*record) || record->size > size) {
		kernel->skipped++;
		return 0;
	}
	return tb_kernel_put(kernel, record);
}

/* The clocks are paired when this process leaves a CPU: sleep until that has happened. */
static int clock_wait(const struct tb_kernel *kernel)
{
	const struct timespec pause = { .tv_nsec = CALIBRATE_SLEEP_NS };
	int i;

	for (i = 0; i < CALIBRATE_TRIES; i++) {
		nanosleep(&pause, NULL);
		if (i > 2 && kernel->loader.skel->bss->counters.clock_offset_ns)
			return 0;
	}
	tb_error("the scheduler hook does not run: no switch of this process was seen in %d sleeps",
		 CALIBRATE_TRIES);
	return -EOPNOTSUPP;
}

static int buffers_open(struct tb_kernel *kernel)
{
	int ring_fd = bpf_map__fd(kernel->loader.skel->maps.ring);

	kernel->buffer = malloc(TB_KERNEL_BUFFER);
	kernel->census = tb_census_new();
	kernel->ring = ring_buffer__new(ring_fd, ring_record, kernel, NULL);
	if (kernel->buffer && kernel->census && kernel->ring)
		return tb_kernel_edges_open(kernel);
	tb_error("out of memory while opening the kernel's buffers");
	return -ENOMEM;
}

int tb_kernel_open(struct tb_kernel *kernel, const struct tb_loader_options *options)
{
	int err;

	memset(kernel, 0, sizeof(*kernel));
	err = tb_loader_open(&kernel->loader, options);
	if (err)
		return err;
	err = buffers_open(kernel);
	if (!err)
		err = clock_wait(kernel);
	if (err)
		tb_kernel_close(kernel);
	return err;
}

void tb_kernel_close(struct tb_kernel *kernel)
{
	ring_buffer__free(kernel->ring);
	tb_kernel_edges_close(kernel);
	free(kernel->buffer);
	tb_census_free(kernel->census);
	tb_loader_close(&kernel->loader);
	memset(kernel, 0, sizeof(*kernel));
}

__u64 tb_kernel_now(const struct tb_kernel *kernel)
{
	return tb_clock_ns(CLOCK_MONOTONIC) -
	       (__u64)kernel->loader.skel->bss->counters.clock_offset_ns;
}

/* Whole records of a buffer into the sink; returns how many bytes are left over, or -errno. */
static ssize_t buffer_put(struct tb_kernel *kernel, size_t bytes, int *count)
{
	size_t at = 0;
	int err;

	while (bytes - at >= sizeof(struct tb_record)) {
		const struct tb_record *record = (const void *)(kernel->buffer + at);

		if (record->size < sizeof(*record) || record->size > TB_KERNEL_BUFFER)
			return -EPROTO;
		if (record->size > bytes - at)
			break;
		err = tb_kernel_put(kernel, record);
		if (err)
			return err;
		at += record->size;
		++*count;
	}
	memmove(kernel->buffer, kernel->buffer + at, bytes - at);
	return (ssize_t)(bytes - at);
}

static int iterator_read(struct tb_kernel *kernel, int fd)
{
	ssize_t got, left = 0;
	int count = 0;

	for (;;) {
		got = read(fd, kernel->buffer + left, TB_KERNEL_BUFFER - (size_t)left);
		if (got < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (got <= 0)
			return got ? -errno : count;
		left = buffer_put(kernel, (size_t)(left + got), &count);
		if (left < 0)
			return (int)left;
	}
}

int tb_kernel_iterate(struct tb_kernel *kernel, enum tb_hook hook)
{
	int fd = tb_loader_iterate(&kernel->loader, hook), count;

	if (fd < 0)
		return fd;
	count = iterator_read(kernel, fd);
	close(fd);
	if (hook == TB_HOOK_on_walk && count >= 0) {
		kernel->loader.skel->bss->counters.walks++;
		kernel->threads = (__u32)count;
	}
	return count;
}

int tb_kernel_drain(struct tb_kernel *kernel)
{
	int got = ring_buffer__consume(kernel->ring);

	return got < 0 ? got : 0;
}

static __u64 resident_bytes(void)
{
	unsigned long long total = 0, resident = 0;
	FILE *file = fopen("/proc/self/statm", "re");

	if (!file)
		return 0;
	if (fscanf(file, "%llu %llu", &total, &resident) != 2)
		resident = 0;
	fclose(file);
	return resident * (unsigned long long)sysconf(_SC_PAGESIZE);
}

static __u32 degraded_hooks(const struct tb_loader *loader)
{
	__u32 bits = 0;
	int hook;

	for (hook = 0; hook < TB_HOOK_NR; hook++)
		if (loader->errors[hook])
			bits |= 1u << hook;
	return bits;
}

/* 0: not known. */
static __u64 map_bytes(const struct tb_kernel *kernel)
{
	__u64 bytes = tb_loader_map_bytes(&kernel->loader);

	return bytes ? bytes + (__u64)kernel->threads * STORAGE_BYTES : 0;
}

int tb_kernel_status(struct tb_kernel *kernel)
{
	const struct tb_counters *c = &kernel->loader.skel->bss->counters;
	struct tb_status status = {
		.h = { .kind = TB_REC_STATUS,
		       .size = sizeof(status),
		       .time_ns = tb_kernel_now(kernel) },
		.events = kernel->events,
		.lost_ring = c->lost_ring,
		.lost_threads = c->lost_threads,
		.lost_edges = c->lost_edges,
		.lost_folds = c->lost_folds,
		.gaps = c->gaps,
		.missed_runs = tb_loader_missed_runs(&kernel->loader),
		.clamped = c->clamped,
		.torn = c->torn,
		.skipped_records = kernel->skipped,
		.user_faults = c->user_faults,
		.bpf_ns = c->sampled_ns * TB_SAMPLE_EVERY,
		.bpf_ns_known = 1,
		.user_ns = tb_clock_ns(CLOCK_PROCESS_CPUTIME_ID),
		.map_bytes = map_bytes(kernel),
		.rss_bytes = resident_bytes(),
		.degraded = degraded_hooks(&kernel->loader),
	};

	return tb_kernel_put(kernel, &status.h);
}
