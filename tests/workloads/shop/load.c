/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The buyers: as many as one web instance has workers, shared out over all instances, each with one
 * connection. Orders come by a schedule, whatever the shop does (an open loop), and a latency
 * counts from the scheduled instant: a slow shop cannot hide by slowing its buyers down.
 *
 * Prints one line: orders=N errors=N mean_ms=F p50_ms=F p99_ms=F per_second=F connections=N
 * queries=N
 */
#include "shop.h"

#define BUYERS WEB_WORKERS

struct buyer {
	const struct shop *shop;
	unsigned number, orders, errors, max;
	uint64_t start_ns;
	uint64_t *latency_ns;
	pthread_t thread;
};

/* 30 items that differ from order to order, by a fixed rule: runs can be compared. */
static void order_write(char *text, unsigned id)
{
	text += sprintf(text, "ORDER %u", id);
	for (unsigned i = 0; i < ORDER_ITEMS; i++)
		text += sprintf(text, " %u", 100000 + 7 * ((id * 131 + i * 17) % 4096));
}

static void *buyer_run(void *arg)
{
	struct buyer *buyer = arg;
	const struct shop *shop = buyer->shop;
	uint64_t gap_ns = NS_PER_SEC / shop->rate;
	char order[LINE_MAX_BYTES], answer[LINE_MAX_BYTES];
	struct line line;

	line_connect(&line, shop->web_ports[buyer->number % shop->instances]);
	while (buyer->orders + buyer->errors < buyer->max) {
		unsigned id = (buyer->orders + buyer->errors) * BUYERS + buyer->number;
		uint64_t due_ns = buyer->start_ns + id * gap_ns;

		sleep_until(due_ns);
		order_write(order, id);
		if (line_ask(&line, order, answer) || strncmp(answer, "OK ", 3))
			buyer->errors++;
		else
			buyer->latency_ns[buyer->orders++] = now_ns() - due_ns;
	}
	line_close(&line);
	return NULL;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* All latencies in one array, in order; returns how many. */
static unsigned latencies_merge(struct buyer *buyers, uint64_t *all)
{
	unsigned nr = 0;

	for (unsigned i = 0; i < BUYERS; i++) {
		memcpy(all + nr, buyers[i].latency_ns, buyers[i].orders * sizeof(*all));
		nr += buyers[i].orders;
	}
	qsort(all, nr, sizeof(*all), compare);
	return nr;
}

static void report(const struct shop *shop, struct buyer *buyers, const char *stats)
{
	uint64_t *all = calloc(BUYERS * buyers[0].max + 1, sizeof(*all)), sum = 0;
	unsigned nr = latencies_merge(buyers, all), errors = 0;

	for (unsigned i = 0; i < nr; i++)
		sum += all[i];
	for (unsigned i = 0; i < BUYERS; i++)
		errors += buyers[i].errors;
	printf("orders=%u errors=%u mean_ms=%.2f p50_ms=%.2f p99_ms=%.2f per_second=%.1f %s\n", nr,
	       errors, nr ? (double)sum / nr / 1e6 : 0, (double)all[nr / 2] / 1e6,
	       (double)all[nr - nr / 100 - (nr > 0)] / 1e6, nr / shop->seconds, stats);
	fflush(stdout);
	_exit(errors || !nr);
}

void load_run(const struct shop *shop)
{
	static struct buyer buyers[BUYERS];
	char stats[LINE_MAX_BYTES];
	unsigned each = (unsigned)(shop->seconds * shop->rate) / BUYERS;
	uint64_t start_ns = now_ns() + 50 * NS_PER_MS;
	struct line inventory;

	for (unsigned i = 0; i < BUYERS; i++) {
		buyers[i] = (struct buyer){
			.shop = shop, .number = i, .max = each, .start_ns = start_ns
		};
		buyers[i].latency_ns = calloc(each + 1, sizeof(uint64_t));
		if (pthread_create(&buyers[i].thread, NULL, buyer_run, &buyers[i]))
			die(1, "no thread for a buyer");
	}
	for (unsigned i = 0; i < BUYERS; i++)
		pthread_join(buyers[i].thread, NULL);
	line_connect(&inventory, shop->inventory_port);
	if (line_ask(&inventory, "STATS", stats))
		die(1, "inventory has gone");
	report(shop, buyers, stats);
}
