// SPDX-License-Identifier: GPL-2.0-only
/* See doctor.h; the schema is docs/schema/tailback.doctor-1.json. */
#include "doctor.h"

#include <string.h>

#include "json.h"
#include "tables.h"

static json_t *text_or_null(const char *text)
{
	return tb_json_text(text, strlen(text));
}

static json_t *answer(enum tb_answer ok)
{
	return ok == TB_ANSWER_UNKNOWN ? json_null() : json_boolean(ok == TB_ANSWER_YES);
}

static json_t *check_json(struct tb_buf *out, const struct tb_health *health, int check)
{
	const struct tb_check_row *row = tb_check_row((enum tb_check)check);
	const struct tb_check_result *result = &health->checks[check];
	json_t *object = json_object();

	tb_json_set(out, object, "name", json_string(row->name));
	tb_json_set(out, object, "ok", answer(result->ok));
	tb_json_set(out, object, "required", json_boolean(row->need != TB_NEED_NOTHING));
	tb_json_set(out, object, "found", text_or_null(result->found));
	tb_json_set(out, object, "needed_for", json_string(row->needed_for));
	tb_json_set(out, object, "lost_without", json_string(row->lost_without));
	tb_json_set(out, object, "fix", text_or_null(result->fix));
	return object;
}

static json_t *hook_json(struct tb_buf *out, const struct tb_health *health, __u32 hook)
{
	const struct tb_hook_result *result = &health->hooks[hook];
	json_t *object = json_object();

	tb_json_set(out, object, "name", json_string(tb_hook_name(hook)));
	tb_json_set(out, object, "attached_as",
		    result->attached ? json_string(tb_hook_target(hook)) : json_null());
	tb_json_set(out, object, "why", text_or_null(result->why));
	tb_json_set(out, object, "required", json_boolean(tb_hook_required(hook)));
	tb_json_set(out, object, "needed_for", json_string(tb_hook_needed(hook)));
	tb_json_set(out, object, "lost_without", json_string(tb_hook_lost(hook)));
	return object;
}

static json_t *summary_json(const struct tb_health *health)
{
	struct tb_buf summary = {};
	json_t *text;

	tb_doctor_summary(&summary, health);
	text = summary.failed ? NULL : json_string(summary.text);
	tb_buf_release(&summary);
	return text;
}

void tb_doctor_json(struct tb_buf *out, const struct tb_health *health,
		    const struct tb_model *model)
{
	json_t *document = tb_json_document(out, "tailback.doctor/1", model);
	json_t *checks = json_array(), *hooks = json_array();
	int i;

	for (i = 0; i < TB_CHECK_NR; i++)
		tb_json_append(out, checks, check_json(out, health, i));
	for (i = 0; i < TB_HOOK_NR; i++)
		tb_json_append(out, hooks, hook_json(out, health, (__u32)i));
	tb_json_set(out, document, "kernel", text_or_null(health->kernel));
	tb_json_set(out, document, "arch", text_or_null(health->arch));
	tb_json_set(out, document, "works", json_boolean(!tb_health_missing(health)));
	tb_json_set(out, document, "summary", summary_json(health));
	tb_json_set(out, document, "checks", checks);
	tb_json_set(out, document, "hooks", hooks);
	tb_json_write(out, document, TB_JSON_PAGE);
}
