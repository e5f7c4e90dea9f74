// SPDX-License-Identifier: GPL-2.0-only
/*
 * The model's front door: each kind of record to its file, the end of a frame, the mark. Sources
 * call it through a sink; it must not know who they are.
 */
#include "model.h"

#include <string.h>

#include "model_parts.h"
#include "peer.h"

void tb_model_init(struct tb_model *model)
{
	memset(model, 0, sizeof(*model));
	model->generation = 1;
}

void tb_model_release(struct tb_model *model)
{
	model_processes_release(model);
	model_host_release(model);
	tb_peer_release(model);
	memset(model, 0, sizeof(*model));
}

/* An exit that was lost as the frame before ended is in the folds of this one. */
static bool frame_lost(struct tb_model *model)
{
	if (model->status.lost_ring != model->status_lost_ring)
		model->lost_seen = model->generation;
	return model->lost_seen && model->lost_seen + 1 >= model->generation;
}

/* Everything of this instant has been said: settle what is open, who is gone, what was lost. */
static int frame_end(struct tb_model *model, const struct tb_frame *frame)
{
	int err = model_processes_end(model, frame_lost(model));

	tb_peer_frame_end(model);
	model->frame = *frame;
	model_host_end(model);
	model->walk_ns = model->walk_begin_ns ? model->walk_begin_ns : frame->h.time_ns;
	model->walk_begin_ns = 0;
	model->status_lost_ring = model->status.lost_ring;
	model->generation++;
	return err ? err : model_edges_end(model);
}

static size_t record_size(__u32 kind)
{
	switch (kind) {
#define X(id, number, type, text) \
	case number:              \
		return sizeof(struct type);
		TB_RECORDS(X)
#undef X
	}
	return 0;
}

int tb_model_record(void *ctx, const struct tb_record *record)
{
	struct tb_model *model = ctx;
	size_t size = record_size(record->kind);

	if (!size || record->size < size) {
		model->unknown_records++;
		return 0;
	}
	switch ((enum tb_record_kind)record->kind) {
	case TB_REC_FRAME:
		return frame_end(model, (const struct tb_frame *)record);
	case TB_REC_THREAD:
		return model_thread_record(model, (const struct tb_thread *)record);
	case TB_REC_EDGE:
		return model_edge_record(model, (const struct tb_edge *)record);
	case TB_REC_FOLD:
		return model_fold_record(model, (const struct tb_fold *)record);
	case TB_REC_PROCESS:
		return model_process_record(model, (const struct tb_process *)record);
	case TB_REC_SOCKET:
		return tb_peer_socket(model, (const struct tb_socket *)record);
	case TB_REC_NAME:
		return tb_peer_name(model, (const struct tb_name *)record);
	case TB_REC_HOST:
		model->host = *(const struct tb_host *)record;
		return 0;
	case TB_REC_DISK:
		return model_disk_record(model, (const struct tb_disk *)record);
	case TB_REC_CGROUP:
		return model_cgroup_record(model, (const struct tb_cgroup *)record);
	case TB_REC_STATUS:
		model->status = *(const struct tb_status *)record;
		return 0;
	}
	return 0;
}

void tb_model_mark(struct tb_model *model)
{
	struct tb_model_thread *thread, *next;

	HASH_ITER(hh, model->threads, thread, next)
		model_thread_mark(thread);
	model_edges_mark(model);
	model_processes_mark(model);
	model_host_mark(model);
	model->mark_frame = model->frame;
	model->mark_walk_ns = model->walk_ns;
	model->mark_status = model->status;
	model->mark_torn = model->torn;
	model->marked = true;
}
