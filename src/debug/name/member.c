/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The part of a type that lies at an offset: members, elements, and theirs. */
#include "debug/name/member.h"

#include <dwarf.h>
#include <inttypes.h>

#include "base/array.h"

#define NESTING_MAX 16

struct member_search {
	struct budget *budget;
	const struct wanted *wanted;
	struct parts *parts;
	struct strbuf path;
	unsigned depth;
};

bool type_fits(const Dwarf_Die *type, const struct wanted *wanted)
{
	uint64_t size;
	if (!type_size(type, &size) || size != wanted->size)
		return false;
	switch (type_shape(type)) {
	case TYPE_SIGNED:
		return wanted->is_signed && !wanted->is_float;
	case TYPE_UNSIGNED:
	case TYPE_STRUCT:
	case TYPE_UNION:
	case TYPE_COMPLEX:
		return !wanted->is_signed && !wanted->is_float;
	case TYPE_INTEGER:
		return !wanted->is_float;
	case TYPE_FLOAT:
		return wanted->is_float;
	default:
		return false;
	}
}

static void keep(struct member_search *search, const Dwarf_Die *type)
{
	struct parts *parts = search->parts;
	if (parts->count == PARTS_MAX)
		return;
	struct part *part = &parts->items[parts->count];
	*part = (struct part){ .type = *type };
	strbuf_add(&part->path, search->path.at, search->path.size);
	if (part->path.failed) {
		parts->failed = true;
		strbuf_deinit(&part->path);
		return;
	}
	parts->count++;
}

static void find(struct member_search *search, const Dwarf_Die *type, uint64_t offset);

static void descend(struct member_search *search, const Dwarf_Die *type, uint64_t offset,
                    size_t path_size)
{
	if (search->depth < NESTING_MAX) {
		search->depth++;
		find(search, type, offset);
		search->depth--;
	}
	/* Back to what was there before this step's name. */
	search->parts->failed |= search->path.failed;
	search->path.size = path_size;
	if (search->path.at)
		search->path.at[path_size] = '\0';
}

/* DW_AT_data_member_location: a number, or in DWARF 2 "plus_uconst number". */
static bool member_offset(Dwarf_Die *member, uint64_t *ret)
{
	Dwarf_Attribute attr;
	Dwarf_Word number;
	Dwarf_Op *ops;
	size_t count;
	*ret = 0;
	if (dwarf_hasattr(member, DW_AT_bit_size) ||
	    dwarf_hasattr(member, DW_AT_data_bit_offset))
		return false;
	/* Members of a union have none. */
	if (!dwarf_attr(member, DW_AT_data_member_location, &attr))
		return true;
	if (dwarf_formudata(&attr, &number) == 0) {
		*ret = number;
		return true;
	}
	if (dwarf_getlocation(&attr, &ops, &count) != 0 || count != 1 ||
	    ops[0].atom != DW_OP_plus_uconst)
		return false;
	*ret = ops[0].number;
	return true;
}

static bool is_flexible(const Dwarf_Die *type)
{
	struct array_shape shape;
	return type_array(type, &shape) && shape.counts[0] == 0;
}

static void try_member(struct member_search *search, Dwarf_Die *member, uint64_t offset)
{
	Dwarf_Die type;
	uint64_t start, size;
	int tag = dwarf_tag(member);
	if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) ||
	    die_flag(member, DW_AT_external) || die_flag(member, DW_AT_declaration))
		return;
	if (!die_type(member, &type) || !member_offset(member, &start) || start > offset)
		return;
	if (type_size(&type, &size) ? offset - start >= size : !is_flexible(&type))
		return;
	size_t before = search->path.size;
	const char *name = tag == DW_TAG_member ? die_name(member) : NULL;
	if (name && !name_if_short(name, NAME_SHORT_MAX))
		return;
	/* What is in an anonymous member or a base class is named as if it were outside. */
	if (name) {
		strbuf_add_char(&search->path, '.');
		strbuf_add_string(&search->path, name);
	}
	descend(search, &type, offset - start, before);
}

static void find_in_members(struct member_search *search, Dwarf_Die *type,
                            uint64_t offset)
{
	Dwarf_Die member;
	if (!die_child(search->budget, type, &member))
		return;
	do {
		try_member(search, &member, offset);
	} while (die_sibling(search->budget, &member, &member));
}

static void find_in_array(struct member_search *search, const Dwarf_Die *type,
                          uint64_t offset)
{
	struct array_shape shape;
	if (!type_array(type, &shape))
		return;
	uint64_t index = offset / shape.element_size, inner = 1;
	size_t before = search->path.size;
	for (unsigned i = 1; i < shape.dimensions; i++)
		if (shape.counts[i] == 0 ||
		    __builtin_mul_overflow(inner, shape.counts[i], &inner))
			return;
	if (shape.counts[0] && index / inner >= shape.counts[0])
		return;
	for (unsigned i = 0; i < shape.dimensions; i++) {
		strbuf_addf(&search->path, "[%" PRIu64 "]", index / inner);
		index %= inner;
		if (i + 1 < shape.dimensions)
			inner /= shape.counts[i + 1];
	}
	descend(search, &shape.element, offset % shape.element_size, before);
}

static void find(struct member_search *search, const Dwarf_Die *type, uint64_t offset)
{
	Dwarf_Die peeled;
	size_t before = search->parts->count;
	if (!budget_take(search->budget, 1) || !type_peel(type, &peeled))
		return;
	switch (type_shape(&peeled)) {
	case TYPE_STRUCT:
	case TYPE_UNION:
		find_in_members(search, &peeled, offset);
		break;
	case TYPE_ARRAY:
		find_in_array(search, &peeled, offset);
		return;
	default:
		break;
	}
	if (search->parts->count == before && offset == 0 &&
	    type_fits(type, search->wanted))
		keep(search, type);
}

void parts_find(struct budget *budget, const Dwarf_Die *type, uint64_t offset,
                const struct wanted *wanted, struct parts *ret)
{
	struct member_search search = { .budget = budget,
		                        .wanted = wanted,
		                        .parts = ret };
	find(&search, type, offset);
	strbuf_deinit(&search.path);
}

void parts_deinit(struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		strbuf_deinit(&parts->items[i].path);
	parts->count = 0;
}
