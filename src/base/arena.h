/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* An arena: many small allocations, released or reused together. */
#pragma once

#include <stddef.h>

#include "base/text.h"

/* Zero-initialise; release with arena_deinit(). What it gave stays where it is until then. */
struct arena {
	struct arena_block *blocks;
};

/* Return: @size bytes aligned for any type, or NULL when memory ran out */
void *arena_take(struct arena *arena, size_t size);
/* A NUL-terminated copy; AT is NULL when memory ran out. */
struct text arena_text(struct arena *arena, const void *bytes, size_t size);
/* Everything it gave is gone; one block is kept for what comes. */
void arena_clear(struct arena *arena);
void arena_deinit(struct arena *arena);
