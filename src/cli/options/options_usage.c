/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Wrong usage. What was typed is shown again, and may come from a script that took it from a
 * file's name: argp and getopt would hand it to the terminal as it is.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "cli/options/options.h"

_Noreturn void out_of_memory(const struct argp_state *state)
{
	argp_failure(state, argp_err_exit_status, 0, "out of memory");
	exit(argp_err_exit_status);
}

void usage_error(const struct argp_state *state, const char *fmt, ...)
{
	_cleanup_(freep) char *message = NULL;
	_cleanup_(strbuf_deinit) struct strbuf safe = { 0 };
	va_list args;
	va_start(args, fmt);
	int size = vasprintf(&message, fmt, args);
	va_end(args);
	if (size < 0)
		message = NULL;
	else
		text_escape((struct text){ message, (size_t)size }, &safe);
	if (size < 0 || safe.failed)
		out_of_memory(state);
	argp_error(state, "%s", safe.at ? safe.at : "");
	exit(argp_err_exit_status);
}

static bool is_named(const struct argp_option *option, const char *word, size_t size)
{
	if (word[0] == '-')
		return option->name && size > 2 &&
		       strncmp(option->name, word + 2, size - 2) == 0;
	return size == 1 && option->key == (unsigned char)*word;
}

/* Whether an option called @word ("--name", cut short or not, or its letter) takes a value. */
static bool takes_value(const struct argp *argp, const char *word, size_t size)
{
	const struct argp_option *option = argp->options;
	for (; option && (option->name || option->key || option->doc || option->group);
	     option++) {
		if (is_named(option, word, size))
			return option->arg;
	}
	/* As deep as our own tables nest. */
	for (const struct argp_child *child = argp->children; child && child->argp;
	     child++) {
		if (takes_value(child->argp, word, size))
			return true;
	}
	return false;
}

/* How much of "-abcVALUE" or "--name=VALUE" is options; whether the value is the next word. */
static size_t options_size(const struct argp *argp, const char *word, bool *value_follows)
{
	size_t size = 1;
	if (word[1] == '-') {
		size = strcspn(word, "=");
		*value_follows = !word[size] && takes_value(argp, word, size);
		return size;
	}
	while (word[size]) {
		size++;
		if (!takes_value(argp, word + size - 1, 1))
			continue;
		*value_follows = !word[size];
		break;
	}
	return size;
}

void options_check_words(const struct argp *argp, int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		bool value_follows = false;
		if (argv[i][0] != '-' || !argv[i][1])
			continue;
		size_t size = options_size(argp, argv[i], &value_follows);
		struct text name = { argv[i], size };
		if (text_is_plain(name)) {
			i += value_follows;
			continue;
		}
		_cleanup_(strbuf_deinit) struct strbuf safe = { 0 };
		text_escape(name, &safe);
		fprintf(stderr, "%s: unrecognized option '%s'\n", argv[0],
		        safe.at ? safe.at : "");
		fprintf(stderr, "Try `%s --help' or `%s --usage' for more information.\n",
		        argv[0], argv[0]);
		exit(argp_err_exit_status);
	}
}
