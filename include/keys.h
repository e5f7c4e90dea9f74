/* SPDX-License-Identifier: GPL-2.0-only */
/* Keys of the maps that user space reads or clears as well as the programs. */
#ifndef TAILBACK_KEYS_H
#define TAILBACK_KEYS_H

#include "object.h"
#include "types.h"

/* Names a process for as long as the host is up. */
struct tb_process_key {
	__u64 leader_start_ns;
	__u32 tgid;
	__u32 reserved;
};

struct tb_edge_key {
	__u64 id;
	__u64 leader_start_ns;
	__u32 tgid;
	__u32 sig; /* tb_edge_sig() */
};

/* Reason, kind, role and port in one word: with the object's id it names an edge. Never 0. */
TB_INLINE __u32 tb_edge_sig(__u32 state, const struct tb_object *o)
{
	return (state & 31) | (__u32)(o->kind & 31) << 5 | (__u32)(o->role & 7) << 10 |
	       (__u32)o->port << 16 | 1u << 15;
}

TB_INLINE __u32 tb_edge_sig_state(__u32 sig)
{
	return sig & 31;
}

/* What the two together say of an object; addresses and the like are not in them. */
TB_INLINE void tb_edge_sig_object(__u32 sig, __u64 id, struct tb_object *o)
{
	o->kind = (__u8)(sig >> 5 & 31);
	o->role = (__u8)(sig >> 10 & 7);
	o->port = (__u16)(sig >> 16);
	o->id = id;
}

/*
 * A place is a slot of the edges and its generation, which changes when the slot is given to
 * another owner: who comes with an old place finds out. Place 0 is none. In a slot, two fields of
 * the record mean something else: h.cpu is the generation, count the last walk that showed a wait
 * for it.
 */
#define TB_PLACE(slot, generation) ((__u32)(slot) | (__u32)(generation) << 16)
#define TB_PLACE_SLOT(place)	   ((place)&0xffffu)
#define TB_PLACE_GENERATION(place) ((place) >> 16)

#endif
