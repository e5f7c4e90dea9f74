/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Findings in words, for the text and the JSON alike. Everything here is clean text: names of
 * others have passed the terminal's door. Commands hold no name of others at all: they are to be
 * pasted.
 */
#ifndef TAILBACK_VIEW_DIAGNOSE_WORDS_H
#define TAILBACK_VIEW_DIAGNOSE_WORDS_H

#include "diagnose.h"

/* "gunicorn 4100 x4" */
void tb_words_group(struct tb_buf *out, const struct tb_group *group);

/* The systemd unit of a process's control group, else its path; nothing for the root. */
void tb_words_place(struct tb_buf *out, const char *cgroup);

/* "12.3 MB" */
void tb_words_bytes(struct tb_buf *out, double bytes);

/* The verdict in one line of why. */
void tb_words_verdict(struct tb_buf *out, const struct tb_diagnose *view);

/* Where a healthy host's time goes: who waits most for somebody, and for whom; if it is much. */
void words_waiter(struct tb_buf *out, const struct tb_diagnose *view);

/* One sentence of fact; what to do; would more instances help, and how far. */
void tb_words_summary(struct tb_buf *out, const struct tb_diagnose *view,
		      const struct tb_finding *finding);
const char *tb_words_advice(const struct tb_finding *finding);

struct tb_words_instances {
	const char *latency, *throughput; /* why */
	const char *until;		  /* what fills next; NULL: nothing, they do not help */
};

struct tb_words_instances tb_words_instances(const struct tb_finding *finding);

/* The next commands, one after the other: the i-th, false if there are no more. */
bool tb_words_next(struct tb_buf *out, const struct tb_finding *finding, size_t i);

#endif
