// SPDX-License-Identifier: GPL-2.0-only
/* (Follows.) */
#include "command.h"

enum tb_exit tb_cmd_diagnose(const struct tb_options *options)
{
	return TB_EXIT_FAILURE;
}
