/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows that wait for another task: a child's end, a stop, a tracer, a signal, a ring of io_uring.
 */
#include "wait.h"

#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

static int arm_child(struct wait *w)
{
	pid_t parent = getpid();

	w->deadline_ns = now_ns() + w->ns;
	w->child = fork();
	if (w->child < 0)
		return -errno;
	if (w->child)
		return 0;
	die_with_parent(parent);
	sleep_until(w->deadline_ns);
	_exit(0);
}

static int wait_waitpid(struct wait *w)
{
	return wait_result(waitpid(w->child, NULL, 0));
}

static int wait_waitid(struct wait *w)
{
	siginfo_t info;

	return wait_result(waitid(P_PID, (id_t)w->child, &info, WEXITED));
}

/* The child runs on this stack until it ends: it may only sleep and end. */
static int wait_vfork(struct wait *w)
{
	pid_t child;

	w->deadline_ns = now_ns() + w->ns;
	child = vfork();
	if (child < 0)
		return -errno;
	if (!child) {
		sleep_until(w->deadline_ns);
		_exit(0);
	}
	return 0;
}

/* The kernel reaps, so that the wait inside vfork is the only one. */
static int setup_vfork(UNUSED struct wait *w)
{
	return signal(SIGCHLD, SIG_IGN) == SIG_ERR ? -errno : 0;
}

static int wait_stopped(struct wait *w)
{
	return kill(w->waiter, SIGSTOP) ? -errno : 0;
}

static void act_continue(struct wait *w)
{
	kill(w->waiter, SIGCONT);
}

/* A signal for the waiter stops it for its tracer, the helper, which drops the signal. */
static int setup_traced(UNUSED struct wait *w)
{
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	return 0;
}

static void hold_trace(struct wait *w)
{
	static int attached;

	if (!attached && ptrace(PTRACE_SEIZE, w->waiter, NULL, NULL))
		die(1, "the helper cannot trace: %s", strerror(errno));
	attached = 1;
}

static void act_trace(struct wait *w)
{
	if (waitpid(w->waiter, NULL, __WALL) != w->waiter)
		die(1, "the helper lost its tracee: %s", strerror(errno));
	ptrace(PTRACE_CONT, w->waiter, NULL, 0L);
}

static int wait_traced(struct wait *w)
{
	return kill(w->waiter, SIGUSR1) ? -errno : 0;
}

static void on_signal(UNUSED int signal)
{
}

static int setup_signal(UNUSED struct wait *w)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t set;

	sigaction(SIGUSR1, &action, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	return sigprocmask(SIG_BLOCK, &set, NULL) ? -errno : 0;
}

static int wait_sigsuspend(UNUSED struct wait *w)
{
	sigset_t none;

	sigemptyset(&none);
	sigsuspend(&none);
	return errno == EINTR ? 0 : -errno;
}

static int wait_sigtimedwait(struct wait *w)
{
	struct timespec limit = ns_to_timespec(w->ns);
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	return sigtimedwait(&set, NULL, &limit) < 0 && errno == EAGAIN ? 0 : -EBADMSG;
}

static void act_signal(struct wait *w)
{
	kill(w->waiter, SIGUSR1);
}

/* io_uring by its bare system calls: one ring of one entry, with one timeout in it. */
struct ring {
	unsigned *tail, *mask, *array, *completed;
	struct io_uring_sqe *entries;
};

static struct ring ring;

static int setup_ring(struct wait *w)
{
	struct io_uring_params p = { 0 };
	long fd = syscall(SYS_io_uring_setup, 1, &p);
	size_t size = p.sq_off.array + p.sq_entries * sizeof(unsigned);
	char *shared;

	if (fd < 0)
		return -ENOTSUP;
	w->fd[0] = (int)fd;
	if (size < p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe))
		size = p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe);
	shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, w->fd[0],
		      IORING_OFF_SQ_RING);
	ring.entries =
		mmap(NULL, p.sq_entries * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_POPULATE, w->fd[0], IORING_OFF_SQES);
	if (shared == MAP_FAILED || ring.entries == MAP_FAILED)
		return -errno;
	ring.tail = (unsigned *)(shared + p.sq_off.tail);
	ring.mask = (unsigned *)(shared + p.sq_off.ring_mask);
	ring.array = (unsigned *)(shared + p.sq_off.array);
	ring.completed = (unsigned *)(shared + p.cq_off.head);
	return 0;
}

static int wait_ring(struct wait *w)
{
	static struct __kernel_timespec limit;
	unsigned slot = *ring.tail & *ring.mask;
	long got;

	limit = (struct __kernel_timespec){ (long long)(w->ns / NS_PER_SEC),
					    (long long)(w->ns % NS_PER_SEC) };
	ring.entries[slot] = (struct io_uring_sqe){ .opcode = IORING_OP_TIMEOUT,
						    .len = 1,
						    .addr = (uint64_t)(uintptr_t)&limit };
	ring.array[slot] = slot;
	__atomic_store_n(ring.tail, *ring.tail + 1, __ATOMIC_RELEASE);
	got = syscall(SYS_io_uring_enter, w->fd[0], 1, 1, IORING_ENTER_GETEVENTS, NULL, 0);
	__atomic_store_n(ring.completed, *ring.completed + 1, __ATOMIC_RELEASE);
	return got == 1 ? 0 : got < 0 ? -errno : -EBADMSG;
}

const struct wait_kind wait_task_kinds[] = {
	{ .name = "child", .reason = "child", .arm = arm_child, .wait = wait_waitpid },
	{ .name = "child-waitid", .reason = "child", .arm = arm_child, .wait = wait_waitid },
	{ .name = "child-vfork", .reason = "child", .setup = setup_vfork, .wait = wait_vfork },
	{ .name = "stopped",
	  .reason = "stopped",
	  .helper = HELPER_PROCESS,
	  .wait = wait_stopped,
	  .act = act_continue },
	{ .name = "stopped-ptrace",
	  .reason = "stopped",
	  .helper = HELPER_PROCESS,
	  .setup = setup_traced,
	  .hold = hold_trace,
	  .wait = wait_traced,
	  .act = act_trace },
	{ .name = "iouring", .reason = "iouring", .setup = setup_ring, .wait = wait_ring },
	{ .name = "other",
	  .reason = "other",
	  .helper = HELPER_PROCESS,
	  .setup = setup_signal,
	  .wait = wait_sigsuspend,
	  .act = act_signal },
	{ .name = "other-sigtimedwait",
	  .reason = "other",
	  .setup = setup_signal,
	  .wait = wait_sigtimedwait },
	{ 0 },
};
