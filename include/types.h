/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fixed-width types for headers that both the BPF programs and user space compile. BPF takes them
 * from vmlinux.h, which must come first; everybody else from the kernel's uapi headers.
 */
#ifndef TAILBACK_TYPES_H
#define TAILBACK_TYPES_H

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

/*
 * Makes the compiler forget what it knows of an index, so that the comparison that follows stays
 * and bounds the very register that is used. Otherwise it compares a copy made earlier or adds a
 * base first, and the verifier of 6.1 does not carry the bound from one register to the other. The
 * index must be a __u64: a widening in between is another copy.
 */
#define TB_FORGET(index) asm volatile("" : "+r"(index))

#define TB_INLINE static inline __attribute__((always_inline, unused))

#endif
