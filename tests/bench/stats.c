// SPDX-License-Identifier: GPL-2.0-only
/*
 * stats [EMPTY_PROGRAM...]: keeps the kernel's run-time statistics of BPF programs on while it
 * lives, attaches the empty programs named, and answers each line on stdin with one line of JSON:
 * every loaded program's id, name, runs and nanoseconds. `stats --hold EMPTY_PROGRAM...` only
 * attaches them, without statistics, until a signal ends it. Run by tests/bench/run; knows nobody's
 * programs.
 *
 * The statistics are held by a descriptor, so kernel.bpf_stats_enabled is never written.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "empty.skel.h"

static void program_print(__u32 id, const char *separator)
{
	struct bpf_prog_info info = {};
	__u32 size = sizeof(info);
	int fd = bpf_prog_get_fd_by_id(id);

	if (fd < 0)
		return;
	if (!bpf_obj_get_info_by_fd(fd, &info, &size))
		printf("%s{\"id\": %u, \"name\": \"%s\", \"runs\": %llu, \"ns\": %llu, "
		       "\"missed\": %llu, \"verified\": %u, \"jited\": %u}",
		       separator, id, info.name, info.run_cnt, info.run_time_ns,
		       info.recursion_misses, info.verified_insns, info.jited_prog_len);
	close(fd);
}

static void programs_print(void)
{
	const char *separator = "";
	__u32 id = 0;

	printf("[");
	while (!bpf_prog_get_next_id(id, &id)) {
		program_print(id, separator);
		separator = ", ";
	}
	printf("]\n");
	fflush(stdout);
}

static int empty_attach(struct empty_bpf *skel, const char *name)
{
	struct bpf_program *program = bpf_object__find_program_by_name(skel->obj, name);

	if (program && bpf_program__attach(program))
		return 0;
	fprintf(stderr, "stats: cannot attach %s: %s\n", name, strerror(errno));
	return -1;
}

static int answer(void)
{
	char line[16];
	int stats = bpf_enable_stats(BPF_STATS_RUN_TIME);

	if (stats < 0) {
		fprintf(stderr, "stats: statistics of BPF programs are refused: %s\n",
			strerror(errno));
		return 1;
	}
	signal(SIGINT, SIG_IGN); /* the bench ends it by closing stdin */
	while (fgets(line, sizeof(line), stdin))
		programs_print();
	close(stats);
	return 0;
}

int main(int argc, char **argv)
{
	int hold = argc > 1 && !strcmp(argv[1], "--hold"), i;
	struct empty_bpf *skel;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	skel = empty_bpf__open_and_load();
	if (!skel) {
		fprintf(stderr, "stats: BPF programs are refused: %s\n", strerror(errno));
		return 1;
	}
	for (i = 1 + hold; i < argc; i++)
		if (empty_attach(skel, argv[i]))
			return 1;
	if (hold)
		return pause();
	return answer();
}
