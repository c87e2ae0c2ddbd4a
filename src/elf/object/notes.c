/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Notes: namesz, descsz, type, then the two padded byte strings. */
#include "elf/object/notes.h"

#include <string.h>

#define NOTE_HEADER_SIZE 12

void note_walk_init(struct note_walk *walk, struct span area, uint64_t alignment,
                    bool big_endian)
{
	*walk = (struct note_walk){ area, 0, alignment == 8 ? 8 : 4, big_endian };
}

/* Skip the padding that follows @size bytes; at the end of the area it may be missing. */
static void skip_padding(struct span *span, uint64_t size, unsigned alignment)
{
	size_t padding = (size_t)(alignment - size % alignment) % alignment;
	span_skip(span, padding < span->left ? padding : span->left);
}

static bool all_zero(struct span span)
{
	for (size_t i = 0; i < span.left; i++) {
		if (span.at[i] != 0)
			return false;
	}
	return true;
}

static struct text owner_text(struct span name)
{
	while (name.left && name.at[name.left - 1] == '\0')
		name.left--;
	return (struct text){ (const char *)name.at, name.left };
}

/* Take the note at the start of @span. Return: NULL, or why it is none. */
static const char *take_note(struct span *span, const struct note_walk *walk,
                             struct note *note)
{
	uint32_t name_size, descriptor_size;
	if (!span_u32(span, walk->big_endian, &name_size) ||
	    !span_u32(span, walk->big_endian, &descriptor_size) ||
	    !span_u32(span, walk->big_endian, &note->type))
		return "stray bytes after the last note";
	struct span name;
	if (!span_take(span, name_size, &name))
		return "the owner's name runs past the end of the notes";
	note->owner = owner_text(name);
	skip_padding(span, (uint64_t)NOTE_HEADER_SIZE + name_size, walk->alignment);
	if (!span_take(span, descriptor_size, &note->descriptor))
		return "the descriptor runs past the end of the notes";
	skip_padding(span, descriptor_size, walk->alignment);
	return NULL;
}

int note_walk_next(struct note_walk *walk, struct note *ret, const char **reason_ret)
{
	if (walk->left.left == 0)
		return 0;
	if (walk->left.left < NOTE_HEADER_SIZE && all_zero(walk->left)) {
		walk->left.left = 0;
		return 0;
	}
	struct span rest = walk->left;
	struct note note = { .offset = walk->offset };
	const char *reason = take_note(&rest, walk, &note);
	if (reason) {
		*reason_ret = reason;
		walk->left.left = 0;
		return -1;
	}
	walk->offset += walk->left.left - rest.left;
	walk->left = rest;
	*ret = note;
	return 1;
}

static bool walks_cleanly(struct span area, unsigned alignment, bool big_endian)
{
	struct note_walk walk;
	struct note note;
	const char *reason;
	int r;
	note_walk_init(&walk, area, alignment, big_endian);
	while ((r = note_walk_next(&walk, &note, &reason)) > 0)
		;
	return r == 0;
}

unsigned notes_alignment(struct span area, uint64_t declared, bool big_endian)
{
	if (declared != 8)
		return 4;
	if (!walks_cleanly(area, 8, big_endian) && walks_cleanly(area, 4, big_endian))
		return 4;
	return 8;
}
