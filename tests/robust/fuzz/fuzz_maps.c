/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Fuzz target: lines of maps, and the biases that they give an object. */
#include "base/array.h"
#include "find/process/loaded.h"
#include "find/process/maps.h"
#include "fuzz.h"

static void find_biases(const struct maps *maps)
{
	static const struct segment segments[] = {
		{ 0, 0, 0x5f0, 0x5f0, PF_R },
		{ 0x16f0, 0x6f0, 0x1a0, 0x1a0, PF_R | PF_X },
		{ 0x2890, 0x890, 0x1a0, 0x770, PF_R | PF_W },
		{ UINT64_MAX - 5, UINT64_MAX - 9, UINT64_MAX, UINT64_MAX, PF_R | PF_X },
	};
	static struct usdtinfo_image image;
	if (!image.segments.count) {
		for (size_t i = 0; i < ARRAY_SIZE(segments); i++)
			require(segments_add(&image.segments, &segments[i]));
		require(segments_sort(&image.segments));
	}
	const struct mapping **pointers = malloc((maps->count + 1) * sizeof(*pointers));
	uint64_t *biases;
	size_t count;
	require(pointers);
	for (size_t i = 0; i < maps->count; i++)
		pointers[i] = &maps->items[i];
	require(loaded_biases(&image, pointers, maps->count, &biases, &count, NULL) == 0);
	require(count <= maps->count * ARRAY_SIZE(segments));
	free(biases);
	free(pointers);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct maps maps = { 0 };
	struct usdtinfo_error err = { 0 };
	strbuf_add(&maps.bytes, data, size);
	require(!maps.bytes.failed);
	int r = maps_parse(&maps, &err);
	require(r == 0 || (r == USDTINFO_E_DAMAGED && err.offset < size));
	for (size_t i = 0; i < maps.count; i++) {
		const struct mapping *mapping = &maps.items[i];
		require(mapping->start < mapping->end);
		require(!mapping->path.at ||
		        mapping->path.at[mapping->path.size] == '\0');
		require(!mapping->written.at ||
		        mapping->path.size < mapping->written.size);
	}
	find_biases(&maps);
	maps_deinit(&maps);
	return 0;
}
