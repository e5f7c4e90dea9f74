// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs that do nothing, on the hooks that tailback uses when threads switch: what remains of
 * their cost is the kernel's, and is taken off everybody's. Loaded by stats.c, for the bench only.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

SEC("tp_btf/sched_switch")
int BPF_PROG(empty_switch)
{
	return 0;
}

SEC("tp_btf/sched_waking")
int BPF_PROG(empty_waking)
{
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
