/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Learns the addresses of file_operations: opens one descriptor of each kind and asks the on_learn
 * iterator what stands behind it. No symbol table is read, so it works where kallsyms are hidden.
 */
#ifndef TAILBACK_LEARN_H
#define TAILBACK_LEARN_H

#include "knobs.h"

struct tb_loader;

/* Fill handles; kinds that cannot be opened stay 0. -errno if the iterator fails. */
int tb_learn_handles(const struct tb_loader *loader, struct tb_handles *handles);

#endif
