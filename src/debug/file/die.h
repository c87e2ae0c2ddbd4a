/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Debugging entries read with distrust: every chain has an end, every walk goes forward, and
 * all work together is bounded by a budget. That of a file starts in proportion to its size;
 * entangled entries run it down.
 */
#pragma once

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/budget.h"

/* The attribute, also of what the entry is an instance of or completes. */
bool die_attr(Dwarf_Die *die, unsigned name, Dwarf_Attribute *ret);
/* Return: DW_AT_name of it or of what it refers to, NULL when it has none */
const char *die_name(Dwarf_Die *die);
/*
 * Any number of entries can have one name, and each is copied, compared and shown, so that
 * names are taken for none from these many bytes on; of functions, see STRINGS_SHORT_MAX.
 */
#define NAME_SHORT_MAX 4096
/* Return: @name, or NULL when it has @limit bytes or more */
const char *name_if_short(const char *name, size_t limit);
bool die_unsigned(Dwarf_Die *die, unsigned name, uint64_t *ret);
bool die_flag(Dwarf_Die *die, unsigned name);
/* The entry that an attribute of @die refers to. */
bool die_reference(Dwarf_Die *die, unsigned name, Dwarf_Die *ret);
/* What DW_AT_type says; false for void. */
bool die_type(Dwarf_Die *die, Dwarf_Die *ret);

/* The first child; the next sibling, which is always further on in the section. */
bool die_child(struct budget *budget, Dwarf_Die *die, Dwarf_Die *ret);
bool die_sibling(struct budget *budget, Dwarf_Die *die, Dwarf_Die *ret);

/* Whether the entry's code covers @address. */
bool die_covers(struct budget *budget, Dwarf_Die *die, uint64_t address);
