// SPDX-License-Identifier: GPL-2.0-only
/* Defines what shared.bpf.h declares, once for all objects. Knows no hook. */
#define TAILBACK_MAPS
#include "shared.bpf.h"

DEFINE_THREADS threads SEC(".maps");
DEFINE_EDGES edges SEC(".maps");
DEFINE_EDGE_INDEX edge_index SEC(".maps");
DEFINE_EDGE_FREE edge_free SEC(".maps");
DEFINE_FOLDS folds SEC(".maps");
DEFINE_RING ring SEC(".maps");

const volatile struct tb_knobs knobs = {};
struct tb_handles handles = {};
struct tb_counters counters = {};
struct tb_fold fold_overflow = {};
const struct tb_fold fold_empty = {};

char LICENSE[] SEC("license") = "GPL";
