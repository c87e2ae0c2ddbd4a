/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Lists of locations, walked before libdw does. */
#include "debug/file/location_list.h"

#include <dwarf.h>
#include <gelf.h>
#include <string.h>

#include "base/array.h"

#define ENTRY_COST 4
/* Of a list in .debug_loc.dwo: a kind, a number, a size and an expression of a byte. */
#define ENTRY_SIZE_LEAST 8

/* What an entry holds, by its kind: DWARF 5, 7.7.3. */
enum part {
	END,
	NUMBER,  /* ULEB128 */
	ADDRESS, /* of the unit's size */
	BLOCK,   /* an expression: ULEB128 and as many bytes */
};

static const unsigned char entries[][4] = {
	[DW_LLE_end_of_list] = { END },
	[DW_LLE_base_addressx] = { NUMBER, END },
	[DW_LLE_startx_endx] = { NUMBER, NUMBER, BLOCK, END },
	[DW_LLE_startx_length] = { NUMBER, NUMBER, BLOCK, END },
	[DW_LLE_offset_pair] = { NUMBER, NUMBER, BLOCK, END },
	[DW_LLE_default_location] = { BLOCK, END },
	[DW_LLE_base_address] = { ADDRESS, END },
	[DW_LLE_start_end] = { ADDRESS, ADDRESS, BLOCK, END },
	[DW_LLE_start_length] = { ADDRESS, NUMBER, BLOCK, END },
};

/* False when it does not end, or is more than 64 bits. */
static bool take_number(struct span *span, uint64_t *ret)
{
	uint64_t number = 0;
	for (unsigned shift = 0; span->left > 0 && shift < 64; shift += 7) {
		unsigned char byte = *span->at;
		span_skip(span, 1);
		number |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80)) {
			*ret = number;
			return shift < 63 || byte <= 1;
		}
	}
	return false;
}

static bool skip_part(struct span *span, enum part part, unsigned address_size)
{
	uint64_t number = address_size;
	if (part != ADDRESS && !take_number(span, &number))
		return false;
	return part == NUMBER ||
	       (number <= span->left && span_skip(span, (size_t)number));
}

static bool is_sound(struct span span, unsigned address_size, struct budget *budget)
{
	while (span.left > 0 && budget_take(budget, ENTRY_COST)) {
		unsigned char kind = *span.at;
		span_skip(&span, 1);
		if (kind == DW_LLE_end_of_list)
			return true;
		if (kind >= ARRAY_SIZE(entries))
			return false;
		for (const unsigned char *part = entries[kind]; *part != END; part++)
			if (!skip_part(&span, *part, address_size))
				return false;
	}
	return false;
}

static void find_older(struct location_lists *lists, Elf_Scn *scn, const char *name)
{
	if (strncmp(name, ".z", 2) == 0 || strncmp(name, ".d", 2) == 0)
		name += 1 + (name[1] == 'z');
	struct span *section = strcmp(name, "debug_loc") == 0 ? &lists->before_5
	                       : strcmp(name, "debug_loc.dwo") == 0
	                               ? &lists->before_5_split
	                               : NULL;
	Elf_Data *data = section ? elf_rawdata(scn, NULL) : NULL;
	/* Which of several libdw takes is its own affair. */
	if (data && data->d_buf && data->d_size > section->left)
		*section = (struct span){ data->d_buf, data->d_size };
}

/* libdw has inflated them by now, if they were compressed. */
static void find_sections(struct location_lists *lists, Elf *elf)
{
	static const char *const names[] = { ".debug_loclists", ".zdebug_loclists",
		                             ".debug_loclists.dwo",
		                             ".zdebug_loclists.dwo" };
	size_t strings;
	*lists = (struct location_lists){ .elf = elf };
	if (elf_getshdrstrndx(elf, &strings) < 0)
		return;
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(elf, scn));) {
		GElf_Shdr header;
		const char *name = gelf_getshdr(scn, &header)
		                           ? elf_strptr(elf, strings, header.sh_name)
		                           : NULL;
		if (name)
			find_older(lists, scn, name);
		for (size_t i = 0; name && i < ARRAY_SIZE(names); i++) {
			if (strcmp(name, names[i]) != 0)
				continue;
			Elf_Data *data = elf_rawdata(scn, NULL);
			if (!data || !data->d_buf)
				continue;
			if (lists->count < ARRAY_SIZE(lists->sections))
				lists->sections[lists->count] =
					(struct span){ data->d_buf, data->d_size };
			lists->count++;
		}
	}
}

