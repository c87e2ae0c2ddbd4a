/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Applying the relocations of one section, and finding them again by offset. */
#include "elf/symbol/relocation.h"

#include <elf.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "elf/object/image.h"
#include "elf/symbol/place_names.h"
#include "elf/symbol/relocation_type.h"

/* An entry of a relocation section, in the form of no machine. */
struct relocation_entry {
	uint64_t offset;
	int64_t addend;
	uint32_t symbol, type;
};

/* The symbols that relocations name. */
struct symbols {
	Elf_Data *data, *extended;
	size_t count;
};

struct relocation_work {
	struct usdtinfo_image *image;
	const uint64_t *layout; /* address of each section; NULL: all are at 0 */
	uint64_t address;       /* of the section that is relocated */
	struct relocations *result;
	struct contents *contents;
	struct symbols symbols;
	const struct relocation_type
		*type; /* of the entry before: nearly always the same */
};

__attribute__((format(printf, 2, 3))) static void damage(struct relocations *result,
                                                         const char *fmt, ...)
{
	if (result->damaged++ > 0)
		return;
	va_list args;
	va_start(args, fmt);
	vsnprintf(result->damage, sizeof(result->damage), fmt, args);
	va_end(args);
}

/* A relocation section and the section that it is for. */
struct relocation_pair {
	uint32_t target, index;
};

/* Which sections relocate which: a table of the image. */
struct relocation_tables {
	struct image_table table;
	bool is_loaded;
	struct relocation_pair *items; /* sorted */
	size_t count;
	size_t symtab; /* section of the symbols of them all; 0: not known yet */
	struct relocation_pair symbol_indexes; /* SHT_SYMTAB_SHNDX; index 0: none */
};

static void relocation_tables_deinit(struct image_table *table)
{
	free(((struct relocation_tables *)table)->items);
}

/* Return: those of @image, empty when they were not loaded yet; NULL when memory ran out */
static struct relocation_tables *tables_of(struct usdtinfo_image *image)
{
	return image_table(image, IMAGE_RELOCATIONS, sizeof(struct relocation_tables),
	                   relocation_tables_deinit);
}

/* Return: the section with the indexes of sections from 0xff00 on, or 0 */
static size_t extended_of(struct usdtinfo_image *image, size_t symtab)
{
	const struct relocation_tables *tables = tables_of(image);
	return tables && tables->symbol_indexes.target == symtab
	               ? tables->symbol_indexes.index
	               : 0;
}

static int by_target(const void *a, const void *b)
{
	const struct relocation_pair *left = a, *right = b;
	if (left->target != right->target)
		return left->target < right->target ? -1 : 1;
	return (left->index > right->index) - (left->index < right->index);
}

/* Looked up once a note section, of which C++ has many. */
static bool load_pairs(struct usdtinfo_image *image, struct relocation_tables *tables)
{
	size_t room = 0;
	uint64_t total = 0;
	tables->is_loaded = true;
	for (size_t i = 1; i < image->section_count; i++) {
		struct section section;
		if (!image_section(image, i, &section))
			continue;
		struct relocation_pair pair = { section.header.sh_info, (uint32_t)i };
		if (section.header.sh_type == SHT_SYMTAB_SHNDX)
			tables->symbol_indexes = (struct relocation_pair){
				section.header.sh_link, (uint32_t)i
			};
		if (section.header.sh_type != SHT_REL &&
		    section.header.sh_type != SHT_RELA)
			continue;
		/* As with notes: what overlaps could be read any number of times. */
		if (section.header.sh_size <= image->size)
			total += section.header.sh_size;
		if (total > image->size) {
			diagnose(
				&image->facts.diagnostics, DIAG_RELOCATION_DAMAGED,
				"the relocation sections overlap: there are more bytes in them than in the file, and some are left out");
			break;
		}
		if (!array_grow(&tables->items, &room, tables->count + 1,
		                sizeof(*tables->items)))
			return false;
		tables->items[tables->count++] = pair;
	}
	if (tables->count)
		qsort(tables->items, tables->count, sizeof(*tables->items), by_target);
	return true;
}

