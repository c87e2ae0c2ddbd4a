/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* A line on standard error that tells how far a long scan is. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "find/tree/tree.h"

enum progress_when {
	PROGRESS_AUTO, /* on a terminal, after a second */
	PROGRESS_ALWAYS,
	PROGRESS_NEVER,
};

struct progress {
	struct timespec start, last;
	bool is_shown;   /* a line stands on the terminal */
	bool overwrites; /* each line takes the place of the one before */
	bool at_once;
	unsigned width;
};

/* Return: false when @text is neither auto nor always nor never */
bool progress_parse(const char *text, enum progress_when *ret);
/* Return: whether there will be any; if so hand progress_tell() to the scan */
bool progress_init(struct progress *progress, enum progress_when when);
/* For struct tree_options; @data is the struct progress. */
void progress_tell(void *data, const struct tree_counts *counts, struct text directory);
/* Take the line away. */
void progress_end(struct progress *progress);
