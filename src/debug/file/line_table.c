/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* As much of the header of a line table as tells how large its list of files can become. */
#include "debug/file/line_table.h"

#include <dwarf.h>
#include <gelf.h>
#include <string.h>

#include "base/array.h"
#include "elf/object/strings.h"

/* Units of the budget for a byte of a table; bytes of names of files for a unit. */
#define BYTE_COST      8
#define NAMES_PER_COST 16

/* The least that a file takes in the list: a letter and its NUL, or an offset. */
#define FILE_SIZE_LEAST 4

static size_t longest_string(struct span left)
{
	size_t longest = 0;
	while (left.left > 0) {
		const unsigned char *end = memchr(left.at, '\0', left.left);
		size_t size = end ? (size_t)(end - left.at) : left.left;
		longest = size > longest ? size : longest;
		span_skip(&left, end ? size + 1 : size);
	}
	return longest;
}

/* libdw has inflated them by now, if they were compressed. */
static void load(struct line_tables *tables, Elf *elf)
{
	const struct {
		const char *name;
		struct span *section;
	} rows[] = {
		{ "debug_line", &tables->tables },
		{ "debug_line_str", &tables->line_strings },
		{ "debug_str", &tables->strings },
	};
	size_t index;
	struct strings names = { 0 };
	tables->loaded = true;
	if (elf_getshdrstrndx(elf, &index) == 0)
		strings_load(&names, elf, index);
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(elf, scn));) {
		GElf_Shdr header;
		const char *name = gelf_getshdr(scn, &header)
		                           ? strings_short(&names, header.sh_name)
		                           : NULL;
		if (!name || *name != '.')
			continue;
		name += 1 + (name[1] == 'z');
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
			Elf_Data *data = strcmp(name, rows[i].name) == 0
			                         ? elf_rawdata(scn, NULL)
			                         : NULL;
			/* Which of several libdw takes is its own affair. */
			if (data && data->d_buf && data->d_size > rows[i].section->left)
				*rows[i].section = (struct span){ data->d_buf,
					                          data->d_size };
		}
	}
	tables->longest_line_string = longest_string(tables->line_strings);
	tables->longest_string = longest_string(tables->strings);
}

static uint64_t take_number(struct span *span)
{
	uint64_t number = 0;
	for (unsigned shift = 0; span->left > 0 && shift < 64; shift += 7) {
		unsigned char byte = *span->at;
		span_skip(span, 1);
		number |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			break;
	}
	return number;
}

/* Whether names of directories may stand in .debug_str, where compilers do not put them. */
static bool names_are_elsewhere(struct span header)
{
	unsigned char count, opcodes;
	/* Five bytes of what lines are made of, then what each opcode takes. */
	if (!span_skip(&header, 5) || header.left == 0)
		return true;
	opcodes = *header.at;
	if (!span_skip(&header, opcodes ? opcodes : 1) || header.left == 0)
		return true;
	count = *header.at;
	span_skip(&header, 1);
	for (unsigned i = 0; i < count; i++) {
		uint64_t content = take_number(&header), form = take_number(&header);
		if (content == DW_LNCT_path && form != DW_FORM_line_strp &&
		    form != DW_FORM_string)
			return true;
	}
	return false;
}

static size_t length_of(Dwarf_Die *unit, unsigned attribute)
{
	Dwarf_Attribute attr;
	const char *text = dwarf_attr(unit, attribute, &attr) ? dwarf_formstring(&attr)
	                                                      : NULL;
	return text ? strlen(text) : 0;
}

/* The longest name that a file of the table can get; @header is what stands behind its size. */
static uint64_t longest_name(const struct line_tables *tables, Dwarf_Die *unit,
                             unsigned version, struct span header)
{
	uint64_t longest = longest_string(header);
	if (version >= 5 && longest < tables->longest_line_string)
		longest = tables->longest_line_string;
	if (version >= 5 && longest < tables->longest_string &&
	    names_are_elsewhere(header))
		longest = tables->longest_string;
	return longest + length_of(unit, DW_AT_comp_dir);
}

static uint64_t cost_of(const struct line_tables *tables, Dwarf_Die *unit,
                        struct span table, bool big_endian)
{
	uint32_t word;
	uint16_t version;
	uint64_t size, header_size;
	struct span header = table;
	if (!span_u32(&header, big_endian, &word))
		return 1;
	bool is_64 = word == UINT32_MAX;
	size = word;
	if (is_64 && !span_u64(&header, big_endian, &size))
		return 1;
	size = size < header.left ? size : header.left;
	if (!span_u16(&header, big_endian, &version) ||
	    (version >= 5 && !span_skip(&header, 2)) ||
	    !span_address(&header, is_64 ? 8 : 4, big_endian, &header_size))
		return 1;
	if (header.left > size)
		header.left = (size_t)size;
	if (header.left > header_size)
		header.left = (size_t)header_size;
	uint64_t files = header.left / FILE_SIZE_LEAST, names;
	if (__builtin_mul_overflow(files, longest_name(tables, unit, version, header),
	                           &names))
		return UINT64_MAX;
	return 1 + size * BYTE_COST + names / NAMES_PER_COST;
}

bool line_table_pay(struct line_tables *tables, Elf *elf, Dwarf_Die *unit,
                    struct budget *budget)
{
	Dwarf_Attribute attr;
	Dwarf_Word offset;
	GElf_Ehdr header;
	if (budget->exhausted)
		return false;
	if (!tables->loaded)
		load(tables, elf);
	struct span table = tables->tables;
	bool is_there = dwarf_attr(unit, DW_AT_stmt_list, &attr) &&
	                dwarf_formudata(&attr, &offset) == 0 && offset <= table.left &&
	                span_skip(&table, (size_t)offset) && gelf_getehdr(elf, &header);
	bool big_endian = is_there && header.e_ident[EI_DATA] == ELFDATA2MSB;
	return budget_take(budget,
	                   is_there ? cost_of(tables, unit, table, big_endian) : 1);
}
