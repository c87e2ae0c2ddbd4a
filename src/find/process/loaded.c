/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* From mappings and PT_LOAD headers to load biases, as a loader would have made them. */
#include "find/process/loaded.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"

/* Objects have about four; a hostile one must not cost mappings times segments. */
#define SEGMENTS_LOOKED_AT 64

/* A bias by which one mapping can be one segment. */
struct guess {
	uint64_t bias;
	size_t segment;
	bool is_code;
};

struct guesses {
	struct guess *items;
	size_t count, room;
	bool has_code;
};

static bool permissions_fit(const struct mapping *mapping, uint32_t flags)
{
	if (mapping->executable != ((flags & PF_X) != 0))
		return false;
	/* What was relocated is made read-only afterwards (PT_GNU_RELRO). */
	return !mapping->writable || (flags & PF_W);
}

/* Loaders map whole pages of the file. */
static bool pages_hold(const struct segment *segment, uint64_t page, uint64_t offset,
                       uint64_t *into_ret)
{
	uint64_t first = segment->offset & ~(page - 1);
	if (!segment->file_size || offset < first ||
	    offset - first >= segment->file_size + (segment->offset - first))
		return false;
	*into_ret = offset - first;
	return true;
}

/* Two segments may share a page of the file; a mapping mostly begins with its own. */
static int add_guesses(struct guesses *guesses, const struct segments *segments,
                       const struct mapping *mapping, uint64_t page)
{
	size_t kept = guesses->count;
	size_t looked_at = segments->count < SEGMENTS_LOOKED_AT ? segments->count
	                                                        : SEGMENTS_LOOKED_AT;
	for (size_t i = 0; i < looked_at; i++) {
		const struct segment *segment = &segments->items[i];
		uint64_t into;
		if (!permissions_fit(mapping, segment->flags) ||
		    !pages_hold(segment, page, mapping->offset, &into))
			continue;
		if (!array_grow(&guesses->items, &guesses->room, guesses->count + 1,
		                sizeof(*guesses->items)))
			return USDTINFO_E_MEMORY;
		struct guess guess = {
			.bias = mapping->start -
			        ((segment->address & ~(page - 1)) + into),
			.segment = i,
			.is_code = mapping->executable,
		};
		guesses->has_code |= guess.is_code;
		if (into == 0)
			guesses->count = kept;
		guesses->items[guesses->count++] = guess;
		if (into == 0)
			break;
	}
	return 0;
}

static int compare_guesses(const void *a, const void *b)
{
	const struct guess *x = a, *y = b;
	if (x->bias != y->bias)
		return x->bias < y->bias ? -1 : 1;
	return (x->segment > y->segment) - (x->segment < y->segment);
}

/* Keep one guess of each bias that is sure. Return: how many */
static size_t keep_sure(const struct guesses *guesses)
{
	struct guess *items = guesses->items;
	size_t kept = 0;
	for (size_t i = 0, next; i < guesses->count; i = next) {
		bool sure = false;
		for (next = i; next < guesses->count && items[next].bias == items[i].bias;
		     next++)
			sure |= guesses->has_code
			                ? items[next].is_code
			                : items[next].segment != items[i].segment;
		if (sure)
			items[kept++] = items[i];
	}
	return kept;
}

int loaded_biases(const struct usdtinfo_image *image,
                  const struct mapping *const *mappings, size_t count,
                  uint64_t **biases_ret, size_t *count_ret, struct usdtinfo_error *err)
{
	struct guesses guesses = { 0 };
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	*biases_ret = NULL;
	*count_ret = 0;
	for (size_t i = 0; i < count; i++) {
		if (add_guesses(&guesses, &image->segments, mappings[i], page) == 0)
			continue;
		free(guesses.items);
		return fail_memory(err);
	}
	if (guesses.count)
		qsort(guesses.items, guesses.count, sizeof(*guesses.items),
		      compare_guesses);
	size_t sure = keep_sure(&guesses);
	uint64_t *biases = sure ? malloc(sure * sizeof(*biases)) : NULL;
	for (size_t i = 0; biases && i < sure; i++)
		biases[i] = guesses.items[i].bias;
	free(guesses.items);
	if (sure && !biases)
		return fail_memory(err);
	*biases_ret = biases;
	*count_ret = sure;
	return 0;
}
