/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Files and their probes, gathered for a comparison. */
#include "rules/diff/side.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"

struct side_file *side_add(struct side *side, const struct file_facts *facts,
                           const char *key)
{
	if (!array_grow(&side->files, &side->room, side->count + 1, sizeof(*side->files)))
		return NULL;
	struct side_file *file = &side->files[side->count];
	*file = (struct side_file){
		.path = strndup(facts->path.at, facts->path.size),
		.key = strdup(key),
		.state = facts->state,
		.word = facts->elf_class.known ? (unsigned)facts->elf_class.value / 8 : 0,
	};
	side->count++;
	return file->path && file->key ? file : NULL;
}

static int by_key(const void *left, const void *right)
{
	const struct side_file *a = left, *b = right;
	return strcmp(a->key, b->key);
}

/* Members of an archive may share a name: the second becomes "x.o#2". */
static int tell_apart(struct side *side)
{
	size_t nth = 1;
	for (size_t i = 1; i < side->count; i++) {
		struct side_file *file = &side->files[i];
		const char *before = side->files[i - nth].key;
		nth = strcmp(before, file->key) == 0 ? nth + 1 : 1;
		if (nth == 1)
			continue;
		char *key;
		if (asprintf(&key, "%s#%zu", file->key, nth) < 0)
			return USDTINFO_E_MEMORY;
		free(file->key);
		file->key = key;
	}
	if (side->count)
		qsort(side->files, side->count, sizeof(*side->files), by_key);
	return 0;
}

/* Of one key, in the order in which they came: the sort has to be stable. */
struct ordered {
	struct side_file file;
	size_t index;
};

static int by_key_and_index(const void *left, const void *right)
{
	const struct ordered *a = left, *b = right;
	int order = strcmp(a->file.key, b->file.key);
	return order ? order : (a->index > b->index) - (a->index < b->index);
}

int side_prepare(struct side *side)
{
	struct ordered *ordered = malloc((side->count + 1) * sizeof(*ordered));
	if (!ordered)
		return USDTINFO_E_MEMORY;
	for (size_t i = 0; i < side->count; i++) {
		set_sort(&side->files[i].set);
		ordered[i] = (struct ordered){ side->files[i], i };
	}
	qsort(ordered, side->count, sizeof(*ordered), by_key_and_index);
	for (size_t i = 0; i < side->count; i++)
		side->files[i] = ordered[i].file;
	free(ordered);
	return tell_apart(side);
}

/* What all keys of a listing lose: bytes in front, and behind. */
struct trim {
	size_t front, back;
};

/* The length of what all keys begin with. */
static size_t common_start(const struct side *side)
{
	size_t size = side->count ? strlen(side->files[0].key) : 0;
	for (size_t i = 1; i < side->count; i++) {
		size_t same = 0;
		while (same < size &&
		       side->files[i].key[same] == side->files[0].key[same])
			same++;
		size = same;
	}
	return size;
}

/* The same, up to and with a slash. */
static size_t common_directory(const struct side *side)
{
	size_t size = common_start(side);
	while (size && side->files[0].key[size - 1] != '/')
		size--;
	return size;
}

static bool all_end_with(const struct side *side, char c)
{
	for (size_t i = 0; i < side->count; i++) {
		const char *key = side->files[i].key;
		if (!*key || key[strlen(key) - 1] != c)
			return false;
	}
	return true;
}

/*
 * Whether a listing's keys may begin anew at @at of the first, within what they share: in a
 * directory, in a package, or, without what closes it, in an archive.
 */
static bool may_begin(const struct side *side, size_t at, struct trim *trim_ret)
{
	char before = at ? side->files[0].key[at - 1] : '/';
	char closer = before == '(' ? ')' : before == '[' ? ']' : '\0';
	*trim_ret = (struct trim){ at, closer != '\0' };
	return before == '/' || (closer && all_end_with(side, closer));
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int in_order(const void *part, const void *key)
{
	const struct text *text = part;
	const char *whole = *(char *const *)key;
	int order = strncmp(text->at, whole, text->size);
	return order ? order : whole[text->size] ? -1 : 0;
}

static size_t count_matches(const struct side *listing, struct trim trim,
                            char *const *keys, size_t count)
{
	size_t matches = 0;
	for (size_t i = 0; i < listing->count; i++) {
		const char *key = listing->files[i].key;
		struct text part = { key + trim.front,
			             strlen(key) - trim.front - trim.back };
		matches += bsearch(&part, keys, count, sizeof(*keys), in_order) != NULL;
	}
	return matches;
}

/* Deeper than any place that a listing is made of; a hostile one must not cost more. */
#define BEGINNINGS_MOST 256

/*
 * A listing has whole paths, the other side's keys begin where its operand ends: where that
 * is in the paths is where most of them are found there. Without any it is taken to be the
 * directory that they share.
 */
static int find_trim(const struct side *listing, const struct side *other,
                     struct trim *trim_ret)
{
	_cleanup_(freep) char **keys = malloc((other->count + 1) * sizeof(*keys));
	struct trim best = { common_directory(listing), 0 }, trim;
	size_t most = 0, tried = 0;
	if (!keys)
		return USDTINFO_E_MEMORY;
	for (size_t i = 0; i < other->count; i++)
		keys[i] = other->files[i].key;
	qsort(keys, other->count, sizeof(*keys), by_text);
	for (size_t at = common_start(listing) + 1; at-- && tried < BEGINNINGS_MOST;) {
		if (!may_begin(listing, at, &trim))
			continue;
		tried++;
		size_t matches = count_matches(listing, trim, keys, other->count);
		if (matches > most) {
			most = matches;
			best = trim;
		}
	}
	*trim_ret = best;
	return 0;
}

static void cut(struct side *side, struct trim trim)
{
	for (size_t i = 0; i < side->count; i++) {
		char *key = side->files[i].key;
		size_t size = strlen(key) - trim.front - trim.back;
		memmove(key, key + trim.front, size);
		key[size] = '\0';
	}
}

static void clear(struct side *side)
{
	if (side->count == 1)
		side->files[0].key[0] = '\0';
}

/* Two listings: of one place, what they share is all that may go. */
static void relate_listings(struct side *one, struct side *other)
{
	size_t a = common_directory(one), b = common_directory(other);
	size_t shorter = a < b ? a : b;
	if (shorter && strncmp(one->files[0].key, other->files[0].key, shorter) == 0)
		a = b = shorter;
	cut(one, (struct trim){ a, 0 });
	cut(other, (struct trim){ b, 0 });
}

int side_relate(struct side *one, struct side *other)
{
	if (one->count == 1 && other->count == 1) {
		clear(one);
		clear(other);
		return 0;
	}
	if (one->is_listing && other->is_listing)
		relate_listings(one, other);
	if (one->is_listing == other->is_listing)
		return 0;
	struct side *listing = one->is_listing ? one : other;
	struct trim trim;
	int r = find_trim(listing, listing == one ? other : one, &trim);
	if (r == 0)
		cut(listing, trim);
	return r;
}

void side_deinit(struct side *side)
{
	for (size_t i = 0; i < side->count; i++) {
		free(side->files[i].path);
		free(side->files[i].key);
		set_deinit(&side->files[i].set);
	}
	free(side->files);
	*side = (struct side){ 0 };
}
