// SPDX-License-Identifier: GPL-2.0-only
/* See escape.h. UTF-8 is decoded here, by the table of RFC 3629: no locale can loosen it. */
#include "escape.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#define PIECE_BYTES 24 /* the longest: four bytes of a character, as \xHH each */
#define SOFT_HYPHEN 0xad

/* One character at `at`: its length in bytes, 0 if it is not valid UTF-8. */
static size_t utf8_decode(const unsigned char *at, size_t left, uint32_t *code)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = at[0] < 0x80	     ? 1
			: at[0] >> 5 == 0x6  ? 2
			: at[0] >> 4 == 0xe  ? 3
			: at[0] >> 3 == 0x1e ? 4
					     : 0;
	size_t i;

	if (!length || length > left)
		return 0;
	*code = length == 1 ? at[0] : at[0] & (0x7fu >> length);
	for (i = 1; i < length; i++) {
		if (at[i] >> 6 != 2)
			return 0;
		*code = *code << 6 | (at[i] & 0x3f);
	}
	if (*code < least[length] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
		return 0;
	return length;
}

struct piece {
	char text[PIECE_BYTES];
	size_t bytes, columns; /* of text */
	size_t used;	       /* bytes of the input */
};

static void piece_hex(struct piece *piece, const unsigned char *at, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		snprintf(piece->text + 4 * i, 5, "\\x%02x", at[i]);
	piece->bytes = piece->columns = 4 * nr;
	piece->used = nr;
}

/*
 * Columns that a character takes on this terminal; none if it may not stand there. In a locale that
 * is not UTF-8 its bytes are other characters: 0xc3 0x9b, say, ends in an 8-bit terminal's CSI. A
 * soft hyphen has a width for glibc, and none on most terminals.
 */
static int code_columns(uint32_t code, const unsigned char *at, size_t length)
{
	char bytes[MB_LEN_MAX];
	mbstate_t state = {};

	if (length > 1 && (wcrtomb(bytes, (wchar_t)code, &state) != length ||
			   memcmp(bytes, at, length) || code == SOFT_HYPHEN))
		return -1;
	return wcwidth((wchar_t)code);
}

/* One character as it may stand on a terminal; `clean` text has its escapes already. */
static void piece_take(struct piece *piece, const unsigned char *at, size_t left, bool clean)
{
	uint32_t code = 0;
	size_t length = utf8_decode(at, left, &code);
	int width = length ? code_columns(code, at, length) : -1;

	if (width <= 0) {
		piece_hex(piece, at, length ? length : 1);
		return;
	}
	if (code == '\\' && !clean) {
		memcpy(piece->text, "\\\\", 3);
		piece->bytes = piece->columns = 2;
		piece->used = 1;
		return;
	}
	memcpy(piece->text, at, length);
	piece->bytes = piece->used = length;
	piece->columns = (size_t)width;
}

size_t tb_escape_terminal(struct tb_buf *out, const char *bytes, size_t size)
{
	const unsigned char *at = (const unsigned char *)bytes;
	size_t length = strnlen(bytes, size), i, columns = 0;
	struct piece piece;

	for (i = 0; i < length; i += piece.used) {
		piece_take(&piece, at + i, length - i, false);
		tb_buf_add_bytes(out, piece.text, piece.bytes);
		columns += piece.columns;
	}
	return columns;
}

struct cut {
	size_t columns;
	bool clean;
};

static size_t columns_add(struct tb_buf *out, const char *bytes, size_t size, struct cut cut)
{
	const unsigned char *at = (const unsigned char *)bytes;
	size_t length = strnlen(bytes, size), begin = out->length, i, used = 0, keep = 0;
	size_t keep_columns = 0;
	struct piece piece;

	for (i = 0; i < length; i += piece.used) {
		piece_take(&piece, at + i, length - i, cut.clean);
		if (used + piece.columns > cut.columns)
			break;
		tb_buf_add_bytes(out, piece.text, piece.bytes);
		used += piece.columns;
		if (used < cut.columns) { /* the cut leaves room for its mark */
			keep = out->length - begin;
			keep_columns = used;
		}
	}
	if (i >= length || !cut.columns || out->failed)
		return used;
	out->length = begin + keep;
	tb_buf_add(out, "~");
	return keep_columns + 1;
}

size_t tb_escape_columns(struct tb_buf *out, const char *bytes, size_t size, size_t columns)
{
	return columns_add(out, bytes, size, (struct cut){ .columns = columns });
}

size_t tb_clip_columns(struct tb_buf *out, const char *clean, size_t columns)
{
	return columns_add(out, clean, strlen(clean), (struct cut){ columns, true });
}

void tb_escape_utf8(struct tb_buf *out, const char *bytes, size_t size)
{
	const unsigned char *at = (const unsigned char *)bytes;
	size_t length = strnlen(bytes, size), i, used;
	uint32_t code;

	for (i = 0; i < length; i += used ? used : 1) {
		used = utf8_decode(at + i, length - i, &code);
		if (used)
			tb_buf_add_bytes(out, bytes + i, used);
		else
			tb_buf_add(out, "\xef\xbf\xbd");
	}
}
