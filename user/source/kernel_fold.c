// SPDX-License-Identifier: GPL-2.0-only
/* What the threads that have exited left behind, from the kernel's map to records. Called by
 * live.c. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>

#include "account.h"
#include "kernel.h"
#include "skeleton.h"

#define COPY_TRIES 8
#define FOLD_BATCH 512

struct fold_batch {
	struct tb_process_key keys[FOLD_BATCH];
	struct tb_fold folds[FOLD_BATCH];
};

_Static_assert(sizeof(struct fold_batch) <= TB_KERNEL_BUFFER, "a batch fits the buffer");

/*
 * An exit on another CPU adds to it part by part. It is copied from its beginning to its end: if
 * all that had begun at the end of the copy had ended at its beginning, nobody was at it. Else the
 * copy is taken again, as it is where the fold has been made, but not yet named.
 */
static bool fold_is_whole(const struct tb_fold *fold)
{
	return fold->threads == fold->begun && tb_account_sums(fold->ns, 0, fold->lifetime_ns);
}

static bool fold_is_usable(const struct tb_fold *fold)
{
	return fold->h.kind == TB_REC_FOLD && fold_is_whole(fold);
}

static bool fold_read(const struct tb_kernel *kernel, const struct tb_process_key *key,
		      struct tb_fold *fold)
{
	int fd = bpf_map__fd(kernel->loader.skel->maps.folds), try;

	for (try = 0; try < COPY_TRIES && !fold_is_usable(fold); try++)
		if (bpf_map_lookup_elem(fd, key, fold))
			return false;
	return fold_is_usable(fold);
}

static int fold_visit(struct tb_kernel *kernel, const struct tb_process_key *key,
		      struct tb_fold *fold, __u64 now_ns)
{
	int err;

	if (!fold_read(kernel, key, fold))
		return 0;
	fold->h.time_ns = now_ns;
	err = tb_kernel_put(kernel, &fold->h);
	if (!err && tb_census_is_gone(kernel->census, key))
		bpf_map_delete_elem(bpf_map__fd(kernel->loader.skel->maps.folds), key);
	return err;
}

/* The slot that cannot fail: processes that found no fold, and threads that found no storage. */
static int fold_overflow(struct tb_kernel *kernel, __u64 now_ns)
{
	__u64 strangers_ns = kernel->loader.skel->bss->counters.strangers_ns;
	struct tb_fold fold;
	int try;

	for (try = 0; try < COPY_TRIES; try++) {
		memcpy(&fold, &kernel->loader.skel->bss->fold_overflow, sizeof(fold));
		if (fold_is_whole(&fold))
			break;
	}
	if (try == COPY_TRIES || !(fold.lifetime_ns + strangers_ns))
		return 0;
	fold.ns[TB_ONCPU] += strangers_ns;
	fold.lifetime_ns += strangers_ns;
	fold.tgid = 0;
	fold.leader_start_ns = 0;
	fold.h = (struct tb_record){ .kind = TB_REC_FOLD, .size = sizeof(fold), .time_ns = now_ns };
	return tb_kernel_put(kernel, &fold.h);
}

/*
 * Many in one call: a call for each would be most of what a frame costs where processes come and
 * go.
 */
int tb_kernel_folds(struct tb_kernel *kernel)
{
	int fd = bpf_map__fd(kernel->loader.skel->maps.folds), err = 0, last = 0;
	__u64 now_ns = tb_kernel_now(kernel);
	struct fold_batch *batch = (struct fold_batch *)(void *)kernel->buffer;
	__u32 position = 0, count, i;
	bool begun = false;

	while (!last && !err) {
		count = FOLD_BATCH;
		last = bpf_map_lookup_batch(fd, begun ? &position : NULL, &position, batch->keys,
					    batch->folds, &count, NULL);
		if (last && last != -ENOENT)
			return last;
		begun = true;
		for (i = 0; i < count && !err; i++)
			err = fold_visit(kernel, &batch->keys[i], &batch->folds[i], now_ns);
	}
	return err ? err : fold_overflow(kernel, now_ns);
}
