/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The variables that surround a site, and where each is there. */
#include "debug/name/visible.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "debug/name/c_type.h"

struct collector {
	struct debug_file *file;
	const struct frame *frame;
	uint64_t address;
	struct arena *arena;
	struct variable *items;
	size_t count, room;
};

static bool is_variable(int tag)
{
	return tag == DW_TAG_variable || tag == DW_TAG_formal_parameter ||
	       tag == DW_TAG_constant;
}

static void read_constant(struct variable *variable)
{
	Dwarf_Attribute attr;
	Dwarf_Word value;
	Dwarf_Sword signed_value;
	if (!die_attr(&variable->die, DW_AT_const_value, &attr))
		return;
	if (type_shape(&variable->type) == TYPE_SIGNED &&
	    dwarf_formsdata(&attr, &signed_value) == 0) {
		variable->has_constant = true;
		variable->constant = (uint64_t)signed_value;
	} else if (dwarf_formudata(&attr, &value) == 0) {
		variable->has_constant = true;
		variable->constant = value;
	}
}

/* Return: false when memory ran out */
static bool add(struct collector *collector, Dwarf_Die *die, unsigned level,
                unsigned scope)
{
	struct value_place places[PLACES_MAX];
	struct variable variable = { .die = *die, .level = level, .scope = scope };
	variable.name = name_if_short(die_name(die), NAME_SHORT_MAX);
	if (!variable.name || !*variable.name || !die_type(die, &variable.type))
		return true;
	variable.place_count = places_find(collector->file, die, collector->address,
	                                   collector->frame, places);
	if (variable.place_count) {
		size_t size = variable.place_count * sizeof(*places);
		variable.places = arena_take(collector->arena, size);
		if (!variable.places)
			return false;
		memcpy(variable.places, places, size);
	}
	read_constant(&variable);
	if (!array_grow(&collector->items, &collector->room, collector->count + 1,
	                sizeof(*collector->items)))
		return false;
	collector->items[collector->count++] = variable;
	return true;
}

static bool add_scope(struct collector *collector, Dwarf_Die *scope_die, unsigned level,
                      unsigned scope)
{
	Dwarf_Die child;
	struct budget *budget = &collector->file->budget;
	if (!die_child(budget, scope_die, &child))
		return true;
	do {
		if (is_variable(dwarf_tag(&child)) &&
		    !add(collector, &child, level, scope))
			return false;
	} while (collector->count < VISIBLE_MAX && die_sibling(budget, &child, &child));
	return true;
}

static int compare(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

/* Of one name the innermost first. */
static int by_name(const void *left, const void *right)
{
	const struct variable *a = *(struct variable *const *)left;
	const struct variable *b = *(struct variable *const *)right;
	int order = compare(a->level, b->level);
	order = order ? order : strcmp(a->name, b->name);
	return order ? order : compare(b->scope, a->scope);
}

/* Return: false when memory ran out */
static bool mark_hidden(struct collector *collector)
{
	size_t count = collector->count, first = 0;
	_cleanup_(freep) struct variable **order = malloc((count + 1) * sizeof(*order));
	if (!order)
		return false;
	for (size_t i = 0; i < count; i++)
		order[i] = &collector->items[i];
	qsort(order, count, sizeof(struct variable *), by_name);
	for (size_t i = 1; i < count; i++) {
		bool is_same = order[i]->level == order[first]->level &&
		               strcmp(order[i]->name, order[first]->name) == 0;
		first = is_same ? first : i;
		order[i]->is_hidden = order[i]->scope < order[first]->scope;
	}
	return true;
}

int visible_collect(struct debug_file *file, const struct scopes *scopes,
                    const struct frame *frame, uint64_t address, struct arena *arena,
                    struct visible *ret, struct usdtinfo_error *err)
{
	struct collector collector = {
		.file = file, .frame = frame, .address = address, .arena = arena
	};
	bool enough = true;
	*ret = (struct visible){ 0 };
	for (size_t i = scopes->count; enough && i > 0; i--) {
		Dwarf_Die scope = scopes->dies[i - 1];
		int tag = dwarf_tag(&scope);
		enough = add_scope(&collector, &scope, ret->levels, (unsigned)i);
		if (tag == DW_TAG_inlined_subroutine || tag == DW_TAG_subprogram)
			ret->levels++;
	}
	enough = enough && mark_hidden(&collector);
	size_t size = collector.count * sizeof(*collector.items);
	if (enough && collector.count) {
		ret->items = arena_take(arena, size);
		enough = ret->items;
	}
	if (enough && collector.count) {
		memcpy(ret->items, collector.items, size);
		ret->count = collector.count;
	}
	free(collector.items);
	return enough ? 0 : fail_memory(err);
}

/* ---- variables of a whole unit ---- */

static bool is_called(Dwarf_Die *die, const char *name)
{
	Dwarf_Attribute attr;
	const char *own = die_name(die), *linkage = NULL;
	if (die_attr(die, DW_AT_linkage_name, &attr) ||
	    die_attr(die, DW_AT_MIPS_linkage_name, &attr))
		linkage = dwarf_formstring(&attr);
	/* A C++ name without its namespaces may be another's. */
	if (linkage)
		return strcmp(linkage, name) == 0;
	return own && strcmp(own, name) == 0;
}

static bool covers(const struct variable *variable, const struct value_place *place,
                   uint64_t address)
{
	uint64_t size;
	if (place->kind != PLACE_ADDRESS || address < place->offset)
		return false;
	if (!type_size(&variable->type, &size))
		size = 1;
	return address - place->offset < (size ? size : 1);
}

struct unit_search {
	struct debug_file *file;
	const char *name;
	uint64_t address;
	unsigned found;
	bool is_defined;
	struct variable *ret;
	struct value_place *place_ret;
};

static void consider(struct unit_search *search, Dwarf_Die *die)
{
	struct variable variable = { .die = *die, .name = die_name(die) };
	struct value_place places[PLACES_MAX] = { { .kind = PLACE_ADDRESS } };
	if (dwarf_tag(die) != DW_TAG_variable || !variable.name ||
	    !die_type(die, &variable.type))
		return;
	bool is_named = search->name && is_called(die, search->name);
	if (search->name && !is_named)
		return;
	size_t count = places_find(search->file, die, 0, NULL, places);
	bool is_defined = count == 1 && places[0].piece_size == 0 &&
	                  (places[0].kind == PLACE_ADDRESS ||
	                   places[0].kind == PLACE_THREAD);
	if (!is_defined && (!is_named || !die_flag(die, DW_AT_declaration)))
		return;
	if (!search->name && !covers(&variable, &places[0], search->address))
		return;
	/* A declaration and what completes it are one; so are two declarations. */
	if (search->found && (search->is_defined || !is_defined)) {
		search->found += search->is_defined && is_defined;
		return;
	}
	if (!is_defined)
		places[0] = (struct value_place){ .kind = PLACE_ADDRESS,
			                          .offset = search->address };
	search->found = 1;
	search->is_defined = is_defined;
	*search->ret = variable;
	*search->place_ret = places[0];
}

bool unit_variable(struct debug_file *file, struct unit *unit, const char *name,
                   uint64_t address, struct variable *ret, struct value_place *place_ret)
{
	struct unit_search search = { .file = file,
		                      .name = name,
		                      .address = address,
		                      .ret = ret,
		                      .place_ret = place_ret };
	Dwarf_Die child;
	if (!die_child(&file->budget, &unit->die, &child))
		return false;
	do {
		consider(&search, &child);
	} while (die_sibling(&file->budget, &child, &child));
	return search.found == 1;
}
