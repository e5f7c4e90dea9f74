// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why a thread blocks: one row for each thing that decides it, and at least one for each reason. A
 * row is a task as the kernel shows it and the cause that must come out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "classify.h"

enum {
#define X(name, x86, arm64, class) NR_##name = TB_SYSCALL_NR(x86, arm64),
	TB_SYSCALLS(X)
#undef X
};

enum {
#define X(name, x86, arm64, class) CLASS_##name = TB_CLASS_##class,
	TB_SYSCALLS(X)
#undef X
};

#define SLEEPS 0x0001u /* TASK_INTERRUPTIBLE */
#define DEEP   TB_TASK_UNINTERRUPTIBLE
#define IDLES  (TB_TASK_UNINTERRUPTIBLE | TB_TASK_NOLOAD)

#define IN(name) .nr = (__u32)NR_##name, .class = CLASS_##name
#define OUTSIDE	 .nr = TB_NO_SYSCALL, .class = TB_CLASS_OTHER
#define STRANGE	 .nr = 500, .class = TB_CLASS_OTHER

#define FINAL(state, kind, id) TB_CAUSE(state, TB_LOOK_NOT, kind, -1, id)
#define CALLED(state, name)    FINAL(state, TB_OBJ_SYSCALL, (__u32)NR_##name)
#define NAMED(state, name, fd) TB_CAUSE(state, TB_LOOK_NAME, TB_OBJ_SYSCALL, fd, (__u32)NR_##name)
#define ASKED(look, name, fd)  TB_CAUSE(TB_OTHER, look, TB_OBJ_SYSCALL, fd, (__u32)NR_##name)
#define POLLED(look, name)     TB_CAUSE(TB_POLL, look, TB_OBJ_SYSCALL, -1, (__u32)NR_##name)

#define FUTEX_WORD	 0x7f31c80ull
#define JOIN_OP		 (TB_FUTEX_WAIT_BITSET | TB_FUTEX_REALTIME)
#define PRIVATE_OP	 (TB_FUTEX_WAIT_BITSET | TB_FUTEX_REALTIME | TB_FUTEX_PRIVATE)
#define FUTEX(op, value) IN(futex), .arg = { FUTEX_WORD, (op), (value) }
#define FUTEX_EVENT	 FINAL(TB_EVENT, TB_OBJ_FUTEX, FUTEX_WORD)

struct row {
	const char *name;
	struct tb_block block;
	struct tb_cause cause;
};

