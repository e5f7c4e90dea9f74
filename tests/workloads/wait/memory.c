/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows in which waits for memory appear: for the lock of the address space, which threads that
 * change the protection of a large area hold for long, and in a cgroup that is at its limit. How
 * much of the time is waiting nobody can script.
 */
#include "wait.h"

#include <sys/mman.h>

#define PAGE	 4096
#define AREA	 (64ul << 20)
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

const struct wait_kind wait_memory_kinds[] = {
	{ .name = "memory",
	  .reason = "memory",
	  .script = SCRIPT_APPEARS,
	  .setup = setup_rivals,
	  .wait = wait_fault },
	{ 0 },
};
