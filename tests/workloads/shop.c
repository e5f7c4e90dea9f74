/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shop [-f] [-i INSTANCES] [-r RATE] [-s DIR] SECONDS: a small shop of several processes with its
 * own load, the service that the demo diagnoses. -f runs the fixed design, -i that many web tiers,
 * -s writes one line "name pid port" for each process into DIR/processes. Ends with the load, whose
 * figures it prints; every process dies with this one. Exit: 0 if every order succeeded.
 */
#include "shop/shop.h"

#include <fcntl.h>
#include <sys/wait.h>

#define PROCESSES_MAX (4 + INSTANCES_MAX)

struct process {
	const char *name;
	pid_t pid;
	uint16_t port;
	int listener;
};

static struct process processes[PROCESSES_MAX];
static unsigned processes_nr;

static struct process *process_add(const char *name)
{
	struct process *process = &processes[processes_nr++];

	*process = (struct process){ .name = name, .listener = -1 };
	return process;
}

static uint16_t server_add(const char *name)
{
	struct process *process = process_add(name);

	process->listener = line_listen(&process->port);
	return process->port;
}

static void process_run(const struct shop *shop, const struct process *process)
{
	if (!strcmp(process->name, "shop-inventory"))
		inventory_run(process->listener);
	if (!strcmp(process->name, "shop-billing"))
		billing_run(process->listener);
	if (!strcmp(process->name, "shop-notify"))
		notify_run(process->listener);
	if (!strcmp(process->name, "shop-web"))
		web_run(shop, process->listener);
	load_run(shop);
}

static void process_start(const struct shop *shop, struct process *process)
{
	pid_t parent = getpid();

	process->pid = fork();
	if (process->pid < 0)
		die(1, "fork: %s", strerror(errno));
	if (process->pid)
		return;
	die_with_parent(parent);
	prctl(PR_SET_NAME, process->name);
	for (unsigned i = 0; i < processes_nr; i++)
		if (&processes[i] != process && processes[i].listener >= 0)
			close(processes[i].listener);
	process_run(shop, process);
	_exit(0);
}

static void state_write(const char *directory)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/processes", directory);
	file = fopen(path, "we");
	if (!file)
		die(1, "cannot write %s: %s", path, strerror(errno));
	for (unsigned i = 0; i < processes_nr; i++)
		fprintf(file, "%s %d %u\n", processes[i].name, processes[i].pid, processes[i].port);
	fclose(file);
}

/* Waits for the load, then ends the rest. A service that ends first has failed, and so has the
 * shop. */
static int shop_wait(pid_t load)
{
	int status, code;
	pid_t ended = wait(&status);

	code = ended == load && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
	for (unsigned i = 0; i < processes_nr; i++)
		if (processes[i].pid != ended)
			kill(processes[i].pid, SIGKILL);
	while (wait(NULL) > 0)
		;
	if (ended != load)
		fprintf(stderr, "shop: process %d ended before the load did\n", ended);
	return code;
}

static const char *options_parse(struct shop *shop, int argc, char **argv)
{
	const char *state = NULL;
	int option;

	while ((option = getopt(argc, argv, "fi:r:s:")) != -1) {
		if (option == 'f')
			shop->fixed = 1;
		else if (option == 'i')
			shop->instances = parse_count(optarg);
		else if (option == 'r')
			shop->rate = parse_count(optarg);
		else if (option == 's')
			state = optarg;
		else
			exit(EXIT_USAGE);
	}
	if (optind != argc - 1 || shop->instances > INSTANCES_MAX)
		die(EXIT_USAGE, "usage: shop [-f] [-i INSTANCES] [-r RATE] [-s DIR] SECONDS");
	shop->seconds = parse_seconds(argv[optind]);
	return state;
}

int main(int argc, char **argv)
{
	struct shop shop = { .instances = 1, .rate = 50 };
	const char *state = options_parse(&shop, argc, argv);

	bound_life(shop.seconds + 20);
	shop.inventory_port = server_add("shop-inventory");
	shop.billing_port = server_add("shop-billing");
	shop.notify_port = server_add("shop-notify");
	for (unsigned i = 0; i < shop.instances; i++)
		shop.web_ports[i] = server_add("shop-web");
	process_add("shop-load");
	for (unsigned i = 0; i < processes_nr; i++)
		process_start(&shop, &processes[i]);
	for (unsigned i = 0; i < processes_nr; i++)
		if (processes[i].listener >= 0)
			close(processes[i].listener);
	if (state)
		state_write(state);
	return shop_wait(processes[processes_nr - 1].pid);
}
