/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The layouts are glibc's (sysdeps/generic/dl-cache.h). The old one, "ld.so-1.7.0": a
 * count, 12-byte entries, strings. The new one, "glibc-ld.so.cache1.1": a count, 24-byte
 * entries, strings that count from the start of its own header; it stands alone, or after
 * the old one's entries, as glibc before 2.32 wrote it.
 */
#include "find/linker/ld_cache.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "usdtinfo.h"

static const char old_magic[] = "ld.so-1.7.0";
static const char new_magic[] = "glibc-ld.so.cache1.1";

#define OLD_MAGIC_SIZE  12 /* with padding before the count */
#define OLD_ENTRY_SIZE  12
#define NEW_MAGIC_SIZE  20
#define NEW_HEADER_SIZE 48
#define NEW_ENTRY_SIZE  24

enum {
	FLAGS_LITTLE_ENDIAN = 2,
	FLAGS_BIG_ENDIAN = 3,
};

static bool begins(struct span bytes, const char *magic)
{
	size_t size = strlen(magic);
	return bytes.left >= size && memcmp(bytes.at, magic, size) == 0;
}

/* The string at @offset of @strings, unless it is longer than any name or path can be. */
static bool string_at(struct span strings, uint32_t offset, size_t limit,
                      struct text *ret)
{
	if (!span_skip(&strings, offset))
		return false;
	if (strings.left > limit + 1)
		strings.left = limit + 1;
	return span_cstr(&strings, ret) && ret->size > 0;
}

static int add_entry(struct ld_cache *cache, struct span strings, uint32_t name,
                     uint32_t path)
{
	struct ld_cache_entry entry = { .order = cache->count };
	if (!string_at(strings, name, NAME_MAX, &entry.name) ||
	    !string_at(strings, path, PATH_MAX - 1, &entry.path) || *entry.path.at != '/')
		return 0;
	if (!array_grow(&cache->items, &cache->room, cache->count + 1,
	                sizeof(*cache->items)))
		return USDTINFO_E_MEMORY;
	cache->items[cache->count++] = entry;
	return 0;
}

/* Each entry begins with flags, name and path. */
static int parse_entries(struct ld_cache *cache, struct span entries, uint32_t count,
                         size_t entry_size, struct span strings, bool big_endian)
{
	if (entries.left / entry_size < count)
		return USDTINFO_E_DAMAGED;
	for (uint32_t i = 0; i < count; i++) {
		struct span entry;
		uint32_t flags, name, path;
		if (!span_take(&entries, entry_size, &entry) ||
		    !span_u32(&entry, big_endian, &flags) ||
		    !span_u32(&entry, big_endian, &name) ||
		    !span_u32(&entry, big_endian, &path))
			return USDTINFO_E_DAMAGED;
		int r = add_entry(cache, strings, name, path);
		if (r < 0)
			return r;
	}
	return 0;
}

static int parse_new(struct ld_cache *cache, struct span bytes, bool big_endian)
{
	struct span entries = bytes, header = bytes;
	uint32_t count;
	if (!span_skip(&entries, NEW_HEADER_SIZE) || !span_skip(&header, NEW_MAGIC_SIZE))
		return USDTINFO_E_DAMAGED;
	/* The byte after the two counts; zero before glibc 2.33. */
	unsigned flags = header.at[8] & 3;
	if (flags == FLAGS_LITTLE_ENDIAN || flags == FLAGS_BIG_ENDIAN)
		big_endian = flags == FLAGS_BIG_ENDIAN;
	if (!span_u32(&header, big_endian, &count))
		return USDTINFO_E_DAMAGED;
	return parse_entries(cache, entries, count, NEW_ENTRY_SIZE, bytes, big_endian);
}

static int parse_old(struct ld_cache *cache, struct span bytes, bool big_endian)
{
	struct span entries = bytes;
	uint32_t count;
	if (!span_skip(&entries, OLD_MAGIC_SIZE) ||
	    !span_u32(&entries, big_endian, &count) ||
	    entries.left / OLD_ENTRY_SIZE < count)
		return USDTINFO_E_DAMAGED;
	/* The entries begin at 16, so that they end at a multiple of 4: align to 8. */
	struct span strings = entries, after = entries;
	size_t size = (size_t)count * OLD_ENTRY_SIZE;
	span_skip(&strings, size);
	if (span_skip(&after, size + size % 8) && begins(after, new_magic))
		return parse_new(cache, after, big_endian);
	return parse_entries(cache, entries, count, OLD_ENTRY_SIZE, strings, big_endian);
}

static int by_name(const void *a, const void *b)
{
	const struct ld_cache_entry *left = a, *right = b;
	int order = text_compare(left->name, right->name);
	if (order != 0)
		return order;
	return (left->order > right->order) - (left->order < right->order);
}

int ld_cache_parse(struct ld_cache *cache, struct span bytes, bool big_endian)
{
	int r = USDTINFO_E_DAMAGED;
	*cache = (struct ld_cache){ 0 };
	if (begins(bytes, new_magic))
		r = parse_new(cache, bytes, big_endian);
	else if (begins(bytes, old_magic))
		r = parse_old(cache, bytes, big_endian);
	if (r < 0)
		ld_cache_deinit(cache);
	else if (cache->count)
		qsort(cache->items, cache->count, sizeof(*cache->items), by_name);
	return r;
}

const struct ld_cache_entry *ld_cache_find(const struct ld_cache *cache, struct text name,
                                           size_t *count_ret)
{
	size_t low = 0, high = cache->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (text_compare(cache->items[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	size_t end = low;
	while (end < cache->count && end - low < LD_CACHE_ALIKE_MAX &&
	       text_equal(cache->items[end].name, name))
		end++;
	*count_ret = end - low;
	return end > low ? &cache->items[low] : NULL;
}

void ld_cache_deinit(struct ld_cache *cache)
{
	free(cache->items);
	*cache = (struct ld_cache){ 0 };
}
