/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pingpong pipe|futex|tcp|unix|poll|mix SECONDS [cpu|both]: two threads hand one token to and fro,
 * each round trip two blocks and two wakes. `cpu` pins both to the first CPU, `both` each to its
 * own; `poll` is TCP with a poll of that one descriptor before each read, as database clients do;
 * `mix` goes through all ways in turn, so that nothing stays warm. Prints the round trips per
 * second. Load of the bench that measures the cost of a switch.
 */
#include "workload.h"

#include <arpa/inet.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/time.h>

enum way { PIPE, FUTEX, TCP, UNIX, POLL, WAYS };

static const char *const way_names[WAYS] = { "pipe", "futex", "tcp", "unix", "poll" };

/* end[side] reads what the other side's out[] wrote; sockets use one descriptor for both. */
struct channel {
	int in[2], out[2];
};

static struct channel channels[WAYS];
static uint32_t turn;
static int stop, pinned = -1;

static void channel_pipes(struct channel *c)
{
	int ping[2], pong[2];

	if (pipe(ping) || pipe(pong))
		die(1, "pipe: %s", strerror(errno));
	*c = (struct channel){ .in = { pong[0], ping[0] }, .out = { ping[1], pong[1] } };
}

static void channel_unix(struct channel *c)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		die(1, "socketpair: %s", strerror(errno));
	*c = (struct channel){ .in = { pair[0], pair[1] }, .out = { pair[0], pair[1] } };
}

static void channel_tcp(struct channel *c)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t length = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0), here = socket(AF_INET, SOCK_STREAM, 0);
	int there, one = 1;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&address, &length) ||
	    connect(here, (struct sockaddr *)&address, length))
		die(1, "no TCP on loopback: %s", strerror(errno));
	there = accept(listener, NULL, NULL);
	close(listener);
	setsockopt(here, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(there, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	*c = (struct channel){ .in = { here, there }, .out = { here, there } };
}

/* Side 0 has the token when turn is even. */
static void futex_pass(void)
{
	__atomic_add_fetch(&turn, 1, __ATOMIC_RELEASE);
	syscall(SYS_futex, &turn, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void futex_await(unsigned side)
{
	uint32_t seen;

	while (((seen = __atomic_load_n(&turn, __ATOMIC_ACQUIRE)) & 1) != side)
		syscall(SYS_futex, &turn, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}

static void token_pass(enum way way, unsigned side)
{
	if (way == FUTEX)
		futex_pass();
	else if (write(channels[way].out[side], "x", 1) != 1)
		die(1, "write: %s", strerror(errno));
}

static void token_await(enum way way, unsigned side)
{
	struct pollfd ready = { .fd = channels[way].in[side], .events = POLLIN };
	char byte;

	if (way == FUTEX) {
		futex_await(side);
		return;
	}
	while (way == POLL && poll(&ready, 1, -1) != 1)
		if (errno != EINTR)
			die(1, "poll: %s", strerror(errno));
	if (read(channels[way].in[side], &byte, 1) != 1)
		die(1, "read: %s", strerror(errno));
}

static void pin(int cpu)
{
	cpu_set_t set;

	if (pinned < 0)
		return;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die(EXIT_SKIP, "SKIP: cannot run on CPU %d: %s", cpu, strerror(errno));
}

struct range {
	enum way first, last;
};

static void *answerer(void *arg)
{
	const struct range *ways = arg;

	pin(pinned);
	for (;;)
		for (enum way way = ways->first; way <= ways->last; way++) {
			token_await(way, 1);
			token_pass(way, 1);
		}
	return NULL;
}

/* Should the loop not see it, a second alarm ends the program. */
static void on_alarm(UNUSED int signal)
{
	__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	alarm(5);
}

static void stop_after(double seconds)
{
	struct sigaction action = { .sa_handler = on_alarm,
				    .sa_flags = (int)SA_RESETHAND | SA_RESTART };
	struct itimerval timer = { .it_value = { .tv_sec = (time_t)seconds } };

	timer.it_value.tv_usec = (suseconds_t)((seconds - (double)timer.it_value.tv_sec) * 1e6);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

static uint64_t ask(const struct range *ways)
{
	uint64_t trips = 0;

	pin(0);
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
		for (enum way way = ways->first; way <= ways->last; way++, trips++) {
			token_pass(way, 0);
			token_await(way, 0);
		}
	return trips;
}

static struct range ways_parse(const char *name)
{
	if (!strcmp(name, "mix"))
		return (struct range){ PIPE, WAYS - 1 };
	for (enum way way = PIPE; way < WAYS; way++)
		if (!strcmp(name, way_names[way]))
			return (struct range){ way, way };
	die(EXIT_USAGE, "'%s' is none of pipe, futex, tcp, unix, poll, mix", name);
}

int main(int argc, char **argv)
{
	struct range ways;
	pthread_t thread;
	uint64_t start_ns, trips;
	double seconds;

	if (argc < 3 || argc > 4)
		die(EXIT_USAGE, "usage: pingpong pipe|futex|tcp|unix|poll|mix SECONDS [cpu|both]");
	ways = ways_parse(argv[1]);
	seconds = parse_seconds(argv[2]);
	if (argc == 4)
		pinned = !strcmp(argv[3], "both");
	bound_life(seconds);
	channel_pipes(&channels[PIPE]);
	channel_unix(&channels[UNIX]);
	channel_tcp(&channels[TCP]);
	channel_tcp(&channels[POLL]);
	stop_after(seconds);
	pthread_create(&thread, NULL, answerer, &ways);
	start_ns = now_ns();
	trips = ask(&ways);
	printf("way=%s round_trips=%llu per_second=%.0f\n", argv[1], (unsigned long long)trips,
	       (double)trips * 1e9 / (double)(now_ns() - start_ns));
	return 0;
}
