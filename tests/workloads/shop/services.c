/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The services behind the web tier: inventory, a small store that is asked like a database;
 * billing, which waits for the card network; notification, which waits for the mail gateway.
 */
#include "shop.h"

#define ROWS		4096
#define CATALOG_BYTES	(64 * 1024)
#define CARD_NETWORK_NS (NS_PER_MS * 3 / 2)
#define MAIL_GATEWAY_NS (NS_PER_MS * 7 / 10)

struct row {
	unsigned sku, cents;
};

static struct row rows[ROWS]; /* ordered by sku */
static unsigned char catalog[CATALOG_BYTES];
static unsigned long queries;

static void store_fill(void)
{
	for (unsigned i = 0; i < ROWS; i++)
		rows[i] = (struct row){ .sku = 100000 + 7 * i, .cents = 99 + i * 37 % 5000 };
	for (unsigned i = 0; i < CATALOG_BYTES; i++)
		catalog[i] = (unsigned char)(i * 31);
}

/*
 * What a database does once per statement, however many rows it asks for: parse, look the names up,
 * plan. Here a checksum over the catalogue (FNV-1a): some 80 us of CPU.
 */
static unsigned statement_plan(const char *text)
{
	unsigned hash = 2166136261u;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	for (unsigned i = 0; i < CATALOG_BYTES; i++)
		hash = (hash ^ catalog[i]) * 16777619u;
	return hash;
}

static int row_compare(const void *key, const void *row)
{
	unsigned sku = *(const unsigned *)key, other = ((const struct row *)row)->sku;

	return sku < other ? -1 : sku > other;
}

static unsigned row_cents(unsigned sku)
{
	struct row *row = bsearch(&sku, rows, ROWS, sizeof(rows[0]), row_compare);

	return row ? row->cents : 0;
}

static void inventory_answer(const char *request, char *answer)
{
	char *out = answer, *next;

	if (!strcmp(request, "STATS")) {
		snprintf(answer, LINE_MAX_BYTES, "connections=%u queries=%lu", line_served() - 1,
			 __atomic_load_n(&queries, __ATOMIC_RELAXED));
		return;
	}
	__atomic_add_fetch(&queries, 1, __ATOMIC_RELAXED);
	*answer = '\0';
	if (!statement_plan(request))
		return;
	for (request = strchr(request, ' '); request && *request; request = next) {
		unsigned cents = row_cents((unsigned)strtoul(request, &next, 10));

		out += sprintf(out, "%s%u", out == answer ? "" : " ", cents);
	}
}

static void billing_answer(const char *request, char *answer)
{
	unsigned id = 0;

	sscanf(request, "CHARGE %u", &id);
	sleep_ns(CARD_NETWORK_NS);
	snprintf(answer, LINE_MAX_BYTES, "PAID %u", id);
}

static void notify_answer(const char *request, char *answer)
{
	unsigned id = 0;

	sscanf(request, "SEND %u", &id);
	sleep_ns(MAIL_GATEWAY_NS);
	snprintf(answer, LINE_MAX_BYTES, "SENT %u", id);
}

void inventory_run(int listener)
{
	store_fill();
	line_serve(listener, inventory_answer);
}

void billing_run(int listener)
{
	line_serve(listener, billing_answer);
}

void notify_run(int listener)
{
	line_serve(listener, notify_answer);
}
