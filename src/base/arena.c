/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The arena: a list of blocks, the newest first, filled from their start. */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT _Alignof(max_align_t)
#define BLOCK_MIN ((size_t)4096)
#define BLOCK_MAX ((size_t)1 << 20)

struct arena_block {
	struct arena_block *next;
	size_t used, room;
	max_align_t bytes[];
};

static struct arena_block *block_new(size_t room)
{
	if (room > PTRDIFF_MAX - sizeof(struct arena_block))
		return NULL;

	struct arena_block *block = malloc(sizeof(*block) + room);
	if (!block)
		return NULL;
	*block = (struct arena_block){ .room = room };
	return block;
}

void *arena_take(struct arena *arena, size_t size)
{
	if (size > PTRDIFF_MAX)
		return NULL;
	/* A zero-sized piece, too, has an address of its own. */
	size = size ? (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;

	struct arena_block *block = arena->blocks;
	if (!block || block->room - block->used < size) {
		/* Doubling keeps the blocks few; the limit keeps what lies idle small. */
		size_t room = BLOCK_MIN;
		if (block)
			room = block->room < BLOCK_MAX / 2 ? block->room * 2 : BLOCK_MAX;
		block = block_new(size > room ? size : room);
		if (!block)
			return NULL;
		block->next = arena->blocks;
		arena->blocks = block;
	}

	void *piece = (unsigned char *)block->bytes + block->used;
	block->used += size;
	return piece;
}

struct text arena_text(struct arena *arena, const void *bytes, size_t size)
{
	char *copy = size < PTRDIFF_MAX ? arena_take(arena, size + 1) : NULL;
	if (!copy)
		return (struct text){ NULL, 0 };
	if (size)
		memcpy(copy, bytes, size);
	copy[size] = '\0';
	return (struct text){ copy, size };
}

/* The blocks from @block on are released. */
static void free_blocks(struct arena_block *block)
{
	while (block) {
		struct arena_block *next = block->next;
		free(block);
		block = next;
	}
}

void arena_clear(struct arena *arena)
{
	/* Blocks grow, so the newest serves the next round best. */
	struct arena_block *kept = arena->blocks;
	if (!kept)
		return;
	free_blocks(kept->next);
	kept->next = NULL;
	kept->used = 0;
}

void arena_deinit(struct arena *arena)
{
	free_blocks(arena->blocks);
	arena->blocks = NULL;
}
