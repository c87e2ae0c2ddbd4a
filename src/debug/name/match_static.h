/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Which static variables an operand with a symbol may read. */
#pragma once

#include "debug/name/match.h"

/*
 * match_static - variables at the symbol, in the scopes around the site and in its unit
 *
 * Memory at a symbol is the variable or a part of it; a symbol's address is "&x", or "x" for
 * an array. Thread-local variables go by the symbol's name.
 */
void match_static(const struct name_context *context,
                  const struct usdtinfo_argument *argument, struct variable_matches *ret);

/*
 * match_address - the static variable at an address
 * @is_address: the value is the address itself, not what is there
 */
void match_address(const struct name_context *context, uint64_t image_address,
                   bool is_address, const struct wanted *wanted,
                   struct variable_matches *ret);
