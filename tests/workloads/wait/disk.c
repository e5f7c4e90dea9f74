/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows that wait for block I/O. All but disk-fsync take the device that WAIT_REASON_DEVICE names:
 * one on which each request takes the time asked for (tests/fixtures/slowdisk); its contents are
 * lost. disk-fsync works on a file without a name in WAIT_REASON_DIR (else the current directory).
 */
#include "wait.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/vfs.h>

#define PAGE	  4096
#define PAGES_MAX 64 /* of the device that are used; the rounds go through them in turn */

static int device_open(struct wait *w, int flags)
{
	const char *device = getenv("WAIT_REASON_DEVICE");

	if (!device)
		return -ENOTSUP;
	w->fd[0] = open(device, O_RDWR | O_CLOEXEC | flags);
	return w->fd[0] < 0 ? -errno : 0;
}

static off_t round_offset(const struct wait *w)
{
	return (off_t)(w->round % PAGES_MAX) * PAGE;
}

static int setup_direct(struct wait *w)
{
	return device_open(w, O_DIRECT);
}

static int wait_read(struct wait *w)
{
	return wait_result(pread(w->fd[0], w->buffer, PAGE, round_offset(w)));
}

static int wait_write(struct wait *w)
{
	return wait_result(pwrite(w->fd[0], w->buffer, PAGE, round_offset(w)));
}

static const char *mapping;

/* Without read-ahead a fault asks for one page. */
static int setup_mapping(struct wait *w)
{
	int error = device_open(w, 0);

	if (error)
		return error;
	mapping = mmap(NULL, PAGES_MAX * PAGE, PROT_READ, MAP_SHARED, w->fd[0], 0);
	if (mapping == MAP_FAILED)
		return -errno;
	return madvise((void *)mapping, PAGES_MAX * PAGE, MADV_RANDOM) ? -errno : 0;
}

static int arm_mapping(struct wait *w)
{
	madvise((void *)mapping, PAGES_MAX * PAGE, MADV_DONTNEED);
	return -posix_fadvise(w->fd[0], 0, PAGES_MAX * PAGE, POSIX_FADV_DONTNEED);
}

static int wait_fault(struct wait *w)
{
	return *(volatile const char *)(mapping + round_offset(w)) < 0 ? 0 : 0;
}

/* fsync waits for no device on a file system in memory. */
static int setup_file(struct wait *w)
{
	const char *directory = getenv("WAIT_REASON_DIR");
	struct statfs fs;

	w->fd[0] = open(directory ? directory : ".", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	if (w->fd[0] < 0)
		return errno == EOPNOTSUPP || errno == EISDIR ? -ENOTSUP : -errno;
	if (fstatfs(w->fd[0], &fs))
		return -errno;
	return fs.f_type == TMPFS_MAGIC || fs.f_type == RAMFS_MAGIC ? -ENOTSUP : 0;
}

static int arm_dirty(struct wait *w)
{
	return wait_result(pwrite(w->fd[0], w->buffer, PAGE, (off_t)w->round * PAGE));
}

static int wait_fsync(struct wait *w)
{
	return fsync(w->fd[0]) ? -errno : 0;
}

const struct wait_kind wait_disk_kinds[] = {
	{ .name = "disk", .reason = "disk", .setup = setup_direct, .wait = wait_read },
	{ .name = "disk-write", .reason = "disk", .setup = setup_direct, .wait = wait_write },
	{ .name = "disk-fault",
	  .reason = "disk",
	  .setup = setup_mapping,
	  .arm = arm_mapping,
	  .wait = wait_fault },
	{ .name = "disk-fsync",
	  .reason = "disk",
	  .script = SCRIPT_MEASURED,
	  .setup = setup_file,
	  .arm = arm_dirty,
	  .wait = wait_fsync },
	{ 0 },
};
