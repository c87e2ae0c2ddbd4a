/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* C types by name: size and sign, as far as the name alone tells. */
#pragma once

#include <stdbool.h>

#include "base/text.h"
#include "probe/operand/operand.h"

enum c_kind {
	C_UNKNOWN,
	C_INTEGER,
	C_BOOL,
	C_FLOAT,
	C_POINTER,
	C_STRING, /* char *, with or without const */
};

struct c_type {
	enum c_kind kind;
	unsigned size; /* bytes; 0 when it is not known */
	bool is_signed;
	/* An enumeration or a truth value, which the compiler may take for an int, too. */
	bool or_int;
};

/* @address_size: 4 or 8: also the size of long */
struct c_type c_type_of(struct text name, unsigned address_size);

/* Return: whether a note's argument can be a value of that type */
bool c_type_fits(const struct c_type *type, const struct usdtinfo_argument *argument);
