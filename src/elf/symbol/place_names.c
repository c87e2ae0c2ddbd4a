/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Assemblers refer to a local variable by its section: its name is found by its place. */
#include "elf/symbol/place_names.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "elf/object/image.h"

static int by_place(const void *a, const void *b)
{
	const struct place_name *left = a, *right = b;
	if (left->section != right->section)
		return left->section < right->section ? -1 : 1;
	return (left->value > right->value) - (left->value < right->value);
}

/* Not the marks of ARM, AArch64 and RISC-V for code and data, and no compiler's labels. */
static bool is_variable(const GElf_Sym *symbol, const char *name)
{
	int type = GELF_ST_TYPE(symbol->st_info);
	return (type == STT_OBJECT || type == STT_NOTYPE) && name && *name &&
	       *name != '$' && strncmp(name, ".L", 2) != 0;
}

static Elf_Data *section_data(struct usdtinfo_image *image, size_t index)
{
	Elf_Scn *scn = index ? elf_getscn(image->elf, index) : NULL;
	return scn ? elf_getdata(scn, NULL) : NULL;
}

/* Return: false when memory ran out. */
static bool load(struct usdtinfo_image *image, size_t symtab, size_t extended_index,
                 struct place_names *names)
{
	Elf_Data *extended = section_data(image, extended_index);
	Elf_Data *data = section_data(image, symtab);
	struct section table;
	if (!data || !image_section(image, symtab, &table))
		return true;
	struct strings strings = { 0 };
	strings_load(&strings, image->elf, table.header.sh_link);
	size_t count = data->d_size / gelf_fsize(image->elf, ELF_T_SYM, 1, EV_CURRENT);
	for (size_t i = 1; i < count; i++) {
		GElf_Sym symbol;
		Elf32_Word section = 0;
		if (!gelf_getsymshndx(data, extended, (int)i, &symbol, &section) ||
		    !is_variable(&symbol, strings_at(&strings, symbol.st_name)))
			continue;
		if (symbol.st_shndx != SHN_XINDEX)
			section = symbol.st_shndx < SHN_LORESERVE ? symbol.st_shndx : 0;
		if (section == 0)
			continue;
		if (!array_grow(&names->items, &names->room, names->count + 1,
		                sizeof(*names->items)))
			return false;
		names->items[names->count++] = (struct place_name){
			.value = symbol.st_value,
			.section = section,
			.symbol = (uint32_t)i,
		};
	}
	if (names->count)
		qsort(names->items, names->count, sizeof(*names->items), by_place);
	return true;
}

static void place_names_deinit(struct image_table *table)
{
	free(((struct place_names *)table)->items);
}

uint32_t place_names_find(struct usdtinfo_image *image, size_t symtab, size_t extended,
                          uint32_t section, uint64_t value)
{
	struct place_names *names = image_table(image, IMAGE_PLACE_NAMES, sizeof(*names),
	                                        place_names_deinit);
	const struct place_name wanted = { .value = value, .section = section };
	if (!names)
		return 0;
	/* Not all of them would be told from one that is alone at its place. */
	if (!names->loaded && !load(image, symtab, extended, names))
		names->count = 0;
	names->loaded = true;
	const struct place_name *found = names->count ? bsearch(&wanted, names->items,
	                                                        names->count,
	                                                        sizeof(*names->items),
	                                                        by_place)
	                                              : NULL;
	if (!found)
		return 0;
	const struct place_name *last = names->items + names->count - 1;
	bool alone = (found == names->items || by_place(found - 1, found) != 0) &&
	             (found == last || by_place(found + 1, found) != 0);
	return alone ? found->symbol : 0;
}
