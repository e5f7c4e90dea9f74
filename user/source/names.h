/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paths of the files that threads wait for, found lazily through the descriptor of a waiter.
 * Nothing here touches a file system: readlink and fdinfo of /proc answer from memory, so that a
 * stalled disk or a dead server cannot stall the tool.
 */
#ifndef TAILBACK_NAMES_H
#define TAILBACK_NAMES_H

#include "source.h"

struct tb_names;

struct tb_names *tb_names_new(void);
void tb_names_free(struct tb_names *names);

/* The sink that NAME records go to until the next call. */
void tb_names_begin(struct tb_names *names, const struct tb_sink *sink);
const struct tb_sink *tb_names_sink(const struct tb_names *names);

/* A record passes: a file that it waits for and that has no name yet is remembered. */
void tb_names_note(struct tb_names *names, const struct tb_record *record);

/* Send a NAME for each file remembered that can be found. 0 or -errno of the sink. */
int tb_names_tell(struct tb_names *names);

#endif
