// SPDX-License-Identifier: GPL-2.0-only
/*
 * The answer of `diagnose` as one document, schema tailback.diagnose/1: the header of every
 * document, then verdict, summary, host, findings, processes. docs/schema/tailback.diagnose-1.json
 * describes it, and a test holds it against that. Keys never depend on the data: what is not known
 * or does not apply is null.
 */
#include <stdlib.h>

#include "diagnose_parts.h"
#include "diagnose_words.h"
#include "json.h"
#include "tables.h"

#define PIDS_MAX 256 /* of one finding; `instances` says how many there are */

/* A text made by `words`, as a JSON string; null if it is empty. */
static json_t *json_words(struct tb_buf *out, struct tb_buf *text)
{
	json_t *json = text->length ? json_string(text->text) : json_null();

	out->failed |= text->failed;
	tb_buf_release(text);
	return json;
}

static json_t *json_comm(const struct tb_model_process *process)
{
	return tb_json_text(process->comm, sizeof(process->comm));
}

static json_t *json_place(const struct tb_model_process *process)
{
	return tb_json_text(process->info.cgroup, sizeof(process->info.cgroup));
}

static json_t *json_who(struct tb_buf *out, const struct tb_who *who)
{
	json_t *list = json_array(), *one;
	size_t i;

	for (i = 0; i < who->nr; i++) {
		const struct tb_part *part = &who->part[i];

		one = json_object();
		tb_json_set(out, one, "pid", json_integer(part->group->process->key.tgid));
		tb_json_set(out, one, "comm", json_comm(part->group->process));
		tb_json_set(out, one, "instances",
			    json_integer((json_int_t)part->group->member_nr));
		tb_json_set(out, one, "threads", json_real(part->threads));
		tb_json_set(out, one, "share", json_real(part->share));
		tb_json_set(out, one, "batch", json_boolean(tb_group_is_batch(part->group)));
		tb_json_append(out, list, one);
	}
	return list;
}

static json_t *json_pids(struct tb_buf *out, const struct tb_group *group)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; group && i < group->member_nr && i < PIDS_MAX; i++)
		tb_json_append(out, list, json_integer(group->members[i]->key.tgid));
	return list;
}

static json_t *json_instances(struct tb_buf *out, const struct tb_finding *finding)
{
	struct tb_words_instances words = tb_words_instances(finding);
	json_t *json = json_object();

	tb_json_set(out, json, "latency", json_string(tb_help_name(finding->help_latency)));
	tb_json_set(out, json, "throughput", json_string(tb_help_name(finding->help_throughput)));
	tb_json_set(out, json, "until",
		    words.until && finding->help == TB_HELP_YES ? json_string(words.until)
								: json_null());
	return json;
}

static json_t *json_evidence(struct tb_buf *out, const struct tb_finding *finding)
{
	json_t *json = json_object();
	const char *key;
	int i;

	for (i = 0; i < TB_EVIDENCE_NR; i++) {
		key = tb_evidence_key((enum tb_evidence)i, finding->kind);
		if (key)
			tb_json_set(out, json, key, tb_json_known(finding->evidence[i]));
	}
	return json;
}

static json_t *json_missing(struct tb_buf *out, const struct tb_finding *finding)
{
	json_t *list = json_array();
	int i;

	for (i = 0; i < TB_MISSING_NR; i++)
		if (finding->missing >> i & 1)
			tb_json_append(out, list, json_string(tb_missing_text((enum tb_missing)i)));
	return list;
}

static json_t *json_next(struct tb_buf *out, const struct tb_finding *finding)
{
	struct tb_buf command = {};
	json_t *list = json_array();
	size_t i;

	for (i = 0; tb_words_next(&command, finding, i); i++)
		tb_json_append(out, list, json_words(out, &command));
	tb_buf_release(&command);
	return list;
}

