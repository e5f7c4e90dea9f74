// SPDX-License-Identifier: GPL-2.0-only
/* Asks libcap and securityfs. Called by the loader and by doctor. */
#include "privilege.h"

#include <stdio.h>
#include <string.h>
#include <sys/capability.h>

#define LOCKDOWN_FILE "/sys/kernel/security/lockdown"

static const struct {
	int number;
	const char *name;
} needed[] = {
	{ CAP_BPF, "CAP_BPF" },
	{ CAP_PERFMON, "CAP_PERFMON" },
};

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

bool tb_privilege_missing(char *names, size_t size)
{
	size_t i, used = 0;

	names[0] = '\0';
	if (tb_privilege_has(CAP_SYS_ADMIN))
		return false;
	for (i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		if (tb_privilege_has(needed[i].number) || used >= size)
			continue;
		used += (size_t)snprintf(names + used, size - used, "%s%s", used ? ", " : "",
					 needed[i].name);
	}
	return used > 0;
}

const char *tb_lockdown_name(void)
{
	char text[128] = "";
	FILE *file = fopen(LOCKDOWN_FILE, "re");

	if (!file)
		return "unknown";
	if (!fgets(text, sizeof(text), file))
		text[0] = '\0';
	fclose(file);
	if (strstr(text, "[confidentiality]"))
		return "confidentiality";
	if (strstr(text, "[integrity]"))
		return "integrity";
	return strstr(text, "[none]") ? "none" : "unknown";
}

bool tb_lockdown_is_confidential(void)
{
	return !strcmp(tb_lockdown_name(), "confidentiality");
}
