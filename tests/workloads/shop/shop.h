/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The demo shop: who its processes are and how they talk. All speak lines over TCP on loopback, one
 * request, one answer:
 *
 *   load -> web        ORDER id sku sku ...    OK id cents
 *   web -> inventory   GET sku                 cents
 *                      MGET sku sku ...        cents cents ...
 *   web -> billing     CHARGE id cents         PAID id
 *   web -> notify      SEND id                 SENT id
 *   any -> inventory   STATS                   connections=N queries=N
 */
#ifndef SHOP_H
#define SHOP_H

#include <pthread.h>

#include "../workload.h"

#define LINE_MAX_BYTES 1024
#define ORDER_ITEMS    30
#define WEB_WORKERS    8
#define INSTANCES_MAX  4

struct shop {
	int fixed;	    /* the design that asks once and notifies later */
	unsigned instances; /* of the web tier */
	unsigned rate;	    /* orders a second, over all instances */
	double seconds;	    /* of load */
	uint16_t inventory_port, billing_port, notify_port, web_ports[INSTANCES_MAX];
};

/* line.c: sockets that carry lines */
struct line {
	int fd;
	size_t filled;
	char bytes[LINE_MAX_BYTES];
};

/* A listener on a free port of loopback. */
int line_listen(uint16_t *port);
void line_init(struct line *line, int fd);
/* Connects, or ends the process: a shop whose parts cannot reach each other is no shop. */
void line_connect(struct line *line, uint16_t port);
void line_close(struct line *line);
/* Reads one line, without its end, into `text` of LINE_MAX_BYTES; 0, or -1 at the end of the
 * stream. */
int line_read(struct line *line, char *text);
int line_write(struct line *line, const char *text);
/* Sends a request, reads the answer; -1 if the other side has gone. */
int line_ask(struct line *line, const char *request, char *answer);
/* Accepts for ever; a thread for each connection answers its lines. */
typedef void (*line_answer)(const char *request, char *answer);
void line_serve(int listener, line_answer answer);
unsigned line_served(void); /* connections that are open now */

/* The processes; none of them returns. */
void inventory_run(int listener);
void billing_run(int listener);
void notify_run(int listener);
void web_run(const struct shop *shop, int listener);
void load_run(const struct shop *shop);

#endif
