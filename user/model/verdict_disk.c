// SPDX-License-Identifier: GPL-2.0-only
/*
 * disk_saturated: a device is the limit, and disk_stalled: it has stopped. Called by verdict.c. Who
 * asks a device for how much is not in the records: users are told by who waits. A wait names its
 * device by the file's, or by the path of the device itself; one that tells neither is laid to the
 * busiest.
 */
#include <string.h>

#include "peer.h"
#include "verdict_parts.h"

#define DEV_MAJOR(dev)	 ((dev) >> 20)
#define DEV_MINOR(dev)	 ((dev)&0xfffff)
#define SD_MAJOR	 8
#define VIRTBLK_MAJOR	 254 /* the first handed out; sd and virtblk keep 16 minors each */
#define PARTITION_MINORS 16

enum match { MATCH_NO, MATCH_UNKNOWN, MATCH_YES };

/* Of a partition, where the numbers tell: nvme and mmc number theirs otherwise. */
static bool dev_is_on(__u32 dev, __u32 disk)
{
	__u32 major = DEV_MAJOR(disk);

	if (dev == disk)
		return true;
	return DEV_MAJOR(dev) == major && (major == SD_MAJOR || major == VIRTBLK_MAJOR) &&
	       DEV_MINOR(dev) / PARTITION_MINORS == DEV_MINOR(disk) / PARTITION_MINORS;
}

static bool dev_is_known(const struct tb_model *model, __u32 dev)
{
	const struct tb_model_disk *disk, *next;

	HASH_ITER(hh, model->disks, disk, next)
		if (dev_is_on(dev, disk->dev))
			return true;
	return false;
}

static enum match object_match(const struct tb_model *model, const struct tb_model_disk *disk,
			       const struct tb_object *object)
{
	const char *path;

	if (object->kind != TB_OBJ_FILE)
		return MATCH_UNKNOWN;
	if (dev_is_on(object->dev, disk->dev))
		return MATCH_YES;
	path = tb_model_object_name(model, object);
	if (path && !strncmp(path, "/dev/", 5))
		return strcmp(path + 5, disk->now.name) ? MATCH_NO : MATCH_YES;
	return dev_is_known(model, object->dev) ? MATCH_NO : MATCH_UNKNOWN;
}

/*
 * Waits for this device, and for one that is not known. A wait for a file system's journal is
 * `kernel`, and so is one for a directory that a writer holds: on a file of this device they are
 * its waits.
 */
struct disk_waits {
	__u64 known_ns, unknown_ns;
};

static void process_waits(const struct tb_model *model, const struct tb_model_disk *disk,
			  const struct tb_model_process *process, struct disk_waits *waits)
{
	const struct tb_model_edge *edge;
	enum match match;
	__u64 ns;

	DL_FOREACH(process->edges, edge) {
		if (edge->now.state != TB_DISK && edge->now.state != TB_KERNEL)
			continue;
		ns = verdict_grown(tb_edge_effective_ns(edge), edge->mark_ns);
		match = object_match(model, disk, &edge->now.object);
		waits->known_ns += match == MATCH_YES ? ns : 0;
		if (match == MATCH_UNKNOWN && edge->now.state == TB_DISK)
			waits->unknown_ns += ns;
	}
}

static void disk_evidence(struct tb_finding *finding, const struct tb_verdict *verdict,
			  const struct tb_model *model)
{
	double *evidence = finding->evidence;
	struct tb_disk_usage usage;

	tb_window_disk(model, finding->disk, &usage);
	evidence[TB_EVIDENCE_DEVICE_BUSY] = usage.busy;
	evidence[TB_EVIDENCE_IN_FLIGHT] = finding->disk->now.in_flight;
	evidence[TB_EVIDENCE_IN_FLIGHT_MEAN] = usage.queue;
	evidence[TB_EVIDENCE_REQUESTS] = usage.reads_per_s + usage.writes_per_s;
	evidence[TB_EVIDENCE_READ_BYTES] = usage.read_bytes_per_s;
	evidence[TB_EVIDENCE_WRITTEN_BYTES] = usage.written_bytes_per_s;
	evidence[TB_EVIDENCE_AWAIT] = usage.await_s;
	evidence[TB_EVIDENCE_IO_PRESSURE] = verdict->host.pressure_io;
}

