/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Functions by address, from symbol tables. */
#include "debug/address/function.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/span.h"
#include "debug/address/bias.h"
#include "elf/symbol/relocation.h"

/*
 * A hostile string table lets every symbol share one enormous name. Names of real files add
 * up to little more than the file.
 */
#define NAME_BYTES_FACTOR 16
#define OVERLAPS_MAX      64

/* .opd: descriptors of functions, in the image. */
struct descriptors {
	size_t section; /* 0: the machine has none */
	uint64_t address;
	struct contents contents;
};

struct function_search {
	struct functions *functions;
	struct usdtinfo_image *image;
	struct debug_file *file;
	struct bias bias;
	struct descriptors descriptors;
	struct strings names;
};

static bool load_descriptors(struct function_search *job)
{
	struct usdtinfo_image *image = job->image;
	if (image->header.e_machine != EM_PPC64)
		return true;
	for (size_t i = 1; i < image->section_count; i++) {
		struct section section;
		struct descriptors *opd = &job->descriptors;
		if (!image_section(image, i, &section) ||
		    strcmp(section.name, ".opd") != 0)
			continue;
		opd->section = i;
		opd->address = section.header.sh_addr;
		if (section.header.sh_type == SHT_NOBITS ||
		    image_range(image, section.header.sh_offset, section.header.sh_size,
		                &opd->contents, NULL) < 0)
			return true;
		const uint64_t *layout = job->file->layout;
		if (layout)
			opd->address = layout[i];
		return !layout ||
		       image_relocate(image, i, layout, &opd->contents, NULL, NULL) == 0;
	}
	return true;
}

/* Mapping symbols and local labels are no functions. */
static bool is_label(const char *name)
{
	return name[0] == '\0' || name[0] == '$' || (name[0] == '.' && name[1] == 'L') ||
	       strncmp(name, "_.stapsdt.base", 14) == 0;
}

static bool is_code(struct debug_file *file, size_t index)
{
	Elf_Scn *scn = elf_getscn(file->elf, index);
	GElf_Shdr header;
	return scn && gelf_getshdr(scn, &header) && (header.sh_flags & SHF_EXECINSTR);
}

static unsigned char rank(const GElf_Sym *symbol)
{
	static const unsigned char of_binding[16] = {
		[STB_LOCAL] = 1, [STB_GLOBAL] = 3, [STB_WEAK] = 2
	};
	int type = GELF_ST_TYPE(symbol->st_info);
	unsigned char points = of_binding[GELF_ST_BIND(symbol->st_info)];
	return (unsigned char)(points +
	                       (type == STT_FUNC || type == STT_GNU_IFUNC ? 4 : 0));
}

/* Where the code of a symbol is, in the terms of the image. */
static bool code_address(struct function_search *job, const GElf_Sym *symbol,
                         uint32_t index, uint64_t *ret)
{
	struct debug_file *file = job->file;
	unsigned machine = file->header.e_machine;
	uint64_t address = symbol->st_value;
	if (file->layout)
		address += file->layout[index];
	const struct descriptors *opd = &job->descriptors;
	if (opd->section && index == opd->section) {
		struct span span = opd->contents.bytes;
		uint64_t offset = address - opd->address;
		return offset < span.left && span_skip(&span, (size_t)offset) &&
		       span_u64(&span, job->image->big_endian, ret);
	}
	if (!is_code(file, index))
		return false;
	if (machine == EM_MIPS ||
	    (machine == EM_ARM && GELF_ST_TYPE(symbol->st_info) == STT_FUNC))
		address &= ~(uint64_t)1;
	*ret = address + bias_of(&job->bias, index);
	return true;
}

/* Return: false when memory or the budget of names ran out */
static bool add_symbol(struct function_search *job, const GElf_Sym *symbol,
                       uint32_t index)
{
	struct functions *functions = job->functions;
	int type = GELF_ST_TYPE(symbol->st_info);
	uint64_t address;
	if (type != STT_FUNC && type != STT_GNU_IFUNC && type != STT_NOTYPE)
		return true;
	const char *name = strings_at(&job->names, symbol->st_name);
	if (index == SHN_UNDEF || index >= job->file->section_count || !name ||
	    is_label(name) || !code_address(job, symbol, index, &address))
		return true;
	size_t length = strnlen(name, (size_t)functions->names_left);
	if (length == functions->names_left)
		return false;
	functions->names_left -= length;
	if (!array_grow(&functions->items, &functions->room, functions->count + 1,
	                sizeof(*functions->items)))
		return false;
	functions->items[functions->count++] = (struct code_symbol){
		.name = name,
		.address = address,
		.size = symbol->st_size,
		.section = index,
		.rank = rank(symbol),
	};
	return true;
}

