/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Whether libdw may be asked for a location in a list of DWARF 5. It takes the length of an
 * expression, an unsigned number of up to 64 bits, for a signed one of the host's size, so
 * that a damaged one sends it out of the section (elfutils 0.188).
 */
#pragma once

#include <elfutils/libdw.h>
#include <stdbool.h>

#include "base/span.h"
#include "debug/file/die.h"

/* The contents of sections of one file that hold such lists. Zero-initialise. */
struct location_lists {
	Elf *elf; /* NULL: not looked for yet */
	struct span sections[2];
	size_t count;               /* may be more than there is room for */
	struct span before_5;       /* .debug_loc, of DWARF 2 to 4 */
	struct span before_5_split; /* .debug_loc.dwo, whose entries are others */
};

/*
 * location_list_is_sound - are all entries inside the section, up to the end of the list?
 *
 * libdw walks a list from its start for each variable that has it: each entry takes from
 * @budget. Return: true also for a single location, and for any list before DWARF 5 that the
 * budget allows.
 */
bool location_list_is_sound(struct location_lists *lists, struct budget *budget,
                            Dwarf_Attribute *attr);
