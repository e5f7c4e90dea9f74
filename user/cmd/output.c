// SPDX-License-Identifier: GPL-2.0-only
/* See output.h. */
#include "output.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

int tb_output(const struct tb_buf *text)
{
	size_t at = 0;
	ssize_t wrote;

	if (text->failed) {
		tb_error("out of memory while the output was made");
		return -ENOMEM;
	}
	while (at < text->length) {
		wrote = write(STDOUT_FILENO, text->text + at, text->length - at);
		if (wrote >= 0) {
			at += (size_t)wrote;
			continue;
		}
		if (errno == EINTR)
			continue;
		if (errno == EPIPE)
			return -EPIPE;
		tb_error("cannot write to stdout: %s", strerror(errno));
		return -errno;
	}
	return 0;
}
