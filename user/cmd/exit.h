/* SPDX-License-Identifier: GPL-2.0-only */
/* The exit codes of the contract. Only user/cmd makes them. */
#ifndef TAILBACK_EXIT_H
#define TAILBACK_EXIT_H

#include <errno.h>

enum tb_exit {
	TB_EXIT_OK = 0,
	TB_EXIT_FAILURE = 1, /* runtime failure */
	TB_EXIT_USAGE = 2,
	TB_EXIT_FINDING = 3,	/* a --fail-on finding is present */
	TB_EXIT_PRIVILEGE = 4,	/* a privilege is missing */
	TB_EXIT_KERNEL = 5,	/* the kernel lacks what is required */
	TB_EXIT_INCOMPLETE = 6, /* data incomplete under --strict */
};

/* For an error that has been said already. Output closed early is no failure. */
static inline enum tb_exit tb_exit_of(int err)
{
	switch (err) {
	case 0:
	case -EPIPE:
		return TB_EXIT_OK;
	case -EPERM:
		return TB_EXIT_PRIVILEGE;
	case -EOPNOTSUPP:
		return TB_EXIT_KERNEL;
	default:
		return TB_EXIT_FAILURE;
	}
}

#endif
