/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Debugging entries read with distrust: every chain has an end, every walk goes forward. */
#include "site/die.h"

#include <dwarf.h>
#include <stddef.h>

/* An inlined instance refers to an abstract one, that to a declaration: two suffice. */
#define REFERENCES_MAX 8

bool budget_take(struct budget *budget, uint64_t cost)
{
	if (budget->left < cost) {
		budget->left = 0;
		budget->exhausted = true;
		return false;
	}
	budget->left -= cost;
	return true;
}

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

bool die_sibling(struct budget *budget, Dwarf_Die *die, Dwarf_Die *ret)
{
	Dwarf_Die next;
	if (!budget_take(budget, 1) || dwarf_siblingof(die, &next) != 0)
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
