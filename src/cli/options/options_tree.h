/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The option group that says how to go over directories. */
#pragma once

#include <argp.h>
#include <stdbool.h>

#include "cli/options/progress.h"
#include "find/tree/tree.h"

/* Zero-initialise; release with tree_choice_deinit(). */
struct tree_choice {
	bool recursive; /* a verb whose operands may always be directories sets it itself */
	unsigned workers; /* 0: as many as there are processors */
	bool one_file_system, all_links, packages;
	char **excluded; /* globs as they stand on the command line */
	size_t excluded_count, excluded_room;
	enum progress_when progress;
	struct tree_counts *counts; /* set by a verb that wants them; may be NULL */
	bool visit_empty; /* no option: a verb that judges files without probes, too */
};

extern const struct argp tree_argp;
void tree_choice_deinit(struct tree_choice *choice);
/* The same for the finder; borrows from @choice. */
struct tree_options tree_choice_options(const struct tree_choice *choice);
