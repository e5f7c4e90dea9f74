// SPDX-License-Identifier: GPL-2.0-only
/* A bounded table of files by identity; see names.h. Used by the live source. */
#include "names.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "cleanup.h"
#include "proc.h"

#define NAMES_MAX 4096 /* then the table starts afresh: names are sent again */

struct named {
	__u64 id;
	__u64 ino;
	__u32 tgid;
	__s32 fd;
	UT_hash_handle hh;
};

struct tb_names {
	struct named *all;
	struct named *untold[NAMES_MAX];
	unsigned int untold_nr;
	const struct tb_sink *sink;
};

struct tb_names *tb_names_new(void)
{
	return calloc(1, sizeof(struct tb_names));
}

static void names_clear(struct tb_names *names)
{
	struct named *named, *next;

	HASH_ITER(hh, names->all, named, next) {
		HASH_DEL(names->all, named);
		free(named);
	}
	names->untold_nr = 0;
}

void tb_names_free(struct tb_names *names)
{
	if (!names)
		return;
	names_clear(names);
	free(names);
}

void tb_names_begin(struct tb_names *names, const struct tb_sink *sink)
{
	names->sink = sink;
}

const struct tb_sink *tb_names_sink(const struct tb_names *names)
{
	return names->sink;
}

static void object_note(struct tb_names *names, __u32 tgid, const struct tb_object *object)
{
	struct named *named = NULL;

	if (object->kind != TB_OBJ_FILE || object->fd < 0)
		return;
	HASH_FIND(hh, names->all, &object->id, sizeof(object->id), named);
	if (named)
		return;
	if (HASH_COUNT(names->all) >= NAMES_MAX)
		names_clear(names);
	named = calloc(1, sizeof(*named));
	if (!named)
		return;
	named->id = object->id;
	named->ino = object->ino;
	named->tgid = tgid;
	named->fd = object->fd;
	HASH_ADD(hh, names->all, id, sizeof(named->id), named);
	names->untold[names->untold_nr++] = named;
}

void tb_names_note(struct tb_names *names, const struct tb_record *record)
{
	const struct tb_thread *thread = (const struct tb_thread *)record;
	const struct tb_edge *edge = (const struct tb_edge *)record;

	if (record->kind == TB_REC_THREAD)
		object_note(names, thread->id.tgid, &thread->object);
	else if (record->kind == TB_REC_EDGE)
		object_note(names, edge->tgid, &edge->object);
}

/* Is the descriptor still the file that was waited for? */
static bool descriptor_is(const struct named *named)
{
	static const struct tb_proc_field fields[] = { { "ino", 0, 1 }, {} };
	struct tb_buf text __owns(tb_buf_release) = {};
	char path[64];
	__u64 ino = 0;

	snprintf(path, sizeof(path), "/proc/%u/fdinfo/%d", named->tgid, named->fd);
	tb_proc_read(AT_FDCWD, path, &text);
	return tb_proc_fields(tb_buf_text(&text), fields, &ino) && ino == named->ino;
}

static int named_tell(const struct tb_names *names, const struct named *named)
{
	struct tb_name name = { .h = { .kind = TB_REC_NAME, .size = sizeof(name) },
				.kind = TB_OBJ_FILE,
				.id = named->id };
	char path[64];

	snprintf(path, sizeof(path), "/proc/%u/fd/%d", named->tgid, named->fd);
	if (tb_proc_link(AT_FDCWD, path, name.text, sizeof(name.text)) <= 0 ||
	    !descriptor_is(named))
		return 0;
	return tb_sink_put(names->sink, &name.h);
}

int tb_names_tell(struct tb_names *names)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < names->untold_nr && !err; i++)
		err = named_tell(names, names->untold[i]);
	names->untold_nr = 0;
	return err;
}
