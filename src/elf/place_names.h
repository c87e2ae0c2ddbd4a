/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Which symbol a place in a section of a relocatable object is called by. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct usdtinfo_image;

struct place_name {
	uint64_t value;
	uint32_t section, symbol;
};

/* Sorted by place; empty until place_names_find(). Release with place_names_deinit(). */
struct place_names {
	struct place_name *items;
	size_t count, room;
	bool loaded;
};

/*
 * place_names_find - the variable that begins @value bytes into section @section
 * @symtab: section of the object's symbol table, of which there is one
 *
 * Loads the table on first use; without memory for it no place has a name.
 *
 * Return: index of the symbol; 0 when none or several begin there.
 */
uint32_t place_names_find(struct usdtinfo_image *image, size_t symtab, uint32_t section,
                          uint64_t value);
void place_names_deinit(struct place_names *names);
