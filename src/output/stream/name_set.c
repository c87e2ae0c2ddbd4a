/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * A sorted set of distinct provider:name.
 *
 * Membership by the C library's balanced tree, and no hash: nobody can choose names that
 * make it slow.
 */
#include "output/stream/name_set.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

static int compare(const void *a, const void *b)
{
	return text_compare(*(const struct text *)a, *(const struct text *)b);
}

/* Most probes follow one of the same name: a loop unrolled, a function inlined. */
static bool is_last(const struct name_set *set, struct text provider, struct text name)
{
	const struct strbuf *key = &set->key;
	return key->at && key->size == provider.size + 1 + name.size &&
	       memcmp(key->at, provider.at, provider.size) == 0 &&
	       key->at[provider.size] == ':' &&
	       memcmp(key->at + provider.size + 1, name.at, name.size) == 0;
}

bool name_set_add(struct name_set *set, struct text provider, struct text name)
{
	if (is_last(set, provider, name))
		return true;
	strbuf_clear(&set->key);
	strbuf_add(&set->key, provider.at, provider.size);
	strbuf_add_char(&set->key, ':');
	strbuf_add(&set->key, name.at, name.size);
	if (set->key.failed)
		return false;

	/* One search for a new name and an old one: what it is compared as may stay. */
	if (!set->spare)
		set->spare = arena_take(&set->arena, sizeof(*set->spare));
	if (!set->spare ||
	    !array_grow(&set->items, &set->room, set->count + 1, sizeof(set->items[0])))
		return false;
	*set->spare = strbuf_text(&set->key);
	struct text **found = tsearch(set->spare, &set->tree, compare);
	if (!found || *found != set->spare)
		return found;
	struct text kept = arena_text(&set->arena, set->key.at, set->key.size);
	if (!kept.at) {
		tdelete(set->spare, &set->tree, compare);
		return false;
	}
	*set->spare = kept;
	set->items[set->count++] = set->spare;
	set->spare = NULL;
	return true;
}

static int compare_items(const void *a, const void *b)
{
	return compare(*(struct text *const *)a, *(struct text *const *)b);
}

void name_set_each(struct name_set *set, void (*visit)(struct text name, void *data),
                   void *data)
{
	if (set->count)
		qsort(set->items, set->count, sizeof(set->items[0]), compare_items);
	for (size_t i = 0; i < set->count; i++)
		visit(*set->items[i], data);
}

/* The arena holds the keys. */
static void keep_key(void *key)
{
}

void name_set_deinit(struct name_set *set)
{
	tdestroy(set->tree, keep_key);
	arena_deinit(&set->arena);
	strbuf_deinit(&set->key);
	free(set->items);
	*set = (struct name_set){ 0 };
}
