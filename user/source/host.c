// SPDX-License-Identifier: GPL-2.0-only
/* What the host reader owns, and the order of a frame; see host.h. The readers are host_*.c. */
#include "host.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "host_parts.h"

#define NSEC_PER_SEC 1000000000ull

struct tb_host_reader *tb_host_new(const char *root)
{
	struct tb_host_reader *host = calloc(1, sizeof(*host));
	long ticks = sysconf(_SC_CLK_TCK);

	if (!host)
		return NULL;
	host->root = tb_proc_root(root);
	host->tick_ns = NSEC_PER_SEC / (ticks > 0 ? (__u64)ticks : 100);
	host->diskstats =
		(struct tb_proc_file){ .path = "proc/diskstats", .fd = -1, .is_list = true };
	host_totals_init(host);
	if (host->root < 0) {
		tb_host_free(host);
		return NULL;
	}
	host_groups_init(host);
	return host;
}

void tb_host_free(struct tb_host_reader *host)
{
	if (!host)
		return;
	host_groups_release(host);
	host_disks_release(host);
	host_totals_release(host);
	tb_buf_release(&host->text);
	if (host->root >= 0)
		close(host->root);
	free(host);
}

int tb_host_frame(struct tb_host_reader *host, const struct tb_sink *sink)
{
	struct timespec now;
	int err;

	clock_gettime(CLOCK_MONOTONIC, &now);
	err = host_totals_put(host, sink);
	if (!err)
		err = host_disks_put(host, sink);
	if (!err)
		err = host_groups_put(host, (__u64)now.tv_sec * NSEC_PER_SEC + (__u64)now.tv_nsec,
				      sink);
	return err;
}
