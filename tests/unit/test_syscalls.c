// SPDX-License-Identifier: GPL-2.0-only
/*
 * Both columns of TB_SYSCALLS against the kernel's own headers, whatever machine this runs on. A
 * call that a header does not know must be newer than all that it does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "syscalls.h"

#define CALLS_MAX 1024

struct call {
	char name[64];
	int nr;
};

struct header {
	struct call calls[CALLS_MAX];
	int calls_nr, highest;
};

static const struct {
	const char *name;
	int x86, arm64;
} rows[] = {
#define X(name, x86, arm64, class) { #name, x86, arm64 },
	TB_SYSCALLS(X)
#undef X
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* The first path that can be read; NULL if this machine has none of them. */
static FILE *header_open(const char *const *paths)
{
	FILE *file = NULL;

	for (; *paths && !file; paths++)
		file = fopen(*paths, "r");
	return file;
}

/* `#define __NR_read 63`, and `__NR3264_fcntl 25`, which 64-bit machines call __NR_fcntl. */
static struct header *header_read(const char *const *paths)
{
	struct header *header = calloc(1, sizeof(*header));
	FILE *file = header_open(paths);
	char line[256];

	assert_non_null(header);
	if (!file) {
		free(header);
		return NULL;
	}
	while (fgets(line, sizeof(line), file)) {
		struct call *call = &header->calls[header->calls_nr];

		if (sscanf(line, "#define __NR_%63s %d", call->name, &call->nr) != 2 &&
		    sscanf(line, "#define __NR3264_%63s %d", call->name, &call->nr) != 2)
			continue;
		if (!strcmp(call->name, "syscalls"))
			continue;
		if (call->nr > header->highest)
			header->highest = call->nr;
		assert_in_range(++header->calls_nr, 1, CALLS_MAX - 1);
	}
	fclose(file);
	return header;
}

static int header_nr(const struct header *header, const char *name)
{
	int i;

	for (i = 0; i < header->calls_nr; i++)
		if (!strcmp(header->calls[i].name, name))
			return header->calls[i].nr;
	return -1;
}

static void column_check(const struct header *header, const char *name, int nr)
{
	int known = header_nr(header, name);

	if (known != nr && !(known < 0 && nr > header->highest))
		fail_msg("%s is %d, the header says %d", name, nr, known);
}

static void numbers_of_x86_64_are_the_kernels(void **state)
{
	static const char *const paths[] = { "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
					     "/usr/include/asm/unistd_64.h", NULL };
	struct header *header = header_read(paths);
	size_t i;

	if (!header)
		skip();
	assert_true(header->calls_nr > 300);
	for (i = 0; i < ROWS; i++)
		column_check(header, rows[i].name, rows[i].x86);
	free(header);
}

static void numbers_of_arm64_are_the_kernels(void **state)
{
	static const char *const paths[] = { "/usr/include/asm-generic/unistd.h", NULL };
	struct header *header = header_read(paths);
	size_t i;

	assert_non_null(header);
	assert_true(header->calls_nr > 250);
	for (i = 0; i < ROWS; i++)
		column_check(header, rows[i].name, rows[i].arm64);
	free(header);
}

static void every_number_has_a_place_of_its_own_in_the_table(void **state)
{
	int x86[TB_SYSCALL_NR_MAX] = {}, arm64[TB_SYSCALL_NR_MAX] = {};
	size_t i;

	for (i = 0; i < ROWS; i++) {
		int x86_slot = TB_SYSCALL_SLOT(rows[i].x86),
		    arm_slot = TB_SYSCALL_SLOT(rows[i].arm64);

		assert_in_range(x86_slot, 0, TB_SYSCALL_NR_MAX - 1);
		assert_in_range(arm_slot, 0, TB_SYSCALL_NR_MAX - 1);
		if (rows[i].x86 >= 0)
			assert_int_equal(x86[x86_slot]++, 0);
		if (rows[i].arm64 >= 0)
			assert_int_equal(arm64[arm_slot]++, 0);
	}
	assert_int_equal(x86[TB_SYSCALL_NR_MAX - 1] + arm64[TB_SYSCALL_NR_MAX - 1], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_of_x86_64_are_the_kernels),
		cmocka_unit_test(numbers_of_arm64_are_the_kernels),
		cmocka_unit_test(every_number_has_a_place_of_its_own_in_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
