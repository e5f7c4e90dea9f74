/* SPDX-License-Identifier: GPL-2.0-only */
/* How the files of the text of `diagnose` share its page. Nobody else includes it. */
#ifndef TAILBACK_VIEW_DIAGNOSE_PARTS_H
#define TAILBACK_VIEW_DIAGNOSE_PARTS_H

#include "diagnose.h"

/*
 * diagnose_lines.c: clean text, wrapped at words, its first line behind a label, the rest below it.
 */
struct diagnose_label {
	const char *text;
	size_t indent;	/* columns before the label */
	size_t columns; /* of indent and label together: where the text begins */
	unsigned int style;
};

void diagnose_wrap(struct tb_page *page, const struct diagnose_label *label, const char *text,
		   size_t width);
void diagnose_bar(struct tb_page *page, double share, size_t columns, unsigned int style);
void diagnose_pad(struct tb_page *page, size_t line, size_t columns);
size_t diagnose_bar_columns(const struct tb_diagnose *view);

#define DIAGNOSE_OBJECTS_MAX 10

/* Time of a group by reason, most first: what is shown of it adds up. */
struct diagnose_part {
	__u32 state;
	bool idle;
	__u64 ns;
	const struct tb_model_edge *edge; /* with most of it; NULL: no object is known */
	const struct tb_object *objects[DIAGNOSE_OBJECTS_MAX]; /* with a hundredth of the time */
	size_t object_nr;
};

#define DIAGNOSE_PARTS_MAX (2 * TB_STATE_NR)

/* diagnose_time.c: fills parts[], returns how many. On-CPU and run queue are among them. */
size_t diagnose_parts(const struct tb_group *group, struct diagnose_part parts[DIAGNOSE_PARTS_MAX]);
void diagnose_part_object(struct tb_buf *out, const struct tb_diagnose *view,
			  const struct diagnose_part *part);

/* The services that are shown, in the order that was asked for; NULL without memory. Free it. */
const struct tb_group **diagnose_rows(const struct tb_diagnose *view, size_t *nr);
void diagnose_time(struct tb_page *page, const struct tb_diagnose *view);

/* diagnose_finding.c: one of them, while it is being told. */
struct diagnose_told {
	struct tb_page *page;
	const struct tb_diagnose *view;
	const struct tb_finding *finding;
};

void diagnose_finding(struct tb_page *page, const struct tb_diagnose *view, size_t i);
void diagnose_field(const struct diagnose_told *f, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void diagnose_bar_line(const struct diagnose_told *f, const char *name, double share);

/* diagnose_evidence.c */
void diagnose_evidence(const struct diagnose_told *f);

/* diagnose_host.c */
void diagnose_not_the_cause(struct tb_page *page, const struct tb_diagnose *view);
void diagnose_batch(struct tb_page *page, const struct tb_diagnose *view);
void diagnose_not_judged(struct tb_page *page, const struct tb_diagnose *view);

#endif
