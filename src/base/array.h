/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Growing and sorted arrays, and the macros that release things at the end of a scope. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define _cleanup_(fn) __attribute__((__cleanup__(fn)))
#define steal_ptr(p)                                                                     \
	__extension__({                                                                  \
		__auto_type steal_ = (p);                                                \
		(p) = NULL;                                                              \
		steal_;                                                                  \
	})

static inline void freep(void *p)
{
	free(*(void **)p);
}

/*
 * array_grow - make room for @count items of @item bytes in *@items (NULL at first)
 * @room: how many fit now; updated
 *
 * Return: false when memory ran out or the size overflows; *@items is still valid then.
 */
bool array_grow(void *items, size_t *room, size_t count, size_t item);

/* For the macros below. @offset: of a uint64_t in each item of @size bytes */
static inline size_t array_search(const void *items, size_t count, size_t size,
                                  size_t offset, uint64_t key, bool with_key)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *item = (const char *)items + middle * size;
		uint64_t value = *(const uint64_t *)(const void *)(item + offset);
		if (value < key || (with_key && value == key))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

#define ARRAY_SEARCH(items, count, member, key, with_key)                                \
	__extension__({                                                                  \
		_Static_assert(sizeof((items)->member) == sizeof(uint64_t),              \
		               "the key is no uint64_t");                                \
		array_search(items, count, sizeof(*(items)),                             \
		             offsetof(__typeof__(*(items)), member), key, with_key);     \
	})
/* How many of @items, sorted by their uint64_t @member, have one of @key at most; or less. */
#define array_upto(items, count, member, key)                                            \
	ARRAY_SEARCH(items, count, member, key, true)
#define array_below(items, count, member, key)                                           \
	ARRAY_SEARCH(items, count, member, key, false)
