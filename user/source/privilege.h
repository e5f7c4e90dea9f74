/* SPDX-License-Identifier: GPL-2.0-only */
/* What this process may do and where it runs. Asked by the checks; says nothing. */
#ifndef TAILBACK_PRIVILEGE_H
#define TAILBACK_PRIVILEGE_H

#include <stdbool.h>

/* Is the one capability, by its kernel number (linux/capability.h), effective? */
bool tb_privilege_has(int capability);

/* May a process started from here ever get it? False in a container that was made without it. */
bool tb_privilege_is_grantable(int capability);

/* Of the namespaces that a machine boots with: "pid", "user", "cgroup"? 1 yes, 0 no, or -errno. */
int tb_namespace_is_initial(const char *type);

/* Does a seccomp filter sit on this process? */
bool tb_seccomp_is_on(void);

enum tb_lockdown {
	TB_LOCKDOWN_UNKNOWN, /* the kernel does not tell */
	TB_LOCKDOWN_NONE,
	TB_LOCKDOWN_INTEGRITY,
	TB_LOCKDOWN_CONFIDENTIALITY, /* helpers must not read kernel or user memory */
};
enum tb_lockdown tb_lockdown(void);

bool tb_kernel_at_least(unsigned int major, unsigned int minor);

#endif
