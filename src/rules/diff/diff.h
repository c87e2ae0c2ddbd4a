/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What changed between the probes of two builds of a file, name by name. */
#pragma once

#include <stdbool.h>

#include "rules/set/set.h"
#include "usdtinfo.h"

/*
 * The first four are promises to those who trace: a name, the types of its arguments, its
 * semaphore. The rest changes with every compiler.
 */
enum change_kind {
	CHANGE_REMOVED,
	CHANGE_ADDED,
	CHANGE_ARGUMENTS, /* the set of its probes' signatures */
	CHANGE_SEMAPHORE,
	CHANGE_RENAME, /* likely: one vanished and one appeared in the same function */
	CHANGE_COUNT,
	CHANGE_OPERANDS,
	CHANGE_FUNCTIONS,
	CHANGE_ADDRESSES,
	CHANGE_STRIPPED, /* of the file: its notes are gone; not told by diff_sets() */
	CHANGE_KINDS
};
/* By enum change_kind, ended by NULL. */
extern const char *const change_names[];

/* Texts are borrowed for the time of the call. */
struct change {
	enum change_kind kind;
	enum usdtinfo_severity severity;
	struct text provider, name;
	/* Distinct values in order, separated by LIST_SEPARATOR; not known: there is none */
	struct text old, new;
};
#define LIST_SEPARATOR " | "

struct diff {
	bool strict; /* what a compiler changes counts, too */
	/* Return: 0 to go on; anything else ends the comparison. */
	int (*report)(void *context, const struct change *change);
	void *context;
};

/*
 * diff_sets - report every change, in the order of names
 * @old, @new: sorted; NULL: no file there
 *
 * Return: 0, what a report returned, or USDTINFO_E_MEMORY.
 */
int diff_sets(const struct diff *diff, const struct set *old, const struct set *new);
