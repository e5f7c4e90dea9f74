/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which words a line of each kind may have, and where in the record they go. Between text.c, which
 * knows lines, and text_value.c, which knows values; nobody else includes it.
 */
#ifndef TAILBACK_TEXT_TABLE_H
#define TAILBACK_TEXT_TABLE_H

#include <stdbool.h>

#include "text.h"

#define TEXT_WORDS_MAX 80

enum text_type {
	TEXT_U8,
	TEXT_U16,
	TEXT_U32,
	TEXT_S32,
	TEXT_U64,
	TEXT_HEX,
	TEXT_NS,
	TEXT_STRING,
	TEXT_STATE,
	TEXT_THREAD_FLAGS,
	TEXT_SOCKET_FLAGS,
	TEXT_KIND,
	TEXT_DEV,
	TEXT_ENDPOINT,
	TEXT_OBJECT,
	TEXT_HIST,
	TEXT_FOR, /* goes nowhere by itself: the defaults of a thread use it */
};

struct text_field {
	const char *name;
	__u8 type;	    /* enum text_type */
	__u8 always;	    /* written even if 0, because leaving it out means another value */
	__u16 offset, size; /* in the record */
	__u16 port, family; /* offsets, of an endpoint */
};

/* One line while it is read. */
struct text_line {
	union tb_text_record record;
	const struct text_kind *kind;
	bool given[TEXT_WORDS_MAX];
	__u64 for_ns;
	__u64 clock_ns;
	char *error;
};

struct text_kind {
	const char *name;
	__u32 kind, size;
	const struct text_field *fields;
	size_t field_nr;
};

const struct text_kind *text_kind_by_name(const char *name);
const struct text_kind *text_kind_by_number(__u32 kind);

/* Fill in what a line left out; -EINVAL with line->error where nothing fits. */
int text_complete(struct text_line *line);
bool text_given(const struct text_line *line, const char *name);

/* 0, or -EINVAL with line->error telling what is allowed. */
int text_value_parse(struct text_line *line, const struct text_field *field, const char *value,
		     size_t length);
int text_object_parse(struct tb_object *object, const char *value, char *error);
int text_ns_parse(const char *value, __u64 *ns);

void text_value_write(FILE *file, const struct text_field *field, const void *record);
bool text_value_is_zero(const struct text_field *field, const void *record);
void text_object_write(FILE *file, const struct tb_object *object);

int text_endpoint_parse(const char *value, __u8 addr[16], __u16 *port, __u8 *family);
void text_endpoint_write(FILE *file, const __u8 addr[16], __u16 port, __u8 family);
int text_name_find(const char *const *names, int names_nr, const char *name);
void text_names_list(const char *const *names, int names_nr, char *error);

extern const char *const text_object_kinds[TB_OBJ_NR];

#endif
