/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Address ranges and what they belong to, found by halves. */
#include "debug/address/range_index.h"

#include <stdlib.h>

#include "base/array.h"

bool range_index_add(struct range_index *index, const struct range *range)
{
	if (range->end <= range->start)
		return true;
	if (!array_grow(&index->items, &index->room, index->count + 1,
	                sizeof(*index->items)))
		return false;
	index->items[index->count++] = *range;
	return true;
}

/* Those that start together: the shortest last, where a search meets it first. */
static int by_start(const void *a, const void *b)
{
	const struct range *left = a, *right = b;
	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	if (left->end != right->end)
		return left->end > right->end ? -1 : 1;
	return (left->owner > right->owner) - (left->owner < right->owner);
}

bool range_index_sort(struct range_index *index)
{
	uint64_t highest = 0;
	if (index->count == 0)
		return true;
	index->reach = calloc(index->count, sizeof(*index->reach));
	if (!index->reach)
		return false;
	qsort(index->items, index->count, sizeof(*index->items), by_start);
	for (size_t i = 0; i < index->count; i++) {
		if (index->items[i].end > highest)
			highest = index->items[i].end;
		index->reach[i] = highest;
	}
	return true;
}

const struct range *range_index_find(const struct range_index *index, uint64_t address,
                                     size_t steps)
{
	size_t low = array_upto(index->items, index->count, start, address);
	for (size_t i = low; i > 0 && steps > 0 && index->reach[i - 1] > address;
	     i--, steps--)
		if (address < index->items[i - 1].end)
			return &index->items[i - 1];
	return NULL;
}

void range_index_deinit(struct range_index *index)
{
	free(index->items);
	free(index->reach);
	*index = (struct range_index){ 0 };
}
