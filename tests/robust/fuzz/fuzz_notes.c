/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Fuzz target: an area of notes. The first byte chooses class, byte order and alignment, the
 * rest is walked by itself, and as the only segment of an object without sections.
 */
#include "elf/object/image.h"
#include "elf/object/notes.h"
#include "fuzz.h"
#include "probe/note/descriptor.h"
#include "usdtinfo.h"

struct shape {
	bool big_endian;
	unsigned address_size;
	uint64_t alignment;
};

static bool is_within(const void *at, size_t size, struct span area)
{
	uintptr_t start = (uintptr_t)area.at, from = (uintptr_t)at;
	return from >= start && from - start <= area.left &&
	       size <= area.left - (from - start);
}

static bool is_probe(const struct note *note, const struct shape *shape)
{
	struct descriptor descriptor;
	descriptor_read(note->descriptor, shape->address_size, shape->big_endian,
	                &descriptor);
	require((descriptor.flaw == DESCRIPTOR_SOUND) == (descriptor.reason == NULL));
	if (descriptor.flaw == DESCRIPTOR_MALFORMED)
		return false;
	const struct text *texts[] = { &descriptor.provider, &descriptor.name,
		                       &descriptor.arguments };
	for (size_t i = 0; i < 3; i++) {
		bool ends = i < 2 || descriptor.flaw != DESCRIPTOR_NOT_TERMINATED;
		require(is_within(texts[i]->at, texts[i]->size + ends, note->descriptor));
		require(!ends || strlen(texts[i]->at) == texts[i]->size);
	}
	return text_equal(note->owner, text_of(STAPSDT_OWNER)) &&
	       note->type == NT_STAPSDT;
}

/* Return: how many probes a walk finds */
static uint64_t walk_area(struct span area, const struct shape *shape)
{
	unsigned alignment = notes_alignment(area, shape->alignment, shape->big_endian);
	struct note_walk walk;
	struct note note;
	const char *reason = NULL;
	uint64_t count = 0, end = 0;
	int r;
	require(alignment == 4 || (alignment == 8 && shape->alignment == 8));
	note_walk_init(&walk, area, alignment, shape->big_endian);
	while ((r = note_walk_next(&walk, &note, &reason)) > 0) {
		require(note.offset == end && walk.offset >= end + 12);
		require(walk.offset + walk.left.left == area.left);
		require(is_within(note.owner.at, note.owner.size, area));
		require(is_within(note.descriptor.at, note.descriptor.left, area));
		end = walk.offset;
		count += is_probe(&note, shape);
	}
	require((r < 0) == (reason != NULL));
	/* Read at another alignment than declared only where that leaves nothing over. */
	require(r == 0 || alignment == 8 || shape->alignment != 8);
	return count;
}

static unsigned char *put(unsigned char *to, uint64_t value, unsigned size, bool big)
{
	for (unsigned i = 0; i < size; i++)
		to[big ? size - 1 - i : i] = (unsigned char)(value >> 8 * i);
	return to + size;
}

/* Headers for an area that begins @start bytes into the file. */
static void put_headers(unsigned char *to, const struct shape *shape, size_t start,
                        size_t size)
{
	bool big = shape->big_endian, is_64 = shape->address_size == 8;
	unsigned word = shape->address_size, header = is_64 ? 64 : 52;
	const unsigned char ident[EI_NIDENT] = {
		ELFMAG0,
		ELFMAG1,
		ELFMAG2,
		ELFMAG3,
		is_64 ? ELFCLASS64 : ELFCLASS32,
		big ? ELFDATA2MSB : ELFDATA2LSB,
		EV_CURRENT,
	};
	const struct {
		uint64_t value;
		unsigned size;
	} fields[] = {
		{ ET_DYN, 2 },
		{ EM_NONE, 2 },
		{ EV_CURRENT, 4 },
		{ 0, word },
		{ header, word },
		{ 0, word },
		{ 0, 4 },
		{ header, 2 },
		{ is_64 ? 56 : 32, 2 },
		{ 1, 2 },
		{ 0, 6 },
		/* the program header */
		{ PT_NOTE, 4 },
		{ is_64 ? PF_R : start, 4 },
		{ is_64 ? start : 0, word },
		{ 0, word },
		{ is_64 ? 0 : size, word },
		{ size, word },
		{ is_64 ? size : PF_R, word },
		{ shape->alignment, word },
	};
	memcpy(to, ident, sizeof(ident));
	to += sizeof(ident);
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		to = put(to, fields[i].value, fields[i].size, big);
}

/* Return: how many probes an object has whose only segment is the area */
static uint64_t walk_object(const uint8_t *data, size_t size, const struct shape *shape)
{
	size_t start = shape->address_size == 8 ? 64 + 56 : 52 + 32;
	struct usdtinfo_image *image;
	struct usdtinfo_walk *walk;
	const struct usdtinfo_probe *probe;
	uint64_t count = 0;
	unsigned char *file = malloc(start + size);
	require(file != NULL);
	put_headers(file, shape, start, size);
	if (size)
		memcpy(file + start, data, size);
	require(usdtinfo_image_open_memory(file, start + size, "f", &image, NULL) == 0);
	require(usdtinfo_walk_open(image, 0, &walk, NULL) == 0);
	while (usdtinfo_walk_next(walk, &probe, NULL) > 0)
		count++;
	usdtinfo_walk_close(walk);
	require(count == usdtinfo_image_probe_count(image));
	usdtinfo_image_close(image);
	free(file);
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint64_t alignments[] = { 4, 8, 1, 0 };
	if (!size)
		return 0;
	const struct shape shape = {
		.big_endian = *data & 1,
		.address_size = *data & 2 ? 4 : 8,
		.alignment = alignments[*data >> 2 & 3],
	};
	unsigned char *area = fuzz_copy(data + 1, size - 1, false);
	uint64_t count = walk_area((struct span){ area, size - 1 }, &shape);
	free(area);
	require(walk_object(data + 1, size - 1, &shape) == count);
	return 0;
}
