/* SPDX-License-Identifier: GPL-2.0-only */
/* How the files of the model share its work. Nobody outside user/model/ includes it. */
#ifndef TAILBACK_MODEL_PARTS_H
#define TAILBACK_MODEL_PARTS_H

#include <utlist.h>

#include "model.h"

#define MODEL_GONE_FRAMES 2 /* without a record: the kernel will not speak of it any more */

/* model_thread.c */
int model_thread_record(struct tb_model *model, const struct tb_thread *record);
void model_thread_remove(struct tb_model *model, struct tb_model_thread *thread);
void model_thread_mark(struct tb_model_thread *thread);

/* model_process.c */
struct tb_model_process *model_process_get(struct tb_model *model, __u32 tgid,
					   __u64 leader_start_ns);
void model_process_comm(struct tb_model_process *process, const char comm[TB_COMM_LEN]);
int model_process_record(struct tb_model *model, const struct tb_process *record);
int model_processes_end(struct tb_model *model, bool lost);
void model_processes_mark(struct tb_model *model);
void model_processes_release(struct tb_model *model);

/* model_dead.c */
int model_fold_record(struct tb_model *model, const struct tb_fold *record);
int model_dead_end(struct tb_model *model, bool lost);
void model_other_end(struct tb_model *model);
void model_sums_add(struct tb_sums *sum, const struct tb_sums *more);
void model_sums_add_thread(struct tb_sums *sum, const struct tb_thread *thread);

/* model_edge.c */
int model_edge_record(struct tb_model *model, const struct tb_edge *record);
void model_edge_remove(struct tb_model *model, struct tb_model_edge *edge);
int model_edges_end(struct tb_model *model);
void model_edges_mark(struct tb_model *model);

/* model_host.c */
int model_disk_record(struct tb_model *model, const struct tb_disk *record);
int model_cgroup_record(struct tb_model *model, const struct tb_cgroup *record);
void model_host_end(struct tb_model *model);
void model_host_mark(struct tb_model *model);
void model_host_release(struct tb_model *model);

#endif
