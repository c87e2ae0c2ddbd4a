/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* From an address to the unit, the function and the blocks that hold it. */
#pragma once

#include "debug/address/range_index.h"
#include "debug/file/debug_file.h"

/* A compilation unit. */
struct unit {
	Dwarf_Die die;      /* of its other half where the DWARF is split */
	Dwarf_Die line_die; /* the one that has the line table */
	bool split_tried;
	bool functions_loaded, has_ranges, lines_paid;
	struct range_index functions; /* owner: offset of the subprogram's entry */
};

/* Blocks and inlined calls around one address; honest nesting stays below fifty. */
#define SCOPES_MAX 256

struct scopes {
	struct unit *unit;
	/* The subprogram, then what is inside it; each holds the next. None: no function. */
	Dwarf_Die dies[SCOPES_MAX];
	size_t count;
};

/*
 * unit_find - the unit whose code covers @address
 *
 * Return: NULL when none does, or memory ran out
 */
struct unit *unit_find(struct debug_file *file, uint64_t address);

/*
 * scopes_find - everything around @address
 *
 * Return: false when no unit covers it; @ret->count may be 0 when only the unit does.
 */
bool scopes_find(struct debug_file *file, uint64_t address, struct scopes *ret);

/*
 * function_ranges - where the code of the function around is, sorted
 * @bias: added to each address
 *
 * Return: how many, at most CODE_RANGES_MAX; 0 when it is not known, or more
 */
size_t function_ranges(struct debug_file *file, const struct scopes *scopes,
                       uint64_t bias, struct code_range *ret);

/* Release the units of a file; NULL is ignored. */
void units_close(struct debug_file *file);
