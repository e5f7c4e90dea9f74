/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For tests against the running kernel: a sink that keeps the newest record of every thread and
 * fold, checks the invariant of each, and runs workloads beside it. Knows the source, not the
 * model.
 */
#ifndef TAILBACK_TESTS_COLLECT_H
#define TAILBACK_TESTS_COLLECT_H

#include <stddef.h>
#include <sys/types.h>
#include <uthash.h>

#include "kernel.h"

struct seen_thread {
	struct tb_thread_id id;
	struct tb_thread last; /* newest; the last one if it has exited */
	struct tb_thread first;
	unsigned int records;
	UT_hash_handle hh;
};

struct seen_fold {
	struct tb_process_key key;
	struct tb_fold last;
	__u64 exits_ns[TB_STATE_NR]; /* of the exits that were told, together */
	unsigned long exits;
	UT_hash_handle hh;
};

struct collect {
	struct tb_kernel kernel;
	struct tb_sink sink;
	struct seen_thread *threads;
	struct seen_fold *folds;
	struct tb_status status;
	unsigned long records;
	unsigned long broken; /* records whose parts do not sum */
	unsigned long shrunk; /* records in which a total is smaller than before */
	unsigned long exits;
};

/* cmocka set-up and tear-down: *state is a struct collect with everything attached. */
int collect_setup(void **state);
int collect_teardown(void **state);
int collect_setup_small(void **state); /* a ring of one page, 1024 folds */

/* One frame: ring, folds, walk, ring, edges, status. */
void collect_frame(struct collect *c);

/* Folds that hold exactly the exits so far, told or lost; -EAGAIN if there is never an end of them.
 */
int collect_folds(struct collect *c);

const struct seen_thread *collect_thread(const struct collect *c, __u32 tid);

/* The path of a program beside the test's own directory, such as "wait_reason" of workloads. */
void workload_path(char *path, size_t size, const char *name);

/* Start build/tests/workloads/NAME (or the copy beside the test); stdout can be read from *out. */
pid_t workload_start(const char *const argv[], int *out);

/* Wait for its end; its exit status, -signal if it was killed. */
int workload_wait(pid_t pid);

/* Frames at an interval until the workload ends; its exit status. Its output is kept. */
int collect_while(struct collect *c, const char *const argv[], unsigned int interval_ms);
extern char workload_output[65536];

/* The number after "NAME=" in workload_output; -1 if it is not there. */
long long workload_value(const char *name);

#endif
