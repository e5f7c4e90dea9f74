// SPDX-License-Identifier: GPL-2.0-only
/* Finds the command's row, takes its options, calls it. Knows no command. */
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "log.h"
#include "nearest.h"
#include "output.h"
#include "stop.h"
#include "version.h"

static const struct {
	const char *name, *operands, *answers;
	enum tb_exit (*run)(const struct tb_options *options);
} commands[TB_COMMAND_NR] = {
#define X(id, name, operands, run, answers) { #name, operands, answers, run },
	TB_COMMANDS(X)
#undef X
};

static int command_find(const char *name)
{
	int i;

	for (i = 0; i < TB_COMMAND_NR; i++)
		if (!strcmp(commands[i].name, name))
			return i;
	return -1;
}

static void help_write(struct tb_buf *out)
{
	int i;

	tb_buf_add(out,
		   "tailback: what is everything waiting for, and would more machines help?\n\n"
		   "usage: tailback COMMAND [options]     (alone, on a terminal: top)\n\n");
	for (i = 0; i < TB_COMMAND_NR; i++)
		tb_buf_printf(out, "  %-9s %s%s\n", commands[i].name, commands[i].answers,
			      commands[i].run ? "" : " (not in this version yet)");
	tb_buf_add(out, "\ntailback COMMAND --help lists its options. Needs root, or CAP_BPF and "
			"CAP_PERFMON.\n");
}

static enum tb_exit help_command(int command)
{
	struct tb_buf out = {};
	int err;

	tb_buf_printf(&out, "usage: tailback %s [options]%s%s\n\n%s%s\n\n", commands[command].name,
		      *commands[command].operands ? " " : "", commands[command].operands,
		      commands[command].answers,
		      commands[command].run ? "" : " (not in this version yet)");
	tb_options_help(tb_option_table, 1u << command, &out);
	err = tb_output(&out);
	tb_buf_release(&out);
	return tb_exit_of(err);
}

static enum tb_exit version_print(void)
{
	struct tb_buf out = {};
	int err;

	tb_buf_add(&out, "tailback " TAILBACK_VERSION "\n");
	err = tb_output(&out);
	tb_buf_release(&out);
	return tb_exit_of(err);
}

static enum tb_exit command_unknown(const char *word)
{
	struct tb_nearest nearest = { .word = word };
	int i;

	for (i = 0; i < TB_COMMAND_NR; i++)
		tb_nearest_offer(&nearest, commands[i].name);
	if (nearest.name)
		tb_error("`%s` is no command; did you mean `%s`? `tailback --help` lists them",
			 word, nearest.name);
	else
		tb_error("`%s` is no command; `tailback --help` lists them", word);
	return TB_EXIT_USAGE;
}

static enum tb_exit help_all(void)
{
	struct tb_buf out = {};
	int err;

	help_write(&out);
	err = tb_output(&out);
	tb_buf_release(&out);
	return tb_exit_of(err);
}

static enum tb_exit usage_missing(void)
{
	struct tb_buf out = {};

	help_write(&out);
	fwrite(out.text, 1, out.length, stderr);
	tb_buf_release(&out);
	return TB_EXIT_USAGE;
}

/* Words that stand where a command is expected: `help`, `help COMMAND`, -h, -V, or a mistake. */
static enum tb_exit without_command(int argc, char **argv)
{
	int command;

	if (!strcmp(argv[1], "-V") || !strcmp(argv[1], "--version"))
		return version_print();
	if (strcmp(argv[1], "help") && strcmp(argv[1], "-h") && strcmp(argv[1], "--help"))
		return command_unknown(argv[1]);
	if (argc == 2)
		return help_all();
	command = command_find(argv[2]);
	return command < 0 ? command_unknown(argv[2]) : help_command(command);
}

/*
 * Descriptors 0 to 2 that are closed would be given to the next file that is opened, and output
 * would be written into a recording. The right one is read-only: writing fails, as it should.
 */
static void descriptors_reserve(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* The command's row, its options, its work. argv[0] is its name. */
static enum tb_exit command_run(int command, int argc, char **argv)
{
	struct tb_options options;

	if (!commands[command].run) {
		tb_error("`%s` is not in this version yet; `tailback --help` lists what is",
			 commands[command].name);
		return TB_EXIT_USAGE;
	}
	if (tb_options_take(&options, (unsigned int)command, argc, argv))
		return TB_EXIT_USAGE;
	if (options.version)
		return version_print();
	return options.help ? help_command(command) : commands[command].run(&options);
}

int main(int argc, char **argv)
{
	int command;

	setlocale(LC_CTYPE, ""); /* never LC_NUMERIC: a decimal comma would break JSON */
	descriptors_reserve();
	tb_stop_install();
	if (argc < 2 && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		return command_run(TB_COMMAND_TOP, argc, argv);
	if (argc < 2)
		return usage_missing();
	command = command_find(argv[1]);
	return command < 0 ? without_command(argc, argv) : command_run(command, argc - 1, argv + 1);
}
