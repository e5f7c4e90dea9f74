/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is true: threads, processes, the waits of each, sockets, names, the host. The model is a
 * sink of records; between two frames it is consistent, and views and verdicts read it. Commands
 * own one. It is pure: no I/O, no clock, no kernel; time is what the records say.
 *
 * Values are absolute. A window is the difference to the mark: `tb_model_mark` says "the window
 * begins here" (`top`: at each frame, `diagnose`: at the first one), window.h reads it.
 *
 * Where a process's time is: `dead` + its threads, by this rule. A THREAD record that says EXITED
 * moves the thread's last totals to `dead`. The kernel's FOLD holds the same sum and cannot lose
 * any of it: it replaces `dead` when it knows of more exits and records were lost, or a thread
 * vanished without a word. Within a frame the EXITED records are older than the FOLDs, and those
 * older than the other THREADs: so a living thread is never in a fold, and an exit that was told
 * is, or else in the fold of nobody, where exits go that find no slot. What of that fold no process
 * is known to have left there is the time of `other`.
 */
#ifndef TAILBACK_MODEL_H
#define TAILBACK_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <uthash.h>

#include "keys.h"
#include "records.h"

#define TB_MODEL_GONE_MAX  16384 /* processes that ended in the window; more go to `other` */
#define TB_MODEL_NAMES_MAX 16384

struct tb_thread_key {
	__u64 start_ns;
	__u32 tid;
	__u32 reserved;
};

/* One thread that is alive, or was at the last walk but one. */
struct tb_model_thread {
	struct tb_thread_key key;
	struct tb_thread now;	 /* `object` stays while its wait does, also when woken */
	__u64 mark[TB_STATE_NR]; /* tb_thread_totals() when the window began */
	__u64 mark_count[TB_STATE_NR];
	__u64 mark_ns; /* the instant of mark[]; its birth if born later */
	__u64 seen;    /* generation of the last walk that showed it */
	struct tb_model_process *process;
	struct tb_model_thread *prev, *next; /* utlist, of the process */
	UT_hash_handle hh;
};

/* The sum of some threads. */
struct tb_sums {
	__u64 ns[TB_STATE_NR];
	__u64 count[TB_STATE_NR];
	__u64 gaps;
	__u32 threads;
};

struct tb_model_process {
	struct tb_process_key key;
	struct tb_process info;	    /* zero until a PROCESS record came */
	char comm[TB_COMM_LEN + 1]; /* the best known; any bytes, terminated */
	bool kernel;		    /* of kernel threads */
	bool vanished;		    /* a thread went without a word: the fold knows of it */
	struct tb_sums dead, fold;
	struct tb_sums *unfolded; /* of dead, what found no fold slot; NULL: nothing */
	struct tb_sums total;	  /* dead and living, as of the last frame */
	__u64 fold_nth;		  /* `dead` was taken from the fold when it had so many exits */
	struct tb_sums mark;	  /* total when the window began */
	__u32 thread_nr;	  /* alive */
	__u64 seen;		  /* generation of the last record about it */
	struct tb_model_thread *threads; /* utlist, by next */
	struct tb_model_edge *edges;	 /* utlist, by next */
	UT_hash_handle hh, hh_pid;
};

/* The waits of one process for one object in one reason; closed ones, and the ones still open. */
struct tb_model_edge {
	struct tb_edge_key key;
	struct tb_edge now;   /* closed waits; zero count if only open ones are known */
	__u64 record_ns;      /* total_ns of the last record */
	struct tb_edge *past; /* what came before records began again from zero; NULL: nothing */
	__u64 open_ns;	      /* of the threads that wait for it now, together */
	__u32 open_nr;
	__u64 mark_ns; /* total_ns + open_ns when the window began */
	__u64 mark_count;
	__u32 mark_hist[TB_HIST_NR];
	struct tb_model_process *process;
	struct tb_model_edge *prev, *next; /* utlist, of the process */
	UT_hash_handle hh;
};

