/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows that wait for a peer: one socket, TCP, UDP or unix, on loopback; and for new connections. */
#include "wait.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

static int loopback_socket(int type, struct sockaddr_in *address)
{
	socklen_t length = sizeof(*address);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	*address = (struct sockaddr_in){ .sin_family = AF_INET };
	address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)address, sizeof(*address)) ||
	    getsockname(fd, (struct sockaddr *)address, &length))
		die(1, "no socket on loopback: %s", strerror(errno));
	return fd;
}

/* fd[0] is the client's end, far[0] the server's. */
static int setup_tcp(struct wait *w)
{
	struct sockaddr_in address;
	int listener = loopback_socket(SOCK_STREAM, &address);

	w->fd[0] = socket(AF_INET, SOCK_STREAM, 0);
	if (listen(listener, 1) || connect(w->fd[0], (struct sockaddr *)&address, sizeof(address)))
		return -errno;
	w->far[0] = accept(listener, NULL, NULL);
	close(listener);
	return w->far[0] < 0 ? -errno : 0;
}

static int setup_udp(struct wait *w)
{
	struct sockaddr_in mine, theirs;

	w->fd[0] = loopback_socket(SOCK_DGRAM, &mine);
	w->far[0] = loopback_socket(SOCK_DGRAM, &theirs);
	if (connect(w->far[0], (struct sockaddr *)&mine, sizeof(mine)) ||
	    connect(w->fd[0], (struct sockaddr *)&theirs, sizeof(theirs)))
		return -errno;
	return 0;
}

static int setup_pair(struct wait *w, int type)
{
	int pair[2];

	if (socketpair(AF_UNIX, type, 0, pair))
		return -errno;
	w->fd[0] = pair[0];
	w->far[0] = pair[1];
	return 0;
}

static int setup_unix(struct wait *w)
{
	return setup_pair(w, SOCK_STREAM);
}

static int setup_unix_datagram(struct wait *w)
{
	return setup_pair(w, SOCK_DGRAM);
}

static int wait_receive(struct wait *w)
{
	char byte;

	return wait_result(recv(w->fd[0], &byte, 1, 0));
}

static int wait_send(struct wait *w)
{
	return wait_result(send(w->fd[0], "x", 1, 0));
}

static int arm_fill(struct wait *w)
{
	static char bytes[1 << 16];
	int quiet = 0;

	/*
	 * What is under way in TCP, late acknowledgements too, makes room: full is what stays full.
	 */
	while (quiet < 100) {
		if (send(w->fd[0], bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
			quiet = 0;
		else if (errno != EAGAIN)
			return -errno;
		else
			quiet++, sleep_ns(NS_PER_MS);
	}
	return 0;
}

static void on_signal(UNUSED int signal)
{
}

/*
 * A listener whose queue is full: who connects now waits, for minutes, until a signal ends it. An
 * accept would not end it in time: the next try is one second after the first, then two.
 */
static int setup_full_listener(struct wait *w)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct sockaddr_in address;

	w->far[0] = loopback_socket(SOCK_STREAM, &address);
	w->port = address.sin_port;
	if (listen(w->far[0], 0) || sigaction(SIGUSR1, &action, NULL))
		return -errno;
	for (int i = 0; i < 2; i++) {
		int filler = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

		connect(filler, (struct sockaddr *)&address, sizeof(address));
		sleep_ns(5 * NS_PER_MS);
	}
	return 0;
}

static int arm_connect(struct wait *w)
{
	if (w->fd[0] >= 0)
		close(w->fd[0]);
	w->fd[0] = socket(AF_INET, SOCK_STREAM, 0);
	return w->fd[0] < 0 ? -errno : 0;
}

static int port_connect(int fd, uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = port };

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return connect(fd, (struct sockaddr *)&address, sizeof(address)) ? -errno : 0;
}

static int wait_connect(struct wait *w)
{
	int error = port_connect(w->fd[0], w->port);

	return error == -EINTR ? 0 : error ? error : -EISCONN;
}

static void act_signal(struct wait *w)
{
	kill(w->waiter, SIGUSR1);
}

