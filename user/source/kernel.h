/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads what the BPF programs keep: the walk, the edge slots, the folds, the ring, the counters.
 * Used by live.c alone. Knows the maps, not what their contents mean.
 */
#ifndef TAILBACK_KERNEL_H
#define TAILBACK_KERNEL_H

#include "census.h"
#include "loader.h"
#include "source.h"

struct ring_buffer;
struct tb_slot;

#define TB_KERNEL_BUFFER (256u << 10)

struct tb_kernel {
	struct tb_loader loader;
	struct ring_buffer *ring;
	struct tb_edge *edges; /* the mmapped slots */
	size_t edges_bytes;
	struct tb_slot *slots; /* what kernel_edge.c knows of each */
	__u32 edges_used;      /* slots with an owner, in the last frame */
	__u32 frames;	       /* of edges, so far */
	char *buffer;	       /* TB_KERNEL_BUFFER bytes, for one part of the frame at a time */
	__u64 events;	       /* records read from the ring */
	__u64 skipped;	       /* of kinds that this build does not know */
	__u64 freed_edges;
	__u32 threads;		    /* that the last walk visited */
	const struct tb_sink *sink; /* of the frame in progress */
	struct tb_census *census;   /* told of every process seen */
};

int tb_kernel_open(struct tb_kernel *kernel, const struct tb_loader_options *options);
void tb_kernel_close(struct tb_kernel *kernel);

/* Run an iterator and put its records into the sink; number of records, or -errno. */
int tb_kernel_iterate(struct tb_kernel *kernel, enum tb_hook hook);

/* Records that wait in the ring. */
int tb_kernel_drain(struct tb_kernel *kernel);

/* kernel_edge.c: edges that changed since they were last sent; slots not needed are given back. */
int tb_kernel_edges(struct tb_kernel *kernel);
int tb_kernel_edges_open(struct tb_kernel *kernel);
void tb_kernel_edges_close(struct tb_kernel *kernel);

/* kernel_fold.c: of all processes; those of processes that are gone are sent and then removed. */
int tb_kernel_folds(struct tb_kernel *kernel);

int tb_kernel_status(struct tb_kernel *kernel);

/* Into the sink of the frame in progress; the census hears of it first. */
int tb_kernel_put(struct tb_kernel *kernel, const struct tb_record *record);

/* The sched clock now, as the walk reckons it. */
__u64 tb_kernel_now(const struct tb_kernel *kernel);

#endif
