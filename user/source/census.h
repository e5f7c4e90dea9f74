/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which processes there are, as the records that pass tell: who needs a PROCESS record, and who is
 * gone for good. A process is gone when no walk has shown it for some frames and some time.
 */
#ifndef TAILBACK_CENSUS_H
#define TAILBACK_CENSUS_H

#include <stdbool.h>

#include "keys.h"
#include "records.h"

struct tb_census;

struct tb_census *tb_census_new(void);
void tb_census_free(struct tb_census *census);

/* A record passes: THREAD, FOLD and EDGE tell of processes. 0 or -ENOMEM. */
int tb_census_note(struct tb_census *census, const struct tb_record *record);

/* Is the process known to be gone, so that nothing in the kernel will touch its entries again? */
bool tb_census_is_gone(const struct tb_census *census, const struct tb_process_key *key);

/*
 * Call for each process that still needs to be told about; it is told when told returns 0. Who has
 * ended already is not asked about: in a fork storm that is nearly everybody.
 */
int tb_census_untold(struct tb_census *census,
		     int (*told)(void *ctx, __u32 tgid, __u64 leader_start_ns), void *ctx);

/* A frame is over: forget the processes that are gone. */
void tb_census_next(struct tb_census *census);

#endif
