/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Symbols by name. Operands name few symbols of many: the first names are looked for through
 * all symbols, which costs less than any index; for more there are buckets by a hash, which
 * are sorted and searched by halves.
 */
#include "elf/symbol/symtab.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "elf/object/image.h"

static int by_name_and_value(const void *a, const void *b)
{
	const struct symbol *left = a, *right = b;
	int order = strcmp(left->name, right->name);
	if (order != 0)
		return order;
	if (left->value != right->value)
		return left->value < right->value ? -1 : 1;
	if (left->size != right->size)
		return left->size > right->size ? -1 : 1;
	if (left->section != right->section)
		return left->section < right->section ? -1 : 1;
	return (left->info > right->info) - (left->info < right->info);
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

static struct symbol symbol_of(const GElf_Sym *symbol, const char *name)
{
	return (struct symbol){
		.name = name,
		.value = symbol->st_value,
		.size = symbol->st_size,
		.info = symbol->st_info,
		.section = symbol->st_shndx,
	};
}

/* Return: the name of the INDEXth symbol, "" where it cannot be read */
static const char *name_at(const struct symbol_table *table, size_t index)
{
	/* The offset of the name comes first in symbols of either class. */
	Elf32_Word offset;
	const char *bytes = table->data->d_buf;
	memcpy(&offset, bytes + index * table->entry_size, sizeof(offset));
	const char *name = strings_at(&table->names, offset);
	return name ? name : "";
}

/* Return: false when memory or @name_budget ran out. */
static bool load_table(struct symtab *symtab, const struct symbol_table *table,
                       uint64_t *name_budget)
{
	for (size_t i = 1; i < table->count; i++) {
		GElf_Sym symbol;
		const char *name = name_at(table, i);
		if (*name == '\0' || !gelf_getsym(table->data, (int)i, &symbol) ||
		    !is_wanted(&symbol))
			continue;
		size_t length = strnlen(name, (size_t)*name_budget);
		if (length == *name_budget)
			return false;
		*name_budget -= length;
		if (!array_grow(&symtab->items, &symtab->room, symtab->count + 1,
		                sizeof(*symtab->items)))
			return false;
		struct symbol *item = &symtab->items[symtab->count++];
		*item = symbol_of(&symbol, name);
		item->hash = hash_name(name, length);
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

static void locate_tables(struct usdtinfo_image *image, struct symtab *symtab)
{
	bool have_static = false, have_dynamic = false;
	symtab->located = true;
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
		Elf_Scn *scn = elf_getscn(image->elf, section.index);
		Elf_Data *data = scn ? elf_getdata(scn, NULL) : NULL;
		size_t entry_size = gelf_fsize(image->elf, ELF_T_SYM, 1, EV_CURRENT);
		if (!data || !data->d_buf || section.header.sh_entsize == 0)
			continue;
		struct symbol_table *table = &symtab->tables[symtab->table_count++];
		table->data = data;
		table->entry_size = entry_size;
		table->count = data->d_size / entry_size;
		strings_load(&table->names, image->elf, section.header.sh_link);
	}
}

static void load_index(struct symtab *symtab, uint64_t name_budget)
{
	symtab->indexed = true;
	for (size_t i = 0; i < symtab->table_count; i++) {
		if (!load_table(symtab, &symtab->tables[i], &name_budget))
			break;
	}
	if (symtab->count)
		fill_buckets(symtab);
}

/* ---- the first names ---- */

/* Whether @name is @wanted; what was compared is taken off @budget. */
static bool is_name(const char *name, struct text wanted, uint64_t *budget)
{
	size_t i = 0;
	while (i < wanted.size && name[i] == wanted.at[i] && name[i] != '\0')
		i++;
	*budget = *budget > i ? *budget - i : 0;
	return i == wanted.size && name[i] == '\0';
}

/* Return: false when memory or @budget ran out. */
static bool search_table(const struct symbol_table *table, struct text wanted,
                         struct symbol_answer *answer, uint64_t *budget)
{
	for (size_t i = 1; i < table->count && *budget; i++) {
		GElf_Sym symbol;
		const char *name = name_at(table, i);
		if (!is_name(name, wanted, budget) ||
		    !gelf_getsym(table->data, (int)i, &symbol) || !is_wanted(&symbol))
			continue;
		if (!array_grow(&answer->items, &answer->room, answer->count + 1,
		                sizeof(*answer->items)))
			return false;
		answer->items[answer->count++] = symbol_of(&symbol, name);
	}
	return *budget > 0;
}

/* Return: what is known of a name that was asked for; NULL when there is no room for it */
static const struct symbol_answer *answer_for(struct symtab *symtab, struct text name,
                                              uint64_t budget)
{
	for (size_t i = 0; i < symtab->answer_count; i++) {
		if (text_equal(text_of(symtab->answers[i].name), name))
			return &symtab->answers[i];
	}
	if (symtab->answer_count == SYMTAB_ANSWERS || name.size == 0)
		return NULL;
	struct symbol_answer *answer = &symtab->answers[symtab->answer_count];
	answer->name = strndup(name.at, name.size);
	if (!answer->name)
		return NULL;
	symtab->answer_count++;
	for (size_t i = 0; i < symtab->table_count; i++) {
		if (!search_table(&symtab->tables[i], name, answer, &budget)) {
			answer->count = 0;
			break;
		}
	}
	if (answer->count > 1) {
		qsort(answer->items, answer->count, sizeof(*answer->items),
		      by_name_and_value);
		answer->count = drop_repeated(answer->items, answer->count);
	}
	return answer;
}

/* ---- the index ---- */

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

static const struct symbol *index_find(struct symtab *symtab, struct text name,
                                       size_t *count_ret)
{
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

/* Frees what the image's table owns. */
static void symtab_deinit(struct image_table *table)
{
	struct symtab *symtab = (struct symtab *)table;
	for (size_t i = 0; i < symtab->answer_count; i++) {
		free(symtab->answers[i].name);
		free(symtab->answers[i].items);
	}
	free(symtab->items);
	free(symtab->buckets);
}

const struct symbol *symtab_find(struct usdtinfo_image *image, struct text name,
                                 size_t *count_ret)
{
	struct symtab *symtab = image_table(image, IMAGE_SYMBOLS, sizeof(*symtab),
	                                    symtab_deinit);
	uint64_t name_budget = image->size * NAME_BYTES_FACTOR;
	*count_ret = 0;
	if (!symtab)
		return NULL;
	if (!symtab->located)
		locate_tables(image, symtab);
	const struct symbol_answer *answer = answer_for(symtab, name, name_budget);
	if (answer) {
		*count_ret = answer->count;
		return answer->count ? answer->items : NULL;
	}
	if (!symtab->indexed)
		load_index(symtab, name_budget);
	return index_find(symtab, name, count_ret);
}