static bool load_symbols(struct relocation_work *work, size_t index)
{
	struct section table;
	if (!image_section(work->image, index, &table) ||
	    (table.header.sh_type != SHT_SYMTAB && table.header.sh_type != SHT_DYNSYM))
		return false;
	Elf_Scn *scn = elf_getscn(work->image->elf, index);
	tables_of(work->image)->symtab = index;
	work->symbols.data = scn ? elf_getdata(scn, NULL) : NULL;
	if (!work->symbols.data)
		return false;
	work->symbols.count = work->symbols.data->d_size /
	                      gelf_fsize(work->image->elf, ELF_T_SYM, 1, EV_CURRENT);
	/*
	 * Section indexes of 0xff00 and more stand in a table of their own. elf_scnshndx()
	 * does not find it in files that are not mapped.
	 */
	size_t extended = extended_of(work->image, index);
	if (extended) {
		scn = elf_getscn(work->image->elf, extended);
		work->symbols.extended = scn ? elf_getdata(scn, NULL) : NULL;
	}
	work->result->symtab = index;
	strings_load(&work->result->names, work->image->elf, table.header.sh_link);
	return true;
}

static uint64_t read_word(const unsigned char *at, unsigned size, bool big_endian)
{
	uint64_t word = 0;
	for (unsigned i = 0; i < size; i++)
		word = word << 8 | at[big_endian ? i : size - 1 - i];
	return word;
}

static void write_word(unsigned char *at, unsigned size, bool big_endian, uint64_t word)
{
	for (unsigned i = 0; i < size; i++, word >>= 8)
		at[big_endian ? size - 1 - i : i] = (unsigned char)word;
}

/* The layout of r_info, which 64-bit MIPS keeps as bytes in one order for both. */
static void split_info(const struct usdtinfo_image *image, const unsigned char *info,
                       struct relocation_entry *entry)
{
	bool big = image->big_endian;
	if (image->address_size == 4) {
		uint64_t word = read_word(info, 4, big);
		entry->symbol = (uint32_t)(word >> 8);
		entry->type = word & 0xff;
	} else if (image->header.e_machine == EM_MIPS) {
		entry->symbol = (uint32_t)read_word(info, 4, big);
		/* r_ssym, r_type3, r_type2, r_type; the last three are one composed type. */
		entry->type = (uint32_t)read_word(info + 5, 3, true);
	} else {
		uint64_t word = read_word(info, 8, big);
		entry->symbol = (uint32_t)(word >> 32);
		entry->type = (uint32_t)word;
		/* SPARC keeps data for one type, R_SPARC_OLO10, in the upper bits. */
		if (image->header.e_machine == EM_SPARCV9)
			entry->type &= 0xff;
	}
}

static struct relocation_entry read_entry(const struct usdtinfo_image *image,
                                          const unsigned char *at, bool has_addend)
{
	unsigned word = image->address_size;
	struct relocation_entry entry = { .offset = read_word(at, word,
		                                              image->big_endian) };
	split_info(image, at + word, &entry);
	if (has_addend) {
		uint64_t addend = read_word(at + (size_t)2 * word, word,
		                            image->big_endian);
		entry.addend = word == 4 ? (int32_t)(uint32_t)addend : (int64_t)addend;
	}
	return entry;
}

/* Return: whether the entry's symbol can be taken; 0 stands for "no symbol, value 0". */
static bool find_symbol(struct relocation_work *work,
                        const struct relocation_entry *entry, GElf_Sym *symbol,
                        uint32_t *section_ret)
{
	Elf32_Word extended = 0;
	*symbol = (GElf_Sym){ 0 };
	*section_ret = 0;
	if (entry->symbol == 0)
		return true;
	if (entry->symbol >= work->symbols.count ||
	    !gelf_getsymshndx(work->symbols.data, work->symbols.extended,
	                      (int)entry->symbol, symbol, &extended))
		return false;
	if (symbol->st_shndx == SHN_XINDEX)
		*section_ret = extended;
	else if (symbol->st_shndx < SHN_LORESERVE)
		*section_ret = symbol->st_shndx;
	return true;
}

/* Values that are no address: a file's name, an offset into thread storage, a resolver. */
static bool is_addressable(const GElf_Sym *symbol)
{
	int type = GELF_ST_TYPE(symbol->st_info);
	return type <= STT_SECTION || type == STT_COMMON;
}

