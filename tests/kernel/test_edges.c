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
	uint32_t *words;
	unsigned int nr;
	pid_t tid;
};

static void *waiter_run(void *arg)
{
	const struct timespec limit = { .tv_nsec = WAIT_NS };
	struct waiter *w = arg;

	w->tid = gettid();
	for (unsigned int i = 0; i < w->nr; i++)
		syscall(SYS_futex, &w->words[i], FUTEX_WAIT_PRIVATE, 0, &limit, NULL, 0);
	return NULL;
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

/* Each word is waited for once, so that each edge counts once and is told once. */
static unsigned int wait_for(uint32_t *words, unsigned int nr)
{
	struct waiter waiter = { .words = words, .nr = nr };
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, waiter_run, &waiter), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	return (__u32)waiter.tid;
}

static void more_waits_than_slots_are_booked_or_counted(void **state)
{
	struct slots *s = *state;
	const struct seen_thread *seen;
	__u64 lost = s->collect->status.lost_edges, waits;
	__u32 tid = wait_for(s->words, WORDS);

	collect_frame(s->collect);
	seen = collect_thread(s->collect, tid);
	assert_non_null(seen);
	waits = seen->last.count[TB_EVENT];
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
	__u64 booked = s->booked, lost;
	__u32 tid;
	int i;

	for (i = 0; i < REST_FRAME; i++)
		collect_frame(s->collect);
	lost = s->collect->status.lost_edges;
	tid = wait_for(s->words + WORDS, FRESH);
	collect_frame(s->collect);
	assert_int_equal(s->collect->status.lost_edges, lost);
	assert_int_equal(s->booked - booked, collect_thread(s->collect, tid)->last.count[TB_EVENT]);
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
