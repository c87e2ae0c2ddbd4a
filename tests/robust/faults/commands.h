/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The command lines that run under faults. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "faults/report_shape.h"

struct command {
	enum shape shape; /* of what it writes */
	/*
	 * The library that is known to end the program, by a signal or by exit(), when memory
	 * runs out in it; NULL: none is.
	 */
	const char *blame;
	bool fails; /* with 2, as it is */
	/*
	 * "@in/" begins the inputs' directory, "@out/" one to write to; "@pid" is a process;
	 * "<" begins the name of what is standard input.
	 */
	const char *words[10];
};

extern const struct command commands[];
extern const size_t command_count;
