/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Which symbol a place in a section of a relocatable object is called by. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf/object/image.h"

struct place_name {
	uint64_t value;
	uint32_t section, symbol;
};

/* Sorted by place; a table of the image. */
struct place_names {
	struct image_table table;
	struct place_name *items;
	size_t count, room;
	bool loaded;
};

/*
 * place_names_find - the variable that begins @value bytes into section @section
 * @symtab: section of the object's symbol table, of which there is one
 * @extended: section with the indexes of sections from 0xff00 on; 0: none
 *
 * Loads the table on first use; without memory for it no place has a name.
 *
 * Return: index of the symbol; 0 when none or several begin there.
 */
uint32_t place_names_find(struct usdtinfo_image *image, size_t symtab, size_t extended,
                          uint32_t section, uint64_t value);
