// SPDX-License-Identifier: GPL-2.0-only
/* See buf.h. Knows nothing of what the text means. */
#include "buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 256

void tb_buf_release(struct tb_buf *buf)
{
	free(buf->text);
	memset(buf, 0, sizeof(*buf));
}

void tb_buf_clear(struct tb_buf *buf)
{
	buf->length = 0;
	buf->failed = false;
	if (buf->text)
		buf->text[0] = '\0';
}

/* Room for `more` bytes and the terminator. No sum is formed that could wrap. */
static bool buf_reserve(struct tb_buf *buf, size_t more)
{
	size_t size = buf->size ? buf->size : FIRST_SIZE;
	char *text;

	if (buf->failed)
		return false;
	if (more < buf->size - buf->length)
		return true;
	while (size && size - buf->length <= more)
		size *= 2;
	text = size && size <= PTRDIFF_MAX ? realloc(buf->text, size) : NULL;
	if (!text) {
		buf->failed = true;
		return false;
	}
	buf->text = text;
	buf->size = size;
	return true;
}

char *tb_buf_room(struct tb_buf *buf, size_t more)
{
	return buf_reserve(buf, more) ? buf->text + buf->length : NULL;
}

void tb_buf_add_bytes(struct tb_buf *buf, const char *bytes, size_t length)
{
	if (!buf_reserve(buf, length))
		return;
	memcpy(buf->text + buf->length, bytes, length);
	buf->length += length;
	buf->text[buf->length] = '\0';
}

void tb_buf_add(struct tb_buf *buf, const char *text)
{
	tb_buf_add_bytes(buf, text, strlen(text));
}

void tb_buf_repeat(struct tb_buf *buf, char c, size_t count)
{
	if (!buf_reserve(buf, count))
		return;
	memset(buf->text + buf->length, c, count);
	buf->length += count;
	buf->text[buf->length] = '\0';
}

void tb_buf_printf(struct tb_buf *buf, const char *format, ...)
{
	va_list args, again;
	int length;

	va_start(args, format);
	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0)
		buf->failed = true;
	else if (buf_reserve(buf, (size_t)length)) {
		vsnprintf(buf->text + buf->length, (size_t)length + 1, format, again);
		buf->length += (size_t)length;
	}
	va_end(again);
}
