/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one list of BPF programs. The loader attaches by it, `doctor` explains by it, the STATUS
 * record's `degraded` bits are its rows. A new hook is one program and one row.
 */
#ifndef TAILBACK_HOOKS_H
#define TAILBACK_HOOKS_H

/*
 * Since: task storage in tracing programs is of 5.13 (a10787e6d58c), bpf_task_pt_regs of 5.15
 * (dd6e10fbd9fb). Distributions carry both back: checks.h asks for them by name.
 */
/*	program, attached to, required, since, needed for, lost without it */
#define TB_HOOKS(X)                                                                       \
	X(on_switch, "tp_btf/sched_switch", 1, "5.15",                                    \
	  "the state of every thread and what it blocks on", "everything")                \
	X(on_fork, "tp_btf/sched_process_fork", 1, "5.13",                                \
	  "threads that begin while tailback runs", "threads younger than the tool")      \
	X(on_wakeup_new, "tp_btf/sched_wakeup_new", 1, "5.13",                            \
	  "the exact beginning of a thread's account", "threads younger than the tool")   \
	X(on_walk, "iter/task", 1, "5.15", "threads that existed before, and quiet ones", \
	  "threads that do not switch")                                                   \
	X(on_learn, "iter/task_file", 0, "5.8",                                           \
	  "telling sockets, pipes, eventfds and timers apart",                            \
	  "net, accept, ipc, timer: such waits are shown as other")                       \
	X(on_socket, "iter/task_file", 0, "5.8",                                          \
	  "the processes at both ends of local connections", "names of local peers")

enum tb_hook {
#define X(program, ...) TB_HOOK_##program,
	TB_HOOKS(X) TB_HOOK_NR
#undef X
};

#endif
