/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Bytes of separate debug files that may still be read: for a checksum, which takes all of
 * them, for symbols and debug info, and of the other halves of units. A file may have holes,
 * many objects may name one file, and many units of an object the same .dwo file.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* For all objects of a run, and for each byte of one besides. */
#define DEBUG_READING_MAX   ((uint64_t)4 << 30)
#define DEBUG_READING_RATIO 1000

/* Zero-initialise. */
struct debug_reading {
	bool is_begun;
	uint64_t left;
};

static inline void debug_reading_add(struct debug_reading *reading, uint64_t object_size)
{
	uint64_t more;
	if (!reading->is_begun)
		reading->left = DEBUG_READING_MAX;
	reading->is_begun = true;
	if (__builtin_mul_overflow(object_size, DEBUG_READING_RATIO, &more) ||
	    __builtin_add_overflow(reading->left, more, &reading->left))
		reading->left = UINT64_MAX;
}

/* Return: false when there are not as many left, which leaves them for smaller files */
static inline bool debug_reading_take(struct debug_reading *reading, uint64_t size)
{
	if (size > reading->left)
		return false;
	reading->left -= size;
	return true;
}
