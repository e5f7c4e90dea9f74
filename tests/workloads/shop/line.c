/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines over TCP on loopback, for every process of the shop; knows none of them. */
#include "shop.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

static struct sockaddr_in loopback(uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return address;
}

int line_listen(uint16_t *port)
{
	struct sockaddr_in address = loopback(0);
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) || listen(fd, 128) ||
	    getsockname(fd, (struct sockaddr *)&address, &length))
		die(1, "cannot listen on loopback: %s", strerror(errno));
	*port = ntohs(address.sin_port);
	return fd;
}

void line_init(struct line *line, int fd)
{
	int one = 1;

	line->fd = fd;
	line->filled = 0;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

void line_connect(struct line *line, uint16_t port)
{
	struct sockaddr_in address = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
		die(1, "cannot connect to port %u: %s", port, strerror(errno));
	line_init(line, fd);
}

void line_close(struct line *line)
{
	close(line->fd);
	line->fd = -1;
}

/* Takes the first line out of what has been received; 0 if it is all there. */
static int line_take(struct line *line, char *text)
{
	char *end = memchr(line->bytes, '\n', line->filled);
	size_t length;

	if (!end)
		return -1;
	length = (size_t)(end - line->bytes);
	memcpy(text, line->bytes, length);
	text[length] = '\0';
	line->filled -= length + 1;
	memmove(line->bytes, end + 1, line->filled);
	return 0;
}

int line_read(struct line *line, char *text)
{
	while (line_take(line, text)) {
		ssize_t got = recv(line->fd, line->bytes + line->filled,
				   sizeof(line->bytes) - line->filled, 0);

		if (got <= 0)
			return -1;
		line->filled += (size_t)got;
	}
	return 0;
}

int line_write(struct line *line, const char *text)
{
	char bytes[LINE_MAX_BYTES + 1];
	int length = snprintf(bytes, sizeof(bytes), "%s\n", text);

	return send(line->fd, bytes, (size_t)length, MSG_NOSIGNAL) == length ? 0 : -1;
}

int line_ask(struct line *line, const char *request, char *answer)
{
	return line_write(line, request) ? -1 : line_read(line, answer);
}

static unsigned served;

unsigned line_served(void)
{
	return __atomic_load_n(&served, __ATOMIC_RELAXED);
}

struct session {
	struct line line;
	line_answer answer;
};

static void *session_run(void *arg)
{
	struct session *session = arg;
	char request[LINE_MAX_BYTES], answer[LINE_MAX_BYTES];

	while (!line_read(&session->line, request)) {
		session->answer(request, answer);
		if (line_write(&session->line, answer))
			break;
	}
	line_close(&session->line);
	free(session);
	__atomic_sub_fetch(&served, 1, __ATOMIC_RELAXED);
	return NULL;
}

static void session_start(int fd, line_answer answer)
{
	struct session *session = malloc(sizeof(*session));
	pthread_t thread;

	if (!session)
		die(1, "no memory");
	line_init(&session->line, fd);
	session->answer = answer;
	__atomic_add_fetch(&served, 1, __ATOMIC_RELAXED);
	if (pthread_create(&thread, NULL, session_run, session))
		die(1, "no thread for a connection");
	pthread_detach(thread);
}

void line_serve(int listener, line_answer answer)
{
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd >= 0)
			session_start(fd, answer);
	}
}
