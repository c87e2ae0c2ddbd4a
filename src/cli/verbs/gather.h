/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* From operands to files and their probes: what diff and check compare. */
#pragma once

#include "cli/messages/report.h"
#include "debug/file/debug_reading.h"
#include "find/visit/visit.h"
#include "rules/diff/side.h"
#include "rules/set/match.h"

struct gather {
	struct finder finder;
	const struct match *match; /* NULL: all */
	struct report *report;     /* told of what cannot be read */
	bool with_functions;
	/* Called for each object before its probes are read; NULL: nothing to do. */
	object_visit before;
	void *context;
	/* What is being gathered. */
	struct side *side;
	const char *operand;
	bool in_directory;
	struct debug_reading reading;
};

/* An object_visit: adds the object to gather->side. */
int gather_visit(void *context, const struct object *object);

/*
 * gather_path - add the files that @path names: itself, the members of an archive, the files
 *               of a saved listing, all ELF files and archives in a directory
 *
 * Return: 0 or USDTINFO_E_MEMORY.
 */
int gather_path(struct gather *gather, const char *path, struct side *side);
