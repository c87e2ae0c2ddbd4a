/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Defined symbols of .symtab and .dynsym, by name. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "elf/object/image.h"
#include "elf/object/strings.h"

struct symbol {
	const char *name; /* in the string table, alive as the image is */
	uint64_t value, size;
	unsigned char info; /* st_info: type and binding */
	uint32_t section;   /* st_shndx, SHN_ABS */
	uint32_t hash;      /* of the name */
};

/* Symbols whose names share the last bits of their hashes. */
struct symbol_bucket {
	size_t start, count;
	bool sorted; /* by name, then value; one that stands in both tables is there once */
};

/* A table of the file, in the host's byte order. */
struct symbol_table {
	Elf_Data *data;
	size_t count, entry_size;
	struct strings names;
};

/* A name that was looked for through all symbols. */
struct symbol_answer {
	char *name;
	struct symbol *items;
	size_t count, room;
};

/*
 * The first names are looked for through all symbols, since most files' operands name a few;
 * with more, symbols are put in buckets, each of which is sorted when a name in it is first
 * asked for.
 */
#define SYMTAB_ANSWERS 8
struct symtab {
	struct image_table table;
	bool located;
	struct symbol_table tables[2]; /* .symtab and .dynsym, in the file's order */
	size_t table_count;
	struct symbol_answer answers[SYMTAB_ANSWERS];
	size_t answer_count;
	bool indexed;
	struct symbol *items;
	size_t count, room;
	struct symbol_bucket *buckets;
	size_t bucket_count; /* a power of two; 0: no symbol */
};

/*
 * symtab_find - the defined symbols called @name
 * @count_ret: how many different values the name has; 0 when NULL is returned
 *
 * Loads the tables on first use; one that is damaged, or does not fit into memory, counts
 * as absent. File and section symbols are left out.
 *
 * Return: the first of @count_ret neighbours, or NULL.
 */
const struct symbol *symtab_find(struct usdtinfo_image *image, struct text name,
                                 size_t *count_ret);
