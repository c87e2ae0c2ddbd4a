/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Abbreviations as DWARF, 7.5.3, has them. */
#include "debug/file/abbreviations.h"

#include <dwarf.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/span.h"

/* Compilers give an entry 30 at most. */
#define ATTRIBUTES_MAX 100
/* Those of one abbreviation that cost as much as itself. */
#define ATTRIBUTES_PER_COST 8
/* Of all units, each with the whole of its table. Where one table serves the thousands of
 * units of a program, it is a small part of the debug info. */
#define COST_BASE     ((uint64_t)1 << 20)
#define COST_PER_BYTE 4
/* A file has its own, and may have those of the other halves of its units. */
#define TABLES_MAX 2

struct tables {
	struct span sections[TABLES_MAX];
	size_t count;
	uint64_t left; /* of what may be spent */
	/* The table that was read last, which the next unit mostly shares. */
	uint64_t last, last_cost;
	bool have_last, too_many;
};

/* As libdw has it: no more than ten bytes, all ones where it does not end. */
static uint64_t take_number(struct span *span)
{
	uint64_t number = 0;
	for (unsigned i = 0; i < 10 && span->left > 0; i++) {
		unsigned char byte = *span->at;
		span_skip(span, 1);
		number |= (uint64_t)(byte & 0x7f) << 7 * i;
		if (!(byte & 0x80))
			return number;
	}
	return UINT64_MAX;
}

/* Return: what an abbreviation costs, whose code was taken */
static uint64_t take_abbreviation(struct span *span, bool *too_many)
{
	uint64_t attributes = 0, name = 1, form = 1;
	take_number(span);
	span_skip(span, 1);
	while ((name || form) && span->left > 0) {
		name = take_number(span);
		form = take_number(span);
		if (form == DW_FORM_implicit_const)
			take_number(span);
		*too_many |= ++attributes > ATTRIBUTES_MAX;
	}
	return 1 + attributes / ATTRIBUTES_PER_COST;
}

/* Return: what a table costs, or more than @left where it is too much */
static uint64_t read_table(struct span span, uint64_t left, bool *too_many)
{
	uint64_t cost = 0;
	while (cost <= left && !*too_many && span.left > 0 && take_number(&span) != 0)
		cost += take_abbreviation(&span, too_many);
	return cost;
}

/* Return: false when it is too much */
static bool spend(struct tables *tables, uint64_t offset)
{
	if (!tables->have_last || tables->last != offset) {
		tables->last_cost = 0;
		for (size_t i = 0; i < tables->count; i++) {
			struct span span = tables->sections[i];
			if (offset < span.left && span_skip(&span, (size_t)offset))
				tables->last_cost += read_table(span, tables->left,
				                                &tables->too_many);
		}
		tables->last = offset;
		tables->have_last = true;
	}
	if (tables->too_many || tables->last_cost > tables->left)
		return false;
	tables->left -= tables->last_cost;
	return true;
}

/* Units of .debug_info, or of .debug_types, which have a signature besides. */
static bool spend_units(struct tables *tables, Dwarf *dwarf, bool types)
{
	Dwarf_Off offset = 0, next, abbreviations, type;
	size_t header_size;
	uint64_t signature;
	while (dwarf_next_unit(dwarf, offset, &next, &header_size, NULL, &abbreviations,
	                       NULL, NULL, types ? &signature : NULL,
	                       types ? &type : NULL) == 0 &&
	       next > offset) {
		if (!spend(tables, abbreviations))
			return false;
		offset = next;
	}
	return true;
}

static bool find_tables(struct debug_file *file, struct tables *tables)
{
	static const char *const names[] = { ".debug_abbrev", ".zdebug_abbrev",
		                             ".debug_abbrev.dwo", ".zdebug_abbrev.dwo" };
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(file->dwarf_elf, scn));) {
		GElf_Shdr header;
		const char *name = gelf_getshdr(scn, &header)
		                           ? strings_short(&file->section_names,
		                                           header.sh_name)
		                           : NULL;
		bool found = false;
		for (size_t i = 0; name && i < ARRAY_SIZE(names); i++)
			found |= strcmp(name, names[i]) == 0;
		/* What is compressed still is none that libdw took. */
		Elf_Data *data = found && !(header.sh_flags & SHF_COMPRESSED)
		                         ? elf_rawdata(scn, NULL)
		                         : NULL;
		if (!data || !data->d_buf)
			continue;
		if (tables->count == TABLES_MAX)
			return false;
		tables->sections[tables->count++] = (struct span){ data->d_buf,
			                                           data->d_size };
	}
	return true;
}

int abbreviations_check(struct debug_file *file, uint64_t total,
                        struct usdtinfo_error *err)
{
	struct tables tables = { .left = COST_BASE + total / COST_PER_BYTE };
	if (!find_tables(file, &tables))
		return fail(err, USDTINFO_E_DAMAGED,
		            "debug info: more than one table of abbreviations");
	if (spend_units(&tables, file->dwarf, false) &&
	    spend_units(&tables, file->dwarf, true))
		return 0;
	return fail(err, USDTINFO_E_DAMAGED, "debug info: %s",
	            tables.too_many
	                    ? "its entries have too many attributes"
	                    : "its units have too many abbreviations for its size");
}
