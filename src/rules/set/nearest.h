/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Names that are nearly what was asked for: a slip of the pen, a probe that was renamed. */
#pragma once

#include <stddef.h>

#include "base/text.h"

#define NEAREST_MAX 3

/* The best so far, the nearest first. Zero-initialise after @wanted. Borrows. */
struct nearest {
	struct text wanted; /* PROVIDER:NAME or NAME */
	struct {
		struct text provider, name;
		size_t distance;
	} found[NEAREST_MAX];
	size_t count;
};

/* Look at one more name. Those that are far, or absurdly long, are passed over. */
void nearest_look(struct nearest *nearest, struct text provider, struct text name);
/* Append "; nearest: a:b, a:c", or nothing. */
void nearest_add(const struct nearest *nearest, struct strbuf *out);

/*
 * edit_distance - insertions, deletions and replacements of a byte that make @a into @b
 *
 * Return: as many as @limit + 1 when there are more than @limit
 */
size_t edit_distance(struct text a, struct text b, size_t limit);
