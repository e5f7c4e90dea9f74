// SPDX-License-Identifier: GPL-2.0-only
/* Finds the command's row, takes its options, calls it. Knows no command. */
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "log.h"
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

static void help_short(struct tb_buf *out)
{
	int i;

	tb_buf_add(out, "tailback: what is everything waiting for, and would more machines help?\n\n"
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

	tb_buf_printf(&out, "usage: tailback %s [options]%s%s\n\n%s\n\n", commands[command].name,
		      *commands[command].operands ? " " : "", commands[command].operands,
		      commands[command].answers);
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

/* No command: top on a terminal; a mistake elsewhere. -h and -V are answered. */
static enum tb_exit without_command(const char *word)
{
	struct tb_buf out = {};

	if (word && (!strcmp(word, "-V") || !strcmp(word, "--version")))
		return version_print();
	if (word && strcmp(word, "-h") && strcmp(word, "--help") && strcmp(word, "help")) {
		tb_error("`%s` is no command; `tailback --help` lists them", word);
		return TB_EXIT_USAGE;
	}
	help_short(&out);
	if (word)
		tb_output(&out);
	else
		fwrite(out.text, 1, out.length, stderr);
	tb_buf_release(&out);
	return word ? TB_EXIT_OK : TB_EXIT_USAGE;
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

	setlocale(LC_CTYPE, "");	/* never LC_NUMERIC: a decimal comma would break JSON */
	tb_stop_install();
	if (argc == 1 && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		return command_run(TB_COMMAND_TOP, argc, argv);
	command = argc > 1 ? command_find(argv[1]) : -1;
	if (command < 0)
		return without_command(argc > 1 ? argv[1] : NULL);
	return command_run(command, argc - 1, argv + 1);
}
