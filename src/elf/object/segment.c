/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Address to segment, in logarithmic time whatever the headers say. */
#include "elf/object/segment.h"

#include <stdlib.h>

#include "base/array.h"

/* Overlapping segments are looked through this far back: real files have none that do. */
#define OVERLAP_MAX 64

bool segments_add(struct segments *segments, const struct segment *segment)
{
	if (!array_grow(&segments->items, &segments->room, segments->count + 1,
	                sizeof(*segments->items)))
		return false;
	segments->items[segments->count] = *segment;
	segments->items[segments->count].order = segments->count;
	segments->count++;
	return true;
}

static uint64_t segment_end(const struct segment *segment)
{
	uint64_t end = segment->address + segment->memory_size;
	return end < segment->address ? UINT64_MAX : end;
}

static int by_address(const void *a, const void *b)
{
	const struct segment *left = a, *right = b;
	if (left->address != right->address)
		return left->address < right->address ? -1 : 1;
	return (left->order > right->order) - (left->order < right->order);
}

bool segments_sort(struct segments *segments)
{
	if (segments->count == 0)
		return true;
	segments->reach = calloc(segments->count, sizeof(*segments->reach));
	if (!segments->reach)
		return false;
	qsort(segments->items, segments->count, sizeof(*segments->items), by_address);
	uint64_t reach = 0;
	for (size_t i = 0; i < segments->count; i++) {
		uint64_t end = segment_end(&segments->items[i]);
		reach = end > reach ? end : reach;
		segments->reach[i] = reach;
	}
	return true;
}

void segments_deinit(struct segments *segments)
{
	free(segments->items);
	free(segments->reach);
	*segments = (struct segments){ 0 };
}

const struct segment *segments_find(const struct segments *segments, uint64_t address)
{
	size_t low = array_upto(segments->items, segments->count, address, address);
	for (size_t i = low, tries = 0; i > 0 && tries < OVERLAP_MAX; i--, tries++) {
		if (segments->reach[i - 1] <= address)
			return NULL;
		if (segment_end(&segments->items[i - 1]) > address)
			return &segments->items[i - 1];
	}
	return NULL;
}

bool segment_offset(const struct segment *segment, uint64_t address, uint64_t *ret)
{
	uint64_t into = address - segment->address;
	if (into >= segment->file_size || segment->offset > UINT64_MAX - into)
		return false;
	*ret = segment->offset + into;
	return true;
}
