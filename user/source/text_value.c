// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values of the text format, read and written: numbers, durations, names of states, flags,
 * histograms. Addresses and objects are in text_object.c. Used by text.c alone.
 */
#include "text_table.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const state_names[TB_STATE_NR] = {
#define X(id, name, letter, idle, text) [TB_##id] = name,
	TB_STATES(X)
#undef X
};

static const char *const thread_flags[] = { "exited", "existed", "kernel", "estimate", "woken" };
static const char *const socket_flags[] = { "listens" };

#define NR(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* Largest first; the writer takes the first that divides. */
static const struct {
	const char *name;
	__u64 ns;
} units[] = {
	{ "h", 3600000000000ull }, { "m", 60000000000ull }, { "s", 1000000000 },
	{ "ms", 1000000 },	   { "us", 1000 },	    { "ns", 1 },
};

int text_name_find(const char *const *names, int names_nr, const char *name)
{
	int i;

	for (i = 0; i < names_nr; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

void text_names_list(const char *const *names, int names_nr, char *error)
{
	size_t used = (size_t)snprintf(error, TB_TEXT_ERROR_LEN, "one of");
	int i;

	for (i = 0; i < names_nr && used < TB_TEXT_ERROR_LEN; i++)
		used += (size_t)snprintf(error + used, TB_TEXT_ERROR_LEN - used, " %s", names[i]);
}

/* `12`, `12ns`, `1.5ms`, exactly: no floating point. */
int text_ns_parse(const char *value, __u64 *ns)
{
	__u64 whole, part = 0, scale = 1;
	char *end;
	size_t i;

	if (!isdigit((unsigned char)*value))
		return -EINVAL;
	whole = strtoull(value, &end, 10);
	if (*end == '.')
		for (end++; isdigit((unsigned char)*end) && scale < 1000000000; end++, scale *= 10)
			part = part * 10 + (__u64)(*end - '0');
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(end, units[i].name) && !(units[i].ns == 1 && !*end))
			continue;
		*ns = whole * units[i].ns + part * units[i].ns / scale;
		return 0;
	}
	return -EINVAL;
}

static void ns_write(FILE *file, __u64 ns)
{
	size_t i = 2; /* hours and minutes are for reading only */

	while (ns % units[i].ns)
		i++;
	fprintf(file, "%llu%s", (unsigned long long)(ns / units[i].ns), units[i].name);
}

static int number_parse(const char *value, size_t size, __u64 *number)
{
	char *end;

	errno = 0;
	*number = strtoull(value, &end, 0);
	if (!*value || *end || errno)
		return -EINVAL;
	if (*value == '-')
		return size == 4 && (__s64)*number >= -2147483648ll ? 0 : -EINVAL;
	return size == 8 || *number >> (8 * size) == 0 ? 0 : -EINVAL;
}

static __u64 number_get(const void *at, size_t size)
{
	__u64 number = 0;

	memcpy(&number, at, size); /* both architectures are little-endian */
	return number;
}

static int flags_parse(const char *const *names, int names_nr, const char *value, __u32 *flags)
{
	char copy[128], *word, *save = NULL;
	int flag;

	if (strlen(value) >= sizeof(copy))
		return -EINVAL;
	strcpy(copy, value);
	for (word = strtok_r(copy, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		flag = text_name_find(names, names_nr, word);
		if (flag < 0)
			return -EINVAL;
		*flags |= 1u << flag;
	}
	return 0;
}

static void flags_write(FILE *file, const char *const *names, int names_nr, __u32 flags)
{
	const char *comma = "";
	int i;

	for (i = 0; i < names_nr; i++) {
		if (!(flags & 1u << i))
			continue;
		fprintf(file, "%s%s", comma, names[i]);
		comma = ",";
	}
}

/* bucket:count,... */
static int hist_parse(const char *value, __u32 hist[TB_HIST_NR])
{
	unsigned int bucket, count;
	int used;

	if (!strcmp(value, "none"))
		return 0;
	while (sscanf(value, "%u:%u%n", &bucket, &count, &used) == 2 && bucket < TB_HIST_NR) {
		hist[bucket] = count;
		value += used;
		if (!*value)
			return 0;
		if (*value++ != ',')
			break;
	}
	return -EINVAL;
}

static void hist_write(FILE *file, const __u32 hist[TB_HIST_NR])
{
	const char *comma = "";
	int i;

	for (i = 0; i < TB_HIST_NR; i++) {
		if (!hist[i])
			continue;
		fprintf(file, "%s%d:%u", comma, i, hist[i]);
		comma = ",";
	}
	if (!*comma)
		fputs("none", file);
}

static void string_write(FILE *file, const char *text, size_t size)
{
	size_t i, length = size;

	while (length && !text[length - 1])
		length--;
	fputc('"', file);
	for (i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '"' || c == '\\')
			fprintf(file, "\\%c", c);
		else if (c < 0x20 || c >= 0x7f)
			fprintf(file, "\\x%02x", c);
		else
			fputc(c, file);
	}
	fputc('"', file);
}

static int name_parse(struct text_line *line, const char *const *names, int names_nr,
		      const char *value)
{
	int found = text_name_find(names, names_nr, value);

	if (found < 0)
		text_names_list(names, names_nr, line->error);
	return found < 0 ? -EINVAL : found;
}

