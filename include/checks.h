/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one list of what is asked of a kernel, of privileges and of a host. The loader refuses by it,
 * `doctor` explains by it, and its names are JSON values. A new check is one row here and one
 * function tb_check_NAME in user/source.
 *
 * The column `need`: KERNEL, nothing works without it (exit code 5); PRIVILEGE, the same, but it
 * can be granted (exit code 4); NOTHING, only what the row says is lost. `{exe}` in a fix stands
 * for the path of this binary.
 */
#ifndef TAILBACK_CHECKS_H
#define TAILBACK_CHECKS_H

/* What whoever starts a container has to say, since nobody inside can. */
#define TB_FIX_CONTAINER                                                                       \
	"start the container with --cap-add BPF --cap-add PERFMON --cap-add SYS_PTRACE --pid " \
	"host (Kubernetes: securityContext.capabilities.add [BPF, PERFMON, SYS_PTRACE] and "   \
	"hostPID: true; a systemd service: CapabilityBoundingSet=)"

#define TB_FIX_GRANT                                                                             \
	"run it with sudo, or grant it once: sudo setcap cap_bpf,cap_perfmon,cap_sys_ptrace+ep " \
	"{exe}"

/*	name, need, needed for, lost without it, fix */
#define TB_CHECKS(X)                                                                              \
	X(kernel_version, KERNEL, "BPF programs that keep a state for each thread", "everything", \
	  "boot Linux 5.15 or later")                                                             \
	X(btf, KERNEL, "fitting the programs to this kernel", "everything",                       \
	  "boot a kernel built with CONFIG_DEBUG_INFO_BTF=y; in a container, mount /sys")         \
	X(task_storage, KERNEL, "the account of each thread", "everything",                       \
	  "boot Linux 5.15 or later, built with CONFIG_BPF_SYSCALL=y")                            \
	X(task_registers, KERNEL, "the system call that a thread blocks in", "everything",        \
	  "boot Linux 5.15 or later, built with CONFIG_BPF_EVENTS=y")                             \
	X(scheduler_stamps, KERNEL, "time on a CPU and in the run queue", "everything",           \
	  "boot Linux 5.15 or later, built with CONFIG_SCHED_INFO=y and "                         \
	  "CONFIG_FAIR_GROUP_SCHED=y")                                                            \
	X(cap_bpf, PRIVILEGE, "loading BPF programs", "everything", TB_FIX_GRANT)                 \
	X(cap_perfmon, PRIVILEGE, "attaching them to the scheduler", "everything", TB_FIX_GRANT)  \
	X(user_namespace, PRIVILEGE, "capabilities that count", "everything",                     \
	  "run it on the host, or in a container without a user namespace of its own (docker: "   \
	  "--userns host; podman: as root)")                                                      \
	X(pid_namespace, PRIVILEGE, "thread ids that /proc knows, and all threads", "everything", \
	  "run it on the host, or start the container with --pid host (Kubernetes: "              \
	  "hostPID: true)")                                                                       \
	X(bpf_syscall, PRIVILEGE, "loading BPF programs", "everything",                           \
	  "allow bpf(2) in the seccomp profile or the security module that refuses it (docker: "  \
	  "--cap-add BPF; the audit log names the module)")                                       \
	X(bpf_rdonly_cast, NOTHING, "cheap looks at descriptors",                                 \
	  "speed: about 0.1 us more for each wait on a descriptor", "boot Linux 6.2 or later")    \
	X(bpf_jit, KERNEL, "programs that call functions of the kernel", "everything",            \
	  "sysctl net.core.bpf_jit_enable=1")                                                     \
	X(lockdown, NOTHING, "reading kernel and user memory through helpers",                    \
	  "which descriptor a poll waits for, what is waited for since before tailback began, "   \
	  "names of local peers; before Linux 6.2 all objects",                                   \
	  "boot with lockdown=integrity, or without")                                             \
	X(cap_sys_ptrace, NOTHING, "looking at other users' processes in /proc",                  \
	  "executables of other users' processes, and paths of the files that they wait for",     \
	  TB_FIX_GRANT)                                                                           \
	X(proc, NOTHING, "names, control groups and users of processes",                          \
	  "control groups and users of processes; --cgroup and --unit find nothing there",        \
	  "mount /proc without hidepid=, or grant CAP_SYS_PTRACE")                                \
	X(psi, NOTHING, "pressure: time lost to CPU, memory and disk, as the kernel sums it",     \
	  "one witness of memory_pressure and cpu_saturated; the others remain",                  \
	  "boot with psi=1 (a kernel built with CONFIG_PSI=y)")                                   \
	X(cgroup_cpu, NOTHING, "CPU quotas and how often they throttle",                          \
	  "cpu_quota: a quota that is the limit is not found",                                    \
	  "mount cgroup2 on /sys/fs/cgroup, with the cpu controller; in a container, mount it "   \
	  "read-only")                                                                            \
	X(first_frame, KERNEL, "seeing anything", "everything",                                   \
	  "report this as a bug, with the output of TAILBACK_DEBUG=1 tailback doctor")            \
	X(own_cost, NOTHING, "the cost in headers, `overhead` in JSON",                           \
	  "what tailback itself costs", "mount /proc")

enum tb_check {
#define X(name, ...) TB_CHECK_##name,
	TB_CHECKS(X) TB_CHECK_NR
#undef X
};

enum tb_need { TB_NEED_NOTHING, TB_NEED_PRIVILEGE, TB_NEED_KERNEL };

#endif
