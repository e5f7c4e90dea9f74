// SPDX-License-Identifier: GPL-2.0-only
/* Disks and control groups of the model, and the mark of the whole host. Called by model.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model_parts.h"

#define HOST_GONE_FRAMES 16 /* sources may send what changes rarely more rarely */

/* What is first seen inside the window begins there: its counters are older than the window. */
static struct tb_model_disk *disk_add(struct tb_model *model, const struct tb_disk *record)
{
	struct tb_model_disk *disk = calloc(1, sizeof(*disk));

	if (!disk)
		return NULL;
	disk->dev = record->dev;
	disk->mark = disk->now = *record;
	disk->alive = true;
	HASH_ADD(hh, model->disks, dev, sizeof(disk->dev), disk);
	return disk;
}

int model_disk_record(struct tb_model *model, const struct tb_disk *record)
{
	struct tb_model_disk *disk = NULL;

	HASH_FIND(hh, model->disks, &record->dev, sizeof(record->dev), disk);
	if (!disk)
		disk = disk_add(model, record);
	if (!disk)
		return -ENOMEM;
	if (!record->in_flight || disk->now.reads != record->reads ||
	    disk->now.writes != record->writes)
		disk->alive = true;
	disk->now = *record;
	disk->now.name[sizeof(disk->now.name) - 1] = '\0';
	disk->seen = model->generation;
	return 0;
}

static struct tb_model_cgroup *cgroup_add(struct tb_model *model, const char *path,
					  const struct tb_cgroup *record)
{
	struct tb_model_cgroup *cgroup = calloc(1, sizeof(*cgroup));

	if (!cgroup)
		return NULL;
	strcpy(cgroup->path, path);
	cgroup->mark = *record;
	HASH_ADD_STR(model->cgroups, path, cgroup);
	return cgroup;
}

int model_cgroup_record(struct tb_model *model, const struct tb_cgroup *record)
{
	struct tb_model_cgroup *cgroup = NULL;
	char path[TB_PATH_LEN];

	memcpy(path, record->path, sizeof(path));
	path[sizeof(path) - 1] = '\0';
	HASH_FIND_STR(model->cgroups, path, cgroup);
	if (!cgroup)
		cgroup = cgroup_add(model, path, record);
	if (!cgroup)
		return -ENOMEM;
	cgroup->now = *record;
	cgroup->seen = model->generation;
	return 0;
}

static void disk_remove(struct tb_model *model, struct tb_model_disk *disk)
{
	HASH_DEL(model->disks, disk);
	free(disk);
}

static void cgroup_remove(struct tb_model *model, struct tb_model_cgroup *cgroup)
{
	HASH_DEL(model->cgroups, cgroup);
	free(cgroup);
}

/* A record may not know its instant; its frame does. */
void model_host_end(struct tb_model *model)
{
	struct tb_model_disk *disk, *next;

	HASH_ITER(hh, model->disks, disk, next) {
		if (disk->alive)
			disk->alive_ns = tb_model_now(model);
		disk->alive = false;
	}
}

void model_host_mark(struct tb_model *model)
{
	struct tb_model_disk *disk, *next_disk;
	struct tb_model_cgroup *cgroup, *next_cgroup;

	model->mark_host = model->host;
	HASH_ITER(hh, model->disks, disk, next_disk) {
		disk->mark = disk->now;
		if (disk->seen + HOST_GONE_FRAMES < model->generation)
			disk_remove(model, disk);
	}
	HASH_ITER(hh, model->cgroups, cgroup, next_cgroup) {
		cgroup->mark = cgroup->now;
		if (cgroup->seen + HOST_GONE_FRAMES < model->generation)
			cgroup_remove(model, cgroup);
	}
}

void model_host_release(struct tb_model *model)
{
	struct tb_model_disk *disk, *next_disk;
	struct tb_model_cgroup *cgroup, *next_cgroup;

	HASH_ITER(hh, model->disks, disk, next_disk)
		disk_remove(model, disk);
	HASH_ITER(hh, model->cgroups, cgroup, next_cgroup)
		cgroup_remove(model, cgroup);
}