/* Where a symbol table's section indexes of 0xff00 and more stand. Return: NULL: nowhere */
static Elf_Data *extended_indexes(Elf *elf, Elf_Scn *table)
{
	Elf_Scn *scn = NULL;
	/* elf_scnshndx() does not find it in files that are not mapped. */
	while ((scn = elf_nextscn(elf, scn))) {
		GElf_Shdr header;
		if (gelf_getshdr(scn, &header) && header.sh_type == SHT_SYMTAB_SHNDX &&
		    header.sh_link == elf_ndxscn(table))
			return elf_getdata(scn, NULL);
	}
	return NULL;
}

static bool add_table(struct function_search *job, Elf_Scn *scn, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	if (!data)
		return true;
	Elf_Data *extended = extended_indexes(job->file->elf, scn);
	strings_load(&job->names, job->file->elf, header->sh_link);
	size_t count = data->d_size /
	               gelf_fsize(job->file->elf, ELF_T_SYM, 1, EV_CURRENT);
	for (size_t i = 1; i < count; i++) {
		GElf_Sym symbol;
		Elf32_Word section = 0;
		if (!gelf_getsymshndx(data, extended, (int)i, &symbol, &section))
			continue;
		if (symbol.st_shndx < SHN_LORESERVE)
			section = symbol.st_shndx;
		else if (symbol.st_shndx != SHN_XINDEX)
			continue;
		if (!add_symbol(job, &symbol, section))
			return false;
	}
	return true;
}

int functions_add(struct functions *functions, struct usdtinfo_image *image,
                  struct debug_file *file, uint32_t type, bool *any_ret,
                  struct usdtinfo_error *err)
{
	struct function_search job = { .functions = functions,
		                       .image = image,
		                       .file = file };
	Elf_Scn *scn = NULL;
	size_t before = functions->count;
	bool enough = bias_init(&job.bias, image, file) && load_descriptors(&job);
	functions->names_left += file->size * NAME_BYTES_FACTOR;
	while (enough && (scn = elf_nextscn(file->elf, scn))) {
		GElf_Shdr header;
		if (!gelf_getshdr(scn, &header) || header.sh_type != type)
			continue;
		enough = add_table(&job, scn, &header);
		/* One of each: more would let a small file multiply its own size. */
		break;
	}
	*any_ret |= functions->count > before;
	contents_deinit(&job.descriptors.contents);
	bias_deinit(&job.bias);
	/* Names beyond the budget are damage, which leaves what was found before. */
	return enough || functions->names_left < file->size ? 0 : fail_memory(err);
}

static int by_address(const void *a, const void *b)
{
	const struct code_symbol *left = a, *right = b;
	if (left->address != right->address)
		return left->address < right->address ? -1 : 1;
	if (left->rank != right->rank)
		return left->rank < right->rank ? -1 : 1;
	return strcmp(right->name, left->name);
}

/* Of several at one place only the last, which ranks highest, stands for all of its size. */
static bool is_shadowed(const struct functions *functions, size_t index)
{
	const struct code_symbol *symbol = &functions->items[index];
	for (size_t i = index + 1; i < functions->count && i < index + OVERLAPS_MAX;
	     i++) {
		if (functions->items[i].address != symbol->address)
			return false;
		if (functions->items[i].size == symbol->size)
			return true;
	}
	return false;
}

int functions_sort(struct functions *functions, struct usdtinfo_error *err)
{
	if (functions->count)
		qsort(functions->items, functions->count, sizeof(*functions->items),
		      by_address);
	for (size_t i = 0; i < functions->count; i++) {
		const struct code_symbol *symbol = &functions->items[i];
		uint64_t end = symbol->address + symbol->size;
		if (end <= symbol->address || is_shadowed(functions, i))
			continue;
		if (!range_index_add(&functions->sized,
		                     &(struct range){ symbol->address, end, i }))
			return fail_memory(err);
	}
	return range_index_sort(&functions->sized) ? 0 : fail_memory(err);
}

const struct code_symbol *functions_find(const struct functions *functions,
                                         uint64_t address, size_t section)
{
	const struct range *range = range_index_find(&functions->sized, address,
	                                             OVERLAPS_MAX);
	if (range)
		return &functions->items[range->owner];
	size_t low = array_upto(functions->items, functions->count, address, address);
	for (size_t i = low; i > 0 && low - i < OVERLAPS_MAX; i--) {
		const struct code_symbol *symbol = &functions->items[i - 1];
		if (symbol->section != section)
			return NULL;
		if (symbol->size == 0)
			return symbol;
	}
	return NULL;
}

void functions_deinit(struct functions *functions)
{
	range_index_deinit(&functions->sized);
	free(functions->items);
	*functions = (struct functions){ 0 };
}
