/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows that wait for System V and POSIX messages and semaphores, eventfd and signalfd. System V
 * objects outlive a killed process, so they live in an IPC namespace of this program's own.
 */
#include "wait.h"

#include <mqueue.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/signalfd.h>

struct message {
	long type;
	char text[1];
};

static int own_namespace(void)
{
	return unshare(CLONE_NEWIPC) ? -ENOTSUP : 0;
}

static int setup_messages(struct wait *w)
{
	int error = own_namespace();

	if (error)
		return error;
	w->object = msgget(IPC_PRIVATE, 0600);
	return w->object < 0 ? -errno : 0;
}

static int wait_message(struct wait *w)
{
	struct message message;

	return wait_result(msgrcv(w->object, &message, sizeof(message.text), 0, 0));
}

static void act_message(struct wait *w)
{
	struct message message = { .type = 1 };

	msgsnd(w->object, &message, sizeof(message.text), 0);
}

static int setup_semaphore(struct wait *w)
{
	int error = own_namespace();

	if (error)
		return error;
	w->object = semget(IPC_PRIVATE, 1, 0600);
	return w->object < 0 ? -errno : 0;
}

static int semaphore_add(struct wait *w, short value)
{
	struct sembuf operation = { .sem_op = value };

	return wait_result(semop(w->object, &operation, 1));
}

static int wait_semaphore(struct wait *w)
{
	return semaphore_add(w, -1);
}

static void act_semaphore(struct wait *w)
{
	semaphore_add(w, 1);
}

static int setup_queue(struct wait *w)
{
	struct mq_attr attributes = { .mq_maxmsg = 1, .mq_msgsize = 8 };
	char name[32];
	mqd_t queue;

	snprintf(name, sizeof(name), "/wait_reason-%d", w->waiter);
	queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
	if (queue < 0)
		return errno == ENOSYS ? -ENOTSUP : -errno;
	mq_unlink(name);
	w->fd[0] = queue;
	w->far[0] = dup(queue);
	return w->far[0] < 0 ? -errno : 0;
}

static int wait_queue(struct wait *w)
{
	char bytes[8];

	return wait_result(mq_receive(w->fd[0], bytes, sizeof(bytes), NULL));
}

static void act_queue(struct wait *w)
{
	mq_send(w->far[0], "x", 1, 0);
}

static int setup_eventfd(struct wait *w)
{
	w->fd[0] = eventfd(0, 0);
	w->far[0] = dup(w->fd[0]);
	return w->far[0] < 0 ? -errno : 0;
}

static int wait_eventfd(struct wait *w)
{
	uint64_t value;

	return wait_result(read(w->fd[0], &value, sizeof(value)));
}

static void act_eventfd(struct wait *w)
{
	eventfd_write(w->far[0], 1);
}

static int setup_signalfd(struct wait *w)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	w->fd[0] = signalfd(-1, &set, 0);
	return w->fd[0] < 0 ? -errno : 0;
}

static int wait_signalfd(struct wait *w)
{
	struct signalfd_siginfo info;

	return wait_result(read(w->fd[0], &info, sizeof(info)));
}

static void act_signal(struct wait *w)
{
	kill(w->waiter, SIGUSR1);
}

const struct wait_kind wait_ipc_kinds[] = {
	{ .name = "ipc",
	  .reason = "ipc",
	  .helper = HELPER_PROCESS,
	  .setup = setup_messages,
	  .wait = wait_message,
	  .act = act_message },
	{ .name = "ipc-semop",
	  .reason = "ipc",
	  .helper = HELPER_PROCESS,
	  .setup = setup_semaphore,
	  .wait = wait_semaphore,
	  .act = act_semaphore },
	{ .name = "ipc-mqueue",
	  .reason = "ipc",
	  .helper = HELPER_PROCESS,
	  .setup = setup_queue,
	  .wait = wait_queue,
	  .act = act_queue },
	{ .name = "ipc-eventfd",
	  .reason = "ipc",
	  .helper = HELPER_PROCESS,
	  .setup = setup_eventfd,
	  .wait = wait_eventfd,
	  .act = act_eventfd },
	{ .name = "ipc-signalfd",
	  .reason = "ipc",
	  .helper = HELPER_PROCESS,
	  .setup = setup_signalfd,
	  .wait = wait_signalfd,
	  .act = act_signal },
	{ 0 },
};
