// SPDX-License-Identifier: GPL-2.0-only
/* (Follows.) */
#include "command.h"

enum tb_exit tb_cmd_doctor(const struct tb_options *options)
{
	return TB_EXIT_FAILURE;
}
