/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Integers of 128 bits in two's complement, on every host: constants of 16-byte arguments. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define WIDE_BYTES        16
#define WIDE_DECIMAL_SIZE 41 /* a sign, 39 digits and the NUL */

struct wide {
	uint32_t limb[4]; /* the lowest first */
};

/* *@wide * @base + @digit; false when it needs more than 128 bits. */
bool wide_append_digit(struct wide *wide, unsigned base, unsigned digit);
/* Both wrap around. */
struct wide wide_add(struct wide a, struct wide b);
struct wide wide_negate(struct wide wide);
/* Cut to the lowest @size bytes (1 to 16), then extended by sign or with zeros. */
struct wide wide_fit(struct wide wide, unsigned size, bool is_signed);
/* Return: false when it fits neither a signed nor an unsigned 64-bit integer */
bool wide_to_i64(struct wide wide, int64_t *ret);
/* Decimal. Return: its start in @buf, NUL-terminated */
const char *wide_format(struct wide wide, bool is_signed, char buf[WIDE_DECIMAL_SIZE]);
