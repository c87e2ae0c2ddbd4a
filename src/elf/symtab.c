/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Symbols by name: loaded once, sorted, searched by halves. */
#include "elf/symtab.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "elf/image.h"

static int by_name_and_value(const void *a, const void *b)
{
	const struct symbol *left = a, *right = b;
	int order = strcmp(left->name, right->name);
	if (order != 0)
		return order;
	if (left->value != right->value)
		return left->value < right->value ? -1 : 1;
	return (left->size < right->size) - (left->size > right->size);
}

static bool is_wanted(const GElf_Sym *symbol)
{
	int type = GELF_ST_TYPE(symbol->st_info);
	return symbol->st_shndx != SHN_UNDEF && symbol->st_shndx != SHN_COMMON &&
	       type != STT_FILE && type != STT_SECTION;
}

/*
 * A hostile string table lets every symbol share one enormous name. Names of real files add
 * up to little more than the file.
 */
#define NAME_BYTES_FACTOR 16

/* Return: false when memory or @name_budget ran out. */
static bool load_table(struct usdtinfo_image *image, const struct section *table,
                       uint64_t *name_budget)
{
	struct symtab *symtab = &image->symtab;
	Elf_Scn *scn = elf_getscn(image->elf, table->index);
	Elf_Data *data = scn ? elf_getdata(scn, NULL) : NULL;
	if (!data || table->header.sh_entsize == 0)
		return true;
	struct strings names;
	strings_load(&names, image->elf, table->header.sh_link);
	size_t count = data->d_size / gelf_fsize(image->elf, ELF_T_SYM, 1, EV_CURRENT);
	for (size_t i = 1; i < count; i++) {
		GElf_Sym symbol;
		if (!gelf_getsym(data, (int)i, &symbol) || !is_wanted(&symbol))
			continue;
		const char *name = strings_at(&names, symbol.st_name);
		if (!name || *name == '\0')
			continue;
		size_t length = strnlen(name, (size_t)*name_budget);
		if (length == *name_budget)
			return false;
		*name_budget -= length;
		if (!array_grow(&symtab->items, &symtab->room, symtab->count + 1,
		                sizeof(*symtab->items)))
			return false;
		symtab->items[symtab->count++] = (struct symbol){
			.name = name,
			.value = symbol.st_value,
			.size = symbol.st_size,
			.info = symbol.st_info,
			.section = symbol.st_shndx,
		};
	}
	return true;
}

static void drop_repeated(struct symtab *symtab)
{
	size_t kept = 0;
	for (size_t i = 0; i < symtab->count; i++) {
		struct symbol *symbol = &symtab->items[i];
		if (kept > 0 && symtab->items[kept - 1].value == symbol->value &&
		    strcmp(symtab->items[kept - 1].name, symbol->name) == 0)
			continue;
		symtab->items[kept++] = *symbol;
	}
	symtab->count = kept;
}

static void load(struct usdtinfo_image *image)
{
	bool have_static = false, have_dynamic = false;
	uint64_t name_budget = image->size * NAME_BYTES_FACTOR;
	image->symtab.loaded = true;
	for (size_t i = 1; i < image->section_count; i++) {
		struct section section;
		if (!image_section(image, i, &section))
			continue;
		/* One of each: more would let a small file multiply its own size. */
		bool *have = section.header.sh_type == SHT_SYMTAB   ? &have_static
		             : section.header.sh_type == SHT_DYNSYM ? &have_dynamic
		                                                    : NULL;
		if (!have || *have)
			continue;
		*have = true;
		if (!load_table(image, &section, &name_budget))
			break;
	}
	if (image->symtab.count == 0)
		return;
	qsort(image->symtab.items, image->symtab.count, sizeof(*image->symtab.items),
	      by_name_and_value);
	drop_repeated(&image->symtab);
}

static int compare_name(const struct symbol *symbol, struct text name)
{
	/* No further than decides: a hostile name may be as long as the file. */
	struct text start = { symbol->name, strnlen(symbol->name, name.size + 1) };
	return text_compare(start, name);
}

/* The first symbol whose name compares with @name as @below or more (0: equal, 1: after). */
static size_t bound(const struct symtab *symtab, struct text name, int below)
{
	size_t low = 0, high = symtab->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_name(&symtab->items[middle], name) < below)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct symbol *symtab_find(struct usdtinfo_image *image, struct text name,
                                 size_t *count_ret)
{
	const struct symtab *symtab = &image->symtab;
	if (!symtab->loaded)
		load(image);
	/* Both ends by halving: a hostile table has one name in every row. */
	size_t start = bound(symtab, name, 0), end = bound(symtab, name, 1);
	*count_ret = end - start;
	return end > start ? &symtab->items[start] : NULL;
}

void symtab_deinit(struct symtab *symtab)
{
	free(symtab->items);
	*symtab = (struct symtab){ 0 };
}
