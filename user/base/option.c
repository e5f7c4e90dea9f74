// SPDX-License-Identifier: GPL-2.0-only
/* getopt_long(3) driven by a table; see option.h. */
#include "option.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "log.h"

#define OPTIONS_MAX 64
#define HELP_COLUMN 30

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

static int option_take(const struct tb_option *option, void *into)
{
	const char *must = option->take(into, optarg);

	if (!must)
		return 0;
	if (option->value)
		tb_error("--%s %s: must be %s", option->name, optarg, must);
	else
		tb_error("--%s: %s", option->name, must);
	return -EINVAL;
}

static int option_bad(int found, char **argv)
{
	char letter[3] = { '-', (char)optopt, '\0' };
	const char *word = optopt > 0 && optopt < 256 ? letter : argv[optind - 1];

	if (found == ':')
		tb_error("%s needs a value; --help lists the options", argv[optind - 1]);
	else
		tb_error("%s is no option of this command; --help lists them", word);
	return -EINVAL;
}

int tb_options_parse(const struct tb_option *options, unsigned int command, void *into, int argc,
		     char **argv, int *first)
{
	struct forms forms = {};
	const struct tb_option *option;
	int found;

	forms_make(&forms, options, command);
	optind = 0;	/* GNU: scan from the start */
	while ((found = getopt_long(argc, argv, forms.letters, forms.longs, NULL)) >= 0) {
		option = found == '?' || found == ':' ? NULL :
			 option_find(options, command, found);
		if (!option)
			return option_bad(found, argv);
		if (option_take(option, into))
			return -EINVAL;
	}
	*first = optind;
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
