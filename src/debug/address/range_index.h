/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Address ranges and what they belong to, found by halves. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct range {
	uint64_t start, end; /* [start, end) */
	uint64_t owner;
};

/* Zero-initialise; release with range_index_deinit(). */
struct range_index {
	struct range *items;
	uint64_t *reach; /* for each: the highest end of it and all before it */
	size_t count, room;
};

/* Empty ranges are left out. Return: false when memory ran out */
bool range_index_add(struct range_index *index, const struct range *range);
/* To be called once, after the last range_index_add(). Return: false when memory ran out */
bool range_index_sort(struct range_index *index);

/*
 * range_index_find - the range that holds @address
 *
 * Return: NULL when none does; of several that overlap, the one that starts last and, among
 * those, ends first. No more than @steps that start before it are looked at.
 */
const struct range *range_index_find(const struct range_index *index, uint64_t address,
                                     size_t steps);
void range_index_deinit(struct range_index *index);

/* A function's code may lie apart in several ranges: what is seldom run, elsewhere. */
#define CODE_RANGES_MAX 8
struct code_range {
	uint64_t start, end; /* addresses of the image */
};
