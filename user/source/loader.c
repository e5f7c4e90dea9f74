// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opens, tunes, loads and attaches the skeleton, row by row of TB_HOOKS. Called by the live source.
 * Knows no record and no meaning.
 */
#include "loader.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "learn.h"
#include "log.h"
#include "privilege.h"
#include "skeleton.h"
#include "tables.h"
#include "trial.h"

static bool hook_is_iterator(enum tb_hook hook)
{
	return !strncmp(tb_hook_target(hook), "iter/", 5);
}

static struct bpf_program *hook_program(const struct tb_loader *loader, enum tb_hook hook)
{
	return bpf_object__find_program_by_name(loader->skel->obj, tb_hook_name(hook));
}

/* Task storage under the run queue's lock: 6.4. */
void tb_loader_knobs(struct tb_knobs *knobs, const struct tb_check_result checks[TB_CHECK_NR])
{
	memset(knobs, 0, sizeof(*knobs));
	knobs->self_tgid = (unsigned int)getpid();
	knobs->has_rdonly_cast = checks[TB_CHECK_bpf_rdonly_cast].ok == TB_ANSWER_YES;
	knobs->has_user_reads = checks[TB_CHECK_lockdown].ok != TB_ANSWER_NO;
	knobs->has_kernel_reads = knobs->has_user_reads;
	knobs->create_at_wakeup = tb_kernel_at_least(6, 4);
}

static int skeleton_open(struct tb_loader *loader, const struct tb_loader_options *options)
{
	loader->skel = tailback_bpf__open();
	if (!loader->skel) {
		tb_error("cannot open the BPF programs built into this binary: %s",
			 strerror(errno));
		return -errno;
	}
	loader->skel->rodata->knobs = loader->knobs;
	if (options && options->ring_bytes)
		bpf_map__set_max_entries(loader->skel->maps.ring, (__u32)options->ring_bytes);
	if (options && options->fold_slots)
		bpf_map__set_max_entries(loader->skel->maps.folds, options->fold_slots);
	return 0;
}

static int refused(enum tb_hook hook, const struct tb_hook_result *result)
{
	tb_error("the kernel refuses the hook %s (%s): %s. `tailback doctor` tells more",
		 tb_hook_name(hook), tb_hook_target(hook), result->why);
	if (result->err == -EPERM || result->err == -ENOMEM)
		return result->err;
	return -EOPNOTSUPP;
}

/* Which hooks does the kernel refuse? 0 if it takes all that are required. */
static int hooks_try(struct tb_loader *loader)
{
	struct tb_hook_result result;
	int hook;

	for (hook = 0; hook < TB_HOOK_NR; hook++) {
		tb_trial_hook((enum tb_hook)hook, &loader->knobs, &result);
		loader->errors[hook] = result.err;
		if (result.err && tb_hook_required((__u32)hook))
			return refused((enum tb_hook)hook, &result);
	}
	return 0;
}

/* The programs do not load together: once more, without those that fail alone and can be spared. */
static int load_again(struct tb_loader *loader, const struct tb_loader_options *options)
{
	int hook, err = hooks_try(loader);

	if (err)
		return err;
	tailback_bpf__destroy(loader->skel);
	err = skeleton_open(loader, options);
	if (err)
		return err;
	for (hook = 0; hook < TB_HOOK_NR; hook++)
		if (loader->errors[hook])
			bpf_program__set_autoload(hook_program(loader, (enum tb_hook)hook), false);
	if (!tailback_bpf__load(loader->skel))
		return 0;
	err = -errno;
	tb_error("the kernel refuses the BPF programs: %s. `tailback doctor` tells more",
		 strerror(-err));
	return err == -EPERM || err == -ENOMEM ? err : -EOPNOTSUPP;
}

static int hook_attach(struct tb_loader *loader, enum tb_hook hook)
{
	struct bpf_link *link;

	if (loader->errors[hook])
		return 0;
	link = bpf_program__attach(hook_program(loader, hook));
	loader->links[hook] = link;
	loader->errors[hook] = link ? 0 : -errno;
	if (link || !tb_hook_required(hook))
		return 0;
	tb_error("cannot attach %s to %s: %s. `tailback doctor` tells more", tb_hook_name(hook),
		 tb_hook_target(hook), strerror(errno));
	return -errno == -EPERM ? -EPERM : -EOPNOTSUPP;
}

static int iterator_attach(struct tb_loader *loader, enum tb_hook hook)
{
	int err = hook_attach(loader, hook);

	if (hook == TB_HOOK_on_learn && !err && !loader->errors[hook])
		loader->errors[hook] = tb_learn_handles(loader, &loader->skel->bss->handles);
	return err;
}

/*
 * The iterators come first: what switches decide by is learned through them. Then in the order of
 * the table: no account may begin before all its switches are seen, else the missing ones are a
 * gap.
 */
static int hooks_attach(struct tb_loader *loader)
{
	int hook, err = 0;

	for (hook = 0; hook < TB_HOOK_NR && !err; hook++)
		if (hook_is_iterator((enum tb_hook)hook))
			err = iterator_attach(loader, (enum tb_hook)hook);
	for (hook = 0; hook < TB_HOOK_NR && !err; hook++)
		if (!hook_is_iterator((enum tb_hook)hook))
			err = hook_attach(loader, (enum tb_hook)hook);
	return err;
}

int tb_loader_open(struct tb_loader *loader, const struct tb_loader_options *options)
{
	struct tb_check_result checks[TB_CHECK_NR];
	int err;

	memset(loader, 0, sizeof(*loader));
	tb_log_quiet_libbpf();
	tb_checks_run(checks);
	err = tb_checks_refuse(checks);
	if (err)
		return err;
	tb_loader_knobs(&loader->knobs, checks);
	err = skeleton_open(loader, options);
	if (!err && tailback_bpf__load(loader->skel))
		err = load_again(loader, options);
	if (!err)
		err = hooks_attach(loader);
	if (err)
		tb_loader_close(loader);
	return err;
}

void tb_loader_close(struct tb_loader *loader)
{
	int hook;

	for (hook = 0; hook < TB_HOOK_NR; hook++)
		bpf_link__destroy(loader->links[hook]);
	if (loader->skel)
		tailback_bpf__destroy(loader->skel);
	memset(loader, 0, sizeof(*loader));
}

int tb_loader_iterate(const struct tb_loader *loader, enum tb_hook hook)
{
	int fd;

	if (!loader->links[hook] || !hook_is_iterator(hook))
		return -ENOENT;
	fd = bpf_iter_create(bpf_link__fd(loader->links[hook]));
	return fd < 0 ? -errno : fd;
}

static unsigned long long map_bytes(const struct bpf_map *map)
{
	char path[64], line[128];
	unsigned long long bytes = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", bpf_map__fd(map));
	file = fopen(path, "re");
	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "memlock: %llu", &bytes) == 1)
			break;
	fclose(file);
	return bytes;
}

unsigned long long tb_loader_map_bytes(const struct tb_loader *loader)
{
	unsigned long long bytes = 0;
	struct bpf_map *map;

	bpf_object__for_each_map(map, loader->skel->obj) bytes += map_bytes(map);
	return bytes;
}

unsigned long long tb_loader_missed_runs(const struct tb_loader *loader)
{
	unsigned long long missed = 0;
	struct bpf_program *program;

	bpf_object__for_each_program(program, loader->skel->obj)
	{
		struct bpf_prog_info info = {};
		__u32 size = sizeof(info);

		if (!bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size))
			missed += info.recursion_misses;
	}
	return missed;
}
