/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* 128-bit integers as four limbs; all arithmetic is unsigned, so nothing is undefined. */
#include "probe/operand/wide.h"

#include "base/array.h"

#define LIMBS 4

bool wide_append_digit(struct wide *wide, unsigned base, unsigned digit)
{
	struct wide product;
	uint64_t carry = digit;
	for (size_t i = 0; i < LIMBS; i++) {
		carry += (uint64_t)wide->limb[i] * base;
		product.limb[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry)
		return false;
	*wide = product;
	return true;
}

struct wide wide_add(struct wide a, struct wide b)
{
	uint64_t carry = 0;
	for (size_t i = 0; i < LIMBS; i++) {
		carry += (uint64_t)a.limb[i] + b.limb[i];
		a.limb[i] = (uint32_t)carry;
		carry >>= 32;
	}
	return a;
}

struct wide wide_negate(struct wide wide)
{
	for (size_t i = 0; i < LIMBS; i++)
		wide.limb[i] = ~wide.limb[i];
	return wide_add(wide, (struct wide){ { 1 } });
}

static bool is_negative(struct wide wide)
{
	return wide.limb[LIMBS - 1] >> 31;
}

struct wide wide_fit(struct wide wide, unsigned size, bool is_signed)
{
	unsigned top = size - 1;
	bool negative = is_signed && (wide.limb[top / 4] >> (top % 4 * 8 + 7) & 1);
	for (unsigned byte = size; byte < WIDE_BYTES; byte++) {
		uint32_t mask = (uint32_t)0xff << (byte % 4 * 8);
		if (negative)
			wide.limb[byte / 4] |= mask;
		else
			wide.limb[byte / 4] &= ~mask;
	}
	return wide;
}

bool wide_to_i64(struct wide wide, int64_t *ret)
{
	uint32_t high = wide.limb[2];
	if (wide.limb[3] != high || (high != 0 && high != UINT32_MAX))
		return false;
	if (high && !(wide.limb[1] >> 31))
		return false;
	*ret = (int64_t)((uint64_t)wide.limb[1] << 32 | wide.limb[0]);
	return true;
}

/* Divides by ten; returns the remainder. */
static unsigned take_digit(struct wide *wide)
{
	uint64_t rest = 0;
	for (size_t i = LIMBS; i-- > 0;) {
		rest = rest << 32 | wide->limb[i];
		wide->limb[i] = (uint32_t)(rest / 10);
		rest %= 10;
	}
	return (unsigned)rest;
}

static bool is_zero(struct wide wide)
{
	return !(wide.limb[0] | wide.limb[1] | wide.limb[2] | wide.limb[3]);
}

const char *wide_format(struct wide wide, bool is_signed, char buf[WIDE_DECIMAL_SIZE])
{
	bool negative = is_signed && is_negative(wide);
	if (negative)
		wide = wide_negate(wide);

	char *at = buf + WIDE_DECIMAL_SIZE - 1;
	*at = '\0';
	do {
		*--at = (char)('0' + take_digit(&wide));
	} while (!is_zero(wide));
	if (negative)
		*--at = '-';
	return at;
}
