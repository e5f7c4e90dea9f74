// SPDX-License-Identifier: GPL-2.0-only
/*
 * The edges, from the mmapped slots to records, and the care of the slots: those of processes that
 * are gone go back, and when room gets tight those that nobody waits for and nothing was booked to
 * for long. Called by kernel.c and live.c.
 *
 * A slot goes back in two steps, one frame apart: first its key and its generation change, so that
 * nobody comes with an old place any more; what was on its way is then wiped with the rest.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernel.h"
#include "log.h"
#include "skeleton.h"

/* Frames for which a slot rests before it is taken from a living process, by how full they are. */
#define TIGHT_SLOTS  (TB_EDGE_SLOTS / 2)
#define TIGHT_FRAMES 60
#define FULL_SLOTS   (TB_EDGE_SLOTS / 4 * 3)
#define FULL_FRAMES  5

_Static_assert(TB_EDGE_SLOTS <= 65536, "a place has 16 bits for the slot");

struct tb_slot {
	__u64 total_ns; /* when last sent */
	__u32 frame;	/* in which that was, or the first that saw it; 0: none yet */
	bool leaving;	/* the second step is due */
};

int tb_kernel_edges_open(struct tb_kernel *kernel)
{
	int fd = bpf_map__fd(kernel->loader.skel->maps.edges);
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t bytes = (TB_EDGE_SLOTS * sizeof(struct tb_edge) + page - 1) / page * page;
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (at == MAP_FAILED) {
		tb_error("cannot map the edge slots: %s", strerror(errno));
		return -errno;
	}
	kernel->edges = at;
	kernel->edges_bytes = bytes;
	kernel->slots = calloc(TB_EDGE_SLOTS, sizeof(*kernel->slots));
	if (kernel->slots)
		return 0;
	tb_error("out of memory for the edge slots");
	return -ENOMEM;
}

void tb_kernel_edges_close(struct tb_kernel *kernel)
{
	if (kernel->edges)
		munmap(kernel->edges, kernel->edges_bytes);
	free(kernel->slots);
}

/*
 * The programs keep only the histogram; the count is its sum. Nobody begins slot 0: it has no
 * header.
 */
static void edge_count(struct tb_edge *edge, __u64 now_ns)
{
	int i;

	edge->h =
		(struct tb_record){ .kind = TB_REC_EDGE, .size = sizeof(*edge), .time_ns = now_ns };
	edge->count = 0;
	for (i = 0; i < TB_HIST_NR; i++)
		edge->count += edge->hist[i];
	if (!edge->tgid)
		edge->state = TB_OTHER;
}

static int edge_send(struct tb_kernel *kernel, __u32 slot, __u64 now_ns)
{
	struct tb_edge copy = kernel->edges[slot];

	if (copy.total_ns == kernel->slots[slot].total_ns)
		return 0;
	edge_count(&copy, now_ns);
	kernel->slots[slot].total_ns = copy.total_ns;
	kernel->slots[slot].frame = kernel->frames;
	return tb_kernel_put(kernel, &copy.h);
}

/* The first step: whoever looks for the key finds nothing, whoever remembers the place is late. */
static void edge_leave(struct tb_kernel *kernel, __u32 slot)
{
	struct tb_edge *edge = &kernel->edges[slot];
	struct tb_edge_key key = { .id = edge->object.id,
				   .leader_start_ns = edge->leader_start_ns,
				   .tgid = edge->tgid,
				   .sig = tb_edge_sig(edge->state, &edge->object) };

	bpf_map_delete_elem(bpf_map__fd(kernel->loader.skel->maps.edge_index), &key);
	edge->h.cpu++;
	edge->tgid = 0;
	kernel->slots[slot].leaving = true;
}

static void edge_release(struct tb_kernel *kernel, __u32 slot)
{
	struct tb_edge *edge = &kernel->edges[slot];
	__u16 generation = edge->h.cpu;

	memset(edge, 0, sizeof(*edge));
	edge->h.cpu = generation;
	kernel->slots[slot] = (struct tb_slot){};
	if (!bpf_map_update_elem(bpf_map__fd(kernel->loader.skel->maps.edge_free), NULL, &slot, 0))
		kernel->freed_edges++;
}

static bool edge_is_over(const struct tb_kernel *kernel, __u32 slot, __u32 frames_max)
{
	const struct tb_edge *edge = &kernel->edges[slot];
	struct tb_process_key key = { .tgid = edge->tgid,
				      .leader_start_ns = edge->leader_start_ns };

	/* A process that no walk shows may be one that this kernel hides: ask. */
	if (tb_census_is_gone(kernel->census, &key) && kill((pid_t)edge->tgid, 0) && errno == ESRCH)
		return true;
	return frames_max && kernel->frames - kernel->slots[slot].frame > frames_max &&
	       edge->count != kernel->loader.skel->bss->counters.walks;
}

static int edge_visit(struct tb_kernel *kernel, __u32 slot, __u64 now_ns, __u32 frames_max)
{
	int err;

	if (kernel->slots[slot].leaving) {
		edge_release(kernel, slot);
		return 0;
	}
	if (slot && !kernel->edges[slot].tgid)
		return 0;
	kernel->edges_used++;
	if (!kernel->slots[slot].frame)
		kernel->slots[slot].frame = kernel->frames;
	err = edge_send(kernel, slot, now_ns);
	if (!err && slot && edge_is_over(kernel, slot, frames_max))
		edge_leave(kernel, slot);
	return err;
}

int tb_kernel_edges(struct tb_kernel *kernel)
{
	__u32 taken = kernel->loader.skel->bss->counters.edge_next, slot;
	__u32 frames_max = kernel->edges_used > FULL_SLOTS    ? FULL_FRAMES
			   : kernel->edges_used > TIGHT_SLOTS ? TIGHT_FRAMES
							      : 0;
	__u64 now_ns = tb_kernel_now(kernel);
	int err = 0;

	kernel->edges_used = 0;
	kernel->frames++;
	for (slot = 0; slot <= taken && slot < TB_EDGE_SLOTS && !err; slot++)
		err = edge_visit(kernel, slot, now_ns, frames_max);
	return err;
}
