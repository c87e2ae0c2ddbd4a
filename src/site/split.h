/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Split DWARF: the greater part of a unit in a .dwo file of its own. */
#pragma once

#include "site/debug_file.h"

/* What became of a unit's other half. */
enum split {
	SPLIT_JOINED,  /* or the unit is whole */
	SPLIT_MISSING, /* it cannot be had */
	SPLIT_DAMAGED,
	SPLIT_NO_MEMORY,
};

/*
 * split_join - make @unit->die the unit's other half, where it has one that can be had
 *
 * libdw opens the file that the unit names, beside @file or in the compiler's directory, and
 * maps it. It is let to only where that is a regular file that was found sound and to hold
 * the unit, and inside a root only where it lies beside @file.
 */
enum split split_join(struct debug_file *file, struct unit *unit);
