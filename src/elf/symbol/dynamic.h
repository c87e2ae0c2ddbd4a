/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What the dynamic linker reads of an object: by PT_DYNAMIC, so without section headers too. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf/object/image.h"

/* Release with dynamic_deinit(). Texts borrow from here; AT is NULL where the tag is absent. */
struct dynamic {
	bool present;        /* there is a PT_DYNAMIC segment */
	struct text *needed; /* DT_NEEDED, in order */
	size_t needed_count, needed_room;
	struct text soname, rpath, runpath;
	uint64_t flags_1;        /* DT_FLAGS_1; 0 when absent */
	struct text interpreter; /* of PT_INTERP */
	/* Private: where the tables are, as link-time addresses; 0 when absent. */
	uint64_t symbols, strings_address, strings_size, hash, gnu_hash;
	struct contents strings;
	char *interpreter_owned;
};

/*
 * dynamic_load - read the dynamic section of an image
 *
 * An object without one is no failure: nothing is present. Names that are not terminated
 * inside the string table, or that no path can hold, are left out.
 *
 * Return: 0; USDTINFO_E_DAMAGED when the segment or its string table lie outside the file;
 * USDTINFO_E_SYSTEM, E_MEMORY. *@ret is to be released in every case.
 */
int dynamic_load(struct usdtinfo_image *image, struct dynamic *ret,
                 struct usdtinfo_error *err);
void dynamic_deinit(struct dynamic *dynamic);

struct dynamic_symbol {
	uint64_t value, size;
	unsigned char info; /* st_info */
};

/*
 * dynamic_find_symbol - a symbol that the object defines for others, by its hash table
 *
 * Return: false when there is none; *@ret untouched.
 */
bool dynamic_find_symbol(struct usdtinfo_image *image, const struct dynamic *dynamic,
                         const char *name, struct dynamic_symbol *ret);
