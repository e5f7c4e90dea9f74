/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows that wait for a lock inside the kernel, for a known time and without any special device. A
 * thread writes from a page that userfaultfd keeps away: it sleeps in the middle of write(2) with
 * the inode's or the pipe's lock held, until the helper supplies the page. Needs root.
 */
#include "wait.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#define PAGE 4096

static char *missing_page;
static int faults; /* the userfaultfd */

/* Takes the lock each time that the helper says so. */
static void *holder(void *arg)
{
	struct wait *w = arg;

	for (;;) {
		while (sem_wait(&w->sem))
			;
		if (write(w->far[0], missing_page, 1) != 1)
			die(1, "the holder cannot write: %s", strerror(errno));
	}
	return NULL;
}

static int page_keep_away(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register area = { .mode = UFFDIO_REGISTER_MODE_MISSING };

	faults = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	if (faults < 0 || ioctl(faults, UFFDIO_API, &api))
		return -ENOTSUP;
	missing_page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (missing_page == MAP_FAILED)
		return -errno;
	area.range.start = (uintptr_t)missing_page;
	area.range.len = PAGE;
	return ioctl(faults, UFFDIO_REGISTER, &area) ? -errno : 0;
}

static int setup_holder(struct wait *w)
{
	int error = page_keep_away();

	if (error)
		return error;
	sem_init(&w->sem, 0, 0);
	return -pthread_create(&w->thread, NULL, holder, w);
}

static int setup_inode(struct wait *w)
{
	w->fd[0] = memfd_create("wait_reason", MFD_CLOEXEC);
	if (w->fd[0] < 0)
		return -errno;
	w->far[0] = w->fd[0];
	return setup_holder(w);
}

static int setup_pipe(struct wait *w)
{
	int ends[2];

	if (pipe(ends))
		return -errno;
	w->fd[0] = w->far[0] = ends[1];
	w->fd[1] = ends[0];
	return setup_holder(w);
}

/* Done when the fault is reported: the holder is inside write(2) then, and has the lock. */
static void hold_page(struct wait *w)
{
	struct uffd_msg message;

	madvise(missing_page, PAGE, MADV_DONTNEED);
	sem_post(&w->sem);
	if (read(faults, &message, sizeof(message)) != sizeof(message))
		die(1, "no fault came: %s", strerror(errno));
}

static void act_page(UNUSED struct wait *w)
{
	struct uffdio_zeropage zero = { .range = { (uintptr_t)missing_page, PAGE } };

	if (ioctl(faults, UFFDIO_ZEROPAGE, &zero))
		die(1, "the helper cannot supply the page: %s", strerror(errno));
}

const struct wait_kind wait_kernel_kinds[] = {
	{ .name = "kernel",
	  .reason = "kernel",
	  .helper = HELPER_THREAD,
	  .setup = setup_inode,
	  .hold = hold_page,
	  .wait = wait_write_byte,
	  .act = act_page },
	{ .name = "kernel-pipe",
	  .reason = "kernel",
	  .helper = HELPER_THREAD,
	  .setup = setup_pipe,
	  .hold = hold_page,
	  .wait = wait_write_byte,
	  .act = act_page },
	{ 0 },
};
