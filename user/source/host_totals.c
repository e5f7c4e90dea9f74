// SPDX-License-Identifier: GPL-2.0-only
/*
 * The HOST record: a table of files, each with the function that takes its part of the record. The
 * files stay open. What a kernel or a container does not have leaves its part at 0, or unknown.
 */
#include <string.h>

#include "host_parts.h"

#define UNKNOWN_NS    (~(__u64)0)
#define KIB	      1024
#define NSEC_PER_USEC 1000

#define AT(member) offsetof(struct tb_host, member)

/* "cpu  user nice system idle iowait irq softirq steal guest ...", in ticks; guests are users. */
static void take_cpu(const struct tb_host_reader *host, const char *text, struct tb_host *record)
{
	enum { USER = 1, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, TIMES };
	__u64 ticks[TIMES] = {};
	unsigned int i;

	if (strncmp(text, "cpu ", 4))
		return;
	for (i = USER; i < TIMES; i++)
		tb_proc_word_number(text, i, &ticks[i]);
	record->user_ns = (ticks[USER] + ticks[NICE]) * host->tick_ns;
	record->system_ns = (ticks[SYSTEM] + ticks[IRQ] + ticks[SOFTIRQ]) * host->tick_ns;
	record->idle_ns = ticks[IDLE] * host->tick_ns;
	record->iowait_ns = ticks[IOWAIT] * host->tick_ns;
	record->steal_ns = ticks[STEAL] * host->tick_ns;
}

/* "0-3,8,10-11" */
static void take_online(const struct tb_host_reader *host, const char *text, struct tb_host *record)
{
	__u64 first, last;

	while (tb_proc_number(&text, &first)) {
		last = first;
		if (*text == '-' && (text++, !tb_proc_number(&text, &last)))
			return;
		if (last >= first)
			record->cpus += (__u32)(last - first + 1);
		text += *text == ',';
	}
}

/* "0.15 0.04 0.07 3/93 24355": the run queues' lengths, those that run included. */
static void take_running(const struct tb_host_reader *host, const char *text,
			 struct tb_host *record)
{
	__u64 running = 0;

	tb_proc_word_number(text, 3, &running);
	record->running = (__u32)running;
}

static void take_memory(const struct tb_host_reader *host, const char *text, struct tb_host *record)
{
	static const struct tb_proc_field fields[] = {
		{ "MemTotal", AT(memory_total_bytes), KIB },
		{ "MemAvailable", AT(memory_available_bytes), KIB },
		{},
	};

	tb_proc_fields(text, fields, record);
}

/* Kernels before 4.8 count direct reclaim by zone; this tool needs later ones. */
static void take_vm(const struct tb_host_reader *host, const char *text, struct tb_host *record)
{
	static const struct tb_proc_field fields[] = {
		{ "pswpin", AT(swap_in_pages), 1 },
		{ "pswpout", AT(swap_out_pages), 1 },
		{ "pgscan_direct", AT(reclaim_direct_pages), 1 },
		{ "pgmajfault", AT(major_faults), 1 },
		{},
	};

	tb_proc_fields(text, fields, record);
}

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=123": microseconds. */
static void take_stall(const char *text, const char *which, __u64 *ns)
{
	struct tb_proc_line line;
	const char *total;

	while (tb_proc_line(&text, &line)) {
		total = memmem(line.value.at, line.value.length, "total=", 6);
		if (!total || !tb_span_is(line.key, which))
			continue;
		total += 6;
		if (tb_proc_number(&total, ns))
			*ns *= NSEC_PER_USEC;
	}
}

static void take_pressure_cpu(const struct tb_host_reader *host, const char *text,
			      struct tb_host *record)
{
	take_stall(text, "some", &record->pressure_cpu_some_ns);
}

static void take_pressure_io(const struct tb_host_reader *host, const char *text,
			     struct tb_host *record)
{
	take_stall(text, "some", &record->pressure_io_some_ns);
	take_stall(text, "full", &record->pressure_io_full_ns);
}

static void take_pressure_memory(const struct tb_host_reader *host, const char *text,
				 struct tb_host *record)
{
	take_stall(text, "some", &record->pressure_memory_some_ns);
	take_stall(text, "full", &record->pressure_memory_full_ns);
}

static void line_copy(char *to, size_t size, const char *text)
{
	tb_span_copy((struct tb_span){ text, strcspn(text, "\n") }, to, size);
}

static void take_name(const struct tb_host_reader *host, const char *text, struct tb_host *record)
{
	line_copy(record->name, sizeof(record->name), text);
}

static void take_boot_id(const struct tb_host_reader *host, const char *text,
			 struct tb_host *record)
{
	line_copy(record->boot_id, sizeof(record->boot_id), text);
}

static void take_release(const struct tb_host_reader *host, const char *text,
			 struct tb_host *record)
{
	line_copy(record->release, sizeof(record->release), text);
}

static const struct {
	const char *path;
	void (*take)(const struct tb_host_reader *host, const char *text, struct tb_host *record);
	bool is_list;
} rows[] = {
	{ "proc/stat", take_cpu, false },
	{ "sys/devices/system/cpu/online", take_online, false },
	{ "proc/loadavg", take_running, false },
	{ "proc/meminfo", take_memory, false },
	{ "proc/vmstat", take_vm, true },
	{ "proc/pressure/cpu", take_pressure_cpu, false },
	{ "proc/pressure/io", take_pressure_io, false },
	{ "proc/pressure/memory", take_pressure_memory, false },
	{ "proc/sys/kernel/hostname", take_name, false },
	{ "proc/sys/kernel/random/boot_id", take_boot_id, false },
	{ "proc/sys/kernel/osrelease", take_release, false },
};

#define ROW_NR (sizeof(rows) / sizeof(rows[0]))
_Static_assert(ROW_NR <= HOST_FILES_MAX, "each file stays open");

void host_totals_init(struct tb_host_reader *host)
{
	size_t i;

	for (i = 0; i < ROW_NR; i++)
		host->files[i] = (struct tb_proc_file){ .path = rows[i].path,
							.fd = -1,
							.is_list = rows[i].is_list };
}

void host_totals_release(struct tb_host_reader *host)
{
	size_t i;

	for (i = 0; i < ROW_NR; i++)
		tb_proc_file_close(&host->files[i]);
}

int host_totals_put(struct tb_host_reader *host, const struct tb_sink *sink)
{
	struct tb_host record = { .h = { .kind = TB_REC_HOST, .size = sizeof(record) },
				  .pressure_cpu_some_ns = UNKNOWN_NS,
				  .pressure_io_some_ns = UNKNOWN_NS,
				  .pressure_io_full_ns = UNKNOWN_NS,
				  .pressure_memory_some_ns = UNKNOWN_NS,
				  .pressure_memory_full_ns = UNKNOWN_NS };
	size_t i;

	for (i = 0; i < ROW_NR; i++)
		if (tb_proc_file_read(&host->files[i], host->root, &host->text) > 0)
			rows[i].take(host, tb_buf_text(&host->text), &record);
	return tb_sink_put(sink, &record.h);
}
