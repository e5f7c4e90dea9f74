// SPDX-License-Identifier: GPL-2.0-only
/* Asks libcap, /proc/self, securityfs and uname(2); see privilege.h. */
#include "privilege.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/utsname.h>
#include <unistd.h>

#define LOCKDOWN_FILE "/sys/kernel/security/lockdown"

bool tb_privilege_has(int capability)
{
	cap_flag_value_t value = CAP_CLEAR;
	cap_t caps = cap_get_proc();

	if (!caps)
		return false;
	cap_get_flag(caps, capability, CAP_EFFECTIVE, &value);
	cap_free(caps);
	return value == CAP_SET;
}

bool tb_privilege_is_grantable(int capability)
{
	return cap_get_bound(capability) != 0;
}

/* Inode numbers of the first namespaces are fixed (include/linux/proc_ns.h). */
int tb_namespace_is_initial(const char *type)
{
	static const struct {
		const char *type, *link;
	} initial[] = {
		{ "pid", "pid:[4026531836]" },
		{ "user", "user:[4026531837]" },
		{ "cgroup", "cgroup:[4026531835]" },
	};
	char path[64], link[64];
	ssize_t length;
	size_t i;

	snprintf(path, sizeof(path), "/proc/self/ns/%s", type);
	length = readlink(path, link, sizeof(link) - 1);
	if (length < 0)
		return -errno;
	link[length] = '\0';
	for (i = 0; i < sizeof(initial) / sizeof(initial[0]); i++)
		if (!strcmp(initial[i].type, type))
			return !strcmp(initial[i].link, link);
	return -EINVAL;
}

bool tb_seccomp_is_on(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[256];
	int mode = 0;

	if (!file)
		return false;
	while (!mode && fgets(line, sizeof(line), file))
		sscanf(line, "Seccomp: %d", &mode);
	fclose(file);
	return mode != 0;
}

/* The file is not there: no such module in this kernel, or no securityfs to show it. */
static enum tb_lockdown lockdown_unread(void)
{
	return access("/sys/kernel/security/lsm", F_OK) ? TB_LOCKDOWN_UNKNOWN : TB_LOCKDOWN_NONE;
}

enum tb_lockdown tb_lockdown(void)
{
	char text[128] = "";
	FILE *file = fopen(LOCKDOWN_FILE, "re");

	if (!file)
		return lockdown_unread();
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	if (strstr(text, "[confidentiality]"))
		return TB_LOCKDOWN_CONFIDENTIALITY;
	if (strstr(text, "[integrity]"))
		return TB_LOCKDOWN_INTEGRITY;
	return strstr(text, "[none]") ? TB_LOCKDOWN_NONE : TB_LOCKDOWN_UNKNOWN;
}

bool tb_kernel_at_least(unsigned int major, unsigned int minor)
{
	unsigned int have_major = 0, have_minor = 0;
	struct utsname name;

	if (uname(&name) || sscanf(name.release, "%u.%u", &have_major, &have_minor) != 2)
		return false;
	return have_major > major || (have_major == major && have_minor >= minor);
}
