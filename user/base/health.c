// SPDX-License-Identifier: GPL-2.0-only
/* See health.h. */
#include "health.h"

#include <errno.h>

#include "tables.h"

static const struct tb_check_row rows[TB_CHECK_NR] = {
#define X(id, must, needed, lost, how) \
	{ .name = #id,                 \
	  .needed_for = needed,        \
	  .lost_without = lost,        \
	  .fix = how,                  \
	  .need = TB_NEED_##must },
	TB_CHECKS(X)
#undef X
};

const struct tb_check_row *tb_check_row(enum tb_check check)
{
	return &rows[check];
}

enum tb_need tb_checks_missing(const struct tb_check_result checks[TB_CHECK_NR])
{
	enum tb_need missing = TB_NEED_NOTHING;
	int check;

	for (check = 0; check < TB_CHECK_NR; check++)
		if (checks[check].ok == TB_ANSWER_NO && rows[check].need > missing)
			missing = rows[check].need;
	return missing;
}

void tb_checks_reasons(struct tb_buf *out, const struct tb_check_result checks[TB_CHECK_NR])
{
	enum tb_need missing = tb_checks_missing(checks);
	bool first = true;
	int check;

	for (check = 0; check < TB_CHECK_NR; check++) {
		if (!missing || checks[check].ok != TB_ANSWER_NO || rows[check].need != missing)
			continue;
		tb_buf_printf(out, "%s%s", first ? "" : "; ", checks[check].found);
		if (missing == TB_NEED_KERNEL)
			return;
		first = false;
	}
}

enum tb_need tb_health_missing(const struct tb_health *health)
{
	enum tb_need missing = tb_checks_missing(health->checks), need;
	__u32 hook;

	if (missing)
		return missing;
	for (hook = 0; hook < TB_HOOK_NR; hook++) {
		if (health->hooks[hook].attached || !tb_hook_required(hook))
			continue;
		need = health->hooks[hook].err == -EPERM ? TB_NEED_PRIVILEGE : TB_NEED_KERNEL;
		missing = need > missing ? need : missing;
	}
	return missing;
}
