// SPDX-License-Identifier: GPL-2.0-only
/* See json.h. Not here: what a single view has to say. */
#include "json.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

#include "escape.h"
#include "version.h"
#include "window.h"

#define NSEC_PER_SEC 1000000000ull
#define DIGITS	     9 /* enough for sums to agree, too few to print 0.1 as 0.10000000000000001 */

void tb_json_set(struct tb_buf *out, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value))
		out->failed = true;
}

void tb_json_append(struct tb_buf *out, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value))
		out->failed = true;
}

json_t *tb_json_text(const char *bytes, size_t size)
{
	struct tb_buf clean = {};
	json_t *text = NULL;

	if (!size || !*bytes)
		return json_null();
	tb_escape_utf8(&clean, bytes, size);
	if (!clean.failed)
		text = json_stringn(clean.text, clean.length);
	tb_buf_release(&clean);
	return text;
}

json_t *tb_json_hex(__u64 value)
{
	return json_sprintf("0x%llx", (unsigned long long)value);
}

json_t *tb_json_known(double value)
{
	return isfinite(value) && value >= 0 ? json_real(value) : json_null();
}

json_t *tb_json_seconds(__u64 ns)
{
	return json_real((double)ns / (double)NSEC_PER_SEC);
}

/* RFC 3339, UTC, to the millisecond. */
static json_t *json_instant(__u64 realtime_ns)
{
	time_t seconds = (time_t)(realtime_ns / NSEC_PER_SEC);
	char text[32];
	struct tm utc;

	if (!gmtime_r(&seconds, &utc) || !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc))
		return json_null();
	return json_sprintf("%s.%03uZ", text, (unsigned int)(realtime_ns % NSEC_PER_SEC / 1000000));
}

static json_t *json_window(struct tb_buf *out, const struct tb_model *model,
			   const struct tb_trust *trust)
{
	json_t *window = json_object();

	tb_json_set(out, window, "seconds", tb_json_seconds(tb_window_ns(model)));
	tb_json_set(out, window, "complete", json_boolean(trust->complete));
	tb_json_set(out, window, "lost_events", json_integer((json_int_t)trust->lost_window));
	tb_json_set(out, window, "gaps", json_integer((json_int_t)trust->gaps));
	tb_json_set(out, window, "unknown_share", tb_json_known(trust->unknown_share));
	return window;
}

/* Bytes of a map or of memory are never 0 where they are known. */
static json_t *json_bytes(__u64 bytes)
{
	return bytes ? json_integer((json_int_t)bytes) : json_null();
}

static json_t *json_overhead(struct tb_buf *out, const struct tb_model *model,
			     const struct tb_trust *trust)
{
	json_t *overhead = json_object();

	tb_json_set(out, overhead, "bpf_cpu_fraction", tb_json_known(trust->bpf_cpu_fraction));
	tb_json_set(out, overhead, "user_cpu_fraction", tb_json_known(trust->user_cpu_fraction));
	tb_json_set(out, overhead, "map_bytes", json_bytes(model->status.map_bytes));
	tb_json_set(out, overhead, "rss_bytes", json_bytes(model->status.rss_bytes));
	return overhead;
}

json_t *tb_json_document(struct tb_buf *out, const char *schema, const struct tb_model *model)
{
	const struct tb_frame *begin = model->marked ? &model->mark_frame : &model->frame;
	json_t *document = json_object();
	struct tb_trust trust;

	tb_window_trust(model, &trust);
	tb_json_set(out, document, "schema", json_string(schema));
	tb_json_set(out, document, "version", json_string(TAILBACK_VERSION));
	tb_json_set(out, document, "host",
		    tb_json_text(model->host.name, sizeof(model->host.name)));
	tb_json_set(out, document, "boot_id",
		    tb_json_text(model->host.boot_id, sizeof(model->host.boot_id)));
	tb_json_set(out, document, "started_at", json_instant(begin->realtime_ns));
	tb_json_set(out, document, "window", json_window(out, model, &trust));
	tb_json_set(out, document, "overhead", json_overhead(out, model, &trust));
	return document;
}

static int json_piece(const char *text, size_t length, void *ctx)
{
	tb_buf_add_bytes(ctx, text, length);
	return 0;
}

/* ASCII only: a name with a control or bidi character in it must not act on a terminal. */
void tb_json_write(struct tb_buf *out, json_t *document, enum tb_json_form form)
{
	size_t flags = JSON_ENSURE_ASCII | JSON_REAL_PRECISION(DIGITS) |
		       (form == TB_JSON_PAGE ? JSON_INDENT(2) : JSON_COMPACT);

	if (json_dump_callback(document, json_piece, out, flags))
		out->failed = true;
	tb_buf_add(out, "\n");
	json_decref(document);
}
