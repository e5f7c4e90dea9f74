/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The web tier, and the planted bottleneck: each worker handles an order the synchronous way, asks
 * inventory once per item, then billing, then notification over a new connection. The fixed design
 * asks inventory once for all items and leaves notification to a queue.
 */
#include "shop.h"

#include <sys/socket.h>

struct worker {
	const struct shop *shop;
	int listener;
	struct line inventory, billing;
};

struct order {
	unsigned id, nr;
	unsigned sku[ORDER_ITEMS];
	unsigned cents;
};

/* "ORDER id sku sku ..." */
static int order_parse(struct order *order, const char *request)
{
	int used = 0;

	if (sscanf(request, "ORDER %u%n", &order->id, &used) != 1)
		return -1;
	order->cents = 0;
	for (order->nr = 0; order->nr < ORDER_ITEMS; order->nr++) {
		int more = 0;

		request += used;
		if (sscanf(request, " %u%n", &order->sku[order->nr], &more) != 1)
			break;
		used = more;
	}
	return order->nr ? 0 : -1;
}

static int price_each(struct worker *worker, struct order *order)
{
	char request[LINE_MAX_BYTES], answer[LINE_MAX_BYTES];

	for (unsigned i = 0; i < order->nr; i++) {
		snprintf(request, sizeof(request), "GET %u", order->sku[i]);
		if (line_ask(&worker->inventory, request, answer))
			return -1;
		order->cents += (unsigned)strtoul(answer, NULL, 10);
	}
	return 0;
}

static int price_all(struct worker *worker, struct order *order)
{
	char request[LINE_MAX_BYTES], answer[LINE_MAX_BYTES], *out = request, *next = answer;

	out += sprintf(out, "MGET");
	for (unsigned i = 0; i < order->nr; i++)
		out += sprintf(out, " %u", order->sku[i]);
	if (line_ask(&worker->inventory, request, answer))
		return -1;
	for (unsigned i = 0; i < order->nr; i++)
		order->cents += (unsigned)strtoul(next, &next, 10);
	return 0;
}

static int charge(struct worker *worker, const struct order *order)
{
	char request[LINE_MAX_BYTES], answer[LINE_MAX_BYTES];

	snprintf(request, sizeof(request), "CHARGE %u %u", order->id, order->cents);
	return line_ask(&worker->billing, request, answer) || strncmp(answer, "PAID ", 5) ? -1 : 0;
}

static int notify_over(struct line *line, unsigned id)
{
	char request[LINE_MAX_BYTES], answer[LINE_MAX_BYTES];

	snprintf(request, sizeof(request), "SEND %u", id);
	return line_ask(line, request, answer) || strncmp(answer, "SENT ", 5) ? -1 : 0;
}

static int notify_now(const struct shop *shop, unsigned id)
{
	struct line line;
	int error;

	line_connect(&line, shop->notify_port);
	error = notify_over(&line, id);
	line_close(&line);
	return error;
}

/* The queue of the fixed design: orders that are paid, and one thread that tells their buyers. */
#define QUEUE_MAX 1024

static struct {
	pthread_mutex_t mutex;
	pthread_cond_t filled;
	unsigned ids[QUEUE_MAX];
	unsigned first, nr;
} queue = { .mutex = PTHREAD_MUTEX_INITIALIZER, .filled = PTHREAD_COND_INITIALIZER };

/* -1 if the queue is full: then the worker itself has to do it. */
static int queue_put(unsigned id)
{
	int error = -1;

	pthread_mutex_lock(&queue.mutex);
	if (queue.nr < QUEUE_MAX) {
		queue.ids[(queue.first + queue.nr++) % QUEUE_MAX] = id;
		error = 0;
	}
	pthread_mutex_unlock(&queue.mutex);
	pthread_cond_signal(&queue.filled);
	return error;
}

static unsigned queue_take(void)
{
	unsigned id;

	pthread_mutex_lock(&queue.mutex);
	while (!queue.nr)
		pthread_cond_wait(&queue.filled, &queue.mutex);
	id = queue.ids[queue.first];
	queue.first = (queue.first + 1) % QUEUE_MAX;
	queue.nr--;
	pthread_mutex_unlock(&queue.mutex);
	return id;
}

static void *notifier_run(void *arg)
{
	const struct shop *shop = arg;
	struct line line;

	line_connect(&line, shop->notify_port);
	for (;;)
		if (notify_over(&line, queue_take()))
			die(1, "the notification service has gone");
	return NULL;
}

static int order_handle(struct worker *worker, struct order *order)
{
	const struct shop *shop = worker->shop;

	if (shop->fixed ? price_all(worker, order) : price_each(worker, order))
		return -1;
	if (charge(worker, order))
		return -1;
	if (shop->fixed && !queue_put(order->id))
		return 0;
	return notify_now(shop, order->id);
}

/* A worker serves one buyer until he leaves, then the next. */
static void buyer_serve(struct worker *worker, int fd)
{
	char request[LINE_MAX_BYTES], answer[LINE_MAX_BYTES];
	struct order order;
	struct line buyer;

	line_init(&buyer, fd);
	while (!line_read(&buyer, request)) {
		if (order_parse(&order, request) || order_handle(worker, &order))
			snprintf(answer, sizeof(answer), "FAILED");
		else
			snprintf(answer, sizeof(answer), "OK %u %u", order.id, order.cents);
		if (line_write(&buyer, answer))
			break;
	}
	line_close(&buyer);
}

static void *worker_run(void *arg)
{
	struct worker *worker = arg;

	line_connect(&worker->inventory, worker->shop->inventory_port);
	line_connect(&worker->billing, worker->shop->billing_port);
	for (;;) {
		int fd = accept(worker->listener, NULL, NULL);

		if (fd >= 0)
			buyer_serve(worker, fd);
	}
	return NULL;
}

void web_run(const struct shop *shop, int listener)
{
	static struct worker workers[WEB_WORKERS];
	pthread_t thread;

	if (shop->fixed && pthread_create(&thread, NULL, notifier_run, (void *)shop))
		die(1, "no thread for the queue");
	for (unsigned i = 0; i < WEB_WORKERS; i++) {
		workers[i] = (struct worker){ .shop = shop, .listener = listener };
		if (pthread_create(&thread, NULL, worker_run, &workers[i]))
			die(1, "no thread for a worker");
	}
	for (;;)
		pause();
}
