// SPDX-License-Identifier: GPL-2.0-only
/* getopt_long(3) driven by a table; see option.h. */
#include "option.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "nearest.h"

#define OPTIONS_MAX 64
#define HELP_COLUMN 30
#define NAME_BYTES  48

struct forms {
	struct option longs[OPTIONS_MAX];
	char letters[2 * OPTIONS_MAX + 2];
};

/* `val` of a long option is its row + 256, so that letters and rows do not meet. */
static void forms_make(struct forms *forms, const struct tb_option *options, unsigned int command)
{
	size_t row, nr = 0;
	char *letter = forms->letters;

	*letter++ = ':';
	for (row = 0; options[row].name && nr < OPTIONS_MAX - 1; row++) {
		if (!(options[row].commands & command))
			continue;
		forms->longs[nr++] = (struct option){
			.name = options[row].name,
			.has_arg = options[row].value ? required_argument : no_argument,
			.val = (int)row + 256,
		};
		if (!options[row].letter)
			continue;
		*letter++ = options[row].letter;
		if (options[row].value)
			*letter++ = ':';
	}
}

static const struct tb_option *option_find(const struct tb_option *options, unsigned int command,
					   int found)
{
	size_t row;

	if (found >= 256)
		return &options[found - 256];
	for (row = 0; options[row].name; row++)
		if (options[row].letter == found && (options[row].commands & command))
			return &options[row];
	return NULL;
}

/* What the user calls this option: both names, so that either is recognised. */
static const char *option_name(const struct tb_option *option, char name[NAME_BYTES])
{
	if (option->letter)
		snprintf(name, NAME_BYTES, "--%s (-%c)", option->name, option->letter);
	else
		snprintf(name, NAME_BYTES, "--%s", option->name);
	return name;
}

/* `--tee --batch`: the next option is no value. It can be given as --tee=--batch. */
static bool value_is_option(char **argv)
{
	return optarg == argv[optind - 1] && optarg[0] == '-' && optarg[1];
}

static int option_take(const struct tb_option *option, void *into, char **argv)
{
	char name[NAME_BYTES];
	const char *must;

	if (option->value && value_is_option(argv)) {
		tb_error("%s needs a value %s, and `%s` is none; if it is meant: --%s=%s",
			 option_name(option, name), option->value, optarg, option->name, optarg);
		return -EINVAL;
	}
	must = option->take(into, optarg);
	if (!must)
		return 0;
	if (option->value)
		tb_error("%s: `%s` is not %s", option_name(option, name), optarg, must);
	else
		tb_error("%s: %s", option_name(option, name), must);
	return -EINVAL;
}

static int value_missing(const struct tb_option *option, const char *command)
{
	char name[NAME_BYTES];

	tb_error("%s needs a value, %s; `tailback %s --help` tells more", option_name(option, name),
		 option->value, command);
	return -EINVAL;
}

static int value_unwanted(const struct tb_option *option, const char *word)
{
	char name[NAME_BYTES];

	tb_error("%s takes no value: `%s`", option_name(option, name), word);
	return -EINVAL;
}

/* A word such as --frob or --frob=3 that no row knows. */
static int option_unknown(const struct tb_option *options, unsigned int command, const char *word,
			  const char *command_name)
{
	char name[NAME_BYTES];
	struct tb_nearest nearest = { .word = name };
	size_t row;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word + strspn(word, "-"), "="),
		 word + strspn(word, "-"));
	for (row = 0; options[row].name; row++)
		if (name[1] && (options[row].commands & command))
			tb_nearest_offer(&nearest, options[row].name);
	if (nearest.name)
		tb_error(
			"`%s` has no option %s; did you mean --%s? `tailback %s --help` lists them",
			command_name, word, nearest.name, command_name);
	else
		tb_error("`%s` has no option %s; `tailback %s --help` lists them", command_name,
			 word, command_name);
	return -EINVAL;
}

/* getopt_long leaves in optopt the letter or the row + 256 that it stumbled over, or 0. */
static int option_bad(const struct tb_option *options, unsigned int command, int found, char **argv)
{
	char letter[3] = { '-', (char)optopt, '\0' };
	const struct tb_option *option = optopt ? option_find(options, command, optopt) : NULL;

	if (option && found == ':')
		return value_missing(option, argv[0]);
	if (option)
		return value_unwanted(option, argv[optind - 1]);
	return option_unknown(options, command, optopt ? letter : argv[optind - 1], argv[0]);
}

int tb_options_parse(const struct tb_option *options, unsigned int command, void *into,
		     struct tb_arguments *arguments)
{
	struct forms forms = {};
	const struct tb_option *option;
	char **argv = arguments->argv;
	int found;

	forms_make(&forms, options, command);
	optind = 0; /* GNU: scan from the start */
	while ((found = getopt_long(arguments->argc, argv, forms.letters, forms.longs, NULL)) >=
	       0) {
		option = found == '?' || found == ':' ? NULL : option_find(options, command, found);
		if (!option)
			return option_bad(options, command, found, argv);
		if (option_take(option, into, argv))
			return -EINVAL;
	}
	arguments->first = optind;
	return 0;
}

void tb_options_help(const struct tb_option *options, unsigned int command, struct tb_buf *out)
{
	size_t row, begin, used;

	for (row = 0; options[row].name; row++) {
		if (!(options[row].commands & command))
			continue;
		begin = out->length;
		if (options[row].letter)
			tb_buf_printf(out, "  -%c, --%s", options[row].letter, options[row].name);
		else
			tb_buf_printf(out, "      --%s", options[row].name);
		if (options[row].value)
			tb_buf_printf(out, " %s", options[row].value);
		used = out->length - begin;
		tb_buf_repeat(out, ' ', used < HELP_COLUMN - 1 ? HELP_COLUMN - used : 1);
		tb_buf_printf(out, "%s\n", options[row].help);
	}
}
