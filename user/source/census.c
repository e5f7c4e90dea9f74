// SPDX-License-Identifier: GPL-2.0-only
/* Processes seen in the stream of records, by generation of frames. Used by the live source. */
#include "census.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#define CENSUS_GONE_FRAMES 2
#define CENSUS_GONE_NS	   2000000000ull

struct resident {
	struct tb_process_key key;
	__u64 generation;	/* of the last walk that showed it */
	__u64 seen_ns;		/* when that was */
	char comm[TB_COMM_LEN]; /* of the leader, when last told */
	bool told;
	bool ended; /* its leader, after the last walk that showed any thread of it */
	UT_hash_handle hh;
};

struct tb_census {
	struct resident *residents;
	__u64 generation;
	__u64 now_ns; /* of the newest record */
};

struct tb_census *tb_census_new(void)
{
	struct tb_census *census = calloc(1, sizeof(*census));

	if (census)
		census->generation = 1;
	return census;
}

void tb_census_free(struct tb_census *census)
{
	struct resident *resident, *next;

	if (!census)
		return;
	HASH_ITER(hh, census->residents, resident, next) {
		HASH_DEL(census->residents, resident);
		free(resident);
	}
	free(census);
}

static struct resident *resident_find(const struct tb_census *census,
				      const struct tb_process_key *key)
{
	struct resident *resident = NULL;

	HASH_FIND(hh, census->residents, key, sizeof(*key), resident);
	return resident;
}

static struct resident *resident_get(struct tb_census *census, const struct tb_process_key *key)
{
	struct resident *resident = resident_find(census, key);

	if (resident)
		return resident;
	resident = calloc(1, sizeof(*resident));
	if (!resident)
		return NULL;
	resident->key = *key;
	resident->generation = census->generation;
	resident->seen_ns = census->now_ns;
	HASH_ADD(hh, census->residents, key, sizeof(resident->key), resident);
	return resident;
}

/* An exec changes the leader's name, and may change everything else: tell again. */
static void resident_rename(struct resident *resident, const struct tb_thread *thread)
{
	if (thread->id.tid != thread->id.tgid ||
	    !memcmp(resident->comm, thread->comm, sizeof(resident->comm)))
		return;
	memcpy(resident->comm, thread->comm, sizeof(resident->comm));
	resident->told = false;
}

static int note_thread(struct tb_census *census, const struct tb_thread *thread)
{
	struct tb_process_key key = { .tgid = thread->id.tgid,
				      .leader_start_ns = thread->id.leader_start_ns };
	struct resident *resident = resident_get(census, &key);

	if (!resident)
		return -ENOMEM;
	if (thread->flags & TB_THREAD_EXITED) {
		resident->ended |= thread->id.tid == thread->id.tgid;
		return 0;
	}
	resident->ended = false;
	resident->generation = census->generation;
	resident->seen_ns = thread->h.time_ns;
	resident_rename(resident, thread);
	return 0;
}

/* Processes too short for any walk are known by what they left behind; tgid 0 is nobody. */
static int note_trace(struct tb_census *census, __u32 tgid, __u64 leader_start_ns)
{
	struct tb_process_key key = { .tgid = tgid, .leader_start_ns = leader_start_ns };

	return !tgid || resident_get(census, &key) ? 0 : -ENOMEM;
}

int tb_census_note(struct tb_census *census, const struct tb_record *record)
{
	const struct tb_fold *fold = (const struct tb_fold *)record;
	const struct tb_edge *edge = (const struct tb_edge *)record;

	if (record->time_ns > census->now_ns)
		census->now_ns = record->time_ns;
	switch (record->kind) {
	case TB_REC_THREAD:
		return note_thread(census, (const struct tb_thread *)record);
	case TB_REC_FOLD:
		return note_trace(census, fold->tgid, fold->leader_start_ns);
	case TB_REC_EDGE:
		return note_trace(census, edge->tgid, edge->leader_start_ns);
	}
	return 0;
}

/* A thread whose number is given back is in no walk; on a busy machine its last switch is yet to
 * come. */
static bool resident_is_gone(const struct tb_census *census, const struct resident *resident)
{
	return resident->generation + CENSUS_GONE_FRAMES < census->generation &&
	       resident->seen_ns + CENSUS_GONE_NS < census->now_ns;
}

bool tb_census_is_gone(const struct tb_census *census, const struct tb_process_key *key)
{
	const struct resident *resident = resident_find(census, key);

	return resident && resident_is_gone(census, resident);
}

int tb_census_untold(struct tb_census *census,
		     int (*told)(void *ctx, __u32 tgid, __u64 leader_start_ns), void *ctx)
{
	struct resident *resident, *next;
	int err;

	HASH_ITER(hh, census->residents, resident, next) {
		if (resident->told || resident->ended)
			continue;
		err = told(ctx, resident->key.tgid, resident->key.leader_start_ns);
		if (err && err != -ESRCH && err != -ENOENT)
			return err;
		resident->told = true;
	}
	return 0;
}

void tb_census_next(struct tb_census *census)
{
	struct resident *resident, *next;

	HASH_ITER(hh, census->residents, resident, next) {
		if (!resident_is_gone(census, resident))
			continue;
		HASH_DEL(census->residents, resident);
		free(resident);
	}
	census->generation++;
}
