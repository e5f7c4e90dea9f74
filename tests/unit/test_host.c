// SPDX-License-Identifier: GPL-2.0-only
/* A frame of the host: CPU, memory, pressure and disks, from made trees and from this very host. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <sys/utsname.h>

#include "host_case.h"

#define TICK_NS 10000000ull
#define MSEC_NS 1000000ull

static const struct tb_host *frame(struct case_ *c)
{
	struct tb_sink sink = tree_sink(&c->tree);

	assert_int_equal(tb_host_frame(c->host, &sink), 0);
	assert_int_equal(c->tree.record[0].h.kind, TB_REC_HOST);
	assert_int_equal(c->tree.record[0].h.size, sizeof(struct tb_host));
	return &c->tree.record[0].as_tb_host;
}

static const struct tb_disk *disk(struct case_ *c, const char *name)
{
	int i;

	for (i = 0; i < c->tree.nr; i++)
		if (c->tree.record[i].h.kind == TB_REC_DISK &&
		    !strcmp(c->tree.record[i].as_tb_disk.name, name))
			return &c->tree.record[i].as_tb_disk;
	return NULL;
}

static void cpu_times_are_nanoseconds_and_guests_are_users(void **state)
{
	struct case_ *c = *state;
	const struct tb_host *host;

	tree_file(&c->tree, "proc/stat",
		  "cpu  1000 20 300 40000 500 6 70 8 900 20\ncpu0 1 1 1 1\n");
	host = frame(c);
	assert_int_equal(host->user_ns, 1020 * TICK_NS);
	assert_int_equal(host->system_ns, 376 * TICK_NS);
	assert_int_equal(host->idle_ns, 40000 * TICK_NS);
	assert_int_equal(host->iowait_ns, 500 * TICK_NS);
	assert_int_equal(host->steal_ns, 8 * TICK_NS);
}

static void online_cpus_are_counted_over_holes(void **state)
{
	static const struct {
		const char *online;
		unsigned int cpus;
	} rows[] = {
		{ "0\n", 1 }, { "0-3\n", 4 }, { "0-3,8,10-11\n", 7 }, { "0-\n", 0 }, { "\n", 0 },
	};
	struct case_ *c = *state;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		tree_file(&c->tree, "sys/devices/system/cpu/online", rows[i].online);
		assert_int_equal(frame(c)->cpus, rows[i].cpus);
	}
}

static void threads_that_run_are_those_before_the_slash(void **state)
{
	struct case_ *c = *state;

	tree_file(&c->tree, "proc/loadavg", "0.15 0.04 0.07 31/93 24355\n");
	assert_int_equal(frame(c)->running, 31);
}

static void memory_is_bytes(void **state)
{
	struct case_ *c = *state;
	const struct tb_host *host;

	tree_file(
		&c->tree, "proc/meminfo",
		"MemTotal:       24684084 kB\nMemFree:        1 kB\nMemAvailable:   24260676 kB\n");
	host = frame(c);
	assert_int_equal(host->memory_total_bytes, 24684084ull * 1024);
	assert_int_equal(host->memory_available_bytes, 24260676ull * 1024);
}

static void direct_reclaim_is_without_its_throttling(void **state)
{
	struct case_ *c = *state;
	const struct tb_host *host;

	tree_file(&c->tree, "proc/vmstat",
		  "pswpin 11\npswpout 12\npgmajfault 13\npgscan_kswapd 1\npgscan_direct 14\n"
		  "pgscan_direct_throttle 100\npgsteal_direct 1000\n");
	host = frame(c);
	assert_int_equal(host->swap_in_pages, 11);
	assert_int_equal(host->swap_out_pages, 12);
	assert_int_equal(host->major_faults, 13);
	assert_int_equal(host->reclaim_direct_pages, 14);
}

static void pressure_is_total_stall_time(void **state)
{
	struct case_ *c = *state;
	const struct tb_host *host;

	tree_file(&c->tree, "proc/pressure/cpu",
		  "some avg10=4.53 avg60=1.29 avg300=0.33 total=13100334\n"
		  "full avg10=0.00 avg60=0.00 avg300=0.00 total=9\n");
	tree_file(&c->tree, "proc/pressure/io",
		  "some avg10=1.00 avg60=0.00 avg300=0.00 total=5\nfull avg10=0 total=4\n");
	tree_file(&c->tree, "proc/pressure/memory", "some avg10=0 total=0\nfull avg10=0 total=0\n");
	host = frame(c);
	assert_int_equal(host->pressure_cpu_some_ns, 13100334000ull);
	assert_int_equal(host->pressure_io_some_ns, 5000);
	assert_int_equal(host->pressure_io_full_ns, 4000);
	assert_int_equal(host->pressure_memory_some_ns, 0);
	assert_int_equal(host->pressure_memory_full_ns, 0);
}

static void pressure_that_the_kernel_does_not_keep_is_unknown(void **state)
{
	struct case_ *c = *state;
	const struct tb_host *host;

	tree_file(&c->tree, "proc/pressure/io", "some avg10=1.00 total=oops\n");
	host = frame(c);
	assert_true(host->pressure_cpu_some_ns == UINT64_MAX);
	assert_true(host->pressure_io_some_ns == UINT64_MAX);
	assert_true(host->pressure_io_full_ns == UINT64_MAX);
	assert_true(host->pressure_memory_some_ns == UINT64_MAX);
	assert_true(host->pressure_memory_full_ns == UINT64_MAX);
}

static void names_are_lines_and_fit(void **state)
{
	struct case_ *c = *state;
	const struct tb_host *host;
	char name[100];

	memset(name, 'n', sizeof(name));
	tree_bytes(&c->tree, "proc/sys/kernel/hostname", name, sizeof(name));
	tree_file(&c->tree, "proc/sys/kernel/osrelease", "6.1.0-18-cloud-amd64\n");
	tree_file(&c->tree, "proc/sys/kernel/random/boot_id",
		  "ffd69554-ecb9-4da3-92ad-2752c9582e6d\n");
	host = frame(c);
	assert_int_equal(strlen(host->name), TB_NAME_LEN - 1);
	assert_string_equal(host->release, "6.1.0-18-cloud-amd64");
	assert_string_equal(host->boot_id, "ffd69554-ecb9-4da3-92ad-2752c9582e6d");
}

static void an_empty_root_gives_a_host_of_which_nothing_is_known(void **state)
{
	struct case_ *c = *state;
	const struct tb_host *host = frame(c);

	assert_int_equal(c->tree.nr, 1);
	assert_int_equal(host->memory_total_bytes, 0);
	assert_string_equal(host->name, "");
}

static void a_root_that_is_not_there_is_refused(void **state)
{
	assert_null(tb_host_new("/nowhere/at/all"));
}

static void a_disk_is_told_and_its_parts_are_not(void **state)
{
	struct case_ *c = *state;
	const struct tb_disk *told;

	tree_file(&c->tree, "sys/block/sda/size", "1\n");
	tree_file(&c->tree, "sys/block/cciss!c0d0/size", "1\n");
	tree_file(&c->tree, "proc/diskstats",
		  "   8       0 sda 10 1 200 9 30 1 400 9 5 60 70 8 1 900 9 11 9\n"
		  "   8       1 sda1 9 1 200 9 30 1 400 9 5 60 70 8 1 900 9 11 9\n"
		  "1104 1048575 cciss/c0d0 1 0 2 0 3 0 4 0 0 5 6\n");
	frame(c);
	assert_int_equal(c->tree.nr, 3);
	told = disk(c, "sda");
	assert_int_equal(told->dev, 8 << 20);
	assert_int_equal(told->in_flight, 5);
	assert_int_equal(told->reads, 10);
	assert_int_equal(told->writes, 30 + 8 + 11);
	assert_int_equal(told->read_bytes, 200 * 512);
	assert_int_equal(told->written_bytes, 400 * 512);
	assert_int_equal(told->busy_ns, 60 * MSEC_NS);
	assert_int_equal(told->weighted_ns, 70 * MSEC_NS);
	told = disk(c, "cciss/c0d0");
	assert_int_equal(told->dev, 1104u << 20 | 1048575);
	assert_int_equal(told->writes, 3);
	assert_int_equal(told->busy_ns, 5 * MSEC_NS);
}

static void spare_devices_are_told_once_they_are_used(void **state)
{
	struct case_ *c = *state;

	tree_file(&c->tree, "sys/block/loop0/size", "0\n");
	tree_file(&c->tree, "sys/block/zram0/size", "0\n");
	tree_file(&c->tree, "sys/block/sr0/size", "0\n");
	tree_file(&c->tree, "proc/diskstats",
		  "7 0 loop0 0 0 0 0 0 0 0 0 0 0 0\n"
		  "253 0 zram0 0 0 0 0 0 0 0 0 0 0 0\n"
		  "11 0 sr0 0 0 0 0 0 0 0 0 0 0 0\n");
	frame(c);
	assert_int_equal(c->tree.nr, 2);
	assert_non_null(disk(c, "sr0"));
	tree_file(&c->tree, "proc/diskstats",
		  "7 0 loop0 0 0 0 0 0 0 0 0 1 0 0\n"
		  "253 0 zram0 1 0 0 0 0 0 0 0 0 0 0\n");
	frame(c);
	assert_int_equal(c->tree.nr, 3);
	assert_non_null(disk(c, "loop0"));
	assert_non_null(disk(c, "zram0"));
}

static void lines_that_are_no_disks_are_passed_over(void **state)
{
	struct case_ *c = *state;

	tree_file(&c->tree, "sys/block/sda/size", "1\n");
	tree_file(&c->tree, "proc/diskstats",
		  "\n8\n8 0\n8 0 sda\n8 0 sda 1 2 3\nx y z\n8 0 sda 1 2 3 4");
	frame(c);
	assert_int_equal(c->tree.nr, 1);
}

static void counters_of_32_bits_go_on_where_they_wrap(void **state)
{
	struct case_ *c = *state;

	tree_file(&c->tree, "sys/block/sda/size", "1\n");
	tree_file(&c->tree, "proc/diskstats", "8 0 sda 10 0 0 0 0 0 0 0 0 4294967290 4294967000\n");
	frame(c);
	assert_int_equal(disk(c, "sda")->busy_ns, 4294967290 * MSEC_NS);
	tree_file(&c->tree, "proc/diskstats", "8 0 sda 11 0 0 0 0 0 0 0 0 4 704\n");
	frame(c);
	assert_int_equal(disk(c, "sda")->busy_ns, 4294967300 * MSEC_NS);
	assert_int_equal(disk(c, "sda")->weighted_ns, 4294968000 * MSEC_NS);
	frame(c);
	assert_int_equal(disk(c, "sda")->busy_ns, 4294967300 * MSEC_NS);
}

static void another_device_of_the_same_number_begins_anew(void **state)
{
	struct case_ *c = *state;

	tree_file(&c->tree, "sys/block/loop1/size", "1\n");
	tree_file(&c->tree, "proc/diskstats", "7 1 loop1 10 0 0 0 0 0 0 0 0 500 600\n");
	frame(c);
	tree_file(&c->tree, "proc/diskstats", "7 1 loop1 2 0 0 0 0 0 0 0 0 30 40\n");
	frame(c);
	assert_int_equal(disk(c, "loop1")->busy_ns, 30 * MSEC_NS);
	assert_int_equal(disk(c, "loop1")->weighted_ns, 40 * MSEC_NS);
}

static void a_device_is_looked_at_again_when_it_comes_back(void **state)
{
	struct case_ *c = *state;

	tree_file(&c->tree, "proc/diskstats", "8 16 sdb 1 0 0 0 0 0 0 0 0 0 0\n");
	frame(c);
	assert_null(disk(c, "sdb"));
	tree_file(&c->tree, "proc/diskstats", "");
	tree_file(&c->tree, "sys/block/sdb/size", "1\n");
	frame(c);
	tree_file(&c->tree, "proc/diskstats", "8 16 sdb 1 0 0 0 0 0 0 0 0 0 0\n");
	frame(c);
	assert_non_null(disk(c, "sdb"));
}

static void what_the_sink_says_ends_the_frame(void **state)
{
	struct case_ *c = *state;
	struct tb_sink sink = tree_sink(&c->tree);

	c->tree.error = -ENOSPC;
	assert_int_equal(tb_host_frame(c->host, &sink), -ENOSPC);
	assert_int_equal(c->tree.nr, 1);
}

static void assert_is_uuid(const char *text)
{
	size_t i;

	assert_int_equal(strlen(text), 36);
	for (i = 0; i < 36; i++)
		assert_non_null(
			strchr(i == 8 || i == 13 || i == 18 || i == 23 ? "-" : "0123456789abcdef",
			       text[i]));
}

static void this_very_host_is_told_as_it_is(void **state)
{
	struct case_ *c = *state;
	const struct tb_host *host;
	struct utsname names;

	tb_host_free(c->host);
	c->host = tb_host_new(NULL);
	host = frame(c);
	assert_int_equal(uname(&names), 0);
	assert_string_equal(host->release, names.release);
	assert_memory_equal(host->name, names.nodename, strnlen(names.nodename, TB_NAME_LEN - 1));
	assert_is_uuid(host->boot_id);
	assert_int_equal(host->cpus, sysconf(_SC_NPROCESSORS_ONLN));
	assert_int_equal(host->memory_total_bytes,
			 (__u64)sysconf(_SC_PHYS_PAGES) * (__u64)sysconf(_SC_PAGESIZE));
	assert_in_range(host->memory_available_bytes, 1, host->memory_total_bytes);
	assert_true(host->user_ns && host->system_ns && host->idle_ns);
	assert_true(host->running >= 1);
}

static void time_of_this_host_goes_on_from_frame_to_frame(void **state)
{
	struct case_ *c = *state;
	struct tb_host before, now;
	int i;

	tb_host_free(c->host);
	c->host = tb_host_new(NULL);
	before = *frame(c);
	for (i = 0; i < 200; i++) {
		now = *frame(c);
		if (now.idle_ns + now.user_ns + now.system_ns >
		    before.idle_ns + before.user_ns + before.system_ns)
			return;
		usleep(10000);
	}
	fail_msg("two seconds have passed, and no CPU has spent them");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(cpu_times_are_nanoseconds_and_guests_are_users),
		CASE(online_cpus_are_counted_over_holes),
		CASE(threads_that_run_are_those_before_the_slash),
		CASE(memory_is_bytes),
		CASE(direct_reclaim_is_without_its_throttling),
		CASE(pressure_is_total_stall_time),
		CASE(pressure_that_the_kernel_does_not_keep_is_unknown),
		CASE(names_are_lines_and_fit),
		CASE(an_empty_root_gives_a_host_of_which_nothing_is_known),
		CASE(a_root_that_is_not_there_is_refused),
		CASE(a_disk_is_told_and_its_parts_are_not),
		CASE(spare_devices_are_told_once_they_are_used),
		CASE(lines_that_are_no_disks_are_passed_over),
		CASE(counters_of_32_bits_go_on_where_they_wrap),
		CASE(another_device_of_the_same_number_begins_anew),
		CASE(a_device_is_looked_at_again_when_it_comes_back),
		CASE(what_the_sink_says_ends_the_frame),
		CASE(this_very_host_is_told_as_it_is),
		CASE(time_of_this_host_goes_on_from_frame_to_frame),
	};

	return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
