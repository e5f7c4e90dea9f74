// SPDX-License-Identifier: GPL-2.0-only
/* See duration.h. */
#include "duration.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	double ns;
} units[] = {
	{ "ns", 1 }, { "us", 1e3 }, { "ms", 1e6 }, { "s", 1e9 }, { "m", 60e9 }, { "h", 3600e9 },
};

#define LEAST_SHOWN_NS 500	  /* less would read as nothing */
#define LONGEST_NS     31536000e9 /* a year: longer is a slip of the hand */

int tb_duration_parse(const char *text, __u64 *ns)
{
	size_t i, digits = strspn(text, "0123456789.");
	char *end;
	double value = strtod(text, &end);

	if (!digits || end != text + digits)
		return -EINVAL;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (!strcmp(end, units[i].name))
			break;
	if (i == sizeof(units) / sizeof(units[0]))
		return -EINVAL;
	value *= units[i].ns;
	if (!(value >= 1) || value > LONGEST_NS)
		return -EINVAL;
	*ns = (__u64)llround(value);
	return 0;
}

/* `steps`: from this many of a unit on, the next one reads better. */
const char *tb_duration_text(char text[TB_DURATION_LEN], __u64 ns)
{
	static const struct {
		double below_s, unit_s;
		int decimals;
		const char *name;
	} steps[] = {
		{ 0.0000995, 0.001, 3, "ms" }, { 0.00995, 0.001, 2, "ms" },
		{ 0.0995, 0.001, 1, "ms" },    { 0.9995, 0.001, 0, "ms" },
		{ 99.95, 1, 1, "s" },	       { 599.5, 1, 0, "s" },
		{ 5970, 60, 0, "min" },	       { 171000, 3600, 1, "h" },
	};
	double s = (double)ns / 1e9;
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (s < steps[i].below_s)
			break;
	if (!ns)
		snprintf(text, TB_DURATION_LEN, "0 ms");
	else if (ns < LEAST_SHOWN_NS)
		snprintf(text, TB_DURATION_LEN, "<0.001 ms");
	else if (i < sizeof(steps) / sizeof(steps[0]))
		snprintf(text, TB_DURATION_LEN, "%.*f %s", steps[i].decimals, s / steps[i].unit_s,
			 steps[i].name);
	else
		snprintf(text, TB_DURATION_LEN, "%.0f d", s / 86400);
	return text;
}
