// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines of the text format; see text.h for what they may be and who calls it. It must not know what
 * a record means: the words of each kind are in text_table.c.
 */
#include "text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "text_table.h"

#define NAME_LEN 128
#define LINE_LEN 65536 /* of a record with every field: about 8 KiB */

static const char kind_names[] =
#define X(id, number, type, text) " " #id
	TB_RECORDS(X);
#undef X

struct tb_text {
	FILE *file;
	char name[NAME_LEN];
	unsigned int line_nr;
	__u64 clock_ns;
	char line[LINE_LEN];
	char error[TB_TEXT_ERROR_LEN];
};

/* One character of a quoted text; returns the number of input characters, 0 if it is no escape. */
static size_t escape_parse(const char *at, char *out)
{
	char hex[3] = { 0 };

	if (*at != '\\') {
		*out = *at;
		return 1;
	}
	switch (at[1]) {
	case 'n':
		*out = '\n';
		return 2;
	case 't':
		*out = '\t';
		return 2;
	case '"':
	case '\\':
		*out = at[1];
		return 2;
	case 'x':
		if (!isxdigit((unsigned char)at[2]) || !isxdigit((unsigned char)at[3]))
			return 0;
		memcpy(hex, at + 2, 2);
		*out = (char)strtoul(hex, NULL, 16);
		return 4;
	}
	return 0;
}

/*
 * A value up to a blank, or in quotes, into `out`; returns what follows it, NULL if it is broken.
 */
static const char *value_take(const char *at, char *out, size_t *length)
{
	size_t used;

	*length = 0;
	if (*at != '"') {
		while (*at && !isspace((unsigned char)*at))
			out[(*length)++] = *at++;
		out[*length] = '\0';
		return at;
	}
	for (at++; *at != '"'; at += used) {
		used = *at ? escape_parse(at, &out[*length]) : 0;
		if (!used)
			return NULL;
		++*length;
	}
	out[*length] = '\0';
	return at + 1;
}

static int word_unknown(const struct text_line *line, const char *word)
{
	size_t used, i;

	used = (size_t)snprintf(line->error, TB_TEXT_ERROR_LEN, "%s has no word `%.32s`; it has",
				line->kind->name, word);
	for (i = 0; i < line->kind->field_nr && used < TB_TEXT_ERROR_LEN; i++)
		used += (size_t)snprintf(line->error + used, TB_TEXT_ERROR_LEN - used, " %s",
					 line->kind->fields[i].name);
	return -EINVAL;
}

static int word_parse(struct text_line *line, const char *word, const char *value, size_t length)
{
	char allowed[TB_TEXT_ERROR_LEN];
	size_t i;

	for (i = 0; i < line->kind->field_nr; i++)
		if (!strcmp(line->kind->fields[i].name, word))
			break;
	if (i == line->kind->field_nr)
		return word_unknown(line, word);
	line->given[i] = true;
	if (!text_value_parse(line, &line->kind->fields[i], value, length))
		return 0;
	memcpy(allowed, line->error, sizeof(allowed));
	snprintf(line->error, TB_TEXT_ERROR_LEN, "%s=%.32s: must be %.180s", word, value, allowed);
	return -EINVAL;
}

/* `word=value ...` up to the end of the line. `scratch` is as long as the line. */
static int words_parse(struct text_line *line, const char *at, char *scratch)
{
	char word[32];
	size_t length;
	int used;

	for (;;) {
		at += strspn(at, " \t\r\n");
		if (!*at)
			return text_complete(line);
		used = 0;
		if (sscanf(at, "%31[a-z0-9_.]=%n", word, &used) != 1 || !used) {
			snprintf(line->error, TB_TEXT_ERROR_LEN, "`%.32s`: must be word=value", at);
			return -EINVAL;
		}
		at = value_take(at + used, scratch, &length);
		if (!at) {
			snprintf(line->error, TB_TEXT_ERROR_LEN,
				 "%s: the text must end with \" and know only \\\" \\\\ \\n \\t "
				 "\\xHH",
				 word);
			return -EINVAL;
		}
		if (word_parse(line, word, scratch, length))
			return -EINVAL;
	}
}

