/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Source lines: of the address itself, then of each call that was inlined around it. */
#include "debug/address/line.h"

#include <dwarf.h>
#include <errno.h>
#include <string.h>

#include "base/error.h"

/* The name as the compiler was given it: libdw puts the compiler's directory in front. */
static const char *given_name(Dwarf_Die *unit, const char *name)
{
	Dwarf_Attribute attr;
	const char *directory = dwarf_attr(unit, DW_AT_comp_dir, &attr)
	                                ? dwarf_formstring(&attr)
	                                : NULL;
	size_t size = directory ? strlen(directory) : 0;
	if (size == 0 || strncmp(name, directory, size) != 0)
		return name;
	if (name[size] == '/')
		return name + size + 1;
	return directory[size - 1] == '/' && name[size] ? name + size : name;
}

/* The last row at or before the address, as gdb takes it. */
static Dwarf_Line *row_at(struct debug_file *file, struct unit *unit, uint64_t address)
{
	struct budget *budget = &file->budget;
	Dwarf_Lines *lines;
	size_t count, low = 0, high;
	bool is_paid = unit->lines_paid;
	unit->lines_paid = true;
	if (is_paid ? !budget_take(budget, 1)
	            : !line_table_pay(&file->line_tables, file->dwarf_elf,
	                              &unit->line_die, budget))
		return NULL;
	errno = 0;
	if (dwarf_getsrclines(&unit->line_die, &lines, &count) != 0) {
		file->no_memory |= errno == ENOMEM;
		file->is_damaged |= dwarf_hasattr(&unit->line_die, DW_AT_stmt_list);
		return NULL;
	}
	high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		Dwarf_Addr row;
		if (dwarf_lineaddr(dwarf_onesrcline(lines, middle), &row) != 0)
			return NULL;
		if (row <= address)
			low = middle + 1;
		else
			high = middle;
	}
	bool is_end = true;
	/* A sequence may end where the next begins. */
	while (low > 0) {
		Dwarf_Line *line = dwarf_onesrcline(lines, --low);
		Dwarf_Addr row;
		if (dwarf_lineendsequence(line, &is_end) != 0)
			return NULL;
		if (!is_end)
			return line;
		if (dwarf_lineaddr(line, &row) != 0 || row != address ||
		    !budget_take(budget, 1))
			return NULL;
	}
	return NULL;
}

static void from_row(Dwarf_Line *row, const char **file_ret, uint64_t *line_ret)
{
	int line;
	*file_ret = dwarf_linesrc(row, NULL, NULL);
	*line_ret = dwarf_lineno(row, &line) == 0 && line > 0 ? (uint64_t)line : 0;
}

/* Where the inlined call @scope stands in the function around it. */
static void from_call(Dwarf_Die *unit, Dwarf_Die *scope, const char **file_ret,
                      uint64_t *line_ret)
{
	Dwarf_Attribute attr;
	Dwarf_Word value;
	Dwarf_Files *files;
	*file_ret = NULL;
	*line_ret = 0;
	if (dwarf_attr(scope, DW_AT_call_line, &attr) &&
	    dwarf_formudata(&attr, &value) == 0)
		*line_ret = value;
	if (dwarf_attr(scope, DW_AT_call_file, &attr) &&
	    dwarf_formudata(&attr, &value) == 0 && value <= SIZE_MAX &&
	    dwarf_getsrcfiles(unit, &files, NULL) == 0)
		*file_ret = dwarf_filesrc(files, (size_t)value, NULL, NULL);
}

struct line_table {
	struct source_line items[SCOPES_MAX + 1];
	size_t count;
	struct arena *arena;
	Dwarf_Die *unit, *line_unit;
};

static struct text copy(struct arena *arena, const char *string)
{
	return string ? arena_text(arena, string, strlen(string)) : (struct text){ 0 };
}

/* Return: false when memory ran out */
static bool add(struct line_table *lines, const char *file, uint64_t line,
                Dwarf_Die *function)
{
	struct source_line *item = &lines->items[lines->count++];
	const char *name = function ? die_name(function) : NULL;
	name = name_if_short(name, STRINGS_SHORT_MAX);
	file = name_if_short(file, NAME_SHORT_MAX);
	*item = (struct source_line){
		.file = copy(lines->arena,
		             file ? given_name(lines->line_unit, file) : NULL),
		.line = { line != 0, line },
		.function = copy(lines->arena, name),
	};
	return (!file || item->file.at) && (!name || item->function.at);
}

static bool is_function(Dwarf_Die *scope)
{
	int tag = dwarf_tag(scope);
	return tag == DW_TAG_inlined_subroutine || tag == DW_TAG_subprogram;
}

static bool collect(struct line_table *lines, const struct scopes *scopes,
                    Dwarf_Line *row)
{
	const char *file;
	uint64_t line;
	from_row(row, &file, &line);
	for (size_t i = scopes->count; i > 0; i--) {
		Dwarf_Die scope = scopes->dies[i - 1];
		if (!is_function(&scope))
			continue;
		if (!add(lines, file, line, &scope))
			return false;
		if (dwarf_tag(&scope) == DW_TAG_subprogram)
			return true;
		from_call(lines->unit, &scope, &file, &line);
	}
	return lines->count > 0 || add(lines, file, line, NULL);
}

int lines_find(struct debug_file *file, const struct scopes *scopes, uint64_t address,
               struct arena *arena, struct usdtinfo_probe *probe,
               struct usdtinfo_error *err)
{
	struct line_table lines = { .arena = arena,
		                    .unit = &scopes->unit->die,
		                    .line_unit = &scopes->unit->line_die };
	Dwarf_Line *row = row_at(file, scopes->unit, address);
	probe->source = NULL;
	probe->source_count = 0;
	if (!row)
		return 0;
	if (!collect(&lines, scopes, row))
		return fail_memory(err);
	size_t size = lines.count * sizeof(*lines.items);
	probe->source = arena_take(arena, size);
	if (!probe->source)
		return fail_memory(err);
	memcpy(probe->source, lines.items, size);
	probe->source_count = lines.count;
	return 0;
}
