/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Numbers as digits in place, without a branch for each. */
#pragma once

#include <endian.h>
#include <stdint.h>
#include <string.h>

/* Room that put_hex() and put_decimal() need, whatever the value. */
#define DIGITS_MAX 20

/* The low 32 bits as 8 lower-case hexadecimal digits, one in each byte, the first on top. */
static inline uint64_t spread_hex(uint64_t value)
{
	const uint64_t ones = 0x0101010101010101;
	value = (value | value << 16) & 0x0000ffff0000ffff;
	value = (value | value << 8) & 0x00ff00ff00ff00ff;
	value = (value | value << 4) & 0x0f0f0f0f0f0f0f0f;
	uint64_t is_letter = ((value + 6 * ones) >> 4) & ones;
	return value + '0' * ones + is_letter * ('a' - '0' - 10);
}

/* @value in lower-case hex, zero-filled to @least (at most 16) digits. Return: the end */
static inline char *put_hex(char *at, uint64_t value, unsigned least)
{
	unsigned digits = value ? (67u - (unsigned)__builtin_clzll(value)) / 4 : 1;
	if (digits < least)
		digits = least;
	value <<= 64 - 4 * digits;
	uint64_t words[2] = { htobe64(spread_hex(value >> 32)),
		              htobe64(spread_hex(value & UINT32_MAX)) };
	memcpy(at, words, sizeof(words));
	return at + digits;
}

/* Return: the end */
static inline char *put_decimal(char *at, uint64_t value)
{
	char digits[DIGITS_MAX];
	char *first = digits + sizeof(digits);
	if (value < 10) {
		*at = (char)('0' + value);
		return at + 1;
	}
	for (; value; value /= 10)
		*--first = (char)('0' + value % 10);
	size_t size = (size_t)(digits + sizeof(digits) - first);
	memcpy(at, first, size);
	return at + size;
}
