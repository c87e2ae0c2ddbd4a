/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Symbols of .symtab and .dynsym, by name. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct usdtinfo_image;

struct symbol {
	const char *name; /* in the string table, alive as the image is */
	uint64_t value, size;
	unsigned char info; /* st_info: type and binding */
	uint32_t section;   /* st_shndx, extended index resolved; SHN_UNDEF, SHN_ABS... */
};

/* Defined, named symbols sorted by name, then value. */
struct symtab {
	struct symbol *items;
	size_t count, room;
	bool loaded;
};

/*
 * symtab_find - all defined symbols called @name
 * @count_ret: how many different addresses they have; a symbol that stands in .symtab and
 *             .dynsym counts once
 *
 * Loads the tables on first use. Return: the first of @count_ret neighbours, or NULL.
 */
const struct symbol *symtab_find(struct usdtinfo_image *image, struct text name,
                                 size_t *count_ret);
void symtab_deinit(struct symtab *symtab);
