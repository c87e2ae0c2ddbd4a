/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* From an address to the unit, the function and the blocks that hold it. */
#include "debug/address/unit.h"

#include <dwarf.h>
#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "debug/file/split.h"

#define OVERLAPS_MAX   1024 /* ranges that are looked at for one address */
#define CONTAINERS_MAX 32   /* namespaces and classes inside each other */

struct units {
	struct unit *items;
	size_t count, room;
	struct range_index ranges; /* owner: index of the unit */
};

/* Linkers put the code that they drop at 0, and so it seems to cover what does begin there. */
static bool is_dropped(struct debug_file *file, uint64_t start)
{
	return start == 0 && file->header.e_type != ET_REL;
}

/* Return: false when memory or the budget ran out */
static bool add_ranges(struct debug_file *file, Dwarf_Die *die, uint64_t owner,
                       struct range_index *index, bool *any_ret)
{
	Dwarf_Addr base = 0, start, end;
	ptrdiff_t at = 0;
	while ((at = dwarf_ranges(die, at, &base, &start, &end)) > 0) {
		if (!budget_take(&file->budget, 1))
			return false;
		if (is_dropped(file, start))
			continue;
		if (!range_index_add(index, &(struct range){ start, end, owner })) {
			file->no_memory = true;
			return false;
		}
		*any_ret = true;
	}
	return true;
}

static bool add_unit(struct debug_file *file, Dwarf_Die *die)
{
	int tag = dwarf_tag(die);
	if (tag != DW_TAG_compile_unit && tag != DW_TAG_skeleton_unit)
		return true;
	struct units *units = file->units;
	if (!array_grow(&units->items, &units->room, units->count + 1,
	                sizeof(*units->items))) {
		file->no_memory = true;
		return false;
	}
	struct unit *unit = &units->items[units->count];
	*unit = (struct unit){ .die = *die, .line_die = *die };
	return add_ranges(file, die, units->count++, &units->ranges, &unit->has_ranges);
}

static void sort_ranges(struct debug_file *file, struct range_index *index)
{
	if (range_index_sort(index))
		return;
	range_index_deinit(index);
	file->no_memory = true;
}

static void load_units(struct debug_file *file)
{
	Dwarf_Off offset = 0, next;
	size_t header_size;
	file->units = calloc(1, sizeof(*file->units));
	if (!file->units) {
		file->no_memory = true;
		return;
	}
	int r = 0;
	errno = 0;
	while (file->dwarf && budget_take(&file->budget, 1) &&
	       (r = dwarf_next_unit(file->dwarf, offset, &next, &header_size, NULL, NULL,
	                            NULL, NULL, NULL, NULL)) == 0) {
		Dwarf_Die die;
		if (next <= offset)
			break;
		/* An entry without a tag has no abbreviation: the unit cannot be read. */
		if (!dwarf_offdie(file->dwarf, offset + header_size, &die) ||
		    dwarf_tag(&die) == DW_TAG_invalid)
			file->is_damaged = true;
		else if (!add_unit(file, &die))
			break;
		offset = next;
	}
	file->no_memory |= errno == ENOMEM;
	file->is_damaged |= r < 0;
	sort_ranges(file, &file->units->ranges);
}

static bool is_container(int tag)
{
	return tag == DW_TAG_namespace || tag == DW_TAG_module ||
	       tag == DW_TAG_class_type || tag == DW_TAG_structure_type;
}

/* The functions of a unit: its children, and those of namespaces and classes in it. */
static void load_functions(struct debug_file *file, struct unit *unit)
{
	Dwarf_Die stack[CONTAINERS_MAX];
	size_t depth = 0;
	unit->functions_loaded = true;
	if (!die_child(&file->budget, &unit->die, &stack[0]))
		return;
	for (;;) {
		Dwarf_Die *at = &stack[depth], child;
		int tag = dwarf_tag(at);
		bool any = false;
		if (tag == DW_TAG_subprogram &&
		    !add_ranges(file, at, dwarf_dieoffset(at), &unit->functions, &any))
			break;
		if (is_container(tag) && depth + 1 < CONTAINERS_MAX &&
		    die_child(&file->budget, at, &child)) {
			stack[++depth] = child;
			continue;
		}
		while (!die_sibling(&file->budget, &stack[depth], &stack[depth])) {
			if (depth-- == 0)
				goto done;
		}
	}
done:
	sort_ranges(file, &unit->functions);
}

