/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Debugging entries read with distrust: every chain has an end, every walk goes forward. */
#include "debug/file/die.h"

#include <dwarf.h>
#include <stddef.h>
#include <string.h>

/* An inlined instance refers to an abstract one, that to a declaration: two suffice. */
#define REFERENCES_MAX 8

/* Bytes of entries that are gone over for the cost of one that is looked at. */
#define WALK_PER_COST 16

static bool refer(Dwarf_Attribute *attr, Dwarf_Die *ret)
{
	return dwarf_formref_die(attr, ret) != NULL;
}

bool die_attr(Dwarf_Die *die, unsigned name, Dwarf_Attribute *ret)
{
	Dwarf_Die at = *die;
	for (int n = 0; n < REFERENCES_MAX; n++) {
		if (dwarf_attr(&at, name, ret))
			return true;
		Dwarf_Attribute origin;
		Dwarf_Die next;
		if (!dwarf_attr(&at, DW_AT_abstract_origin, &origin) &&
		    !dwarf_attr(&at, DW_AT_specification, &origin))
			return false;
		if (!refer(&origin, &next))
			return false;
		at = next;
	}
	return false;
}

const char *die_name(Dwarf_Die *die)
{
	Dwarf_Attribute attr;
	return die_attr(die, DW_AT_name, &attr) ? dwarf_formstring(&attr) : NULL;
}

const char *name_if_short(const char *name, size_t limit)
{
	return name && strnlen(name, limit) < limit ? name : NULL;
}

bool die_unsigned(Dwarf_Die *die, unsigned name, uint64_t *ret)
{
	Dwarf_Attribute attr;
	Dwarf_Word value;
	if (!die_attr(die, name, &attr) || dwarf_formudata(&attr, &value) != 0)
		return false;
	*ret = value;
	return true;
}

bool die_flag(Dwarf_Die *die, unsigned name)
{
	Dwarf_Attribute attr;
	bool flag = false;
	return die_attr(die, name, &attr) && dwarf_formflag(&attr, &flag) == 0 && flag;
}

bool die_reference(Dwarf_Die *die, unsigned name, Dwarf_Die *ret)
{
	Dwarf_Attribute attr;
	return die_attr(die, name, &attr) && refer(&attr, ret);
}

bool die_type(Dwarf_Die *die, Dwarf_Die *ret)
{
	return die_reference(die, DW_AT_type, ret);
}

bool die_child(struct budget *budget, Dwarf_Die *die, Dwarf_Die *ret)
{
	Dwarf_Die child;
	if (!budget_take(budget, 1) || dwarf_child(die, &child) != 0)
		return false;
	*ret = child;
	return true;
}

/*
 * An entry that does not tell where its sibling is has libdw go over all inside it. Where that
 * ended stands in @next even if there is none, but for the end of the unit.
 */
static bool pay_walk(struct budget *budget, Dwarf_Die *die, const Dwarf_Die *next)
{
	const char *from = die->addr, *to = next->addr;
	uint64_t size = !to ? budget->whole : to > from ? (uint64_t)(to - from) : 0;
	return size < WALK_PER_COST || dwarf_hasattr(die, DW_AT_sibling) ||
	       budget_take(budget, size / WALK_PER_COST);
}

bool die_sibling(struct budget *budget, Dwarf_Die *die, Dwarf_Die *ret)
{
	Dwarf_Die next = { 0 };
	if (!budget_take(budget, 1))
		return false;
	if (!budget->whole && dwarf_child(die, &next) == 0) {
		budget->exhausted = true;
		return false;
	}
	int r = dwarf_siblingof(die, &next);
	if (!pay_walk(budget, die, &next) || r != 0)
		return false;
	/* DW_AT_sibling can point anywhere. */
	if ((const char *)next.addr <= (const char *)die->addr)
		return false;
	*ret = next;
	return true;
}

bool die_covers(struct budget *budget, Dwarf_Die *die, uint64_t address)
{
	Dwarf_Addr base = 0, start, end;
	ptrdiff_t at = 0;
	while (budget_take(budget, 1) &&
	       (at = dwarf_ranges(die, at, &base, &start, &end)) > 0)
		if (start <= address && address < end)
			return true;
	return false;
}
