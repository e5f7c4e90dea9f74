// SPDX-License-Identifier: GPL-2.0-only
/*
 * attach FRAMES INTERVAL_MS [exits]: the live source alone, without model and view: takes so many
 * frames at an interval and prints one line of JSON for each, and with `exits` one for every thread
 * that has ended. Run by tests/bench/run to tell what the programs and the source cost from what
 * the command above them does.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

#include "live.h"

struct frame {
	struct tb_frame end;
	struct tb_status status;
	unsigned long records;
	int exits;
};

static const char *const state_names[TB_STATE_NR] = {
#define X(id, name, letter, idle, text) name,
	TB_STATES(X)
#undef X
};

static void exit_print(const struct tb_thread *thread)
{
	int i;

	printf("{\"exit\": {\"tid\": %u, \"gaps\": %u, \"seconds\": {", thread->id.tid,
	       thread->gaps);
	for (i = 0; i < TB_STATE_NR; i++)
		printf("%s\"%s\": %.9f", i ? ", " : "", state_names[i],
		       (double)thread->ns[i] / 1e9);
	printf("}}}\n");
}

static int record_note(void *ctx, const struct tb_record *record)
{
	struct frame *frame = ctx;

	frame->records++;
	if (record->kind == TB_REC_FRAME)
		frame->end = *(const struct tb_frame *)record;
	if (record->kind == TB_REC_STATUS)
		frame->status = *(const struct tb_status *)record;
	if (record->kind == TB_REC_THREAD && frame->exits &&
	    (((const struct tb_thread *)record)->flags & TB_THREAD_EXITED))
		exit_print((const struct tb_thread *)record);
	return 0;
}

static void frame_print(const struct frame *frame)
{
	const struct tb_status *s = &frame->status;

	printf("{\"threads\": %u, \"records\": %lu, \"walk_ns\": %llu, \"map_bytes\": %llu, "
	       "\"rss_bytes\": %llu, \"user_ns\": %llu, \"bpf_ns\": %llu, \"lost_threads\": %llu, "
	       "\"lost_edges\": %llu, \"torn\": %llu, \"gaps\": %llu, \"clamped\": %llu}\n",
	       frame->end.threads, frame->records, frame->end.walk_ns, s->map_bytes, s->rss_bytes,
	       s->user_ns, s->bpf_ns, s->lost_threads, s->lost_edges, s->torn, s->gaps, s->clamped);
	fflush(stdout);
}

/* Frames at an interval, until they are done or one fails. */
static int frames_take(struct tb_live *live, long frames, struct timespec pause, int exits)
{
	int err = 0;

	while (frames-- && !err) {
		struct frame frame = { .exits = exits };
		struct tb_sink sink = { .ctx = &frame, .record = record_note };

		err = tb_live_frame(live, &sink);
		if (!err)
			frame_print(&frame);
		if (!err && frames)
			nanosleep(&pause, NULL);
	}
	return err;
}

int main(int argc, char **argv)
{
	struct tb_live *live;
	long interval_ms;
	int err;

	if (argc < 3) {
		fprintf(stderr, "usage: attach FRAMES INTERVAL_MS [exits]\n");
		return 2;
	}
	interval_ms = atol(argv[2]);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (tb_live_open(&live, NULL))
		return 1;
	err = frames_take(live, atol(argv[1]),
			  (struct timespec){ interval_ms / 1000, interval_ms % 1000 * 1000000 },
			  argc > 3);
	tb_live_close(live);
	return err ? 1 : 0;
}
