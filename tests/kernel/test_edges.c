// SPDX-License-Identifier: GPL-2.0-only
/*
 * More objects than there are slots for: every wait is booked or counted, room is made again, and
 * who still waits keeps its place. One thread of the test waits, briefly and for one futex after
 * another.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/collect.h"

#define WORDS	   (TB_EDGE_SLOTS + 4096)
#define FRESH	   1000
#define WAIT_NS	   50000
#define REST_FRAME 8 /* more than it takes to have slots back when they are scarce */

struct slots {
	struct collect *collect;
	struct tb_sink inner;
	uint32_t *words; /* WORDS + FRESH that a thread waits for, then one that another does */
	__u64 booked;	 /* waits on our words, by the records of their edges */
	__u64 sleeper_ns;
	pthread_t sleeper;
};

struct waiter {
	pthread_t thread;
	uint32_t *words;
	unsigned int nr;
	pid_t tid;
	int done[2], leave[2]; /* pipes */
};

static void *waiter_run(void *arg)
{
	const struct timespec limit = { .tv_nsec = WAIT_NS };
	struct waiter *w = arg;
	char byte = 0;

	w->tid = gettid();
	for (unsigned int i = 0; i < w->nr; i++)
		syscall(SYS_futex, &w->words[i], FUTEX_WAIT_PRIVATE, 0, &limit, NULL, 0);
	return write(w->done[1], &byte, 1) == 1 && !read(w->leave[0], &byte, 1) ? NULL : w;
}

static void *sleeper_run(void *arg)
{
	uint32_t *word = arg;

	while (!__atomic_load_n(word, __ATOMIC_ACQUIRE))
		syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
	return NULL;
}

static int record_note(void *ctx, const struct tb_record *record)
{
	const struct tb_edge *edge = (const struct tb_edge *)record;
	struct slots *s = ctx;
	__u64 word = edge->object.id - (__u64)(uintptr_t)s->words;

	if (record->kind == TB_REC_EDGE && edge->tgid == (__u32)getpid() &&
	    edge->state == TB_EVENT && word < (WORDS + FRESH) * sizeof(*s->words))
		s->booked += edge->count;
	if (record->kind == TB_REC_EDGE && edge->tgid == (__u32)getpid() &&
	    word == (WORDS + FRESH) * sizeof(*s->words))
		s->sleeper_ns = edge->total_ns;
	return tb_sink_put(&s->inner, record);
}

static int setup(void **state)
{
	struct slots *s = calloc(1, sizeof(*s));

	s->words = calloc(WORDS + FRESH + 1, sizeof(*s->words));
	if (collect_setup((void **)&s->collect))
		return -1;
	s->inner = s->collect->sink;
	s->collect->sink = (struct tb_sink){ .ctx = s, .record = record_note };
	*state = s;
	return pthread_create(&s->sleeper, NULL, sleeper_run, s->words + WORDS + FRESH);
}

static int teardown(void **state)
{
	struct slots *s = *state;
	int err = collect_teardown((void **)&s->collect);

	free(s->words);
	free(s);
	return err;
}

/*
 * A thread waits for each word once, so that each edge counts once and is told once; how often that
 * was, as a frame shows it while the thread is still there: the record of its end might be lost.
 */
static __u64 wait_for(struct slots *s, uint32_t *words, unsigned int nr)
{
	struct waiter w = { .words = words, .nr = nr };
	const struct seen_thread *seen;
	void *failed;
	char byte;

	assert_false(pipe(w.done) || pipe(w.leave));
	assert_int_equal(pthread_create(&w.thread, NULL, waiter_run, &w), 0);
	assert_int_equal(read(w.done[0], &byte, 1), 1);
	collect_frame(s->collect);
	seen = collect_thread(s->collect, (__u32)w.tid);
	close(w.leave[1]);
	assert_false(pthread_join(w.thread, &failed) || failed);
	close(w.leave[0]);
	close(w.done[0]);
	close(w.done[1]);
	assert_non_null(seen);
	return seen->last.count[TB_EVENT];
}

static void more_waits_than_slots_are_booked_or_counted(void **state)
{
	struct slots *s = *state;
	__u64 lost = s->collect->status.lost_edges;
	__u64 waits = wait_for(s, s->words, WORDS);

	lost = s->collect->status.lost_edges - lost;
	print_message("%llu waits: %llu in edges, %llu found no slot\n", waits, s->booked, lost);
	assert_true(waits > TB_EDGE_SLOTS);
	assert_true(lost > 0);
	assert_true(s->booked <= waits);
	assert_true(s->booked + lost >= waits);
}

static void slots_of_a_living_process_come_back(void **state)
{
	struct slots *s = *state;
	__u64 booked = s->booked, waits;
	int i;

	for (i = 0; i < REST_FRAME; i++)
		collect_frame(s->collect);
	waits = wait_for(s, s->words + WORDS, FRESH);
	assert_int_equal(s->booked - booked, waits);
}

static void a_wait_in_progress_keeps_its_slot(void **state)
{
	struct slots *s = *state;
	uint32_t *word = s->words + WORDS + FRESH;

	assert_int_equal(s->sleeper_ns, 0);
	__atomic_store_n(word, 1, __ATOMIC_RELEASE);
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
	assert_int_equal(pthread_join(s->sleeper, NULL), 0);
	collect_frame(s->collect);
	print_message("one wait of %.3f s\n", (double)s->sleeper_ns / 1e9);
	assert_true(s->sleeper_ns > (__u64)WORDS * WAIT_NS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(more_waits_than_slots_are_booked_or_counted),
		cmocka_unit_test(slots_of_a_living_process_come_back),
		cmocka_unit_test(a_wait_in_progress_keeps_its_slot),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