struct tb_model_disk {
	__u32 dev;
	struct tb_disk now, mark;
	bool alive;	/* this frame's record: completed a request, or has none */
	__u64 alive_ns; /* the last frame at which it was alive, or was first seen */
	__u64 seen;	/* generation */
	UT_hash_handle hh;
};

struct tb_model_cgroup {
	char path[TB_PATH_LEN];
	struct tb_cgroup now, mark;
	__u64 seen;
	UT_hash_handle hh;
};

struct tb_model_name;
struct tb_model_socket;

struct tb_model {
	struct tb_model_thread *threads;    /* uthash, by key */
	struct tb_model_process *processes; /* uthash, by key */
	struct tb_model_process *pids;	    /* uthash hh_pid, by tgid: the youngest of each */
	struct tb_model_edge *edges;	    /* uthash, by key */
	struct tb_model_disk *disks;	    /* uthash, by dev */
	struct tb_model_cgroup *cgroups;    /* uthash, by path */
	struct tb_model_name *names;
	struct tb_model_socket *sockets;
	struct tb_model_process *other; /* time that belongs to no known process; tgid 0 */
	struct tb_sums overflow;	/* the kernel's fold of nobody, last seen */
	struct tb_sums
		overflow_known; /* of it, what EXIT records told of processes now forgotten */
	struct tb_sums swept;	/* ended processes beyond TB_MODEL_GONE_MAX */

	__u64 generation;		   /* frame in progress; 1 is the first */
	__u64 walk_begin_ns;		   /* first instant of the walk in progress, 0: none yet */
	__u64 sockets_seen;		   /* generation of the last socket scan */
	struct tb_frame frame, mark_frame; /* the last; the one where the window begins */
	__u64 walk_ns, mark_walk_ns;	   /* when their walks began */
	struct tb_status status, mark_status;
	__u64 lost_seen;	/* generation of the last frame in which exits were lost */
	__u64 status_lost_ring; /* as the frame before said */
	struct tb_host host, mark_host;
	__u64 torn, mark_torn; /* records whose sums are wrong, dropped here */
	__u64 unknown_records; /* of kinds that this build does not know */
	bool marked;
};

void tb_model_init(struct tb_model *model);
void tb_model_release(struct tb_model *model);

/* Take one record; `ctx` is a struct tb_model, so that this is a sink's function. 0 or -ENOMEM. */
int tb_model_record(void *ctx, const struct tb_record *record);

/* The window begins at the last frame. Forgets who ended before. */
void tb_model_mark(struct tb_model *model);

/* The instant of the last frame, sched clock. */
static inline __u64 tb_model_now(const struct tb_model *model)
{
	return model->frame.h.time_ns;
}

struct tb_model_process *tb_model_process(const struct tb_model *model, __u32 tgid,
					  __u64 leader_start_ns);
/* The youngest process with this pid. */
struct tb_model_process *tb_model_pid(const struct tb_model *model, __u32 tgid);
struct tb_model_thread *tb_model_thread(const struct tb_model *model, __u32 tid, __u64 start_ns);

/* Everything up to the record's instant: ns[] plus what is still open, by state. */
void tb_thread_totals(const struct tb_thread *thread, __u64 total[TB_STATE_NR]);

/* Closed and open time of an edge up to the last frame. */
static inline __u64 tb_edge_effective_ns(const struct tb_model_edge *edge)
{
	return edge->now.total_ns + edge->open_ns;
}

/*
 * Is a wait in this state for this object a wait for work, rather than for a resource or an answer?
 * An idle pool is not contention; the `idle` column of TB_STATES, and the serving end of a socket.
 */
bool tb_wait_is_idle(__u32 state, const struct tb_object *object);

/*
 * The last *.service, *.scope or *.slice of a cgroup path: its systemd unit. NULL if there is none.
 */
const char *tb_cgroup_unit(const char *cgroup, size_t *length);

#endif