static int clock_set(const char *value, __u64 *clock_ns, char *error)
{
	char word[32];

	if (sscanf(value, "%31s", word) == 1 && !text_ns_parse(word, clock_ns))
		return 0;
	snprintf(error, TB_TEXT_ERROR_LEN, "at: must be followed by a duration, as in `at 10s`");
	return -EINVAL;
}

int tb_text_parse(const char *line, __u64 *clock_ns, union tb_text_record *record,
		  char error[TB_TEXT_ERROR_LEN])
{
	struct text_line parsed = { .clock_ns = *clock_ns, .error = error };
	char kind[16] = "", *scratch;
	int used = 0, err;

	error[0] = '\0';
	line += strspn(line, " \t\r\n");
	if (!*line || *line == '#')
		return 0;
	if (sscanf(line, "%15s%n", kind, &used) == 1 && !strcmp(kind, "at"))
		return clock_set(line + used, clock_ns, error);
	parsed.kind = text_kind_by_name(kind);
	if (!parsed.kind) {
		snprintf(error, TB_TEXT_ERROR_LEN, "`%s` begins no line; these do: at%s", kind,
			 kind_names);
		return -EINVAL;
	}
	scratch = malloc(strlen(line) + 1);
	if (!scratch)
		return -ENOMEM;
	err = words_parse(&parsed, line + used, scratch);
	free(scratch);
	memcpy(record, &parsed.record, sizeof(*record));
	return err ? err : 1;
}

int tb_text_write(FILE *file, const struct tb_record *record)
{
	const struct text_kind *kind = text_kind_by_number(record->kind);
	size_t i;

	if (!kind || record->size < kind->size)
		return -EINVAL;
	fputs(kind->name, file);
	for (i = 0; i < kind->field_nr; i++) {
		const struct text_field *field = &kind->fields[i];

		if (field->type == TEXT_FOR)
			continue;
		if (!field->always && text_value_is_zero(field, record))
			continue;
		fprintf(file, " %s=", field->name);
		text_value_write(file, field, record);
	}
	return 0;
}

struct tb_text *tb_text_new(FILE *file, const char *name)
{
	struct tb_text *text = calloc(1, sizeof(*text));

	if (!text) {
		fclose(file);
		return NULL;
	}
	text->file = file;
	snprintf(text->name, sizeof(text->name), "%s", name);
	return text;
}

void tb_text_free(struct tb_text *text)
{
	if (!text)
		return;
	fclose(text->file);
	free(text);
}

const char *tb_text_error(const struct tb_text *text)
{
	return text->error;
}

static int line_fail(struct tb_text *text, const char *why)
{
	if (text->line_nr)
		snprintf(text->error, sizeof(text->error), "%s:%u: %.110s", text->name,
			 text->line_nr, why);
	else
		snprintf(text->error, sizeof(text->error), "%s: %.110s", text->name, why);
	return -EINVAL;
}

/*
 * The next line: 1, 0 at the end, -EINVAL if it cannot be one. Any file may be given for a
 * recording.
 */
static int line_read(struct tb_text *text)
{
	errno = 0;
	if (!fgets(text->line, sizeof(text->line), text->file))
		return ferror(text->file) ? line_fail(text, strerror(errno)) : 0;
	text->line_nr++;
	if (!strchr(text->line, '\n') && !feof(text->file))
		return line_fail(text, "a 0 byte, or a line without end: this is no recording");
	text->line[strcspn(text->line, "\n")] = '\0';
	return 1;
}

/* Lines up to a FRAME. A file that ends amid a frame is as broken as one that has a bad word. */
static int text_frame(void *ctx, const struct tb_sink *sink)
{
	struct tb_text *text = ctx;
	union tb_text_record record;
	char why[TB_TEXT_ERROR_LEN];
	bool begun = false;
	int got, err;

	while ((got = line_read(text)) > 0) {
		got = tb_text_parse(text->line, &text->clock_ns, &record, why);
		if (got < 0)
			return line_fail(text, why);
		if (!got)
			continue;
		begun = true;
		err = tb_sink_put(sink, &record.h);
		if (err || record.h.kind == TB_REC_FRAME)
			return err;
	}
	if (got < 0)
		return got;
	return begun ? line_fail(text, "the file ends amid a frame: add a FRAME line") : -ENODATA;
}

struct tb_source tb_text_source(struct tb_text *text)
{
	return (struct tb_source){ .ctx = text, .frame = text_frame };
}