static bool keep(struct relocations *result, struct relocation relocation)
{
	if (!array_grow(&result->items, &result->room, result->count + 1,
	                sizeof(*result->items)))
		return false;
	result->items[result->count++] = relocation;
	return true;
}

/* Return: false when memory ran out. */
static bool apply(struct relocation_work *work, const struct relocation_entry *entry,
                  bool has_addend)
{
	struct relocations *result = work->result;
	struct usdtinfo_image *image = work->image;
	unsigned machine = image->header.e_machine;
	if (relocation_type_is_none(machine, entry->type))
		return true;
	if (!work->type || work->type->type != entry->type)
		work->type = relocation_type_find(machine, entry->type);
	const struct relocation_type *type = work->type;
	/* A distance in a note has no meaning: the note is not loaded. */
	if (!type || (type->pc_relative && !work->layout)) {
		if (result->unknown++ == 0) {
			result->first_unknown.type = entry->type;
			result->first_unknown.offset = entry->offset;
		}
		return true;
	}
	size_t size = work->contents->bytes.left;
	if (entry->offset > size || size - entry->offset < type->size) {
		damage(result, "offset 0x%" PRIx64 " is beyond the section's %zu bytes",
		       entry->offset, size);
		return true;
	}
	GElf_Sym symbol;
	uint32_t section;
	if (!find_symbol(work, entry, &symbol, &section)) {
		damage(result,
		       "the one at 0x%" PRIx64 " is for symbol %" PRIu32 " of %zu",
		       entry->offset, entry->symbol, work->symbols.count);
		return true;
	}
	if (!is_addressable(&symbol)) {
		damage(result,
		       "symbol %" PRIu32 " of the one at 0x%" PRIx64
		       " has no address: its type is %d",
		       entry->symbol, entry->offset, GELF_ST_TYPE(symbol.st_info));
		return true;
	}
	unsigned char *at = work->contents->owned + entry->offset;
	uint64_t stored = read_word(at, type->size, image->big_endian);
	uint64_t value = symbol.st_value + (uint64_t)entry->addend;
	if (work->layout && section && section < image->section_count)
		value += work->layout[section];
	if (type->pc_relative)
		value -= work->address + entry->offset;
	if (type->operation == RELOCATION_SUBTRACT)
		value = stored - value;
	else if (type->operation == RELOCATION_ADD || !has_addend || type->adds_in_place)
		value += stored;
	if (type->size < 8)
		value &= (UINT64_C(1) << type->size * 8) - 1;
	write_word(at, type->size, image->big_endian, value);
	if (type->operation != RELOCATION_SET)
		return true;
	return keep(result,
	            (struct relocation){ entry->offset, value, entry->symbol, section });
}

/* Relocations change the bytes: they must be ours. Return: false when memory ran out. */
static bool own(struct contents *contents)
{
	if (contents->owned)
		return true;
	size_t size = contents->bytes.left;
	unsigned char *copy = malloc(size ? size : 1);
	if (!copy)
		return false;
	if (size)
		memcpy(copy, contents->bytes.at, size);
	contents->owned = copy;
	contents->bytes.at = copy;
	return true;
}

static int apply_table(struct relocation_work *work, size_t index,
                       struct usdtinfo_error *err)
{
	struct usdtinfo_image *image = work->image;
	struct relocations *result = work->result;
	struct section table;
	if (!image_section(image, index, &table) || table.header.sh_size == 0)
		return 0;
	/* An object has one symbol table: more would let a small file multiply its own size. */
	bool loaded = result->symtab == table.header.sh_link && work->symbols.data;
	size_t known = tables_of(image)->symtab;
	bool other = known && known != table.header.sh_link;
	if (other) {
		damage(result,
		       "section %zu names another symbol table (%" PRIu32
		       ") than those before (%zu)",
		       index, table.header.sh_link, known);
		return 0;
	}
	if (!loaded && (result->symtab || !load_symbols(work, table.header.sh_link))) {
		damage(result, "section %zu names no symbol table (%" PRIu32 ")", index,
		       table.header.sh_link);
		return 0;
	}
	struct contents entries;
	struct usdtinfo_error why;
	int r = image_range(image, table.header.sh_offset, table.header.sh_size, &entries,
	                    &why);
	if (r == USDTINFO_E_DAMAGED) {
		damage(result, "%s", why.text);
		return 0;
	}
	if (r < 0) {
		if (err)
			*err = why;
		return r;
	}
	bool has_addend = table.header.sh_type == SHT_RELA;
	size_t size = (size_t)image->address_size * (has_addend ? 3 : 2);
	struct span left = entries.bytes, one;
	bool enough = own(work->contents);
	while (enough && span_take(&left, size, &one)) {
		struct relocation_entry entry = read_entry(image, one.at, has_addend);
		enough = apply(work, &entry, has_addend);
	}
	if (left.left)
		damage(result, "section %zu ends within an entry", index);
	contents_deinit(&entries);
	return enough ? 0 : fail_memory(err);
}

