/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows that wait in pipes and for file locks. The locked file has no name: it cannot stay behind.
 */
#include "wait.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>

static int setup_reader(struct wait *w)
{
	int ends[2];

	if (pipe(ends))
		return -errno;
	w->fd[0] = ends[0];
	w->far[0] = ends[1];
	return 0;
}

static int setup_writer(struct wait *w)
{
	int ends[2];

	if (pipe(ends))
		return -errno;
	w->fd[0] = ends[1];
	w->far[0] = ends[0];
	return 0;
}

/* Fills what the helper has drained in the round before. */
static int arm_fill(struct wait *w)
{
	static char page[4096];
	int flags = fcntl(w->fd[0], F_GETFL);

	fcntl(w->fd[0], F_SETFL, flags | O_NONBLOCK);
	while (write(w->fd[0], page, sizeof(page)) > 0)
		;
	while (write(w->fd[0], page, 1) > 0)
		;
	fcntl(w->fd[0], F_SETFL, flags);
	return 0;
}

/* Two open files on one inode, as two processes that open it by name would have. */
static int setup_file(struct wait *w)
{
	char path[64];

	w->fd[0] = memfd_create("wait_reason", 0);
	if (w->fd[0] < 0)
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", w->fd[0]);
	w->far[0] = open(path, O_RDWR);
	return w->far[0] < 0 ? -errno : 0;
}

static void hold_flock(struct wait *w)
{
	flock(w->far[0], LOCK_EX);
}

static int wait_flock(struct wait *w)
{
	int error = flock(w->fd[0], LOCK_EX) ? -errno : 0;

	flock(w->fd[0], LOCK_UN);
	return error;
}

static void act_flock(struct wait *w)
{
	flock(w->far[0], LOCK_UN);
}

static int record_lock(int fd, int command, short type)
{
	struct flock lock = { .l_type = type, .l_whence = SEEK_SET };

	return fcntl(fd, command, &lock) ? -errno : 0;
}

static void hold_posix(struct wait *w)
{
	record_lock(w->far[0], F_SETLKW, F_WRLCK);
}

static int wait_posix(struct wait *w)
{
	int error = record_lock(w->fd[0], F_SETLKW, F_WRLCK);

	record_lock(w->fd[0], F_SETLK, F_UNLCK);
	return error;
}

static void act_posix(struct wait *w)
{
	record_lock(w->far[0], F_SETLK, F_UNLCK);
}

static void hold_ofd(struct wait *w)
{
	record_lock(w->far[0], F_OFD_SETLKW, F_WRLCK);
}

static int wait_ofd(struct wait *w)
{
	int error = record_lock(w->fd[0], F_OFD_SETLKW, F_WRLCK);

	record_lock(w->fd[0], F_OFD_SETLK, F_UNLCK);
	return error;
}

static void act_ofd(struct wait *w)
{
	record_lock(w->far[0], F_OFD_SETLK, F_UNLCK);
}

const struct wait_kind wait_file_kinds[] = {
	{ .name = "pipe",
	  .reason = "pipe",
	  .helper = HELPER_PROCESS,
	  .setup = setup_reader,
	  .wait = wait_read_byte,
	  .act = act_write_byte },
	{ .name = "pipe-write",
	  .reason = "pipe",
	  .helper = HELPER_PROCESS,
	  .setup = setup_writer,
	  .arm = arm_fill,
	  .wait = wait_write_byte,
	  .act = act_drain },
	{ .name = "filelock",
	  .reason = "filelock",
	  .helper = HELPER_PROCESS,
	  .setup = setup_file,
	  .hold = hold_flock,
	  .wait = wait_flock,
	  .act = act_flock },
	{ .name = "filelock-fcntl",
	  .reason = "filelock",
	  .helper = HELPER_PROCESS,
	  .setup = setup_file,
	  .hold = hold_posix,
	  .wait = wait_posix,
	  .act = act_posix },
	{ .name = "filelock-ofd",
	  .reason = "filelock",
	  .helper = HELPER_PROCESS,
	  .setup = setup_file,
	  .hold = hold_ofd,
	  .wait = wait_ofd,
	  .act = act_ofd },
	{ 0 },
};
