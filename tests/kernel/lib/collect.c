// SPDX-License-Identifier: GPL-2.0-only
/* See collect.h. Linked into every test of tests/kernel. */
#include "lib/collect.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "account.h"

#define SMALL_RING  4096
#define SMALL_FOLDS 1024
#define ARGUMENTS   16
#define FOLD_TRIES  1000

char workload_output[65536];

static void thread_check(struct collect *c, const struct seen_thread *seen,
			 const struct tb_thread *now)
{
	__u64 open_ns = now->open_ns[TB_OPEN_BLOCKED] + now->open_ns[TB_OPEN_QUEUED] +
			now->open_ns[TB_OPEN_ONCPU];
	int i;

	if (!tb_account_sums(now->ns, now->birth_ns, now->last_ns))
		c->broken++;
	if (!(now->flags & TB_THREAD_EXITED) && open_ns != now->h.time_ns - now->last_ns)
		c->broken++;
	/* An exec by another thread than the first takes over the first one's name. */
	if (!seen->records || seen->last.birth_ns != now->birth_ns)
		return;
	if (seen->last.last_ns > now->last_ns)
		c->shrunk++;
	for (i = 0; i < TB_STATE_NR; i++)
		if (seen->last.ns[i] > now->ns[i])
			c->shrunk++;
}

static struct seen_fold *fold_get(struct collect *c, const struct tb_process_key *key)
{
	struct seen_fold *seen = NULL;

	HASH_FIND(hh, c->folds, key, sizeof(*key), seen);
	if (seen)
		return seen;
	seen = calloc(1, sizeof(*seen));
	assert_non_null(seen);
	seen->key = *key;
	HASH_ADD(hh, c->folds, key, sizeof(seen->key), seen);
	return seen;
}

/* Two exits can have one name: a thread that calls exec takes over that of its process's first. */
static void exit_note(struct collect *c, const struct tb_thread *last)
{
	struct tb_process_key key = { .tgid = last->id.tgid,
				      .leader_start_ns = last->id.leader_start_ns };
	struct seen_fold *seen = fold_get(c, &key);
	int i;

	c->exits++;
	seen->exits++;
	for (i = 0; i < TB_STATE_NR; i++)
		seen->exits_ns[i] += last->ns[i];
}

static int thread_note(struct collect *c, const struct tb_thread *now)
{
	struct seen_thread *seen = NULL;

	HASH_FIND(hh, c->threads, &now->id, sizeof(now->id), seen);
	if (!seen) {
		seen = calloc(1, sizeof(*seen));
		if (!seen)
			return -ENOMEM;
		seen->id = now->id;
		seen->first = *now;
		HASH_ADD(hh, c->threads, id, sizeof(seen->id), seen);
	}
	thread_check(c, seen, now);
	if (now->flags & TB_THREAD_EXITED)
		exit_note(c, now);
	seen->last = *now;
	seen->records++;
	return 0;
}

static void fold_note(struct collect *c, const struct tb_fold *now)
{
	struct tb_process_key key = { .tgid = now->tgid, .leader_start_ns = now->leader_start_ns };

	if (!tb_account_sums(now->ns, 0, now->lifetime_ns))
		c->broken++;
	fold_get(c, &key)->last = *now;
}

static int record_note(void *ctx, const struct tb_record *record)
{
	struct collect *c = ctx;

	c->records++;
	if (record->kind == TB_REC_THREAD)
		return thread_note(c, (const struct tb_thread *)record);
	if (record->kind == TB_REC_FOLD)
		fold_note(c, (const struct tb_fold *)record);
	if (record->kind == TB_REC_STATUS)
		c->status = *(const struct tb_status *)record;
	return 0;
}

static int setup_with(void **state, const struct tb_loader_options *options)
{
	struct collect *c = calloc(1, sizeof(*c));

	if (!c || tb_kernel_open(&c->kernel, options))
		return -1;
	c->sink = (struct tb_sink){ .ctx = c, .record = record_note };
	c->kernel.sink = &c->sink;
	collect_frame(c);
	*state = c;
	return 0;
}

int collect_setup(void **state)
{
	return setup_with(state, NULL);
}

int collect_setup_small(void **state)
{
	const struct tb_loader_options options = { .ring_bytes = SMALL_RING,
						   .fold_slots = SMALL_FOLDS };

	return setup_with(state, &options);
}

