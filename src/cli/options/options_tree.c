/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* -r and what goes with it. */
#include "cli/options/options_tree.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "cli/options/options.h"

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Directories:", 3 },
	{ "recursive", 'r', NULL, 0,
	  "look at all files in directories and below, but follow no symbolic links", 3 },
	{ "jobs", 'j', "N", 0,
	  "read N files at a time (default: the number of processors)", 3 },
	{ "one-file-system", 'x', NULL, 0, "skip directories on other file systems", 3 },
	{ "exclude-path", KEY_EXCLUDE_PATH, "GLOB", 0,
	  "skip paths that match; * also matches /; may be repeated", 3 },
	{ "all-links", KEY_ALL_LINKS, NULL, 0,
	  "look at a file with several names once for each name", 3 },
	{ "packages", KEY_PACKAGES, NULL, 0,
	  "in directories, also read packages and compressed files", 3 },
	{ "progress", KEY_PROGRESS, "WHEN", 0,
	  "auto (default), always or never; show how far a long scan is", 3 },
	{ 0 },
};

static void set_workers(struct tree_choice *choice, const char *arg,
                        struct argp_state *state)
{
	char *end;
	long workers = strtol(arg, &end, 10);
	if (*arg == '\0' || *end != '\0' || workers < 1 || workers > 1024)
		usage_error(state, "--jobs is a number from 1 to 1024, not '%s'", arg);
	choice->workers = (unsigned)workers;
}

static void add_excluded(struct tree_choice *choice, char *arg, struct argp_state *state)
{
	if (!array_grow(&choice->excluded, &choice->excluded_room,
	                choice->excluded_count + 1, sizeof(*choice->excluded)))
		out_of_memory(state);
	choice->excluded[choice->excluded_count++] = arg;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct tree_choice *choice = state->input;
	switch (key) {
	case 'r':
		choice->recursive = true;
		return 0;
	case 'j':
		set_workers(choice, arg, state);
		return 0;
	case 'x':
		choice->one_file_system = true;
		return 0;
	case KEY_EXCLUDE_PATH:
		add_excluded(choice, arg, state);
		return 0;
	case KEY_ALL_LINKS:
		choice->all_links = true;
		return 0;
	case KEY_PACKAGES:
		choice->packages = true;
		return 0;
	case KEY_PROGRESS:
		if (!progress_parse(arg, &choice->progress))
			usage_error(state,
			            "--progress is auto, always or never, not '%s'", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp tree_argp = { .options = options, .parser = parse };

void tree_choice_deinit(struct tree_choice *choice)
{
	free(choice->excluded);
	*choice = (struct tree_choice){ 0 };
}

static unsigned processors(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);
	return count < 1 ? 1 : (unsigned)count;
}

struct tree_options tree_choice_options(const struct tree_choice *choice)
{
	return (struct tree_options){
		.workers = choice->workers ? choice->workers : processors(),
		.one_file_system = choice->one_file_system,
		.all_links = choice->all_links,
		.visit_empty = choice->visit_empty,
		.packages = choice->packages,
		.excluded = choice->excluded,
		.excluded_count = choice->excluded_count,
	};
}