static void finding_who(struct tb_buf *out, json_t *json, const struct tb_finding *finding)
{
	const struct tb_group *group = finding->group;

	tb_json_set(out, json, "pid", group ? json_integer(group->process->key.tgid) : json_null());
	tb_json_set(out, json, "pids", json_pids(out, group));
	tb_json_set(out, json, "instances", json_integer(group ? (json_int_t)group->member_nr : 0));
	tb_json_set(out, json, "comm", group ? json_comm(group->process) : json_null());
	tb_json_set(out, json, "group", group ? json_place(group->process) : json_null());
	tb_json_set(out, json, "share", tb_json_known(finding->evidence[TB_EVIDENCE_LOST_SHARE]));
}

/* What it is about, beside processes. peer and lock belong to kinds that are not judged yet. */
static void finding_what(struct tb_buf *out, json_t *json, const struct tb_finding *finding)
{
	const struct tb_model_disk *disk = finding->disk;
	const struct tb_model_cgroup *cgroup = finding->cgroup;

	tb_json_set(out, json, "peer", json_null());
	tb_json_set(out, json, "lock", json_null());
	tb_json_set(out, json, "device",
		    disk ? tb_json_text(disk->now.name, sizeof(disk->now.name)) : json_null());
	tb_json_set(out, json, "cgroup",
		    cgroup ? tb_json_text(cgroup->path, sizeof(cgroup->path)) : json_null());
	tb_json_set(out, json, "losers", json_who(out, &finding->losers));
	tb_json_set(out, json, "users", json_who(out, &finding->users));
}

static json_t *json_finding(struct tb_buf *out, const struct tb_diagnose *view,
			    const struct tb_finding *finding)
{
	json_t *json = json_object();
	struct tb_buf text = {};

	tb_json_set(out, json, "kind", json_string(tb_finding_name(finding->kind)));
	tb_json_set(out, json, "severity", json_string(tb_severity_name(finding->severity)));
	finding_who(out, json, finding);
	tb_json_set(out, json, "would_instances_help", json_string(tb_help_name(finding->help)));
	tb_json_set(out, json, "instances_help", json_instances(out, finding));
	tb_json_set(out, json, "confidence", json_string(tb_confidence_name(finding->confidence)));
	tb_json_set(out, json, "predicted", json_null());
	tb_json_set(out, json, "caused_by",
		    finding->caused_by >= 0 ? json_integer(finding->caused_by) : json_null());
	tb_json_set(out, json, "next", json_next(out, finding));
	finding_what(out, json, finding);
	tb_json_set(out, json, "evidence", json_evidence(out, finding));
	tb_json_set(out, json, "missing", json_missing(out, finding));
	tb_words_summary(&text, view, finding);
	tb_json_set(out, json, "summary", json_words(out, &text));
	tb_json_set(out, json, "advice", json_string(tb_words_advice(finding)));
	return json;
}

static json_t *json_blocked(struct tb_buf *out, const struct tb_usage *usage)
{
	json_t *json = json_object();
	__u32 state;

	for (state = TB_FIRST_REASON; state < TB_STATE_NR; state++)
		tb_json_set(out, json, tb_state_name(state), tb_json_seconds(usage->ns[state]));
	return json;
}