/* The longest wait of a group for a device or the kernel that is still open. */
static double longest_s(const struct tb_model *model, const struct tb_group *group)
{
	const struct tb_model_thread *thread;
	__u64 ns, longest = 0;
	size_t i;

	for (i = 0; i < group->member_nr; i++)
		DL_FOREACH(group->members[i]->threads, thread) {
			ns = verdict_grown(tb_model_now(model), thread->now.since_ns);
			if ((thread->now.state == TB_DISK || thread->now.state == TB_KERNEL) &&
			    ns > longest)
				longest = ns;
		}
	return (double)longest / 1e9;
}

/* Fills losers; returns how much of their waiting is known to be for this device. */
static double saturated_losers(struct tb_who *losers, const struct tb_verdict *verdict,
			       const struct tb_model *model, const struct tb_model_disk *disk)
{
	bool busiest = tb_window_busiest_disk(model) == disk;
	struct disk_waits waits;
	__u64 ns, known_ns = 0, all_ns = 0;
	size_t i, j;

	for (i = 0; i < verdict->group_nr; i++) {
		const struct tb_group *group = &verdict->groups[i];

		memset(&waits, 0, sizeof(waits));
		for (j = 0; j < group->member_nr; j++)
			process_waits(model, disk, group->members[j], &waits);
		ns = waits.known_ns + (busiest ? waits.unknown_ns : 0);
		if (!verdict_is_loser(group) ||
		    tb_group_share(group, ns) < tb_limit(TB_LIMIT_DISK_SHARE) ||
		    verdict_threads(group, ns) < tb_limit(TB_LIMIT_DISK_THREADS))
			continue;
		verdict_who_add(losers, group, ns);
		known_ns += waits.known_ns;
		all_ns += ns;
	}
	return all_ns ? (double)known_ns / (double)all_ns : 0;
}

/* Does somebody wait behind others' requests, or one batch job for its own? */
static bool losers_crowd(const struct tb_who *losers)
{
	return losers->nr > 1 || losers->threads >= tb_limit(TB_LIMIT_DISK_CROWD) ||
	       losers->part[0].group->serves;
}

static void saturated_judge(struct tb_verdict *verdict, const struct tb_model *model,
			    const struct tb_model_disk *disk)
{
	struct tb_who losers = {};
	double known = saturated_losers(&losers, verdict, model, disk);
	struct tb_finding *finding;

	if (!losers.nr)
		return;
	finding = verdict_finding(verdict, TB_FINDING_DISK_SATURATED);
	if (!finding)
		return;
	finding->disk = disk;
	finding->losers = losers;
	if (!losers_crowd(&losers))
		finding->severity = TB_SEVERITY_NOTE;
	verdict_finding_lost(finding);
	disk_evidence(finding, verdict, model);
	finding->evidence[TB_EVIDENCE_LONGEST] = longest_s(model, finding->group);
	finding->missing |= 1u << TB_MISSING_DISK_USERS;
	if (known < 0.5) {
		finding->confidence = TB_CONFIDENCE_MEDIUM;
		finding->missing |= 1u << TB_MISSING_DISK_OF_WAIT;
	}
}

static double stalled_s(const struct tb_model *model, const struct tb_model_disk *disk)
{
	if (!disk->now.in_flight)
		return 0;
	return (double)verdict_grown(tb_model_now(model), disk->alive_ns) / 1e9;
}

static bool disk_is_stalled(const struct tb_model *model, const struct tb_model_disk *disk)
{
	return stalled_s(model, disk) >= tb_limit(TB_LIMIT_STALL_S);
}