/* An abstract unix address that no other run shares. */
static socklen_t unix_address(struct wait *w, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	snprintf(address->sun_path + 1, sizeof(address->sun_path) - 1, "wait_reason-%d", w->waiter);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			   strlen(address->sun_path + 1));
}

static int unix_listener(struct wait *w)
{
	struct sockaddr_un address;
	socklen_t length = unix_address(w, &address);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (bind(fd, (struct sockaddr *)&address, length) || listen(fd, 0))
		die(1, "no unix listener: %s", strerror(errno));
	return fd;
}

static int unix_connect(struct wait *w)
{
	struct sockaddr_un address;
	socklen_t length = unix_address(w, &address);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	return connect(fd, (struct sockaddr *)&address, length) ? -errno : 0;
}

/* A queue of length 0 takes one connection; the next waits until the helper has accepted it. */
static int setup_unix_full(struct wait *w)
{
	w->far[0] = unix_listener(w);
	return unix_connect(w);
}

static void act_accept(struct wait *w)
{
	if (accept(w->far[0], NULL, NULL) < 0)
		die(1, "the helper cannot accept: %s", strerror(errno));
}

static int setup_listener(struct wait *w)
{
	struct sockaddr_in address;

	w->fd[0] = loopback_socket(SOCK_STREAM, &address);
	w->port = address.sin_port;
	return listen(w->fd[0], 1) ? -errno : 0;
}

static int setup_unix_listener(struct wait *w)
{
	w->fd[0] = unix_listener(w);
	return 0;
}

static int wait_accept(struct wait *w)
{
	int fd = accept(w->fd[0], NULL, NULL);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static void act_connect(struct wait *w)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (port_connect(fd, w->port))
		die(1, "the helper cannot connect: %s", strerror(errno));
	close(fd);
}

static void act_unix_connect(struct wait *w)
{
	if (unix_connect(w))
		die(1, "the helper cannot connect");
}

const struct wait_kind wait_net_kinds[] = {
	{ .name = "net",
	  .reason = "net",
	  .helper = HELPER_PROCESS,
	  .setup = setup_tcp,
	  .wait = wait_receive,
	  .act = act_write_byte },
	{ .name = "net-read",
	  .reason = "net",
	  .helper = HELPER_PROCESS,
	  .setup = setup_tcp,
	  .wait = wait_read_byte,
	  .act = act_write_byte },
	{ .name = "net-send",
	  .reason = "net",
	  .helper = HELPER_PROCESS,
	  .setup = setup_tcp,
	  .arm = arm_fill,
	  .wait = wait_send,
	  .act = act_drain },
	{ .name = "net-udp",
	  .reason = "net",
	  .helper = HELPER_PROCESS,
	  .setup = setup_udp,
	  .wait = wait_receive,
	  .act = act_write_byte },
	{ .name = "net-unix",
	  .reason = "net",
	  .helper = HELPER_PROCESS,
	  .setup = setup_unix,
	  .wait = wait_receive,
	  .act = act_write_byte },
	{ .name = "net-unix-send",
	  .reason = "net",
	  .helper = HELPER_PROCESS,
	  .setup = setup_unix,
	  .arm = arm_fill,
	  .wait = wait_send,
	  .act = act_drain },
	{ .name = "net-unix-datagram",
	  .reason = "net",
	  .helper = HELPER_PROCESS,
	  .setup = setup_unix_datagram,
	  .wait = wait_receive,
	  .act = act_write_byte },
	{ .name = "net-connect",
	  .reason = "net",
	  .helper = HELPER_PROCESS,
	  .setup = setup_full_listener,
	  .arm = arm_connect,
	  .wait = wait_connect,
	  .act = act_signal },
	{ .name = "net-unix-connect",
	  .reason = "net",
	  .helper = HELPER_PROCESS,
	  .setup = setup_unix_full,
	  .wait = unix_connect,
	  .act = act_accept },
	{ .name = "accept",
	  .reason = "accept",
	  .helper = HELPER_PROCESS,
	  .setup = setup_listener,
	  .wait = wait_accept,
	  .act = act_connect },
	{ .name = "accept-unix",
	  .reason = "accept",
	  .helper = HELPER_PROCESS,
	  .setup = setup_unix_listener,
	  .wait = wait_accept,
	  .act = act_unix_connect },
	{ 0 },
};
