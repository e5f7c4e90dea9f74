// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opens, tunes, loads and attaches the skeleton, row by row of TB_HOOKS. Called by the live source and
 * by doctor. Knows no record and no meaning.
 */
#include "loader.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "learn.h"
#include "log.h"
#include "privilege.h"
#include "skeleton.h"

struct hook {
	const char *program;
	const char *target;
	bool required;
};

static const struct hook hooks[TB_HOOK_NR] = {
#define X(name, attach, must, since, needed, lost)                                                 \
	[TB_HOOK_##name] = { .program = #name, .target = attach, .required = must },
	TB_HOOKS(X)
#undef X
};

static bool hook_is_iterator(enum tb_hook hook)
{
	return !strncmp(hooks[hook].target, "iter/", 5);
}

static struct bpf_program *hook_program(const struct tb_loader *loader, enum tb_hook hook)
{
	return bpf_object__find_program_by_name(loader->skel->obj, hooks[hook].program);
}

static bool kernel_at_least(unsigned int major, unsigned int minor)
{
	unsigned int have_major = 0, have_minor = 0;
	struct utsname name;

	if (uname(&name) || sscanf(name.release, "%u.%u", &have_major, &have_minor) != 2)
		return false;
	return have_major > major || (have_major == major && have_minor >= minor);
}

/* What differs between kernels and must be known before the load. */
static int knobs_find(struct tb_knobs *knobs)
{
	struct btf *btf = btf__load_vmlinux_btf();

	memset(knobs, 0, sizeof(*knobs));
	if (!btf) {
		tb_error("this kernel has no BTF (/sys/kernel/btf/vmlinux): the programs cannot be "
			 "fitted to it; boot one built with CONFIG_DEBUG_INFO_BTF=y");
		return -EOPNOTSUPP;
	}
	knobs->self_tgid = (unsigned int)getpid();
	knobs->has_rdonly_cast =
		btf__find_by_name_kind(btf, "bpf_rdonly_cast", BTF_KIND_FUNC) > 0;
	knobs->has_user_reads = !tb_lockdown_is_confidential();
	knobs->create_at_wakeup = kernel_at_least(6, 4);
	btf__free(btf);
	return 0;
}

/* Before 5.11 maps count against RLIMIT_MEMLOCK; harmless later. */
static void memlock_raise(void)
{
	struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };

	setrlimit(RLIMIT_MEMLOCK, &unlimited);
}

/* Why a load failed, told from what can be asked: libbpf's own hint for EPERM misleads. */
static int load_failed(int err)
{
	char missing[128];

	if (tb_privilege_missing(missing, sizeof(missing))) {
		tb_error("the kernel refused the BPF programs: %s missing. Run as root, or grant "
			 "CAP_BPF and CAP_PERFMON", missing);
		return -EPERM;
	}
	if (!kernel_at_least(5, 11)) {
		tb_error("this kernel is too old: task storage in tracing programs needs Linux 5.11 "
			 "or later");
		return -EOPNOTSUPP;
	}
	tb_error("the kernel refused the BPF programs: %s. `tailback doctor` tells more",
		 strerror(-err));
	return err == -ENOMEM ? err : -EOPNOTSUPP;
}

static int skeleton_open(struct tb_loader *loader, const struct tb_loader_options *options)
{
	int err = knobs_find(&loader->knobs);

	if (err)
		return err;
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

static int hook_attach(struct tb_loader *loader, enum tb_hook hook)
{
	struct bpf_link *link = bpf_program__attach(hook_program(loader, hook));

	loader->links[hook] = link;
	loader->errors[hook] = link ? 0 : -errno;
	if (link || !hooks[hook].required)
		return 0;
	tb_error("cannot attach %s to %s: %s. `tailback doctor` tells more", hooks[hook].program,
		 hooks[hook].target, strerror(errno));
	return -errno == -EPERM ? -EPERM : -EOPNOTSUPP;
}

/*
 * The iterators come first: descriptors are learned and storage is made by the walk only after the
 * hooks stand, so that no thread is born between them.
 */
static int hooks_attach(struct tb_loader *loader)
{
	int hook, err;

	for (hook = TB_HOOK_NR - 1; hook >= 0; hook--) {
		err = hook_attach(loader, (enum tb_hook)hook);
		if (err)
			return err;
		if (hook == TB_HOOK_on_learn && !loader->errors[hook])
			loader->errors[hook] = tb_learn_handles(loader, &loader->skel->bss->handles);
	}
	return 0;
}

int tb_loader_open(struct tb_loader *loader, const struct tb_loader_options *options)
{
	int err;

	memset(loader, 0, sizeof(*loader));
	tb_log_quiet_libbpf();
	memlock_raise();
	err = skeleton_open(loader, options);
	if (!err && tailback_bpf__load(loader->skel))
		err = load_failed(-errno);
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

	bpf_object__for_each_map(map, loader->skel->obj)
		bytes += map_bytes(map);
	return bytes;
}

unsigned long long tb_loader_missed_runs(const struct tb_loader *loader)
{
	unsigned long long missed = 0;
	struct bpf_program *program;

	bpf_object__for_each_program(program, loader->skel->obj) {
		struct bpf_prog_info info = {};
		__u32 size = sizeof(info);

		if (!bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size))
			missed += info.recursion_misses;
	}
	return missed;
}
