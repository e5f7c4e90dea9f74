/* SPDX-License-Identifier: GPL-2.0-only */
/* What this process may do: capabilities by name, and the kernel's lockdown. */
#ifndef TAILBACK_PRIVILEGE_H
#define TAILBACK_PRIVILEGE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Names of the capabilities that loading needs and this process lacks, as "CAP_BPF, CAP_PERFMON".
 * False, and an empty string, if none is missing. CAP_SYS_ADMIN stands for both, as in the kernel.
 */
bool tb_privilege_missing(char *names, size_t size);

/* Is the one capability, by its kernel number (linux/capability.h), effective? */
bool tb_privilege_has(int capability);

/* lockdown=confidentiality: BPF must not read kernel or user memory through helpers. */
bool tb_lockdown_is_confidential(void);

/* "none", "integrity", "confidentiality", or "unknown" where the kernel does not tell. */
const char *tb_lockdown_name(void);

#endif
