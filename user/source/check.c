// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order of asking, and the words of a refusal; see check.h. The rows' own files know the rest.
 */
#include "check_rows.h"

#include <bpf/btf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "log.h"

typedef void (*check_fn)(const struct tb_check_context *context, struct tb_check_result *result);

static const check_fn functions[TB_CHECK_NR] = {
#define X(name, ...) tb_check_##name,
	TB_CHECKS(X)
#undef X
};

void tb_check_say(struct tb_check_result *result, enum tb_answer ok, const char *format, ...)
{
	va_list args;

	result->ok = ok;
	va_start(args, format);
	vsnprintf(result->found, sizeof(result->found), format, args);
	va_end(args);
}

/* The path of this binary, for a shell: letters that mean something to one are not repeated. */
static void exe_path(char *path, size_t size)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/._+-";
	ssize_t length = readlink("/proc/self/exe", path, size - 1);

	path[length > 0 ? length : 0] = '\0';
	if (length <= 0 || length == (ssize_t)size - 1 || path[strspn(path, plain)])
		snprintf(path, size, "\"$(command -v tailback)\"");
}

/* `{exe}` becomes that path, so that the line can be used as it is. */
void tb_check_fix(struct tb_check_result *result, const char *fix)
{
	static const char mark[] = "{exe}";
	const char *at = strstr(fix, mark);
	char exe[128];

	if (!at) {
		snprintf(result->fix, sizeof(result->fix), "%s", fix);
		return;
	}
	exe_path(exe, sizeof(exe));
	snprintf(result->fix, sizeof(result->fix), "%.*s%s%s", (int)(at - fix), fix, exe,
		 at + sizeof(mark) - 1);
}

int tb_check_read(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "re");
	int err = file ? 0 : -errno;

	text[0] = '\0';
	if (!file)
		return err;
	errno = 0;
	if (!fgets(text, (int)size, file) && errno)
		err = -errno;
	fclose(file);
	text[strcspn(text, "\n")] = '\0';
	return err;
}

/* libbpf also looks for a kernel image with BTF in /boot, where the kernel itself shows none. */
void tb_checks_run(struct tb_check_result checks[TB_CHECK_NR])
{
	struct tb_check_context context = { .before = checks };
	struct btf *btf;
	int check;

	tb_log_quiet_libbpf();
	btf = btf__load_vmlinux_btf();
	context.btf = btf;
	memset(checks, 0, TB_CHECK_NR * sizeof(*checks));
	for (check = 0; check < TB_CHECK_NR; check++) {
		functions[check](&context, &checks[check]);
		if (checks[check].ok == TB_ANSWER_NO && !*checks[check].fix)
			tb_check_fix(&checks[check], tb_check_row((enum tb_check)check)->fix);
	}
	btf__free(btf);
}

/* The fix of the first that is missing: it serves the others, or comes before theirs. */
static const char *fix_of(const struct tb_check_result checks[TB_CHECK_NR], enum tb_need missing)
{
	int check;

	for (check = 0; check < TB_CHECK_NR; check++)
		if (checks[check].ok == TB_ANSWER_NO &&
		    tb_check_row((enum tb_check)check)->need == missing)
			return checks[check].fix;
	return "";
}

int tb_checks_refuse(const struct tb_check_result checks[TB_CHECK_NR])
{
	enum tb_need missing = tb_checks_missing(checks);
	struct tb_buf reasons = {};

	if (!missing)
		return 0;
	tb_checks_reasons(&reasons, checks);
	if (!reasons.failed)
		tb_error("cannot watch this kernel: %s. To mend it: %s. `tailback doctor` tells "
			 "more",
			 reasons.text, fix_of(checks, missing));
	tb_buf_release(&reasons);
	return missing == TB_NEED_PRIVILEGE ? -EPERM : -EOPNOTSUPP;
}
