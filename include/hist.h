/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Log-linear histogram of durations: two buckets for each power of two of microseconds, from
 * below 1 us (bucket 0) to above 8 s (the last). The relative error of a bucket's middle is at
 * most 25 %. No division and no loop: the kernel calls it on every wait.
 */
#ifndef TAILBACK_HIST_H
#define TAILBACK_HIST_H

#include "types.h"

#define TB_HIST_NR 48

/* floor(log2(v)) for v > 0 in five comparisons: BPF has no clz before its v4 instructions. */
TB_INLINE __u32 tb_log2(__u64 v)
{
	__u32 r = 0;

	if (v >> 32) {
		v >>= 32;
		r += 32;
	}
	if (v >> 16) {
		v >>= 16;
		r += 16;
	}
	if (v >> 8) {
		v >>= 8;
		r += 8;
	}
	if (v >> 4) {
		v >>= 4;
		r += 4;
	}
	if (v >> 2) {
		v >>= 2;
		r += 2;
	}
	return r + (__u32)(v >> 1);
}

/* Bucket of a duration. 1 us is taken as 1024 ns: a shift in place of a division. */
TB_INLINE __u32 tb_hist_bucket(__u64 ns)
{
	__u64 us = ns >> 10;
	__u32 power, bucket;

	if (us < 2)
		return (__u32)us;
	power = tb_log2(us);
	bucket = 2 * power + (__u32)((us >> (power - 1)) & 1);
	return bucket < TB_HIST_NR ? bucket : TB_HIST_NR - 1;
}

/* The smallest duration that falls into a bucket, in nanoseconds. */
TB_INLINE __u64 tb_hist_floor_ns(__u32 bucket)
{
	__u64 power = bucket / 2;

	if (bucket < 2)
		return (__u64)bucket << 10;
	return (((__u64)1 << power) + ((bucket & 1) ? ((__u64)1 << (power - 1)) : 0)) << 10;
}

#endif
