/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Printable ASCII, found out for eight bytes at once. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Each function's answer has a high bit set when a byte of @word is what it is called. */
#define EACH_BYTE(value) ((value) * (uint64_t)0x0101010101010101)

/* Below the space, DEL, or not ASCII. */
static inline uint64_t bytes_unprintable(uint64_t word)
{
	/* A borrow or carry comes only out of a byte that is one. */
	return ((word - EACH_BYTE(0x20)) | (word + EACH_BYTE(1)) | word) &
	       EACH_BYTE(0x80);
}

static inline uint64_t bytes_equal(uint64_t word, unsigned char c)
{
	uint64_t zero = word ^ EACH_BYTE(c);
	return (zero - EACH_BYTE(1)) & ~zero & EACH_BYTE(0x80);
}

static inline uint64_t load_8(const char *at)
{
	uint64_t word;
	memcpy(&word, at, sizeof(word));
	return word;
}

/* Four bytes, and spaces in place of the others. */
static inline uint64_t load_4(const char *at)
{
	uint32_t word;
	memcpy(&word, at, sizeof(word));
	return EACH_BYTE(0x20) << 32 | word;
}

static inline uint64_t load_1(const char *at)
{
	return (EACH_BYTE(0x20) & ~(uint64_t)0xff) | (unsigned char)*at;
}

/*
 * ascii_check - FOUND() of all of @size bytes at @from, in words that may overlap
 * @found: as bytes_unprintable()
 *
 * Return: 0 when no byte is what @found looks for
 */
static inline __attribute__((always_inline)) uint64_t
ascii_check(const char *from, size_t size, uint64_t (*found)(uint64_t word))
{
	uint64_t all = 0;
	if (size >= 8) {
		for (size_t i = 0; i + 8 < size; i += 8)
			all |= found(load_8(from + i));
		return all | found(load_8(from + size - 8));
	}
	if (size >= 4)
		return found(load_4(from)) | found(load_4(from + size - 4));
	for (size_t i = 0; i < size; i++)
		all |= found(load_1(from + i));
	return all;
}