static json_t *json_process(struct tb_buf *out, const struct tb_model *model,
			    const struct tb_model_process *process, const struct tb_group *group)
{
	json_t *json = json_object();
	struct tb_usage usage;
	__u64 wall_ns = 0;
	int i;

	tb_window_process(model, process, &usage);
	for (i = 0; i < TB_STATE_NR; i++)
		wall_ns += usage.ns[i];
	tb_json_set(out, json, "pid", json_integer(process->key.tgid));
	tb_json_set(out, json, "comm", json_comm(process));
	tb_json_set(out, json, "group", json_place(process));
	tb_json_set(out, json, "threads", json_integer(usage.threads));
	tb_json_set(out, json, "wall_seconds", tb_json_seconds(wall_ns));
	tb_json_set(out, json, "oncpu_seconds", tb_json_seconds(usage.ns[TB_ONCPU]));
	tb_json_set(out, json, "runqueue_seconds", tb_json_seconds(usage.ns[TB_RUNQUEUE]));
	tb_json_set(out, json, "throttled_seconds", tb_json_seconds(usage.ns[TB_THROTTLED]));
	tb_json_set(out, json, "blocked_seconds", json_blocked(out, &usage));
	tb_json_set(out, json, "idle_seconds", tb_json_seconds(usage.idle_ns));
	tb_json_set(out, json, "batch", json_boolean(tb_group_is_batch(group)));
	tb_json_set(out, json, "units", json_null());
	return json;
}

/* Those that the text's table is made of, one by one. */
static void group_processes(struct tb_buf *out, json_t *list, const struct tb_diagnose *view,
			    const struct tb_group *group)
{
	const struct tb_diagnose_look *look = view->look;
	struct tb_usage usage;
	size_t i;

	for (i = 0; i < group->member_nr; i++) {
		tb_window_process(view->model, group->members[i], &usage);
		if (!look->all && !view->verdict->filtered && tb_usage_is_idle(&usage))
			continue;
		if (!look->rows_max || json_array_size(list) < look->rows_max)
			tb_json_append(out, list,
				       json_process(out, view->model, group->members[i], group));
	}
}

static json_t *json_processes(struct tb_buf *out, const struct tb_diagnose *view)
{
	size_t i, nr;
	const struct tb_group **rows = diagnose_rows(view, &nr);
	json_t *list = json_array();

	out->failed |= !rows;
	for (i = 0; i < nr; i++)
		group_processes(out, list, view, rows[i]);
	free(rows);
	return list;
}

static json_t *json_machine(struct tb_buf *out, const struct tb_verdict *verdict)
{
	json_t *json = json_object();

	tb_json_set(out, json, "cpus", json_integer(verdict->cpus));
	tb_json_set(out, json, "busy_share", tb_json_known(verdict->host_busy));
	tb_json_set(out, json, "idle_share", tb_json_known(verdict->host_idle));
	tb_json_set(out, json, "steal_share", tb_json_known(verdict->host.steal));
	tb_json_set(out, json, "pressure_cpu_share", tb_json_known(verdict->host.pressure_cpu));
	tb_json_set(out, json, "pressure_io_share", tb_json_known(verdict->host.pressure_io));
	tb_json_set(out, json, "pressure_memory_share",
		    tb_json_known(verdict->host.pressure_memory));
	return json;
}

static json_t *json_not_judged(struct tb_buf *out)
{
	json_t *list = json_array();
	__u32 kind;

	for (kind = 0; kind < TB_FINDING_NR; kind++)
		if (!tb_finding_judged(kind))
			tb_json_append(out, list, json_string(tb_finding_name(kind)));
	return list;
}

void tb_diagnose_json(struct tb_buf *out, const struct tb_diagnose *view)
{
	json_t *document = tb_json_document(out, "tailback.diagnose/1", view->model);
	json_t *findings = json_array();
	struct tb_buf text = {};
	size_t i;

	tb_words_verdict(&text, view);
	tb_json_set(out, document, "verdict", json_string(tb_verdict_name(view->verdict->verdict)));
	tb_json_set(out, document, "summary", json_words(out, &text));
	tb_json_set(out, document, "machine", json_machine(out, view->verdict));
	for (i = 0; i < view->verdict->finding_nr; i++)
		tb_json_append(out, findings, json_finding(out, view, &view->verdict->findings[i]));
	tb_json_set(out, document, "findings", findings);
	tb_json_set(out, document, "not_judged", json_not_judged(out));
	tb_json_set(out, document, "processes", json_processes(out, view));
	tb_json_write(out, document, TB_JSON_PAGE);
}
