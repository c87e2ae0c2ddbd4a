/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Files and their probes, gathered for a comparison. */
#include "rules/side.h"

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

/* The length of what all keys begin with, up to and with a slash. */
static size_t common_directory(const struct side *side)
{
	size_t size = side->count ? strlen(side->files[0].key) : 0;
	for (size_t i = 1; i < side->count; i++) {
		size_t same = 0;
		while (same < size &&
		       side->files[i].key[same] == side->files[0].key[same])
			same++;
		size = same;
	}
	while (size && side->files[0].key[size - 1] != '/')
		size--;
	return size;
}

static void cut(struct side *side, size_t size)
{
	for (size_t i = 0; i < side->count; i++) {
		char *key = side->files[i].key;
		memmove(key, key + size, strlen(key + size) + 1);
	}
}

static void clear(struct side *side)
{
	if (side->count == 1)
		side->files[0].key[0] = '\0';
}

void side_relate(struct side *one, struct side *other)
{
	if (one->count == 1 && other->count == 1) {
		clear(one);
		clear(other);
		return;
	}
	size_t a = one->is_listing ? common_directory(one) : 0;
	size_t b = other->is_listing ? common_directory(other) : 0;
	size_t shorter = a < b ? a : b;
	/* Two listings of one place: what they share is all that may go. */
	if (shorter && strncmp(one->files[0].key, other->files[0].key, shorter) == 0)
		a = b = shorter;
	cut(one, a);
	cut(other, b);
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
