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

static inline uint64_t copy_8(char *to, const char *from)
{
	uint64_t word;
	memcpy(&word, from, sizeof(word));
	memcpy(to, &word, sizeof(word));
	return word;
}

static inline uint32_t copy_4(char *to, const char *from)
{
	uint32_t word;
	memcpy(&word, from, sizeof(word));
	memcpy(to, &word, sizeof(word));
	return word;
}

/*
 * ascii_copy - copy @size bytes, and look for some in them
 * @found: as bytes_unprintable()
 *
 * Words may overlap, so that no byte but those is touched. Return: 0 when @found finds none
 */
static inline __attribute__((always_inline)) uint64_t
ascii_copy(char *to, const char *from, size_t size, uint64_t (*found)(uint64_t word))
{
	uint64_t word = EACH_BYTE(' '), all = 0;
	if (size >= 8) {
		for (size_t i = 0; i + 8 < size; i += 8)
			all |= found(copy_8(to + i, from + i));
		return all | found(copy_8(to + size - 8, from + size - 8));
	}
	if (size >= 4) {
		word = copy_4(to, from);
		word |= (uint64_t)copy_4(to + size - 4, from + size - 4) << 32;
	} else if (size) {
		/* One to three bytes: the first, the middle one and the last. */
		unsigned char bytes[3] = { (unsigned char)from[0],
			                   (unsigned char)from[size / 2],
			                   (unsigned char)from[size - 1] };
		to[0] = (char)bytes[0];
		to[size / 2] = (char)bytes[1];
		to[size - 1] = (char)bytes[2];
		word = word << 24 | (uint64_t)bytes[2] << 16 | (uint64_t)bytes[1] << 8 |
		       bytes[0];
	}
	return found(word);
}
