/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The command lines that run under faults. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What the command line writes; decides what half a report is. */
enum shape {
	SHAPE_TEXT,
	SHAPE_JSON,
	SHAPE_NDJSON
};

struct command {
	enum shape shape;
	/*
	 * The library that is known to end the program, by a signal or by exit(), when memory
	 * runs out in it; NULL: none is.
	 */
	const char *blame;
	/* "@in/" begins the inputs' directory, "@out/" one to write to; "@pid" is a process. */
	const char *words[10];
};

extern const struct command commands[];
extern const size_t command_count;
