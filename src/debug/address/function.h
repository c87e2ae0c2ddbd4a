/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Functions by address, from symbol tables. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "debug/address/range_index.h"
#include "debug/file/debug_file.h"

struct code_symbol {
	const char *name; /* in its file's string table */
	uint64_t address, size;
	uint32_t section;   /* of the image */
	unsigned char rank; /* of several at one place, the highest is shown */
};

/* Zero-initialise; release with functions_deinit(). */
struct functions {
	struct code_symbol *items; /* by address */
	size_t count, room;
	struct range_index sized; /* owner: index in items */
	uint64_t names_left;      /* bytes of names that may still be taken */
};

/*
 * functions_add - the code symbols of one table of @file
 * @image: that the addresses are for; a file of its own may be at others (prelink)
 * @type: SHT_SYMTAB or SHT_DYNSYM
 * @any_ret: set to true when there was one
 *
 * Names stay in @file, which must outlive @functions. Descriptors of PowerPC's first 64-bit
 * ABI are followed to the code, the bit that marks Thumb and MIPS16 is taken off, and
 * mapping symbols are left out.
 *
 * Return: 0 or USDTINFO_E_MEMORY.
 */
int functions_add(struct functions *functions, struct usdtinfo_image *image,
                  struct debug_file *file, uint32_t type, bool *any_ret,
                  struct usdtinfo_error *err);
/* To be called once, after the last functions_add(). Return: 0 or USDTINFO_E_MEMORY */
int functions_sort(struct functions *functions, struct usdtinfo_error *err);

/*
 * functions_find - the symbol of the function that holds @address
 * @section: index of the section that holds it
 *
 * One whose size covers it; else the nearest one without a size before it in the section.
 * Return: NULL when there is none
 */
const struct code_symbol *functions_find(const struct functions *functions,
                                         uint64_t address, size_t section);
void functions_deinit(struct functions *functions);
