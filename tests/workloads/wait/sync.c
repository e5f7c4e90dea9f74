/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows that wait in futex(2) by way of libpthread: condition, semaphore, mutex, join. */
#include "wait.h"

static int setup_local(struct wait *w)
{
	pthread_mutex_init(&w->mutex, NULL);
	return -sem_init(&w->sem, 0, 0);
}

static int setup_shared(struct wait *w)
{
	return sem_init(&w->sem, 1, 0) ? -errno : 0;
}

static int wait_condition(struct wait *w)
{
	static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
	struct timespec until = ns_to_timespec(clock_ns(CLOCK_REALTIME) + w->ns);
	int error = 0;

	pthread_mutex_lock(&w->mutex);
	while (!error)
		error = pthread_cond_timedwait(&condition, &w->mutex, &until);
	pthread_mutex_unlock(&w->mutex);
	return error == ETIMEDOUT ? 0 : -error;
}

static int wait_semaphore(struct wait *w)
{
	return sem_wait(&w->sem) ? -errno : 0;
}

static void act_semaphore(struct wait *w)
{
	sem_post(&w->sem);
}

static void hold_mutex(struct wait *w)
{
	pthread_mutex_lock(&w->mutex);
}

static int wait_mutex(struct wait *w)
{
	int error = pthread_mutex_lock(&w->mutex);

	pthread_mutex_unlock(&w->mutex);
	return -error;
}

static void act_mutex(struct wait *w)
{
	pthread_mutex_unlock(&w->mutex);
}

static void *sleeper(void *arg)
{
	struct wait *w = arg;

	prctl(PR_SET_TIMERSLACK, 1);
	sleep_until(w->deadline_ns);
	return NULL;
}

static int arm_sleeper(struct wait *w)
{
	w->deadline_ns = now_ns() + w->ns;
	return -pthread_create(&w->thread, NULL, sleeper, w);
}

static int wait_join(struct wait *w)
{
	return -pthread_join(w->thread, NULL);
}

/* A contended mutex counts as event until holders tell locks apart from other futexes. */
const struct wait_kind wait_sync_kinds[] = {
	{ .name = "event", .reason = "event", .setup = setup_local, .wait = wait_condition },
	{ .name = "event-sem",
	  .reason = "event",
	  .helper = HELPER_THREAD,
	  .setup = setup_local,
	  .wait = wait_semaphore,
	  .act = act_semaphore },
	{ .name = "event-sem-shared",
	  .reason = "event",
	  .helper = HELPER_PROCESS,
	  .setup = setup_shared,
	  .wait = wait_semaphore,
	  .act = act_semaphore },
	{ .name = "lock",
	  .reason = "event",
	  .helper = HELPER_THREAD,
	  .setup = setup_local,
	  .hold = hold_mutex,
	  .wait = wait_mutex,
	  .act = act_mutex },
	{ .name = "join", .reason = "join", .arm = arm_sleeper, .wait = wait_join },
	{ 0 },
};
