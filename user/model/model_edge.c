// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wait edges of the model: closed time from EDGE records, open time from the threads of the last
 * walk. A wait that is still open has its edge too, so a lock that is never released shows. Called
 * by model.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model_parts.h"

#define X(id, name, letter, idle, text) [TB_##id] = idle,
static const unsigned char state_idle[TB_STATE_NR] = { TB_STATES(X) };
#undef X

bool tb_wait_is_idle(__u32 state, const struct tb_object *object)
{
	if (state >= TB_STATE_NR)
		return true;
	if (state != TB_NET)
		return state_idle[state];
	/* Netlink and its kin bring the kernel's news: nobody was asked for them. */
	return object->role == TB_ROLE_SERVER || object->role == TB_ROLE_LISTENER ||
	       object->kind == TB_OBJ_SOCKET;
}

static struct tb_model_edge *edge_get(struct tb_model *model, struct tb_model_process *process,
				      __u32 state, const struct tb_object *object)
{
	struct tb_edge_key key = { .id = object->id,
				   .tgid = process->key.tgid,
				   .leader_start_ns = process->key.leader_start_ns,
				   .sig = tb_edge_sig(state, object) };
	struct tb_model_edge *edge = NULL;

	HASH_FIND(hh, model->edges, &key, sizeof(key), edge);
	if (edge)
		return edge;
	edge = calloc(1, sizeof(*edge));
	if (!edge)
		return NULL;
	edge->key = key;
	edge->process = process;
	edge->now.tgid = key.tgid;
	edge->now.leader_start_ns = key.leader_start_ns;
	edge->now.state = state;
	edge->now.object = *object;
	DL_APPEND(process->edges, edge);
	HASH_ADD(hh, model->edges, key, sizeof(edge->key), edge);
	return edge;
}

void model_edge_remove(struct tb_model *model, struct tb_model_edge *edge)
{
	DL_DELETE(edge->process->edges, edge);
	HASH_DEL(model->edges, edge);
	free(edge->past);
	free(edge);
}

/*
 * A total that shrank: the kernel needed the slot for others and has begun a new one since. What
 * the old one held still happened.
 */
static int edge_begin_again(struct tb_model_edge *edge, const struct tb_edge *record)
{
	if (record->total_ns >= edge->record_ns)
		return 0;
	if (!edge->past)
		edge->past = malloc(sizeof(*edge->past));
	if (!edge->past)
		return -ENOMEM;
	*edge->past = edge->now;
	return 0;
}

static void edge_add_past(struct tb_edge *now, const struct tb_edge *past)
{
	int i;

	now->count += past->count;
	now->total_ns += past->total_ns;
	if (past->max_ns > now->max_ns)
		now->max_ns = past->max_ns;
	for (i = 0; i < TB_HIST_NR; i++)
		now->hist[i] += past->hist[i];
}

int model_edge_record(struct tb_model *model, const struct tb_edge *record)
{
	struct tb_model_process *process;
	struct tb_model_edge *edge;

	if (record->state >= TB_STATE_NR) {
		model->torn++;
		return 0;
	}
	process = model_process_get(model, record->tgid, record->leader_start_ns);
	edge = process ? edge_get(model, process, record->state, &record->object) : NULL;
	if (!edge || edge_begin_again(edge, record))
		return -ENOMEM;
	process->seen = model->generation;
	edge->record_ns = record->total_ns;
	edge->now = *record;
	if (edge->past)
		edge_add_past(&edge->now, edge->past);
	return 0;
}

/*
 * Add a thread's open wait to its edge. Without an object, and no longer waiting: nothing to tell.
 */
static int thread_open(struct tb_model *model, const struct tb_model_thread *thread)
{
	const struct tb_thread *now = &thread->now;
	bool waits = tb_is_reason(now->state);
	struct tb_model_edge *edge;

	if (!tb_is_reason(now->blocked_state) || !(waits || now->open_ns[TB_OPEN_BLOCKED]))
		return 0;
	if (!waits && now->object.kind == TB_OBJ_NONE)
		return 0;
	edge = edge_get(model, thread->process, now->blocked_state, &now->object);
	if (!edge)
		return -ENOMEM;
	edge->open_ns += now->open_ns[TB_OPEN_BLOCKED];
	edge->open_nr += waits;
	if (waits)
		edge->now.object = now->object; /* the connection that is waited for now */
	return 0;
}

/*
 * Open waits that have ended leave nothing here: what they took comes with the record of the edge.
 */
static void edges_forget(struct tb_model *model)
{
	struct tb_model_edge *edge, *next;

	HASH_ITER(hh, model->edges, edge, next)
		if (!edge->now.count && !edge->now.total_ns && !edge->open_nr && !edge->open_ns)
			model_edge_remove(model, edge);
}

int model_edges_end(struct tb_model *model)
{
	struct tb_model_thread *thread, *next_thread;
	struct tb_model_edge *edge, *next;
	int err;

	HASH_ITER(hh, model->edges, edge, next) {
		edge->open_ns = 0;
		edge->open_nr = 0;
	}
	HASH_ITER(hh, model->threads, thread, next_thread) {
		err = thread_open(model, thread);
		if (err)
			return err;
	}
	edges_forget(model);
	return 0;
}

void model_edges_mark(struct tb_model *model)
{
	struct tb_model_edge *edge, *next;

	HASH_ITER(hh, model->edges, edge, next) {
		edge->mark_ns = tb_edge_effective_ns(edge);
		edge->mark_count = edge->now.count;
		memcpy(edge->mark_hist, edge->now.hist, sizeof(edge->mark_hist));
	}
}
