/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows that wait for descriptors. On several it is `poll`; on one it is a wait on that one, which
 * is how libpq, Python and Java receive.
 */
#include "wait.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>

/* fd[0] is a pipe that the helper writes into, fd[1] one that stays silent. */
static int setup_pipes(struct wait *w)
{
	for (int i = 0; i < 2; i++) {
		int ends[2];

		if (pipe(ends))
			return -errno;
		w->fd[i] = ends[0];
		w->far[i] = ends[1];
	}
	return 0;
}

static int setup_epoll(struct wait *w)
{
	struct epoll_event event = { .events = EPOLLIN };
	int error = setup_pipes(w);

	if (error)
		return error;
	w->fd[2] = epoll_create1(0);
	for (int i = 0; i < 2; i++)
		if (epoll_ctl(w->fd[2], EPOLL_CTL_ADD, w->fd[i], &event))
			return -errno;
	return 0;
}

static int setup_socket(struct wait *w)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		return -errno;
	w->fd[0] = pair[0];
	w->far[0] = pair[1];
	return 0;
}

/* The byte of the last round, so that the next one blocks again. */
static int arm_drain(struct wait *w)
{
	return w->round > 1 ? wait_read_byte(w) : 0;
}

static int wait_poll(struct wait *w, nfds_t nr)
{
	struct pollfd fds[2] = { { w->fd[0], POLLIN, 0 }, { w->fd[1], POLLIN, 0 } };

	return wait_result(poll(fds, nr, -1));
}

static int wait_poll_one(struct wait *w)
{
	return wait_poll(w, 1);
}

static int wait_poll_two(struct wait *w)
{
	return wait_poll(w, 2);
}

static int wait_ppoll_timed(struct wait *w)
{
	struct pollfd fd = { w->fd[1], POLLIN, 0 };
	struct timespec limit = ns_to_timespec(w->ns);

	return wait_result(ppoll(&fd, 1, &limit, NULL));
}

static int wait_select(struct wait *w, int nr)
{
	int last = 0;
	fd_set set;

	FD_ZERO(&set);
	for (int i = 0; i < nr; i++) {
		FD_SET(w->fd[i], &set);
		last = w->fd[i] > last ? w->fd[i] : last;
	}
	return wait_result(select(last + 1, &set, NULL, NULL, NULL));
}

static int wait_select_one(struct wait *w)
{
	return wait_select(w, 1);
}

static int wait_select_two(struct wait *w)
{
	return wait_select(w, 2);
}

static int wait_epoll(struct wait *w)
{
	struct epoll_event event;

	return wait_result(epoll_wait(w->fd[2], &event, 1, -1));
}

const struct wait_kind wait_poll_kinds[] = {
	{ .name = "poll",
	  .reason = "poll",
	  .helper = HELPER_PROCESS,
	  .setup = setup_pipes,
	  .arm = arm_drain,
	  .wait = wait_poll_two,
	  .act = act_write_byte },
	{ .name = "poll-select",
	  .reason = "poll",
	  .helper = HELPER_PROCESS,
	  .setup = setup_pipes,
	  .arm = arm_drain,
	  .wait = wait_select_two,
	  .act = act_write_byte },
	{ .name = "poll-epoll",
	  .reason = "poll",
	  .helper = HELPER_PROCESS,
	  .setup = setup_epoll,
	  .arm = arm_drain,
	  .wait = wait_epoll,
	  .act = act_write_byte },
	{ .name = "poll1-net",
	  .reason = "net",
	  .helper = HELPER_PROCESS,
	  .setup = setup_socket,
	  .arm = arm_drain,
	  .wait = wait_poll_one,
	  .act = act_write_byte },
	{ .name = "poll1-pipe",
	  .reason = "pipe",
	  .helper = HELPER_PROCESS,
	  .setup = setup_pipes,
	  .arm = arm_drain,
	  .wait = wait_poll_one,
	  .act = act_write_byte },
	{ .name = "poll1-timeout",
	  .reason = "pipe",
	  .setup = setup_pipes,
	  .wait = wait_ppoll_timed },
	{ .name = "select1-pipe",
	  .reason = "pipe",
	  .helper = HELPER_PROCESS,
	  .setup = setup_pipes,
	  .arm = arm_drain,
	  .wait = wait_select_one,
	  .act = act_write_byte },
	{ 0 },
};
