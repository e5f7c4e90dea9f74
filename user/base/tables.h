/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lists of include/ as names: states, object kinds, findings, hooks. Everything that prints or
 * parses one of these words asks here. Unknown numbers are "?": a newer recording may hold them.
 */
#ifndef TAILBACK_TABLES_H
#define TAILBACK_TABLES_H

#include "types.h"

const char *tb_state_name(__u32 state); /* "oncpu", "net" */
const char *tb_state_text(__u32 state); /* what a person reads */
char tb_state_letter(__u32 state);	/* '#', 'n' */
int tb_state_number(const char *name);	/* enum tb_state, or -1 */

const char *tb_object_text(__u32 kind); /* "tcp", "file"; "" where there is nothing to say */

const char *tb_finding_name(__u32 kind);
const char *tb_finding_text(__u32 kind);
__u32 tb_finding_class(__u32 kind);	 /* enum tb_verdict_class */
int tb_finding_judged(__u32 kind);	 /* does this version have the rule? */
int tb_finding_number(const char *name); /* enum tb_finding_kind, or -1 */
const char *tb_verdict_name(__u32 verdict);

const char *tb_hook_name(__u32 hook);	/* the BPF program */
const char *tb_hook_target(__u32 hook); /* what it is attached to */
const char *tb_hook_needed(__u32 hook); /* what it is for */
const char *tb_hook_lost(__u32 hook);	/* what is lost without it */
int tb_hook_required(__u32 hook);

#endif
