// SPDX-License-Identifier: GPL-2.0-only
/* The bar of a row: shares of time as cells. Called by the columns; knows only times. */
#include "top.h"

struct share {
	unsigned int cells;
	__u64 rest; /* of the division, to hand out what is left over */
};

/* A time times ten would overflow after 58 years of one thread: times are windows, far below. */
static unsigned int shares_split(struct share shares[TB_STATE_NR], const __u64 ns[TB_STATE_NR],
				 __u64 sum)
{
	unsigned int used = 0;
	int i;

	for (i = 0; i < TB_STATE_NR; i++) {
		shares[i].cells = (unsigned int)(ns[i] * TB_TOP_BAR_CELLS / sum);
		shares[i].rest = ns[i] * TB_TOP_BAR_CELLS % sum;
		used += shares[i].cells;
	}
	return used;
}

bool tb_top_bar(__u32 bar[TB_TOP_BAR_CELLS], const __u64 ns[TB_STATE_NR])
{
	struct share shares[TB_STATE_NR];
	__u32 used, at = 0, i, largest;
	__u64 sum = 0;

	for (i = 0; i < TB_STATE_NR; i++)
		sum += ns[i];
	if (!sum)
		return false;
	for (used = shares_split(shares, ns, sum); used < TB_TOP_BAR_CELLS; used++) {
		for (i = 1, largest = 0; i < TB_STATE_NR; i++)
			if (shares[i].rest > shares[largest].rest)
				largest = i;
		shares[largest].cells++;
		shares[largest].rest = 0;
	}
	for (i = 0; i < TB_STATE_NR; i++)
		while (shares[i].cells--)
			bar[at++] = i;
	return true;
}