int collect_teardown(void **state)
{
	struct collect *c = *state;
	struct seen_thread *thread, *next_thread;
	struct seen_fold *fold, *next_fold;

	HASH_ITER(hh, c->threads, thread, next_thread) {
		HASH_DEL(c->threads, thread);
		free(thread);
	}
	HASH_ITER(hh, c->folds, fold, next_fold) {
		HASH_DEL(c->folds, fold);
		free(fold);
	}
	tb_kernel_close(&c->kernel);
	free(c);
	return 0;
}

void collect_frame(struct collect *c)
{
	assert_int_equal(tb_kernel_drain(&c->kernel), 0);
	assert_int_equal(tb_kernel_folds(&c->kernel), 0);
	assert_true(tb_kernel_iterate(&c->kernel, TB_HOOK_on_walk) > 0);
	assert_int_equal(tb_kernel_drain(&c->kernel), 0);
	assert_int_equal(tb_kernel_edges(&c->kernel), 0);
	assert_int_equal(tb_kernel_status(&c->kernel), 0);
	tb_census_next(c->kernel.census);
}

static __u64 folds_lifetime_ns(const struct collect *c)
{
	const struct seen_fold *fold;
	__u64 sum = 0;

	for (fold = c->folds; fold; fold = fold->hh.next)
		sum += fold->last.lifetime_ns;
	return sum;
}

static void folds_read(struct collect *c)
{
	assert_int_equal(tb_kernel_drain(&c->kernel), 0);
	assert_int_equal(tb_kernel_folds(&c->kernel), 0);
	assert_int_equal(tb_kernel_status(&c->kernel), 0);
}

/* Exits go on all over the machine. Where none came for a while, none is half way in either. */
int collect_folds(struct collect *c)
{
	__u64 exits, lifetime_ns;
	int tries;

	for (tries = 0; tries < FOLD_TRIES; tries++) {
		folds_read(c);
		exits = c->exits + c->status.lost_ring;
		lifetime_ns = folds_lifetime_ns(c);
		usleep(1000);
		folds_read(c);
		if (exits == c->exits + c->status.lost_ring && lifetime_ns == folds_lifetime_ns(c))
			return 0;
	}
	return -EAGAIN;
}

const struct seen_thread *collect_thread(const struct collect *c, __u32 tid)
{
	const struct seen_thread *seen, *found = NULL;

	for (seen = c->threads; seen; seen = seen->hh.next)
		if (seen->id.tid == tid && (!found || seen->id.start_ns > found->id.start_ns))
			found = seen;
	return found;
}

/* Workloads lie in ../workloads, seen from the test's own file, in the build and in a VM alike. */
void workload_path(char *path, size_t size, const char *name)
{
	char self[512];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	assert_true(length > 0);
	self[length] = '\0';
	slash = strrchr(self, '/');
	*slash = '\0';
	snprintf(path, size, "%s/../workloads/%s", self, name);
}

pid_t workload_start(const char *const argv[], int *out)
{
	const char *arguments[ARGUMENTS] = { NULL };
	char path[600];
	int fds[2], i;
	pid_t pid;

	workload_path(path, sizeof(path), argv[0]);
	for (i = 0; argv[i] && i < ARGUMENTS - 1; i++)
		arguments[i] = argv[i];
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(fds[1], STDOUT_FILENO);
		execv(path, (char *const *)arguments);
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		_exit(127);
	}
	close(fds[1]);
	*out = fds[0];
	return pid;
}

int workload_wait(pid_t pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* What has arrived so far is appended; false at the end of the output. */
static int output_read(int fd, size_t *used)
{
	ssize_t got = read(fd, workload_output + *used, sizeof(workload_output) - 1 - *used);

	if (got > 0)
		*used += (size_t)got;
	workload_output[*used] = '\0';
	return got > 0 || (got < 0 && errno == EAGAIN);
}

int collect_while(struct collect *c, const char *const argv[], unsigned int interval_ms)
{
	size_t used = 0;
	int out, more = 1;
	pid_t pid = workload_start(argv, &out);

	fcntl(out, F_SETFL, O_NONBLOCK);
	while (more) {
		usleep(interval_ms * 1000);
		more = output_read(out, &used);
		collect_frame(c);
	}
	close(out);
	pid = workload_wait(pid);
	collect_frame(c);
	return pid;
}

long long workload_value(const char *name)
{
	const char *at = workload_output;
	size_t length = strlen(name);

	while ((at = strstr(at, name))) {
		if (at[length] == '=')
			return strtoll(at + length + 1, NULL, 10);
		at += length;
	}
	return -1;
}