static int dev_parse(const char *value, __u32 *dev)
{
	unsigned int major, minor;
	char end;

	if (sscanf(value, "%u:%u%c", &major, &minor, &end) != 2 || minor >> 20 || major >> 12)
		return -EINVAL;
	*dev = major << 20 | minor;
	return 0;
}

/* What is allowed, where the type alone tells it. */
static const char *type_allows(enum text_type type)
{
	switch (type) {
	case TEXT_NS:
	case TEXT_FOR:
		return "a duration: 300, 300ns, 1.5us, 20ms, 4.2s, 1m or 1h";
	case TEXT_STRING:
		return "a shorter text";
	case TEXT_THREAD_FLAGS:
		return "some of exited,existed,kernel,estimate,woken";
	case TEXT_SOCKET_FLAGS:
		return "listens";
	case TEXT_DEV:
		return "major:minor";
	case TEXT_ENDPOINT:
		return "127.0.0.1:80, [::1]:80 or *:80";
	case TEXT_HIST:
		return "bucket:count,... with buckets below 48, or none";
	default:
		return "a number, decimal or 0x..., that fits the field";
	}
}

static int value_parse(struct text_line *line, const struct text_field *field, const char *value)
{
	void *at = (char *)&line->record + field->offset;
	char *base = (char *)&line->record;
	__u64 number;
	int found;

	switch ((enum text_type)field->type) {
	case TEXT_NS:
		return text_ns_parse(value, at);
	case TEXT_FOR:
		return text_ns_parse(value, &line->for_ns);
	case TEXT_STATE:
		found = name_parse(line, state_names, TB_STATE_NR, value);
		*(__u32 *)at = (__u32)found;
		return found < 0 ? found : 0;
	case TEXT_KIND:
		found = name_parse(line, text_object_kinds, TB_OBJ_NR, value);
		*(__u8 *)at = (__u8)found;
		return found < 0 ? found : 0;
	case TEXT_THREAD_FLAGS:
		return flags_parse(thread_flags, NR(thread_flags), value, at);
	case TEXT_SOCKET_FLAGS:
		return flags_parse(socket_flags, NR(socket_flags), value, at);
	case TEXT_DEV:
		return dev_parse(value, at);
	case TEXT_HIST:
		return hist_parse(value, at);
	case TEXT_ENDPOINT:
		return text_endpoint_parse(value, at, (__u16 *)(base + field->port),
					   (__u8 *)(base + field->family));
	case TEXT_OBJECT:
		return text_object_parse(at, value, line->error);
	default:
		if (number_parse(value, field->size, &number))
			return -EINVAL;
		memcpy(at, &number, field->size);
		return 0;
	}
}

int text_value_parse(struct text_line *line, const struct text_field *field, const char *value,
		     size_t length)
{
	int err = -EINVAL;

	line->error[0] = '\0';
	if (field->type == TEXT_STRING && length <= field->size) {
		memcpy((char *)&line->record + field->offset, value, length);
		err = 0;
	} else if (field->type != TEXT_STRING) {
		err = value_parse(line, field, value);
	}
	if (err && !line->error[0])
		snprintf(line->error, TB_TEXT_ERROR_LEN, "%s", type_allows(field->type));
	return err;
}

bool text_value_is_zero(const struct text_field *field, const void *record)
{
	const unsigned char *at = (const unsigned char *)record + field->offset;
	size_t i;

	if (field->type == TEXT_ENDPOINT && memcmp((const char *)record + field->port, "\0\0", 2))
		return false;
	for (i = 0; i < field->size; i++)
		if (at[i])
			return false;
	return true;
}

void text_value_write(FILE *file, const struct text_field *field, const void *record)
{
	const char *at = (const char *)record + field->offset, *base = record;
	__u64 number = field->size <= 8 ? number_get(at, field->size) : 0;

	switch ((enum text_type)field->type) {
	case TEXT_NS:
		ns_write(file, number);
		break;
	case TEXT_STATE:
		fputs(number < TB_STATE_NR ? state_names[number] : "?", file);
		break;
	case TEXT_KIND:
		fputs(number < TB_OBJ_NR ? text_object_kinds[number] : "?", file);
		break;
	case TEXT_THREAD_FLAGS:
		flags_write(file, thread_flags, NR(thread_flags), (__u32)number);
		break;
	case TEXT_SOCKET_FLAGS:
		flags_write(file, socket_flags, NR(socket_flags), (__u32)number);
		break;
	case TEXT_DEV:
		fprintf(file, "%u:%u", (__u32)number >> 20, (__u32)number & 0xfffff);
		break;
	case TEXT_HIST:
		hist_write(file, (const void *)at);
		break;
	case TEXT_STRING:
		string_write(file, at, field->size);
		break;
	case TEXT_ENDPOINT:
		text_endpoint_write(file, (const void *)at, *(const __u16 *)(base + field->port),
				    *(const __u8 *)(base + field->family));
		break;
	case TEXT_OBJECT:
		text_object_write(file, (const void *)at);
		break;
	case TEXT_S32:
		fprintf(file, "%d", (__s32)number);
		break;
	default:
		fprintf(file, field->type == TEXT_HEX ? "0x%llx" : "%llu",
			(unsigned long long)number);
	}
}