static void join(struct debug_file *file, struct unit *unit)
{
	unit->split_tried = true;
	enum split split = split_join(file, &unit->die);
	file->split_missing |= split == SPLIT_MISSING;
	file->split_limited |= split == SPLIT_LIMITED;
	file->is_damaged |= split == SPLIT_DAMAGED;
	file->no_memory |= split == SPLIT_NO_MEMORY;
}

static const struct range *function_range(struct debug_file *file, struct unit *unit,
                                          uint64_t address)
{
	if (!unit->split_tried)
		join(file, unit);
	if (!unit->functions_loaded)
		load_functions(file, unit);
	return range_index_find(&unit->functions, address, OVERLAPS_MAX);
}

struct unit *unit_find(struct debug_file *file, uint64_t address)
{
	if (!file->units)
		load_units(file);
	struct units *units = file->units;
	if (!units)
		return NULL;
	const struct range *range = range_index_find(&units->ranges, address,
	                                             OVERLAPS_MAX);
	if (range)
		return &units->items[range->owner];
	/* Some producers leave the unit's ranges out: its functions have theirs. */
	for (size_t i = 0; i < units->count; i++) {
		if (!budget_take(&file->budget, 1))
			break;
		if (!units->items[i].has_ranges &&
		    function_range(file, &units->items[i], address))
			return &units->items[i];
	}
	return NULL;
}

static bool is_scope(int tag)
{
	switch (tag) {
	case DW_TAG_lexical_block:
	case DW_TAG_inlined_subroutine:
	case DW_TAG_try_block:
	case DW_TAG_catch_block:
	case DW_TAG_with_stmt:
	case DW_TAG_subprogram: /* nested functions of GNU C and Pascal */
		return true;
	default:
		return false;
	}
}

/* The child of @parent that is a scope around @address. */
static bool inner_scope(struct debug_file *file, Dwarf_Die *parent, uint64_t address,
                        Dwarf_Die *ret)
{
	Dwarf_Die child;
	if (!die_child(&file->budget, parent, &child))
		return false;
	do {
		if (is_scope(dwarf_tag(&child)) &&
		    die_covers(&file->budget, &child, address)) {
			*ret = child;
			return true;
		}
	} while (die_sibling(&file->budget, &child, &child));
	return false;
}

bool scopes_find(struct debug_file *file, uint64_t address, struct scopes *ret)
{
	struct unit *unit = unit_find(file, address);
	if (!unit)
		return false;
	ret->unit = unit;
	ret->count = 0;
	const struct range *range = function_range(file, unit, address);
	Dwarf *dwarf = dwarf_cu_getdwarf(unit->die.cu);
	if (!range || !dwarf || !dwarf_offdie(dwarf, range->owner, &ret->dies[0]))
		return true;
	ret->count = 1;
	while (ret->count < SCOPES_MAX && inner_scope(file, &ret->dies[ret->count - 1],
	                                              address, &ret->dies[ret->count]))
		ret->count++;
	return true;
}

static int by_start(const void *a, const void *b)
{
	const struct code_range *left = a, *right = b;
	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	return (left->end > right->end) - (left->end < right->end);
}

size_t function_ranges(struct debug_file *file, const struct scopes *scopes,
                       uint64_t bias, struct code_range *ret)
{
	Dwarf_Addr base = 0, start, end;
	ptrdiff_t at = 0;
	size_t count = 0;
	if (scopes->count == 0)
		return 0;
	Dwarf_Die die = scopes->dies[0];
	while (budget_take(&file->budget, 1) &&
	       (at = dwarf_ranges(&die, at, &base, &start, &end)) > 0) {
		if (end <= start)
			continue;
		if (count == CODE_RANGES_MAX)
			return 0;
		ret[count++] = (struct code_range){ start + bias, end + bias };
	}
	if (count)
		qsort(ret, count, sizeof(*ret), by_start);
	return count;
}

void units_close(struct debug_file *file)
{
	if (!file || !file->units)
		return;
	struct units *units = file->units;
	for (size_t i = 0; i < units->count; i++)
		range_index_deinit(&units->items[i].functions);
	free(units->items);
	range_index_deinit(&units->ranges);
	free(units);
	file->units = NULL;
}
