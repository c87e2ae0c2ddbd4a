/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The part of a type that lies at an offset: members, elements, and theirs. */
#pragma once

#include "base/text.h"
#include "debug/file/die.h"
#include "debug/name/c_type.h"

/* How an argument's value looks. */
struct wanted {
	uint64_t size;
	bool is_signed, is_float;
};

/* Return: whether a value of @type is passed as such an argument */
bool type_fits(const Dwarf_Die *type, const struct wanted *wanted);

/* Alternatives of unions; more than these are not told apart. */
#define PARTS_MAX 8

struct part {
	struct strbuf path; /* ".in.b[2]"; empty: the whole */
	Dwarf_Die type;
};

/* Zero-initialise; release with parts_deinit(). */
struct parts {
	struct part items[PARTS_MAX];
	size_t count;
	bool failed; /* memory ran out */
};

/*
 * parts_find - what of @type lies at @offset and looks like @wanted
 *
 * Bit fields and virtual bases are left out. Where a structure and its only member are the
 * same bytes, it is the member.
 */
void parts_find(struct budget *budget, const Dwarf_Die *type, uint64_t offset,
                const struct wanted *wanted, struct parts *ret);
void parts_deinit(struct parts *parts);
