// SPDX-License-Identifier: GPL-2.0-only
/* See proc.h. No stdio: these files are read each second, on hosts with thousands of processes. */
#include "proc.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"

#define CHUNK_BYTES 4096 /* seq_file hands out no more at a time, but for longer records */

int tb_proc_root(const char *root)
{
	int fd = open(root ? root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* The text stays one that tb_proc_line() can walk: it is terminated also when nothing was read. */
static int text_end(struct tb_buf *text, ssize_t got)
{
	if (got < 0 || !text->text) {
		tb_buf_clear(text);
		return got < 0 ? (int)got : -ENOMEM;
	}
	text->text[text->length] = '\0';
	return (int)text->length;
}

static void text_drop_cut_line(struct tb_buf *text)
{
	const char *end = memrchr(text->text, '\n', text->length);

	text->length = end ? (size_t)(end - text->text) + 1 : 0;
}

/*
 * seq_file stops between two records when its page is full: a short read is the end only of a file
 * that is one record.
 */
static int descriptor_read(int fd, struct tb_buf *text, bool is_list)
{
	bool goes_on;
	ssize_t got;
	char *room;

	tb_buf_clear(text);
	do {
		room = tb_buf_room(text, CHUNK_BYTES);
		if (!room)
			return text_end(text, -ENOMEM);
		got = pread(fd, room, CHUNK_BYTES, (off_t)text->length);
		text->length += got > 0 ? (size_t)got : 0;
		goes_on = got == CHUNK_BYTES || (is_list && got > 0);
	} while (goes_on && text->length < TB_PROC_MAX_BYTES);
	if (goes_on)
		text_drop_cut_line(text);
	return text_end(text, got < 0 ? -errno : 0);
}

int tb_proc_read(int dir, const char *path, struct tb_buf *text)
{
	int fd __owns(close_fd) = openat(dir, path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? text_end(text, -errno) : descriptor_read(fd, text, false);
}

/* A failed read may be the file's end of life: the next one opens anew. */
int tb_proc_file_read(struct tb_proc_file *file, int dir, struct tb_buf *text)
{
	int got;

	if (file->fd < 0)
		file->fd = openat(dir, file->path, O_RDONLY | O_CLOEXEC);
	if (file->fd < 0)
		return text_end(text, -errno);
	got = descriptor_read(file->fd, text, file->is_list);
	if (got < 0)
		tb_proc_file_close(file);
	return got;
}

void tb_proc_file_close(struct tb_proc_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

int tb_proc_link(int dir, const char *path, char *target, size_t size)
{
	ssize_t length = readlinkat(dir, path, target, size - 1);

	target[length > 0 ? length : 0] = '\0';
	return length < 0 ? -errno : (int)length;
}

bool tb_span_is(struct tb_span span, const char *text)
{
	return !strncmp(span.at, text, span.length) && !text[span.length];
}

bool tb_span_has(struct tb_span span, const char *separators, const char *word)
{
	size_t begin, end;

	for (begin = 0; begin < span.length; begin = end + 1) {
		for (end = begin; end < span.length && !strchr(separators, span.at[end]); end++)
			;
		if (tb_span_is((struct tb_span){ span.at + begin, end - begin }, word))
			return true;
	}
	return false;
}

void tb_span_copy(struct tb_span span, char *to, size_t size)
{
	size_t length = span.length < size ? span.length : size - 1;

	memcpy(to, span.at, length);
	memset(to + length, 0, size - length);
}

bool tb_proc_line(const char **at, struct tb_proc_line *line)
{
	const char *begin = *at + strspn(*at, "\n"), *end = begin + strcspn(begin, "\n");
	const char *value;

	*at = end;
	line->all = (struct tb_span){ begin, (size_t)(end - begin) };
	line->key = (struct tb_span){ begin, strcspn(begin, " \t:\n") };
	value = begin + line->key.length;
	value += *value == ':';
	value += strspn(value, " \t");
	line->value = (struct tb_span){ value, (size_t)(end - value) };
	return begin < end;
}

struct tb_span tb_proc_word(const char **at)
{
	const char *begin = *at + strspn(*at, " \t");
	struct tb_span word = { begin, strcspn(begin, " \t\n") };

	*at = begin + word.length;
	return word;
}

bool tb_proc_number(const char **at, __u64 *number)
{
	const char *digit = *at + strspn(*at, " \t");
	__u64 value = 0;

	if (*digit < '0' || *digit > '9')
		return false;
	for (; *digit >= '0' && *digit <= '9'; digit++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (__u64)(*digit - '0'), &value)) {
			value = ~(__u64)0;
			digit += strspn(digit, "0123456789");
			break;
		}
	*at = digit;
	*number = value;
	return true;
}

bool tb_proc_word_number(const char *at, unsigned int words, __u64 *number)
{
	for (; words; words--)
		tb_proc_word(&at);
	return tb_proc_number(&at, number);
}

static bool field_take(const struct tb_proc_field *field, const char *value, void *into)
{
	__u64 number;

	if (!tb_proc_number(&value, &number))
		return false;
	if (__builtin_mul_overflow(number, field->unit, &number))
		number = ~(__u64)0;
	memcpy((char *)into + field->offset, &number, sizeof(number));
	return true;
}

int tb_proc_fields(const char *text, const struct tb_proc_field *fields, void *into)
{
	const struct tb_proc_field *field;
	struct tb_proc_line line;
	int taken = 0;

	while (tb_proc_line(&text, &line))
		for (field = fields; field->key; field++)
			if (tb_span_is(line.key, field->key))
				taken += field_take(field, line.value.at, into);
	return taken;
}
