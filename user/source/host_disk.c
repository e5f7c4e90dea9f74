// SPDX-License-Identifier: GPL-2.0-only
/*
 * The DISK records, from /proc/diskstats; which lines are whole disks, /sys/block tells. No device
 * is opened. Two of the kernel's counters, busy and weighted, are milliseconds in 32 bits: a queue
 * of a hundred wraps one in half a day. They are made 64 bits wide here, from the first look on.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host_parts.h"

#define SECTOR_BYTES  512
#define NSEC_PER_MSEC 1000000ull

/* Columns behind the name, as Documentation/admin-guide/iostats.rst has them. */
enum {
	READS = 0,
	READ_SECTORS = 2,
	WRITES = 4,
	WRITTEN_SECTORS = 6,
	IN_FLIGHT = 8,
	BUSY_MS = 9,
	WEIGHTED_MS = 10,
	DISCARDS = 11, /* since 4.18 */
	FLUSHES = 15,  /* since 5.5 */
	COLUMN_NR = 17
};

struct host_disk {
	struct {
		char name[32];
		__u32 dev;
		__u32 reserved;
	} key;
	bool whole;
	bool seen; /* in this frame's file */
	__u64 reads, writes;
	__u64 busy_ms, weighted_ms;
	UT_hash_handle hh;
};

struct row {
	struct host_disk disk; /* its key */
	__u64 column[COLUMN_NR];
};

void host_disks_release(struct tb_host_reader *host)
{
	struct host_disk *disk, *next;

	HASH_ITER(hh, host->disks, disk, next) {
		HASH_DEL(host->disks, disk);
		free(disk);
	}
	tb_proc_file_close(&host->diskstats);
}

/* "   8       0 sda 17 ...": columns that an older kernel lacks stay 0. */
static bool row_parse(struct row *row, const char *line)
{
	__u64 major, minor;
	struct tb_span name;
	int i;

	memset(row, 0, sizeof(*row));
	if (!tb_proc_number(&line, &major) || !tb_proc_number(&line, &minor))
		return false;
	name = tb_proc_word(&line);
	tb_span_copy(name, row->disk.key.name, sizeof(row->disk.key.name));
	row->disk.key.dev = (__u32)(major << 20 | minor);
	for (i = 0; i < COLUMN_NR && tb_proc_number(&line, &row->column[i]); i++)
		;
	return i > WEIGHTED_MS;
}

/* Parts of a disk are only below it. sysfs writes '!' where a name has '/'. */
static bool disk_is_whole(const struct tb_host_reader *host, const char *name)
{
	char path[64], *slash;

	snprintf(path, sizeof(path), "sys/block/%s", name);
	for (slash = path + strlen("sys/block/"); (slash = strchr(slash, '/'));)
		*slash = '!';
	return !faccessat(host->root, path, F_OK, 0);
}

static struct host_disk *disk_get(struct tb_host_reader *host, const struct row *row)
{
	struct host_disk *disk = NULL;

	HASH_FIND(hh, host->disks, &row->disk.key, sizeof(row->disk.key), disk);
	if (disk)
		return disk;
	disk = calloc(1, sizeof(*disk));
	if (!disk)
		return NULL;
	disk->key = row->disk.key;
	disk->whole = disk_is_whole(host, disk->key.name);
	HASH_ADD(hh, host->disks, key, sizeof(disk->key), disk);
	return disk;
}

static __u64 widened(__u64 wide, __u64 now)
{
	return wide + (__u32)((__u32)now - (__u32)wide);
}

/* Fewer requests than before: another device took the number, and begins anew. */
static void disk_update(struct host_disk *disk, const __u64 column[COLUMN_NR])
{
	bool again = disk->reads <= column[READS] && disk->writes <= column[WRITES];

	disk->busy_ms = again ? widened(disk->busy_ms, column[BUSY_MS]) : column[BUSY_MS];
	disk->weighted_ms =
		again ? widened(disk->weighted_ms, column[WEIGHTED_MS]) : column[WEIGHTED_MS];
	disk->reads = column[READS];
	disk->writes = column[WRITES];
}

/* Devices that are made in advance, by the dozen, used or not. */
static bool disk_is_spare(const char *name, const __u64 column[COLUMN_NR])
{
	static const char *const spares[] = { "loop", "ram", "zram", "nbd" };
	size_t i;

	if (column[READS] || column[WRITES] || column[DISCARDS] || column[FLUSHES] ||
	    column[IN_FLIGHT])
		return false;
	for (i = 0; i < sizeof(spares) / sizeof(spares[0]); i++)
		if (!strncmp(name, spares[i], strlen(spares[i])))
			return true;
	return false;
}

static int disk_put(const struct host_disk *disk, const __u64 column[COLUMN_NR],
		    const struct tb_sink *sink)
{
	struct tb_disk record = {
		.h = { .kind = TB_REC_DISK, .size = sizeof(record) },
		.dev = disk->key.dev,
		.in_flight = (__u32)column[IN_FLIGHT],
		.reads = column[READS],
		.writes = column[WRITES] + column[DISCARDS] + column[FLUSHES],
		.read_bytes = column[READ_SECTORS] * SECTOR_BYTES,
		.written_bytes = column[WRITTEN_SECTORS] * SECTOR_BYTES,
		.busy_ns = disk->busy_ms * NSEC_PER_MSEC,
		.weighted_ns = disk->weighted_ms * NSEC_PER_MSEC,
	};

	memcpy(record.name, disk->key.name, sizeof(record.name));
	return tb_sink_put(sink, &record.h);
}

static void disks_forget_gone(struct tb_host_reader *host)
{
	struct host_disk *disk, *next;

	HASH_ITER(hh, host->disks, disk, next) {
		if (!disk->seen) {
			HASH_DEL(host->disks, disk);
			free(disk);
			continue;
		}
		disk->seen = false;
	}
}

int host_disks_put(struct tb_host_reader *host, const struct tb_sink *sink)
{
	const char *at;
	struct tb_proc_line line;
	struct host_disk *disk;
	struct row row;
	int err = 0;

	tb_proc_file_read(&host->diskstats, host->root, &host->text);
	at = tb_buf_text(&host->text);
	while (!err && tb_proc_line(&at, &line)) {
		disk = row_parse(&row, line.all.at) ? disk_get(host, &row) : NULL;
		if (!disk)
			continue;
		disk->seen = true;
		disk_update(disk, row.column);
		if (disk->whole && !disk_is_spare(disk->key.name, row.column))
			err = disk_put(disk, row.column, sink);
	}
	if (!err)
		disks_forget_gone(host);
	return err;
}
