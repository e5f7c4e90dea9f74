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

#define TB_INLINE static inline __attribute__((always_inline, unused))

#endif