static const struct row rows[] = {
	{ "a_stop_signal_is_stopped",
	  { IN(read), .task_state = 0x0004, .arg = { 5 } },
	  NAMED(TB_STOPPED, read, 5) },
	{ "a_tracer_is_stopped",
	  { OUTSIDE, .task_state = 0x0008 },
	  FINAL(TB_STOPPED, TB_OBJ_FAULT, 0) },
	{ "a_frozen_task_is_stopped",
	  { IN(nanosleep), .task_state = TB_TASK_FROZEN | DEEP },
	  CALLED(TB_STOPPED, nanosleep) },
	{ "a_frozen_cgroup_is_stopped",
	  { IN(nanosleep), .task_state = SLEEPS, .jobctl = TB_JOBCTL_TRAP_FREEZE },
	  CALLED(TB_STOPPED, nanosleep) },

	{ "a_spinlock_that_sleeps_is_kernel_whatever_the_call",
	  { IN(read), .task_state = TB_TASK_RTLOCK_WAIT, .arg = { 5 } },
	  NAMED(TB_KERNEL, read, 5) },
	{ "a_kernel_thread_at_a_spinlock_that_sleeps_is_kernel",
	  { OUTSIDE, .task_state = TB_TASK_RTLOCK_WAIT, .task_flags = TB_PF_KTHREAD },
	  FINAL(TB_KERNEL, TB_OBJ_KTHREAD, 0) },

	{ "an_idle_kernel_thread_is_other",
	  { OUTSIDE, .task_state = IDLES, .task_flags = TB_PF_KTHREAD },
	  FINAL(TB_OTHER, TB_OBJ_KTHREAD, 0) },
	{ "a_stuck_kernel_thread_is_kernel",
	  { OUTSIDE, .task_state = DEEP, .task_flags = TB_PF_KTHREAD },
	  FINAL(TB_KERNEL, TB_OBJ_KTHREAD, 0) },
	{ "a_kernel_thread_at_the_disk_is_disk",
	  { OUTSIDE, .task_state = DEEP, .task_flags = TB_PF_KTHREAD, .in_iowait = 1 },
	  FINAL(TB_DISK, TB_OBJ_KTHREAD, 0) },
	{ "a_kernel_thread_reclaiming_is_a_kernel_thread_first",
	  { OUTSIDE, .task_state = DEEP, .task_flags = TB_PF_KTHREAD | TB_PF_MEMALLOC },
	  FINAL(TB_KERNEL, TB_OBJ_KTHREAD, 0) },
	{ "a_worker_of_io_uring_is_like_a_kernel_thread",
	  { OUTSIDE, .task_state = SLEEPS, .task_flags = TB_PF_IO_WORKER },
	  FINAL(TB_OTHER, TB_OBJ_KTHREAD, 0) },

	{ "a_stall_for_memory_is_memory",
	  { IN(read), .task_state = DEEP, .in_memstall = 1, .in_iowait = 1, .arg = { 3 } },
	  NAMED(TB_MEMORY, read, 3) },
	{ "reclaim_in_a_page_fault_is_memory",
	  { OUTSIDE, .task_state = DEEP, .task_flags = TB_PF_MEMALLOC },
	  FINAL(TB_MEMORY, TB_OBJ_FAULT, 0) },
	{ "a_page_fault_at_the_memory_map_lock_is_memory",
	  { OUTSIDE, .task_state = DEEP },
	  FINAL(TB_MEMORY, TB_OBJ_FAULT, 0) },
	{ "a_page_fault_from_the_disk_is_disk",
	  { OUTSIDE, .task_state = DEEP, .in_iowait = 1 },
	  FINAL(TB_DISK, TB_OBJ_FAULT, 0) },
	{ "a_call_that_changes_the_map_waits_for_memory",
	  { IN(munmap), .task_state = DEEP },
	  CALLED(TB_MEMORY, munmap) },
	{ "outside_any_call_a_light_sleep_is_other",
	  { OUTSIDE, .task_state = SLEEPS },
	  FINAL(TB_OTHER, TB_OBJ_FAULT, 0) },

	{ "a_32_bit_call_is_not_looked_up",
	  { IN(read), .task_state = SLEEPS, .foreign = 1, .arg = { 3 } },
	  FINAL(TB_OTHER, TB_OBJ_NONE, 0) },
	{ "a_32_bit_call_at_the_disk_is_disk",
	  { IN(read), .task_state = DEEP, .foreign = 1, .in_iowait = 1 },
	  FINAL(TB_DISK, TB_OBJ_NONE, 0) },

	{ "a_wait_for_io_uring_is_iouring_though_it_counts_as_io",
	  { IN(io_uring_enter), .task_state = SLEEPS, .in_iowait = 1 },
	  CALLED(TB_IOURING, io_uring_enter) },

	{ "a_read_from_the_disk_is_named_by_its_file",
	  { IN(read), .task_state = DEEP, .in_iowait = 1, .arg = { 4 } },
	  NAMED(TB_DISK, read, 4) },
	{ "an_fsync_at_the_journal_is_disk",
	  { IN(fsync), .task_state = DEEP, .arg = { 9 } },
	  NAMED(TB_DISK, fsync, 9) },
	{ "an_fsync_that_can_be_interrupted_is_disk",
	  { IN(fsync), .task_state = SLEEPS, .arg = { 9 } },
	  NAMED(TB_DISK, fsync, 9) },
	{ "a_sync_of_everything_is_disk", { IN(sync), .task_state = DEEP }, CALLED(TB_DISK, sync) },
	{ "a_wait_for_asynchronous_io_is_disk",
	  { IN(io_getevents), .task_state = SLEEPS },
	  CALLED(TB_DISK, io_getevents) },
	{ "a_deep_wait_for_asynchronous_io_is_disk",
	  { IN(io_getevents), .task_state = DEEP },
	  CALLED(TB_DISK, io_getevents) },

	{ "a_vfork_waits_for_its_child",
	  { IN(vfork), .task_state = DEEP },
	  CALLED(TB_CHILD, vfork) },
	{ "a_clone_waits_for_its_vfork_child",
	  { IN(clone), .task_state = DEEP },
	  CALLED(TB_CHILD, clone) },
	{ "a_killable_vfork_waits_for_its_child",
	  { IN(vfork), .task_state = SLEEPS },
	  CALLED(TB_CHILD, vfork) },
	{ "a_wait_for_a_process_is_child",
	  { IN(wait4), .task_state = SLEEPS },
	  CALLED(TB_CHILD, wait4) },
	{ "a_waitid_is_child", { IN(waitid), .task_state = SLEEPS }, CALLED(TB_CHILD, waitid) },

	{ "a_deep_sleep_in_any_other_call_is_kernel",
	  { IN(write), .task_state = DEEP, .arg = { 6 } },
	  NAMED(TB_KERNEL, write, 6) },
	{ "a_deep_sleep_in_a_strange_call_is_kernel_and_the_call",
	  { STRANGE, .task_state = DEEP },
	  FINAL(TB_KERNEL, TB_OBJ_SYSCALL, 500) },
	{ "a_deep_sleep_that_is_no_load_is_not_kernel",
	  { STRANGE, .task_state = IDLES },
	  FINAL(TB_OTHER, TB_OBJ_SYSCALL, 500) },
	{ "a_light_sleep_in_a_strange_call_is_other_and_the_call",
	  { STRANGE, .task_state = SLEEPS },
	  FINAL(TB_OTHER, TB_OBJ_SYSCALL, 500) },

	{ "a_private_futex_is_an_event",
	  { FUTEX(PRIVATE_OP, 0), .task_state = SLEEPS },
	  FUTEX_EVENT },
	{ "a_private_futex_with_a_value_is_an_event",
	  { FUTEX(PRIVATE_OP, 77), .task_state = SLEEPS },
	  FUTEX_EVENT },
	{ "a_plain_futex_wait_is_an_event", { FUTEX(0, 2), .task_state = SLEEPS }, FUTEX_EVENT },
	{ "a_shared_semaphore_is_an_event",
	  { FUTEX(JOIN_OP, 0), .task_state = SLEEPS },
	  FUTEX_EVENT },
	{ "a_wait_for_a_threads_id_is_a_join",
	  { FUTEX(JOIN_OP, 4103), .task_state = SLEEPS },
	  FINAL(TB_JOIN, TB_OBJ_THREAD, 4103) },
	{ "a_value_that_is_no_id_is_no_join",
	  { FUTEX(JOIN_OP, 0x40000000), .task_state = SLEEPS },
	  FUTEX_EVENT },
	{ "a_join_must_be_of_the_real_time_clock",
	  { FUTEX(TB_FUTEX_WAIT_BITSET, 4103), .task_state = SLEEPS },
	  FUTEX_EVENT },
	{ "a_futex_of_several_words_is_an_event",
	  { IN(futex_waitv), .task_state = SLEEPS, .arg = { FUTEX_WORD } },
	  FUTEX_EVENT },

	{ "a_read_is_what_its_descriptor_is",
	  { IN(read), .task_state = SLEEPS, .arg = { 7 } },
	  ASKED(TB_LOOK_FD, read, 7) },
	{ "a_receive_is_what_its_socket_is",
	  { IN(recvfrom), .task_state = SLEEPS, .arg = { 8 } },
	  ASKED(TB_LOOK_FD, recvfrom, 8) },
	{ "an_accept_is_what_its_socket_is",
	  { IN(accept4), .task_state = SLEEPS, .arg = { 3 } },
	  ASKED(TB_LOOK_FD, accept4, 3) },
	{ "a_negative_descriptor_stays_negative",
	  { IN(read), .task_state = SLEEPS, .arg = { 0xffffffffull } },
	  ASKED(TB_LOOK_FD, read, -1) },

	{ "an_epoll_is_named_by_its_descriptor",
	  { IN(epoll_pwait), .task_state = SLEEPS, .arg = { 11 } },
	  NAMED(TB_POLL, epoll_pwait, 11) },
	{ "a_poll_on_nothing_is_a_timer",
	  { IN(ppoll), .task_state = SLEEPS, .arg = { 0x7000, 0 } },
	  CALLED(TB_TIMER, ppoll) },
	{ "a_poll_on_one_descriptor_asks_which",
	  { IN(ppoll), .task_state = SLEEPS, .arg = { 0x7000, 1 } },
	  POLLED(TB_LOOK_POLL, ppoll) },
	{ "a_poll_on_several_is_poll",
	  { IN(ppoll), .task_state = SLEEPS, .arg = { 0x7000, 2 } },
	  CALLED(TB_POLL, ppoll) },
	{ "a_select_on_nothing_is_a_timer",
	  { IN(pselect6), .task_state = SLEEPS, .arg = { 0 } },
	  CALLED(TB_TIMER, pselect6) },
	{ "a_select_on_few_descriptors_asks_which",
	  { IN(pselect6), .task_state = SLEEPS, .arg = { 64, 0x7000 } },
	  POLLED(TB_LOOK_SELECT, pselect6) },
	{ "a_select_on_exceptions_only_asks_which",
	  { IN(pselect6), .task_state = SLEEPS, .arg = { 5, 0, 0, 0x7000 } },
	  POLLED(TB_LOOK_SELECT, pselect6) },
	{ "a_select_on_many_descriptors_is_poll",
	  { IN(pselect6), .task_state = SLEEPS, .arg = { 65, 0x7000 } },
	  CALLED(TB_POLL, pselect6) },

	{ "a_sleep_is_a_timer",
	  { IN(clock_nanosleep), .task_state = SLEEPS },
	  CALLED(TB_TIMER, clock_nanosleep) },
	{ "an_flock_is_named_by_its_file",
	  { IN(flock), .task_state = SLEEPS, .arg = { 5 } },
	  NAMED(TB_FILELOCK, flock, 5) },
	{ "an_fcntl_that_sleeps_is_a_file_lock",
	  { IN(fcntl), .task_state = SLEEPS, .arg = { 5 } },
	  NAMED(TB_FILELOCK, fcntl, 5) },
	{ "a_message_queue_is_ipc", { IN(msgrcv), .task_state = SLEEPS }, CALLED(TB_IPC, msgrcv) },
	{ "a_semaphore_is_ipc",
	  { IN(semtimedop), .task_state = SLEEPS },
	  CALLED(TB_IPC, semtimedop) },
};

