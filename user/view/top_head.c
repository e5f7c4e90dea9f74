// SPDX-License-Identifier: GPL-2.0-only
/* The lines above the rows: the window, the host, the totals, and what is wrong with them. */
#include "top_head.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "duration.h"
#include "escape.h"
#include "hooks.h"
#include "tables.h"

#define WORTH_SAYING	     0.01 /* a share or a number of threads below it is not */
#define UNKNOWN_WORTH_SAYING 0.05
#define WORTH_A_PLACE	     0.5 /* a disk that is less busy goes first where room is scarce */

struct pieces {
	struct tb_piece list[10];
	size_t nr;
};

static struct tb_piece *piece(struct pieces *pieces, unsigned int rank, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static struct tb_piece *piece(struct pieces *pieces, unsigned int rank, const char *format, ...)
{
	struct tb_piece *added = &pieces->list[pieces->nr++];
	va_list args;

	*added = (struct tb_piece){ .rank = rank };
	va_start(args, format);
	vsnprintf(added->text, sizeof(added->text), format, args);
	va_end(args);
	return added;
}

static void pack(struct tb_page *page, struct pieces *pieces, const struct tb_top_view *view)
{
	tb_page_pack(page, pieces->list, pieces->nr, view->look->width);
}

/* A share as whole percents, "?" where nothing is known. */
static const char *percent(char text[8], double share)
{
	if (share < 0)
		return "?";
	snprintf(text, 8, "%.0f%%", 100 * (share > 1 ? 1 : share));
	return text;
}

static const char *mean(char text[16], const struct tb_usage *usage, __u64 ns)
{
	tb_top_mean(text, tb_usage_mean(usage, ns));
	return text;
}

static void piece_clock(struct pieces *pieces, const struct tb_top_view *view)
{
	__u64 s =
		view->model->frame.realtime_ns / TB_NSEC_PER_SEC + (__u64)view->look->utc_offset_s;

	piece(pieces, 1, "%02u:%02u:%02u", (unsigned int)(s / 3600 % 24),
	      (unsigned int)(s / 60 % 60), (unsigned int)(s % 60));
}

static void piece_losses(struct pieces *pieces, const struct tb_trust *trust)
{
	unsigned int style = trust->complete ? TB_STYLE_PLAIN : TB_STYLE_ALARM;

	piece(pieces, 0, "lost %llu", (unsigned long long)trust->lost_window)->style = style;
	piece(pieces, trust->gaps ? 0 : 3, "gaps %llu", (unsigned long long)trust->gaps)->style =
		style;
	if (trust->unknown_share >= UNKNOWN_WORTH_SAYING)
		piece(pieces, 2, "unknown %.0f%%", 100 * trust->unknown_share)->style =
			TB_STYLE_ALARM;
}

static void piece_cost(struct pieces *pieces, const struct tb_trust *trust)
{
	if (trust->user_cpu_fraction < 0)
		piece(pieces, 4, "cost ?");
	else if (trust->bpf_cpu_fraction < 0)
		piece(pieces, 4, "cost %.1f%% + BPF ?", 100 * trust->user_cpu_fraction);
	else
		piece(pieces, 4, "cost %.1f%%",
		      100 * (trust->user_cpu_fraction + trust->bpf_cpu_fraction));
}

static void piece_mode(struct pieces *pieces, const struct tb_top_look *look)
{
	if (look->paused)
		piece(pieces, 0, "PAUSED")->style = TB_STYLE_ALARM;
	else if (look->ended)
		piece(pieces, 0, "END OF RECORDING")->style = TB_STYLE_ALARM;
}

static void line_window(struct tb_page *page, const struct tb_top_view *view,
			const struct tb_top_rows *rows)
{
	const struct tb_model *model = view->model;
	struct pieces pieces = { .nr = 0 };
	struct tb_buf host = {};

	tb_escape_columns(&host, model->host.name, sizeof(model->host.name), 40);
	piece(&pieces, 7, "tailback")->style = TB_STYLE_HEADING;
	piece(&pieces, 5, "%s", tb_buf_text(&host));
	piece(&pieces, 6, "%u CPUs", model->frame.cpus);
	piece_clock(&pieces, view);
	piece(&pieces, 3, "over %.1f s", (double)tb_window_ns(model) / (double)TB_NSEC_PER_SEC);
	piece_mode(&pieces, view->look);
	piece_losses(&pieces, &rows->trust);
	piece_cost(&pieces, &rows->trust);
	pack(page, &pieces, view);
	tb_buf_release(&host);
}

static void piece_cpu(struct pieces *pieces, const struct tb_top_rows *rows)
{
	const struct tb_usage *all = &rows->all;
	char busy[8], queued[16], held[16];

	percent(busy, rows->host.busy);
	mean(queued, all, all->ns[TB_RUNQUEUE]);
	if (tb_usage_mean(all, all->ns[TB_THROTTLED]) < WORTH_SAYING)
		piece(pieces, 0, "CPU %s busy, %s threads queue for it",
		      percent(busy, rows->host.busy), queued);
	else
		piece(pieces, 0, "CPU %s busy, %s threads queue, %s held by a quota",
		      percent(busy, rows->host.busy), queued,
		      mean(held, all, all->ns[TB_THROTTLED]));
}

static void piece_disk(struct pieces *pieces, const struct tb_model *model)
{
	const struct tb_model_disk *disk = tb_window_busiest_disk(model);
	struct tb_disk_usage usage;
	struct tb_piece *added;
	struct tb_buf name = {};
	char busy[8];
	size_t length;

	if (!disk)
		return;
	tb_window_disk(model, disk, &usage);
	tb_escape_columns(&name, disk->now.name, sizeof(disk->now.name), 16);
	added = piece(pieces, usage.busy < WORTH_A_PLACE ? 4 : 1, "disk %s %s", tb_buf_text(&name),
		      percent(busy, usage.busy));
	if (usage.queue >= 1) {
		length = strlen(added->text);
		snprintf(added->text + length, sizeof(added->text) - length, ", %.0f queued",
			 usage.queue);
	}
	tb_buf_release(&name);
}

/* PSI first; where the kernel keeps none, what reclaim and swap do, and who waits for them. */
static void piece_memory(struct pieces *pieces, const struct tb_top_view *view,
			 const struct tb_top_rows *rows)
{
	const struct tb_host_usage *host = &rows->host;
	double waits = tb_usage_mean(&rows->all, rows->all.ns[TB_MEMORY]);

	if (host->pressure_memory >= WORTH_SAYING)
		piece(pieces, 1, "memory pressure %.0f%%", 100 * host->pressure_memory);
	else if (waits >= WORTH_SAYING)
		piece(pieces, 1, "memory: %.2f threads wait", waits);
	else if (host->swap_pages_per_s >= 1)
		piece(pieces, 1, "memory swaps %.0f pages/s", host->swap_pages_per_s);
	else if (host->reclaim_pages_per_s >= 1)
		piece(pieces, 1, "memory reclaims %.0f pages/s", host->reclaim_pages_per_s);
	else
		piece(pieces, 3, "memory %s", view->model->host.memory_total_bytes ? "ok" : "?");
}

static void line_host(struct tb_page *page, const struct tb_top_view *view,
		      const struct tb_top_rows *rows)
{
	struct pieces pieces = { .nr = 0 };
	char steal[8];

	piece_cpu(&pieces, rows);
	piece_disk(&pieces, view->model);
	piece_memory(&pieces, view, rows);
	piece(&pieces, rows->host.steal < WORTH_SAYING ? 5 : 1, "steal %s",
	      percent(steal, rows->host.steal));
	pack(page, &pieces, view);
}

static void line_totals(struct tb_page *page, const struct tb_top_view *view,
			const struct tb_top_rows *rows)
{
	const char *hidden = view->look->height ? " (hidden, i)" : " (hidden, --all)";
	const struct tb_usage *all = &rows->all;
	struct pieces pieces = { .nr = 0 };
	char text[16];

	piece(&pieces, 3, "threads");
	piece(&pieces, 0, "on CPU %s", mean(text, all, all->ns[TB_ONCPU]));
	piece(&pieces, 0, "queued %s", mean(text, all, tb_top_queued_ns(all)));
	piece(&pieces, 0, "blocked %s", mean(text, all, tb_top_blocked_ns(all, false)));
	piece(&pieces, 1, "idle %.0f%s", tb_usage_mean(all, rows->idle_ns),
	      tb_top_shows_idle(view->look) ? " (shown)" : hidden);
	pack(page, &pieces, view);
}

void tb_top_losses(struct tb_buf *out, const struct tb_trust *trust)
{
	if (trust->lost_window)
		tb_buf_printf(out, "%llu events lost", (unsigned long long)trust->lost_window);
	if (trust->gaps)
		tb_buf_printf(out, "%s%llu gaps", trust->lost_window ? ", " : "",
			      (unsigned long long)trust->gaps);
}

static void line_incomplete(struct tb_page *page, const struct tb_top_view *view,
			    const struct tb_top_rows *rows)
{
	struct tb_buf text = {};

	if (rows->trust.complete)
		return;
	tb_buf_add(&text, "INCOMPLETE  ");
	tb_top_losses(&text, &rows->trust);
	tb_buf_add(&text, ": sums are exact, some time may have a wrong reason");
	tb_page_clip(page, TB_STYLE_ALARM, tb_buf_text(&text), view->look->width);
	tb_page_line(page);
	tb_buf_release(&text);
}

static void lines_degraded(struct tb_page *page, const struct tb_top_view *view)
{
	struct tb_buf text = {};
	__u32 hook;

	for (hook = 0; hook < TB_HOOK_NR; hook++) {
		if (!(view->model->status.degraded >> hook & 1))
			continue;
		tb_buf_clear(&text);
		tb_buf_printf(&text, "DEGRADED  without %s: %s", tb_hook_name(hook),
			      tb_hook_lost(hook));
		tb_page_clip(page, TB_STYLE_ALARM, tb_buf_text(&text), view->look->width);
		tb_page_line(page);
	}
	tb_buf_release(&text);
}

/* Few lines: the one that matters most. */
static void line_small(struct tb_page *page, const struct tb_top_view *view,
		       const struct tb_top_rows *rows)
{
	const struct tb_usage *all = &rows->all;
	struct pieces pieces = { .nr = 0 };
	char text[16];

	piece_mode(&pieces, view->look);
	piece(&pieces, 0, "CPU %s", percent(text, rows->host.busy));
	piece(&pieces, 2, "queued %s", mean(text, all, tb_top_queued_ns(all)));
	piece(&pieces, 3, "blocked %s", mean(text, all, tb_top_blocked_ns(all, false)));
	piece_losses(&pieces, &rows->trust);
	if (view->model->status.degraded)
		piece(&pieces, 1, "DEGRADED")->style = TB_STYLE_ALARM;
	piece_clock(&pieces, view);
	pack(page, &pieces, view);
}

void tb_top_head(struct tb_page *page, const struct tb_top_view *view,
		 const struct tb_top_rows *rows)
{
	if (view->look->height && view->look->height < TB_TOP_SMALL_HEIGHT) {
		line_small(page, view, rows);
		return;
	}
	line_window(page, view, rows);
	line_host(page, view, rows);
	line_totals(page, view, rows);
	line_incomplete(page, view, rows);
	lines_degraded(page, view);
}
