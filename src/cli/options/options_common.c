/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* --help, --usage, --version, and what the completion scripts ask. */
#include <elfutils/version.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options/completion.h"
#include "cli/options/options.h"
#include "config.h"

bool options_were_read;

static const struct argp_option options[] = {
	{ "help", 'h', NULL, 0, "print this help and exit", -1 },
	{ "usage", KEY_USAGE, NULL, OPTION_HIDDEN, NULL, -1 },
	/* For the completion scripts; --list-verbs is the default verb's. */
	{ "list-options", KEY_LIST_OPTIONS, NULL, OPTION_HIDDEN, NULL, -1 },
	{ "version", 'V', NULL, 0,
	  "print the versions of usdtinfo and its libraries, and exit", -1 },
	{ 0 },
};

static const char *present(int feature)
{
	return feature ? "yes" : "no";
}

static void print_version(void)
{
	printf("usdtinfo %s\n"
	       "elfutils %d.%d\n"
	       "features: archive=%s smartcols=%s json-c=%s lzma=%s capstone=%s\n",
	       USDTINFO_VERSION, _ELFUTILS_VERSION / 1000, _ELFUTILS_VERSION % 1000,
	       present(HAVE_LIBARCHIVE), present(HAVE_SMARTCOLS), present(HAVE_JSON_C),
	       present(HAVE_LZMA), present(HAVE_CAPSTONE));
}

_Noreturn void options_end(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		exit(0);
	fprintf(stderr, "usdtinfo: write error: %s\n", strerror(errno));
	exit(argp_err_exit_status);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case 'h':
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP & ~ARGP_HELP_EXIT_OK);
		break;
	case KEY_USAGE:
		argp_state_help(state, stdout, ARGP_HELP_USAGE);
		break;
	case KEY_LIST_OPTIONS:
		completion_options(state->root_argp, stdout);
		break;
	case 'V':
		print_version();
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	options_end();
}

void parse_options(const struct argp *argp, int argc, char **argv, void *input)
{
	options_check_words(argp, argc, argv);
	int error = argp_parse(argp, argc, argv, ARGP_NO_HELP, NULL, input);
	if (!error) {
		options_were_read = true;
		return;
	}
	/* A wrong usage has ended the program: memory ran out. */
	fprintf(stderr, "usdtinfo: %s\n",
	        error == ENOMEM ? "out of memory" : strerror(error));
	exit(argp_err_exit_status);
}

const struct argp common_argp = { .options = options, .parser = parse };