static const struct descriptor {
	__u8 kind, role, state;
} descriptors[] = {
	{ TB_OBJ_TCP, TB_ROLE_CLIENT, TB_NET },	     { TB_OBJ_TCP, TB_ROLE_SERVER, TB_NET },
	{ TB_OBJ_TCP, TB_ROLE_LISTENER, TB_ACCEPT }, { TB_OBJ_UDP, TB_ROLE_SERVER, TB_NET },
	{ TB_OBJ_UNIX, TB_ROLE_CLIENT, TB_NET },     { TB_OBJ_UNIX, TB_ROLE_LISTENER, TB_ACCEPT },
	{ TB_OBJ_SOCKET, TB_ROLE_NONE, TB_NET },     { TB_OBJ_PIPE, TB_ROLE_NONE, TB_PIPE },
	{ TB_OBJ_EVENTFD, TB_ROLE_NONE, TB_IPC },    { TB_OBJ_SIGNALFD, TB_ROLE_NONE, TB_IPC },
	{ TB_OBJ_TIMERFD, TB_ROLE_NONE, TB_TIMER },  { TB_OBJ_EPOLL, TB_ROLE_NONE, TB_POLL },
};

#define ROWS	    (sizeof(rows) / sizeof(rows[0]))
#define DESCRIPTORS (sizeof(descriptors) / sizeof(descriptors[0]))

