/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows in which waits for memory appear: for the lock of the address space, which threads that
 * change the protection of a large area hold for long; and, when run in a cgroup with a memory
 * limit (tests/fixtures/in_cgroup), for reclaim. How much of the time is waiting nobody can script.
 */
#include "wait.h"

#include <fcntl.h>
#include <sys/mman.h>

#define PAGE	 4096
#define AREA	 (64ul << 20)
#define FILE_MAX (256l << 20)
#define RIVALS	 3
#define PER_LOOK 64

static char *area_new(size_t size)
{
	char *area = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (area == MAP_FAILED)
		return NULL;
	madvise(area, size, MADV_NOHUGEPAGE);
	return area;
}

/* Holds the lock for writing nearly all the time: each call walks every page of the area. */
static void *rival(void *arg)
{
	for (;;) {
		mprotect(arg, AREA, PROT_READ);
		mprotect(arg, AREA, PROT_READ | PROT_WRITE);
	}
	return NULL;
}

static int setup_rivals(UNUSED struct wait *w)
{
	for (int i = 0; i < RIVALS; i++) {
		char *area = area_new(AREA);
		pthread_t thread;

		if (!area)
			return -ENOMEM;
		memset(area, 1, AREA);
		if (pthread_create(&thread, NULL, rival, area))
			return -EAGAIN;
	}
	return 0;
}

/* Maps and touches pages until the time is over: each needs the lock. */
static int wait_fault(struct wait *w)
{
	uint64_t end_ns = now_ns() + w->ns;

	while (now_ns() < end_ns) {
		char *area = area_new(PER_LOOK * PAGE);

		if (!area)
			return -ENOMEM;
		for (int i = 0; i < PER_LOOK; i++)
			area[i * PAGE] = 1;
		munmap(area, PER_LOOK * PAGE);
	}
	return 0;
}

/* in_cgroup says so by the version of the hierarchy: memory.high, which throttles, is v2's. */
static int limited_by(const char *version)
{
	const char *cgroup = getenv("IN_CGROUP");

	return cgroup && !strcmp(cgroup, version);
}

/* A file without a name: nothing stays. v2 slows down who dirties pages first: a disk wait. */
static int setup_file(struct wait *w)
{
	const char *directory = getenv("WAIT_REASON_DIR");

	if (!limited_by("v1"))
		return -ENOTSUP;
	w->fd[0] = open(directory ? directory : ".", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	return w->fd[0] < 0 ? -ENOTSUP : 0;
}

/* Dirty pages of a file: those over the limit must be written before they can be reclaimed. */
static int wait_reclaim(struct wait *w)
{
	static char bytes[1 << 16];
	uint64_t end_ns = now_ns() + w->ns;
	off_t offset = 0;

	for (; now_ns() < end_ns; offset = (offset + (off_t)sizeof(bytes)) % FILE_MAX)
		if (pwrite(w->fd[0], bytes, sizeof(bytes), offset) < 0)
			return -errno;
	return 0;
}

static int setup_throttle(UNUSED struct wait *w)
{
	return limited_by("v2") ? 0 : -ENOTSUP;
}

/*
 * Anonymous pages cannot be reclaimed without swap: over memory.high (v2) the kernel slows us down.
 */
static int wait_throttle(struct wait *w)
{
	uint64_t end_ns = now_ns() + w->ns;
	char *area = area_new(AREA);

	if (!area)
		return -ENOMEM;
	for (size_t at = 0; now_ns() < end_ns; at = (at + PAGE) % AREA)
		area[at] = 1;
	munmap(area, AREA);
	return 0;
}

const struct wait_kind wait_memory_kinds[] = {
	{ .name = "memory",
	  .reason = "memory",
	  .script = SCRIPT_APPEARS,
	  .setup = setup_rivals,
	  .wait = wait_fault },
	{ .name = "memory-reclaim",
	  .reason = "memory",
	  .script = SCRIPT_APPEARS,
	  .setup = setup_file,
	  .wait = wait_reclaim },
	{ .name = "memory-throttle",
	  .reason = "memory",
	  .script = SCRIPT_APPEARS,
	  .setup = setup_throttle,
	  .wait = wait_throttle },
	{ 0 },
};
