/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Fuzz target: ld.so.cache, in both byte orders. */
#include <limits.h>

#include "find/linker/ld_cache.h"
#include "fuzz.h"

static void check_entries(const struct ld_cache *cache, struct span bytes)
{
	require(cache->count <= bytes.left / 12);
	for (size_t i = 0; i < cache->count; i++) {
		const struct ld_cache_entry *entry = &cache->items[i];
		size_t count;
		require(entry->name.size > 0 && entry->name.size <= NAME_MAX);
		require(entry->path.size < PATH_MAX && *entry->path.at == '/');
		require(entry->name.at[entry->name.size] == '\0');
		require(entry->path.at[entry->path.size] == '\0');
		if (i % 64 != 0)
			continue;
		const struct ld_cache_entry *found = ld_cache_find(cache, entry->name,
		                                                   &count);
		require(found && found <= entry && entry < found + count);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *copy = fuzz_copy(data, size, false);
	for (int big = 0; big < 2; big++) {
		struct ld_cache cache;
		struct span bytes = { copy, size };
		if (ld_cache_parse(&cache, bytes, big) == 0)
			check_entries(&cache, bytes);
		ld_cache_deinit(&cache);
	}
	free(copy);
	return 0;
}