static int by_offset(const void *a, const void *b)
{
	const struct relocation *left = a, *right = b;
	if (left->offset != right->offset)
		return left->offset < right->offset ? -1 : 1;
	if (left->symbol != right->symbol)
		return left->symbol < right->symbol ? -1 : 1;
	if (left->section != right->section)
		return left->section < right->section ? -1 : 1;
	return (left->value > right->value) - (left->value < right->value);
}

static void sort(struct relocations *relocations)
{
	/* Assemblers write them in order. */
	for (size_t i = 1; i < relocations->count; i++) {
		if (by_offset(&relocations->items[i - 1], &relocations->items[i]) > 0) {
			qsort(relocations->items, relocations->count,
			      sizeof(*relocations->items), by_offset);
			return;
		}
	}
}

int image_relocate(struct usdtinfo_image *image, size_t section, const uint64_t *layout,
                   struct contents *contents, struct relocations *ret,
                   struct usdtinfo_error *err)
{
	_cleanup_(relocations_deinit) struct relocations unasked = { 0 };
	struct relocation_tables *tables = tables_of(image);
	struct relocation_work work = {
		.image = image,
		.layout = layout,
		.address = layout ? layout[section] : 0,
		.contents = contents,
		.result = ret ? ret : &unasked,
	};
	if (!tables || (!tables->is_loaded && !load_pairs(image, tables)))
		return fail_memory(err);
	size_t low = 0, high = tables->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (tables->items[middle].target < section)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < tables->count; low++) {
		if (tables->items[low].target != section)
			break;
		int r = apply_table(&work, tables->items[low].index, err);
		if (r < 0)
			return r;
	}
	sort(work.result);
	return 0;
}

const struct relocation *relocations_find(const struct relocations *relocations,
                                          uint64_t offset)
{
	size_t low = array_below(relocations->items, relocations->count, offset, offset);
	if (low == relocations->count || relocations->items[low].offset != offset)
		return NULL;
	return &relocations->items[low];
}

/* Return: the name that @relocation's place has, by its own symbol or by another, or NULL */
static const char *target_name(struct usdtinfo_image *image,
                               const struct relocations *relocations,
                               const struct relocation *relocation)
{
	Elf_Scn *scn = elf_getscn(image->elf, relocations->symtab);
	Elf_Data *data = scn ? elf_getdata(scn, NULL) : NULL;
	GElf_Sym symbol;
	if (!data || !gelf_getsym(data, (int)relocation->symbol, &symbol))
		return NULL;
	const char *name = strings_short(&relocations->names, symbol.st_name);
	if (name && *name && GELF_ST_TYPE(symbol.st_info) != STT_SECTION &&
	    relocation->value == symbol.st_value)
		return name;
	uint32_t index = place_names_find(image, relocations->symtab,
	                                  extended_of(image, relocations->symtab),
	                                  relocation->section, relocation->value);
	return index && gelf_getsym(data, (int)index, &symbol)
	               ? strings_short(&relocations->names, symbol.st_name)
	               : NULL;
}

bool relocation_target(struct usdtinfo_image *image,
                       const struct relocations *relocations,
                       const struct relocation *relocation, struct strbuf *out)
{
	const char *name = target_name(image, relocations, relocation);
	if (name) {
		strbuf_add_string(out, name);
		return !out->failed;
	}
	struct section section;
	if (!image_section(image, relocation->section, &section) || !*section.name)
		return false;
	strbuf_addf(out, "%s+0x%" PRIx64, section.name, relocation->value);
	return !out->failed;
}

void relocations_deinit(struct relocations *relocations)
{
	free(relocations->items);
	*relocations = (struct relocations){ 0 };
}
