/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Types of the debug info: their C spelling, size and sign. */
#pragma once

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* How a value of the type looks to a probe's argument. */
enum type_shape {
	TYPE_UNKNOWN,
	TYPE_SIGNED,
	TYPE_UNSIGNED, /* pointers and booleans, too */
	TYPE_INTEGER,  /* an enumeration whose sign is not recorded */
	TYPE_FLOAT,
	TYPE_COMPLEX, /* no integer and no float to sys/sdt.h: complex, vectors */
	TYPE_STRUCT,
	TYPE_UNION,
	TYPE_ARRAY,
	TYPE_FUNCTION,
};

/* @die without typedefs and qualifiers; false for void and where the chain has no end. */
bool type_peel(const Dwarf_Die *die, Dwarf_Die *ret);
enum type_shape type_shape(const Dwarf_Die *type);
/* In bytes. false: incomplete, variable, or damaged. */
bool type_size(const Dwarf_Die *type, uint64_t *ret);
/*
 * The elements of an array: their type, and the size of each. The inner dimensions of a
 * matrix are given in @inner_ret, slowest first; their number is returned, -1 for damage.
 */
#define DIMENSIONS_MAX 8
struct array_shape {
	Dwarf_Die element;
	uint64_t element_size;
	uint64_t counts[DIMENSIONS_MAX]; /* 0: not known (flexible) */
	unsigned dimensions;
};
bool type_array(const Dwarf_Die *type, struct array_shape *ret);

/*
 * type_spell - append the C spelling, such as "const char *" or "int (*)(void)"
 * @type: NULL is void
 * @pointers: how many pointers to it are meant
 *
 * Return: false when there is none (damage, or too deep); @out is as it was then.
 */
bool type_spell(const Dwarf_Die *type, unsigned pointers, struct strbuf *out);
