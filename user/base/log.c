// SPDX-License-Identifier: GPL-2.0-only
/* One line at a time to stderr; see log.h. Control characters never reach the terminal. */
#include "log.h"

#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "buf.h"
#include "escape.h"

#define LINE_MAX_BYTES 2048

static void line_write(const char *prefix, const char *format, va_list args)
{
	struct tb_buf line = {};
	char text[LINE_MAX_BYTES];
	int length = vsnprintf(text, sizeof(text), format, args);

	if (length < 0)
		return;
	tb_buf_add(&line, prefix);
	tb_escape_terminal(&line, text, sizeof(text));
	tb_buf_add(&line, "\n");
	if (!line.failed)
		fwrite(line.text, 1, line.length, stderr);
	tb_buf_release(&line);
}

void tb_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	line_write("tailback: error: ", format, args);
	va_end(args);
}

void tb_note(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	line_write("tailback: ", format, args);
	va_end(args);
}

static int libbpf_print(enum libbpf_print_level level, const char *format, va_list args)
{
	return getenv("TAILBACK_DEBUG") ? vfprintf(stderr, format, args) : 0;
}

void tb_log_quiet_libbpf(void)
{
	libbpf_set_print(libbpf_print);
}
