/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Symbols by name: loaded once, into buckets by a hash, which are sorted and searched by
 * halves. Operands name few symbols of many, so that sorting all would be most of the work.
 */
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

/* FNV-1a */
static uint32_t hash_name(const char *name, size_t size)
{
	uint32_t hash = 2166136261u;
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (unsigned char)name[i]) * 16777619u;
	return hash;
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
			.hash = hash_name(name, length),
		};
	}
	return true;
}

static size_t drop_repeated(struct symbol *items, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		if (kept > 0 && items[kept - 1].value == items[i].value &&
		    strcmp(items[kept - 1].name, items[i].name) == 0)
			continue;
		items[kept++] = items[i];
	}
	return kept;
}

static struct symbol_bucket *bucket_of(const struct symtab *symtab, uint32_t hash)
{
	return &symtab->buckets[hash & (symtab->bucket_count - 1)];
}

/* Order the symbols by bucket. Without memory for it there are none. */
static void fill_buckets(struct symtab *symtab)
{
	size_t count = 1;
	while (count < symtab->count)
		count *= 2;
	struct symbol *items = calloc(symtab->count, sizeof(*items));
	symtab->buckets = calloc(count, sizeof(*symtab->buckets));
	if (!items || !symtab->buckets) {
		free(items);
		return;
	}
	symtab->bucket_count = count;
	for (size_t i = 0; i < symtab->count; i++)
		bucket_of(symtab, symtab->items[i].hash)->count++;
	size_t start = 0;
	for (size_t i = 0; i < count; i++) {
		struct symbol_bucket *bucket = &symtab->buckets[i];
		bucket->start = start;
		start += bucket->count;
		bucket->count = 0;
	}
	for (size_t i = 0; i < symtab->count; i++) {
		struct symbol_bucket *bucket = bucket_of(symtab, symtab->items[i].hash);
		items[bucket->start + bucket->count++] = symtab->items[i];
	}
	free(symtab->items);
	symtab->items = items;
}

static void sort_bucket(struct symtab *symtab, struct symbol_bucket *bucket)
{
	struct symbol *items = symtab->items + bucket->start;
	if (!bucket->sorted && bucket->count > 1) {
		qsort(items, bucket->count, sizeof(*items), by_name_and_value);
		bucket->count = drop_repeated(items, bucket->count);
	}
	bucket->sorted = true;
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
	if (image->symtab.count)
		fill_buckets(&image->symtab);
}

static int compare_name(const struct symbol *symbol, struct text name)
{
	/* No further than decides: a hostile name may be as long as the file. */
	struct text start = { symbol->name, strnlen(symbol->name, name.size + 1) };
	return text_compare(start, name);
}

/* The first symbol whose name compares with @name as @below or more (0: equal, 1: after). */
static size_t bound(const struct symbol *items, size_t count, struct text name, int below)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_name(&items[middle], name) < below)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct symbol *symtab_find(struct usdtinfo_image *image, struct text name,
                                 size_t *count_ret)
{
	struct symtab *symtab = &image->symtab;
	if (!symtab->loaded)
		load(image);
	*count_ret = 0;
	if (!symtab->bucket_count)
		return NULL;
	struct symbol_bucket *bucket = bucket_of(symtab, hash_name(name.at, name.size));
	sort_bucket(symtab, bucket);
	/* Both ends by halving: a hostile table has one name in every row. */
	const struct symbol *items = symtab->items + bucket->start;
	size_t start = bound(items, bucket->count, name, 0);
	size_t end = bound(items, bucket->count, name, 1);
	*count_ret = end - start;
	return end > start ? &items[start] : NULL;
}

void symtab_deinit(struct symtab *symtab)
{
	free(symtab->items);
	free(symtab->buckets);
	*symtab = (struct symtab){ 0 };
}