static void a_row_gives_its_cause(void **state)
{
	const struct row *row = *state;
	struct tb_cause cause = tb_classify(&row->block);

	if (row->block.nr == (__u32)-1 && row->block.class != TB_CLASS_OTHER)
		skip(); /* a call that this architecture does not have */
	assert_int_equal(cause.state, row->cause.state);
	assert_int_equal(cause.look, row->cause.look);
	assert_int_equal(cause.kind, row->cause.kind);
	assert_int_equal(cause.fd, row->cause.fd);
	assert_int_equal(cause.id, row->cause.id);
}

static void a_descriptor_decides_by_what_it_is(void **state)
{
	size_t i;

	for (i = 0; i < DESCRIPTORS; i++) {
		const struct descriptor *d = &descriptors[i];

		assert_int_equal(tb_classify_fd(TB_OTHER, d->kind, d->role), d->state);
		assert_int_equal(tb_classify_fd(TB_POLL, d->kind, d->role), d->state);
	}
}

static void a_descriptor_that_tells_nothing_leaves_what_the_call_says(void **state)
{
	static const __u32 kinds[] = { TB_OBJ_NONE, TB_OBJ_FILE,    TB_OBJ_INOTIFY, TB_OBJ_TTY,
				       TB_OBJ_ANON, TB_OBJ_SYSCALL, TB_OBJ_NR };
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		assert_int_equal(tb_classify_fd(TB_OTHER, kinds[i], TB_ROLE_NONE), TB_OTHER);
		assert_int_equal(tb_classify_fd(TB_POLL, kinds[i], TB_ROLE_NONE), TB_POLL);
	}
}

