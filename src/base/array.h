/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Growing arrays, and the macros that release things at the end of a scope. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
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
