/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A text that grows: views write into one, commands write it out at once. Running out of memory is
 * remembered, not returned: check `failed` at the end.
 */
#ifndef TAILBACK_BUF_H
#define TAILBACK_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct tb_buf {
	char *text; /* terminated whenever it is not NULL */
	size_t length;
	size_t size;
	bool failed;
};

void tb_buf_release(struct tb_buf *buf);
void tb_buf_clear(struct tb_buf *buf);

void tb_buf_add(struct tb_buf *buf, const char *text);
void tb_buf_add_bytes(struct tb_buf *buf, const char *bytes, size_t length);
void tb_buf_repeat(struct tb_buf *buf, char c, size_t count);
void tb_buf_printf(struct tb_buf *buf, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Where `more` bytes may be written, for read(2) and the like; NULL without memory. The caller adds
 * to `length` what it wrote, and ends the text.
 */
char *tb_buf_room(struct tb_buf *buf, size_t more);

static inline const char *tb_buf_text(const struct tb_buf *buf)
{
	return buf->text ? buf->text : "";
}

#endif
