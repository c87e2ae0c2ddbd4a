/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The variables that surround a site, and where each is there. */
#pragma once

#include "base/arena.h"
#include "debug/name/place.h"

struct variable {
	Dwarf_Die die, type;
	const char *name;
	/*
	 * 0: of the function whose source line this is, the innermost inlined one; 1: of the
	 * one that it was inlined into, and so on. After them all come the unit's own.
	 */
	unsigned level;
	unsigned scope; /* of two with one name, the higher hides the lower */
	bool is_hidden; /* by another: in the source, the name means that one at the site */
	struct value_place *places;
	size_t place_count;
	bool has_constant; /* DW_AT_const_value */
	uint64_t constant;
};

/* Of one site; everything in the arena it was collected into. */
struct visible {
	struct variable *items; /* by level */
	size_t count;
	unsigned levels; /* of functions */
};

/* More than these are not looked at: generated code, or damage. */
#define VISIBLE_MAX 16384

/*
 * visible_collect - the variables and parameters of the scopes around @address
 *
 * Those that are nowhere at @address are there, too, without places: they hide others.
 * Return: 0 or USDTINFO_E_MEMORY.
 */
int visible_collect(struct debug_file *file, const struct scopes *scopes,
                    const struct frame *frame, uint64_t address, struct arena *arena,
                    struct visible *ret, struct usdtinfo_error *err);

/*
 * unit_variable - the unit's variable of that name, or that is at that address
 * @name: in the source or in the symbol table; NULL to go by @address
 * @place_ret: where it is; for a declaration of what is elsewhere, at @address
 *
 * Return: false when there is none, or several
 */
bool unit_variable(struct debug_file *file, struct unit *unit, const char *name,
                   uint64_t address, struct variable *ret, struct value_place *place_ret);
