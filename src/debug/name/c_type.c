/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Types of the debug info: what they are beneath their names, their size and their sign. */
#include "debug/name/c_type.h"

#include <dwarf.h>

#include "debug/file/die.h"

/* typedef of a const of a typedef...: real code stays below ten. */
#define TYPE_CHAIN_MAX 64

bool type_peel(const Dwarf_Die *die, Dwarf_Die *ret)
{
	Dwarf_Die at = *die;
	for (int n = 0; n < TYPE_CHAIN_MAX; n++) {
		switch (dwarf_tag(&at)) {
		case DW_TAG_typedef:
		case DW_TAG_const_type:
		case DW_TAG_volatile_type:
		case DW_TAG_restrict_type:
		case DW_TAG_atomic_type:
		case DW_TAG_immutable_type:
		case DW_TAG_packed_type:
		case DW_TAG_shared_type:
			break;
		default:
			*ret = at;
			return true;
		}
		Dwarf_Die next;
		if (!die_type(&at, &next))
			return false;
		at = next;
	}
	return false;
}

static enum type_shape base_shape(Dwarf_Die *type)
{
	uint64_t encoding;
	if (!die_unsigned(type, DW_AT_encoding, &encoding))
		return TYPE_UNKNOWN;
	switch (encoding) {
	case DW_ATE_signed:
	case DW_ATE_signed_char:
		return TYPE_SIGNED;
	case DW_ATE_unsigned:
	case DW_ATE_unsigned_char:
	case DW_ATE_boolean:
	case DW_ATE_UTF:
	case DW_ATE_UCS:
	case DW_ATE_ASCII:
	case DW_ATE_address:
		return TYPE_UNSIGNED;
	case DW_ATE_float:
		return TYPE_FLOAT;
	case DW_ATE_complex_float:
		return TYPE_COMPLEX;
	default:
		return TYPE_UNKNOWN;
	}
}

static enum type_shape enumeration_shape(Dwarf_Die *type)
{
	Dwarf_Die underlying, peeled;
	if (die_type(type, &underlying) && type_peel(&underlying, &peeled) &&
	    dwarf_tag(&peeled) == DW_TAG_base_type)
		return base_shape(&peeled);
	enum type_shape shape = base_shape(type);
	return shape == TYPE_UNKNOWN ? TYPE_INTEGER : shape;
}

enum type_shape type_shape(const Dwarf_Die *type)
{
	Dwarf_Die peeled;
	if (!type_peel(type, &peeled))
		return TYPE_UNKNOWN;
	switch (dwarf_tag(&peeled)) {
	case DW_TAG_base_type:
		return base_shape(&peeled);
	case DW_TAG_enumeration_type:
		return enumeration_shape(&peeled);
	case DW_TAG_pointer_type:
	case DW_TAG_reference_type:
	case DW_TAG_rvalue_reference_type:
	case DW_TAG_unspecified_type: /* decltype(nullptr) */
		return TYPE_UNSIGNED;
	case DW_TAG_structure_type:
	case DW_TAG_class_type:
		return TYPE_STRUCT;
	case DW_TAG_union_type:
		return TYPE_UNION;
	case DW_TAG_array_type:
		return die_flag(&peeled, DW_AT_GNU_vector) ? TYPE_COMPLEX : TYPE_ARRAY;
	case DW_TAG_subroutine_type:
		return TYPE_FUNCTION;
	default:
		return TYPE_UNKNOWN;
	}
}

static bool subrange_count(Dwarf_Die *range, uint64_t *ret)
{
	uint64_t upper, lower = 0;
	*ret = 0;
	if (die_unsigned(range, DW_AT_count, ret))
		return true;
	if (!die_unsigned(range, DW_AT_upper_bound, &upper))
		return true;
	die_unsigned(range, DW_AT_lower_bound, &lower);
	/* gcc writes int a[0] as an upper bound of -1. */
	if (upper == UINT64_MAX || upper == UINT32_MAX || upper < lower)
		return true;
	*ret = upper - lower + 1;
	return true;
}

bool type_array(const Dwarf_Die *type, struct array_shape *ret)
{
	Dwarf_Die peeled, child, next;
	struct budget budget = { .left = (uint64_t)4 * DIMENSIONS_MAX };
	*ret = (struct array_shape){ 0 };
	if (!type_peel(type, &peeled) || dwarf_tag(&peeled) != DW_TAG_array_type ||
	    !die_type(&peeled, &ret->element))
		return false;
	for (bool more = die_child(&budget, &peeled, &child); more; child = next) {
		if (dwarf_tag(&child) == DW_TAG_subrange_type) {
			if (ret->dimensions == DIMENSIONS_MAX ||
			    !subrange_count(&child, &ret->counts[ret->dimensions]))
				return false;
			ret->dimensions++;
		}
		more = die_sibling(&budget, &child, &next);
	}
	Dwarf_Die element;
	/* An array of an array type would be two entries: C front ends write one. */
	if (budget.exhausted || ret->dimensions == 0 ||
	    !type_peel(&ret->element, &element) ||
	    dwarf_tag(&element) == DW_TAG_array_type)
		return false;
	return type_size(&element, &ret->element_size) && ret->element_size != 0;
}

static bool array_size(const Dwarf_Die *type, uint64_t *ret)
{
	struct array_shape shape;
	if (!type_array(type, &shape))
		return false;
	uint64_t size = shape.element_size;
	for (unsigned i = 0; i < shape.dimensions; i++)
		if (shape.counts[i] == 0 ||
		    __builtin_mul_overflow(size, shape.counts[i], &size))
			return false;
	*ret = size;
	return true;
}

bool type_size(const Dwarf_Die *type, uint64_t *ret)
{
	Dwarf_Die peeled;
	uint64_t size;
	if (!type_peel(type, &peeled))
		return false;
	if (die_unsigned(&peeled, DW_AT_byte_size, &size)) {
		*ret = size;
		return true;
	}
	uint8_t address_size;
	switch (dwarf_tag(&peeled)) {
	case DW_TAG_pointer_type:
	case DW_TAG_reference_type:
	case DW_TAG_rvalue_reference_type:
	case DW_TAG_unspecified_type:
		if (!dwarf_diecu(&peeled, &(Dwarf_Die){ 0 }, &address_size, NULL))
			return false;
		*ret = address_size;
		return true;
	case DW_TAG_array_type:
		return array_size(&peeled, ret);
	case DW_TAG_enumeration_type: {
		Dwarf_Die underlying;
		return die_type(&peeled, &underlying) &&
		       dwarf_tag(&underlying) == DW_TAG_base_type &&
		       die_unsigned(&underlying, DW_AT_byte_size, ret);
	}
	default:
		return false;
	}
}
