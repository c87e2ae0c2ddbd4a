/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Likely renames: a probe that vanished and one that appeared in the same function. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "rules/set/set.h"

/* A name that is on one side only, in one of the functions that hold it. */
struct rename_place {
	const struct set_probe *first; /* of the name's probes; stands for the name */
	struct text function;          /* without what compilers append to clones */
	size_t name;                   /* its number */
	bool is_old;
};

/* Zero-initialise; release with rename_deinit(). Borrows the probes. */
struct rename {
	struct rename_place *places;
	size_t count, room;
	size_t name_count;
	bool *taken; /* by number of name: it is in a pair */
	size_t at;   /* the next place that rename_next() looks at */
};

/* Return: false when memory ran out */
bool rename_add(struct rename *rename, bool is_old, const struct set_probe *first,
                size_t count);
/* Once, after the last name. Return: false when memory ran out */
bool rename_prepare(struct rename *rename);
/*
 * rename_next - the next pair
 *
 * Each name is in one pair at most. Of several new ones in a function the one with the same
 * arguments is taken, else none. Return: false when there are no more
 */
bool rename_next(struct rename *rename, const struct set_probe **old_ret,
                 const struct set_probe **new_ret);
void rename_deinit(struct rename *rename);
