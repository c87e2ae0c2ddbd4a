/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Splitting an argument string into arguments, and the size in front of each. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* "-4@", "8f@" */
struct size_prefix {
	uint32_t size; /* UINT32_MAX when too large */
	bool is_signed, is_float, too_large;
	size_t length; /* of the prefix in the text, the @ included */
};

/* Return: false when @text does not begin with one */
bool size_prefix_take(struct text text, struct size_prefix *ret);

struct splitter {
	struct text rest;
	bool nests; /* there are brackets, and they balance, so that they count */
	bool started;
};

/* @text is borrowed. */
void splitter_init(struct splitter *splitter, struct text text);
/* The next argument, not NUL-terminated; false at the end. */
bool splitter_next(struct splitter *splitter, struct text *ret);
