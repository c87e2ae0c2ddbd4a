/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The option group of requirements, which a file can hold, too. */
#pragma once

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

#include "cli/messages/report.h"
#include "debug/definition/definitions.h"
#include "rules/check/require.h"
#include "rules/set/match.h"

/* Zero-initialise; release with require_options_deinit(). */
struct require_options {
	struct requirement *items;
	size_t count, room;
	bool each, lint;
	const char *baseline; /* NULL: none */
	char **definitions;   /* paths of files; borrowed from the command line */
	size_t definition_count, definition_room;
	struct match allow_missing;
	char **files; /* of requirements; borrowed */
	size_t file_count, file_room;
};

extern const struct argp require_argp;
void require_options_deinit(struct require_options *options);
/*
 * require_options_load - read the files of requirements
 *
 * Return: false when one cannot be read or understood; said already, with its line.
 */
bool require_options_load(struct require_options *options, struct report *report);