/* Futex waits are events until locks are told apart: no row can give `lock` yet. */
static void every_reason_but_lock_has_a_row(void **state)
{
	int seen[TB_STATE_NR] = {};
	size_t i;
	int reason;

	for (i = 0; i < ROWS; i++)
		seen[rows[i].cause.state]++;
	for (i = 0; i < DESCRIPTORS; i++)
		seen[descriptors[i].state]++;
	for (reason = TB_FIRST_REASON; reason < TB_STATE_NR; reason++)
		if (reason != TB_LOCK && !seen[reason])
			fail_msg("reason %d has no row", reason);
	assert_int_equal(seen[TB_LOCK], 0);
	assert_int_equal(seen[TB_ONCPU] + seen[TB_RUNQUEUE] + seen[TB_THROTTLED], 0);
}

int main(void)
{
	static struct CMUnitTest tests[ROWS + 3] = {
		cmocka_unit_test(a_descriptor_decides_by_what_it_is),
		cmocka_unit_test(a_descriptor_that_tells_nothing_leaves_what_the_call_says),
		cmocka_unit_test(every_reason_but_lock_has_a_row),
	};
	size_t i;

	for (i = 0; i < ROWS; i++)
		tests[3 + i] = (struct CMUnitTest){ .name = rows[i].name,
						    .test_func = a_row_gives_its_cause,
						    .initial_state = (void *)(uintptr_t)&rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