struct unit_facts {
	Dwarf_Half version;
	uint8_t type, address_size, offset_size;
	bool big_endian;
	Dwarf_Die die;
};

static bool read_facts(Dwarf_CU *cu, Elf *elf, struct unit_facts *ret)
{
	GElf_Ehdr header;
	if (!gelf_getehdr(elf, &header) ||
	    dwarf_cu_info(cu, &ret->version, &ret->type, &ret->die, NULL, NULL,
	                  &ret->address_size, &ret->offset_size) != 0)
		return false;
	ret->big_endian = header.e_ident[EI_DATA] == ELFDATA2MSB;
	return true;
}

/* Where the offsets of a unit's lists stand: behind the header, which split units do not tell. */
static uint64_t base_of(struct unit_facts *unit, struct span section)
{
	Dwarf_Attribute attr;
	Dwarf_Word base = 0;
	uint32_t length;
	if (dwarf_attr(&unit->die, DW_AT_loclists_base, &attr) &&
	    dwarf_formudata(&attr, &base) == 0 && base != 0)
		return base;
	if (unit->type != DW_UT_split_compile ||
	    !span_u32(&section, unit->big_endian, &length))
		return 0;
	return length == UINT32_MAX ? 20 : 12;
}

/* Sets @list to the list and all behind it. */
static bool find_list(struct unit_facts *unit, unsigned form, uint64_t value,
                      struct span section, struct span *list)
{
	uint64_t offset = value;
	if (form == DW_FORM_loclistx) {
		uint64_t base = base_of(unit, section);
		struct span table = section;
		if (base > table.left || !span_skip(&table, (size_t)base) ||
		    value > table.left / unit->offset_size ||
		    !span_skip(&table, (size_t)value * unit->offset_size) ||
		    !span_address(&table, unit->offset_size, unit->big_endian, &offset) ||
		    __builtin_add_overflow(offset, base, &offset))
			return false;
	}
	*list = section;
	return offset < list->left && span_skip(list, (size_t)offset);
}

/* Pairs of addresses, each with an expression, up to two zeros. Return: as budget_take() */
static bool pay_older(const struct location_lists *lists, const struct unit_facts *unit,
                      uint64_t offset, struct budget *budget)
{
	struct span left = lists->before_5;
	uint64_t most = unit->address_size == 4 ? UINT32_MAX : UINT64_MAX, start, end;
	uint16_t size;
	bool goes_on = offset < left.left && span_skip(&left, (size_t)offset);
	if (lists->before_5_split.left &&
	    !budget_take(budget, lists->before_5_split.left / ENTRY_SIZE_LEAST))
		return false;
	while (goes_on) {
		if (!budget_take(budget, ENTRY_COST))
			return false;
		goes_on = span_address(&left, unit->address_size, unit->big_endian,
		                       &start) &&
		          span_address(&left, unit->address_size, unit->big_endian,
		                       &end) &&
		          (start || end);
		/* A base for those behind it has no expression. */
		if (goes_on && start != most)
			goes_on = span_u16(&left, unit->big_endian, &size) &&
			          span_skip(&left, size);
	}
	return true;
}

bool location_list_is_sound(struct location_lists *lists, struct budget *budget,
                            Dwarf_Attribute *attr)
{
	struct unit_facts unit;
	struct span list;
	Dwarf_Word value;
	unsigned form = attr->form, found = 0;
	Dwarf *dwarf = dwarf_cu_getdwarf(attr->cu);
	Elf *elf = dwarf ? dwarf_getelf(dwarf) : NULL;
	if (form == DW_FORM_exprloc)
		return true;
	if (!elf || !read_facts(attr->cu, elf, &unit))
		return false;
	if (lists->elf != elf)
		find_sections(lists, elf);
	if (unit.version < 5)
		return dwarf_formudata(attr, &value) != 0 ||
		       pay_older(lists, &unit, value, budget);
	if (dwarf_formudata(attr, &value) != 0 ||
	    lists->count > ARRAY_SIZE(lists->sections))
		return false;
	/* Which of two libdw takes is its own affair. */
	for (size_t i = 0; i < lists->count; i++) {
		if (!find_list(&unit, form, value, lists->sections[i], &list))
			continue;
		if (!is_sound(list, unit.address_size, budget))
			return false;
		found++;
	}
	return found > 0;
}
