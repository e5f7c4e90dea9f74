/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Brings the BPF programs into the kernel and takes them out again. Nothing is pinned: when the
 * process dies, everything is detached.
 */
#ifndef TAILBACK_LOADER_H
#define TAILBACK_LOADER_H

#include <stdbool.h>
#include <stddef.h>

#include "health.h"
#include "hooks.h"
#include "knobs.h"

struct tailback_bpf;
struct bpf_link;

struct tb_loader_options {
	size_t ring_bytes;	 /* 0: TB_RING_BYTES; a power of two, at least a page */
	unsigned int fold_slots; /* 0: TB_FOLD_SLOTS */
};

struct tb_loader {
	struct tailback_bpf *skel;
	struct bpf_link *links[TB_HOOK_NR];
	int errors[TB_HOOK_NR]; /* 0 attached, else -errno: why not */
	struct tb_knobs knobs;	/* what was found and set */
};

/* What differs between kernels and must be known before the load, from the checks that found it. */
void tb_loader_knobs(struct tb_knobs *knobs, const struct tb_check_result checks[TB_CHECK_NR]);

/*
 * Load and attach. A hook that is not required and that this kernel refuses is left out. 0, or:
 *   -EPERM       a privilege is missing (exit code 4)
 *   -EOPNOTSUPP  the kernel lacks what a required hook needs (exit code 5)
 *   -errno       anything else (exit code 1)
 * The reason has been said on stderr. On error nothing stays attached.
 */
int tb_loader_open(struct tb_loader *loader, const struct tb_loader_options *options);
void tb_loader_close(struct tb_loader *loader);

/* A new run of an iterator, as a descriptor to read records from; -errno. The caller closes it. */
int tb_loader_iterate(const struct tb_loader *loader, enum tb_hook hook);

/* Bytes of kernel memory that the maps take, and the CPU time of the programs, sampled. */
unsigned long long tb_loader_map_bytes(const struct tb_loader *loader);

/* Runs that the kernel skipped for recursion, over all attached programs. */
unsigned long long tb_loader_missed_runs(const struct tb_loader *loader);

#endif