void verdict_disks_saturated(struct tb_verdict *verdict, const struct tb_model *model)
{
	const struct tb_model_disk *disk, *next;
	struct tb_disk_usage usage;

	HASH_ITER(hh, model->disks, disk, next) {
		tb_window_disk(model, disk, &usage);
		if (usage.busy >= tb_limit(TB_LIMIT_DISK_BUSY) &&
		    usage.queue >= tb_limit(TB_LIMIT_DISK_QUEUE) && !disk_is_stalled(model, disk))
			saturated_judge(verdict, model, disk);
	}
}

/* Threads that wait for a stopped device, or may: in disk waits, or for the kernel behind such. */
struct stuck {
	unsigned int threads, known;
	__u64 longest_ns;
};

static void stuck_look(const struct tb_model *model, const struct tb_model_disk *disk,
		       const struct tb_model_thread *thread, struct stuck *stuck)
{
	__u64 ns = verdict_grown(tb_model_now(model), thread->now.since_ns);
	enum match match = object_match(model, disk, &thread->now.object);

	if (thread->now.state != TB_DISK && thread->now.state != TB_KERNEL)
		return;
	if (match == MATCH_NO || (double)ns / 1e9 < tb_limit(TB_LIMIT_STALL_WAIT_S))
		return;
	stuck->threads++;
	stuck->known += match == MATCH_YES;
	if (ns > stuck->longest_ns)
		stuck->longest_ns = ns;
}

static struct stuck stuck_group(const struct tb_model *model, const struct tb_model_disk *disk,
				const struct tb_group *group)
{
	const struct tb_model_thread *thread;
	struct stuck stuck = {};
	size_t i;

	for (i = 0; i < group->member_nr; i++)
		DL_FOREACH(group->members[i]->threads, thread)
			stuck_look(model, disk, thread, &stuck);
	return stuck;
}

static struct stuck stalled_losers(struct tb_who *losers, const struct tb_verdict *verdict,
				   const struct tb_model *model, const struct tb_model_disk *disk)
{
	struct stuck sum = {}, own;
	size_t i;

	for (i = 0; i < verdict->group_nr; i++) {
		const struct tb_group *group = &verdict->groups[i];

		own = stuck_group(model, disk, group);
		if (!own.threads)
			continue;
		sum.threads += own.threads;
		sum.known += own.known;
		if (own.longest_ns > sum.longest_ns)
			sum.longest_ns = own.longest_ns;
		if (group->judged && !group->kernel)
			verdict_who_add(losers, group,
					group->usage.ns[TB_DISK] + group->usage.ns[TB_KERNEL]);
	}
	return sum;
}

static void stalled_judge(struct tb_verdict *verdict, const struct tb_model *model,
			  const struct tb_model_disk *disk)
{
	struct tb_who losers = {};
	struct stuck stuck = stalled_losers(&losers, verdict, model, disk);
	struct tb_finding *finding;

	if (!stuck.threads)
		return;
	finding = verdict_finding(verdict, TB_FINDING_DISK_STALLED);
	if (!finding)
		return;
	finding->disk = disk;
	finding->losers = losers;
	verdict_finding_lost(finding);
	disk_evidence(finding, verdict, model);
	finding->evidence[TB_EVIDENCE_IN_FLIGHT_MEAN] = -1; /* it is reckoned when requests end */
	finding->evidence[TB_EVIDENCE_STALLED] = stalled_s(model, disk);
	finding->evidence[TB_EVIDENCE_BLOCKED] = stuck.threads;
	finding->evidence[TB_EVIDENCE_LONGEST] = (double)stuck.longest_ns / 1e9;
	if (!losers.nr)
		finding->severity = TB_SEVERITY_NOTE;
	if (!stuck.known) {
		finding->confidence = TB_CONFIDENCE_MEDIUM;
		finding->missing |= 1u << TB_MISSING_DISK_OF_WAIT;
	}
}

void verdict_disks_stalled(struct tb_verdict *verdict, const struct tb_model *model)
{
	const struct tb_model_disk *disk, *next;

	HASH_ITER(hh, model->disks, disk, next)
		if (disk_is_stalled(model, disk))
			stalled_judge(verdict, model, disk);
}
