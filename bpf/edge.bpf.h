/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wait edges: (process, reason, object) -> how often, how long, a histogram. Slots of an mmapped
 * array; a hash knows which, and each thread remembers the last few, so that the hash is rarely
 * asked.
 */
#ifndef TAILBACK_EDGE_BPF_H
#define TAILBACK_EDGE_BPF_H

#include "describe.bpf.h"

#define EDGE_RETRY 64 /* waits of a thread between two attempts to find room */

static __always_inline struct tb_edge *edge_at(u32 slot)
{
	return bpf_map_lookup_elem(&edges, &slot);
}

/* A slot that nobody uses: one given back, else the next fresh one; 0 if all are taken. */
static __always_inline u32 edge_take_slot(void)
{
	u32 slot = 0;

	if (!bpf_map_pop_elem(&edge_free, &slot))
		return slot;
	if (counters.edge_next >= TB_EDGE_SLOTS - 1)
		return 0;
	slot = __sync_fetch_and_add(&counters.edge_next, 1) + 1;
	return slot < TB_EDGE_SLOTS ? slot : 0;
}

static __always_inline void edge_fill(struct tb_edge *edge, const struct tb_edge_key *key,
				      const struct tb_object *o, u64 file)
{
	edge->h.kind = TB_REC_EDGE;
	edge->h.size = sizeof(*edge);
	edge->leader_start_ns = key->leader_start_ns;
	edge->state = tb_edge_sig_state(key->sig);
	edge->object = *o;
	if (file)
		object_describe(file, &edge->object);
	edge->tgid = key->tgid; /* last: a slot without it is not read */
}

/* Find or make the place of an object that the thread has not used lately; 0 if there is no room.
 */
static __always_inline u32 edge_lookup(struct task_struct *task, const struct tb_object *o, u32 sig,
				       u64 file)
{
	struct tb_edge_key key = { .id = o->id, .tgid = task->tgid, .sig = sig };
	struct tb_edge *edge;
	u32 *known, slot, place;

	key.leader_start_ns = task->group_leader->start_boottime;
	known = bpf_map_lookup_elem(&edge_index, &key);
	if (known)
		return *known;
	slot = edge_take_slot();
	edge = slot ? edge_at(slot) : NULL;
	if (!edge)
		return 0;
	place = TB_PLACE(slot, edge->h.cpu);
	edge_fill(edge, &key, o, file);
	if (!bpf_map_update_elem(&edge_index, &key, &place, BPF_NOEXIST))
		return place;
	edge->tgid = 0;
	bpf_map_push_elem(&edge_free, &slot, 0); /* another CPU was first, or no room */
	known = bpf_map_lookup_elem(&edge_index, &key);
	return known ? *known : 0;
}

/*
 * The place for the wait that begins; remembers it in the thread. Where there was no room it asks
 * again after some waits, for room may be made. An id may be a kernel pointer, with which the
 * verifier lets nobody reckon: read back from the map it is a number.
 */
static __always_inline u32 edge_open(struct thread *t, struct task_struct *task,
				     struct tb_object *o, u64 file)
{
	volatile u64 *id = &t->wait.id;
	struct edge_ref *ref;
	u32 sig, at;

	*id = o->id;
	o->id = *id;
	sig = tb_edge_sig(t->account.state, o);
	at = ((u32)o->id ^ (u32)(o->id >> 6) ^ (u32)(o->id >> 14) ^ sig) % EDGE_REFS;
	ref = &t->refs[at];
	t->wait.sig = sig;
	if (likely(ref->sig == sig && ref->id == o->id) &&
	    (likely(ref->place) || t->account.switches % EDGE_RETRY))
		return ref->place;
	ref->place = edge_lookup(task, o, sig, file);
	ref->sig = sig;
	ref->id = o->id;
	return ref->place;
}

/* Where a wait is booked that has no place, or whose slot has another owner by now. */
static __always_inline struct tb_edge *edge_overflow(struct thread *t)
{
	int i;

	for (i = 0; i < EDGE_REFS; i++)
		if (t->refs[i].place == t->wait.place)
			t->refs[i].sig = 0;
	count_one(lost_edges);
	return edge_at(0);
}

/* The wait is over: book its time. Threads of one process share a slot, hence the atomics. */
static __always_inline void edge_close(struct thread *t, u64 ns)
{
	u32 place = t->wait.place, bucket = tb_hist_bucket(ns);
	struct tb_edge *edge = edge_at(TB_PLACE_SLOT(place));

	if (unlikely(!place || (edge && edge->h.cpu != TB_PLACE_GENERATION(place))))
		edge = edge_overflow(t);
	if (!edge || bucket >= TB_HIST_NR)
		return;
	__sync_fetch_and_add(&edge->total_ns, ns);
	__sync_fetch_and_add(&edge->hist[bucket], 1);
	if (ns > edge->max_ns)
		edge->max_ns = ns;
}

#endif
