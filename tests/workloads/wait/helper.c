/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The other side of a wait: a thread or process that lets each wait last exactly as long as asked.
 * Called by wait_reason.c; knows no reason.
 */
#include "wait.h"

#include <fcntl.h>
#include <linux/futex.h>

static void word_set(uint32_t *word, uint32_t value)
{
	__atomic_store_n(word, value, __ATOMIC_RELEASE);
	syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void word_await(uint32_t *word, uint32_t value)
{
	uint32_t seen;

	while ((seen = __atomic_load_n(word, __ATOMIC_ACQUIRE)) < value)
		syscall(SYS_futex, word, FUTEX_WAIT, seen, NULL, NULL, 0);
}

/*
 * Only where the helper is a process: each side keeps its own ends, so that a peer is one process.
 */
static void ends_close(int *ends)
{
	for (int i = 0; i < WAIT_FDS; i++)
		if (ends[i] >= 0)
			close(ends[i]);
}

/* The letter of a thread's state in /proc, as in ps(1); 0 if it cannot be told. */
static char state_letter(pid_t tid)
{
	char path[64], stat[512];
	ssize_t got;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	got = read(fd, stat, sizeof(stat) - 1);
	close(fd);
	if (got <= 0)
		return 0;
	stat[got] = '\0';
	return strrchr(stat, ')') ? strrchr(stat, ')')[2] : 0;
}

/* On a busy machine the waiter may not have come to its wait yet: it would find it over, and pass.
 */
static void await_blocked(pid_t waiter)
{
	while (state_letter(waiter) == 'R')
		sleep_ns(100000);
}

static void helper_rounds(const struct wait_kind *kind, struct wait *w)
{
	prctl(PR_SET_TIMERSLACK, 1);
	for (unsigned round = 1; round <= w->count; round++) {
		if (kind->hold)
			kind->hold(w);
		word_set(&w->ready, round);
		word_await(&w->go, round);
		sleep_until(w->deadline_ns);
		await_blocked(w->waiter);
		kind->act(w);
		word_await(&w->done, round);
	}
}

struct helper {
	const struct wait_kind *kind;
	struct wait *w;
};

static void *helper_thread(void *arg)
{
	struct helper *helper = arg;

	helper_rounds(helper->kind, helper->w);
	return NULL;
}

int helper_start(const struct wait_kind *kind, struct wait *w)
{
	static struct helper helper;
	pid_t parent = getpid(), pid;

	helper = (struct helper){ kind, w };
	if (kind->helper == HELPER_THREAD)
		return -pthread_create(&w->thread, NULL, helper_thread, &helper);
	pid = fork();
	if (pid < 0)
		return -errno;
	if (pid) {
		w->child = pid;
		ends_close(w->far);
		return 0;
	}
	die_with_parent(parent);
	prctl(PR_SET_NAME, "wait-helper");
	ends_close(w->fd);
	helper_rounds(kind, w);
	_exit(0);
}

/* Looks again and again with sleeps: a timer wait cannot be mistaken for the reason under test. */
void helper_await_hold(struct wait *w)
{
	while (__atomic_load_n(&w->ready, __ATOMIC_ACQUIRE) < w->round)
		sleep_ns(200000);
}

void helper_go(struct wait *w)
{
	w->deadline_ns = now_ns() + w->ns;
	word_set(&w->go, w->round);
}

void helper_done(struct wait *w)
{
	word_set(&w->done, w->round);
}

int wait_read_byte(struct wait *w)
{
	char byte;

	return wait_result(read(w->fd[0], &byte, 1));
}

int wait_write_byte(struct wait *w)
{
	return wait_result(write(w->fd[0], "x", 1));
}

void act_write_byte(struct wait *w)
{
	if (write(w->far[0], "x", 1) != 1)
		die(1, "the helper cannot write: %s", strerror(errno));
}

void act_drain(struct wait *w)
{
	static char bytes[1 << 16];

	fcntl(w->far[0], F_SETFL, fcntl(w->far[0], F_GETFL) | O_NONBLOCK);
	while (read(w->far[0], bytes, sizeof(bytes)) > 0)
		;
}
