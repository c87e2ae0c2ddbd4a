/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Split DWARF: the greater part of a unit in a .dwo file of its own. */
#pragma once

#include "debug/file/debug_file.h"

/* What became of a unit's other half. */
enum split {
	SPLIT_JOINED,  /* or the unit is whole */
	SPLIT_MISSING, /* it cannot be had */
	SPLIT_DAMAGED,
	SPLIT_LIMITED, /* it is more than may be read */
	SPLIT_NO_MEMORY,
};

/*
 * split_join - make @unit, the entry of a unit, that of its other half, where it has one that can be had
 *
 * The file that the unit names is looked for beside @file and in the compiler's directory,
 * inside the root, and handed to libdw, which maps it, once it was found sound and to hold the
 * unit. libdw looks for nothing itself.
 */
enum split split_join(struct debug_file *file, Dwarf_Die *unit);
