// SPDX-License-Identifier: GPL-2.0-only
/*
 * One frame of `top` as one line of JSON, schema tailback.top/1: the header of every document, then
 * `machine` (cpus, shares of the window, its busiest disk), `totals` (mean numbers of threads of
 * the whole host), `degraded` (hooks that are not attached), `rows_of` ("process" or "thread"),
 * `candidates` (how many there are to choose from) and `rows`: the fields of top_columns.c.
 */
#include "hooks.h"
#include "json.h"
#include "tables.h"
#include "top_columns.h"

static json_t *json_disk(struct tb_buf *out, const struct tb_model *model)
{
	const struct tb_model_disk *disk = tb_window_busiest_disk(model);
	struct tb_disk_usage usage;
	json_t *json;

	if (!disk)
		return json_null();
	tb_window_disk(model, disk, &usage);
	json = json_object();
	tb_json_set(out, json, "name", tb_json_text(disk->now.name, sizeof(disk->now.name)));
	tb_json_set(out, json, "busy", tb_json_known(usage.busy));
	tb_json_set(out, json, "queue", tb_json_known(usage.queue));
	tb_json_set(out, json, "in_flight", json_integer(disk->now.in_flight));
	tb_json_set(out, json, "reads_per_second", tb_json_known(usage.reads_per_s));
	tb_json_set(out, json, "writes_per_second", tb_json_known(usage.writes_per_s));
	tb_json_set(out, json, "await_seconds", tb_json_known(usage.await_s));
	return json;
}

static json_t *json_machine(struct tb_buf *out, const struct tb_model *model,
			    const struct tb_host_usage *host)
{
	json_t *json = json_object();

	tb_json_set(out, json, "cpus", json_integer(model->frame.cpus));
	tb_json_set(out, json, "busy", tb_json_known(host->busy));
	tb_json_set(out, json, "steal", tb_json_known(host->steal));
	tb_json_set(out, json, "iowait", tb_json_known(host->iowait));
	tb_json_set(out, json, "pressure_cpu", tb_json_known(host->pressure_cpu));
	tb_json_set(out, json, "pressure_io", tb_json_known(host->pressure_io));
	tb_json_set(out, json, "pressure_memory", tb_json_known(host->pressure_memory));
	tb_json_set(out, json, "swap_pages_per_second", tb_json_known(host->swap_pages_per_s));
	tb_json_set(out, json, "reclaim_pages_per_second",
		    tb_json_known(host->reclaim_pages_per_s));
	tb_json_set(out, json, "busiest_disk", json_disk(out, model));
	return json;
}

static json_t *json_totals(struct tb_buf *out, const struct tb_top_rows *rows)
{
	const struct tb_usage *all = &rows->all;
	json_t *json = json_object();

	tb_json_set(out, json, "oncpu", json_real(tb_usage_mean(all, all->ns[TB_ONCPU])));
	tb_json_set(out, json, "runqueue", json_real(tb_usage_mean(all, all->ns[TB_RUNQUEUE])));
	tb_json_set(out, json, "throttled", json_real(tb_usage_mean(all, all->ns[TB_THROTTLED])));
	tb_json_set(out, json, "blocked",
		    json_real(tb_usage_mean(all, tb_top_blocked_ns(all, false))));
	tb_json_set(out, json, "idle", json_real(tb_usage_mean(all, rows->idle_ns)));
	return json;
}

static json_t *json_degraded(struct tb_buf *out, __u32 degraded)
{
	json_t *json = json_array();
	__u32 hook;

	for (hook = 0; hook < TB_HOOK_NR; hook++)
		if (degraded >> hook & 1)
			tb_json_append(out, json, json_string(tb_hook_name(hook)));
	return json;
}

static json_t *json_row(struct tb_buf *out, const struct tb_top_view *view,
			const struct tb_top_row *row)
{
	const struct tb_top_column *column;
	json_t *json = json_object();

	for (column = tb_top_columns; column->key; column++)
		if (column->json)
			tb_json_set(out, json, column->key, column->json(out, view, row));
	return json;
}

void tb_top_json(struct tb_buf *out, const struct tb_model *model, const struct tb_top_rows *rows,
		 const struct tb_top_look *look)
{
	struct tb_top_view view = { .model = model, .look = look };
	json_t *document = tb_json_document(out, "tailback.top/1", model), *list = json_array();
	size_t i;

	tb_json_set(out, document, "machine", json_machine(out, model, &rows->host));
	tb_json_set(out, document, "totals", json_totals(out, rows));
	tb_json_set(out, document, "degraded", json_degraded(out, model->status.degraded));
	tb_json_set(out, document, "rows_of", json_string(look->threads ? "thread" : "process"));
	tb_json_set(out, document, "candidates", json_integer((json_int_t)rows->candidates));
	for (i = 0; i < rows->nr; i++)
		tb_json_append(out, list, json_row(out, &view, &rows->rows[i]));
	tb_json_set(out, document, "rows", list);
	tb_json_write(out, document, TB_JSON_LINE);
}
