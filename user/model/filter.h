/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which processes and threads a view shows. Commands fill it from the shared options; the strings
 * are theirs and outlive it.
 */
#ifndef TAILBACK_FILTER_H
#define TAILBACK_FILTER_H

#include "window.h"

#define TB_FILTER_PIDS_MAX 64
#define TB_FILTER_SEEN_MAX 10

struct tb_filter {
	__u32 pids[TB_FILTER_PIDS_MAX];
	__u32 pid_nr;
	__u32 tid;	    /* 0: any */
	const char *comm;   /* glob as fnmatch(3) on the process's name, NULL: any */
	const char *cgroup; /* glob on the whole path */
	const char *unit;   /* systemd unit, its suffix may be left out */
	int reason;	    /* enum tb_state: has waited for it in the window; -1: any */
	__u64 min_ns;	    /* waited at least so long, in the window or now open */
	bool idle;	    /* also show who only waits for work */
	bool kernel_threads;
};

/* A filter that hides idle processes and kernel threads and nothing else. */
struct tb_filter tb_filter_default(void);

bool tb_filter_process(const struct tb_filter *filter, const struct tb_model *model,
		       const struct tb_model_process *process);
bool tb_filter_thread(const struct tb_filter *filter, const struct tb_model *model,
		      const struct tb_model_thread *thread);

/* Did the user name what to see? Then "nothing" must be explained. */
bool tb_filter_is_set(const struct tb_filter *filter);

/* Is all that it did in the window waiting for work, as far as two digits show it? */
bool tb_usage_is_idle(const struct tb_usage *usage);

/* What there is to see instead: names of user processes, each once, busiest first; how many. */
size_t tb_filter_seen(const struct tb_model *model, const char *names[TB_FILTER_SEEN_MAX]);

#endif
