/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Probes gathered: texts kept once, members sorted. */
#include "rules/set/set.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"

/*
 * FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv), with a last mix. A file that is made to
 * collide costs time: tries are bounded, and beyond them a text is simply kept again.
 */
#define TRIES 64

static uint64_t hash(struct text text)
{
	uint64_t h = 0xcbf29ce484222325;
	for (size_t i = 0; i < text.size; i++)
		h = (h ^ (unsigned char)text.at[i]) * 0x100000001b3;
	return h ^ h >> 32;
}

static bool rehash(struct set *set)
{
	size_t room = set->text_room ? set->text_room * 2 : 256;
	struct text *texts = calloc(room, sizeof(*texts));
	if (!texts)
		return false;
	for (size_t i = 0; i < set->text_room; i++) {
		if (!set->texts[i].at)
			continue;
		size_t slot = (size_t)hash(set->texts[i]) & (room - 1);
		for (unsigned tries = 0; tries < TRIES && texts[slot].at; tries++)
			slot = (slot + 1) & (room - 1);
		if (!texts[slot].at)
			texts[slot] = set->texts[i];
	}
	free(set->texts);
	set->texts = texts;
	set->text_room = room;
	return true;
}

/* The set's own copy; AT is NULL when memory ran out. */
static struct text keep(struct set *set, struct text text)
{
	if (set->text_count * 2 >= set->text_room && !rehash(set))
		return (struct text){ 0 };
	size_t slot = (size_t)hash(text) & (set->text_room - 1);
	for (unsigned tries = 0; tries < TRIES; tries++) {
		if (!set->texts[slot].at)
			break;
		if (text_equal(set->texts[slot], text))
			return set->texts[slot];
		slot = (slot + 1) & (set->text_room - 1);
	}
	struct text copy = arena_text(&set->arena, text.at, text.size);
	if (copy.at && !set->texts[slot].at) {
		set->texts[slot] = copy;
		set->text_count++;
	}
	return copy;
}

void set_signature(const struct usdtinfo_probe *probe, struct strbuf *out)
{
	for (size_t i = 0; i < probe->argument_count; i++) {
		if (i)
			strbuf_add_char(out, ',');
		strbuf_add(out, probe->arguments[i].type.at,
		           probe->arguments[i].type.size);
	}
}

static bool keep_maybe(struct set *set, struct text from, struct text *to)
{
	if (from.at)
		*to = keep(set, from);
	return !from.at || to->at;
}

int set_add(struct set *set, const struct usdtinfo_probe *probe, size_t file,
            struct usdtinfo_error *err)
{
	if (!array_grow(&set->items, &set->room, set->count + 1, sizeof(*set->items)))
		return fail_memory(err);
	struct set_probe *item = &set->items[set->count];
	*item = (struct set_probe){
		.location = probe->location,
		.semaphore = probe->semaphore,
		.file_offset = probe->file_offset,
		.semaphore_offset = probe->semaphore_offset,
		.note_offset = probe->note_offset,
		.argument_count = probe->argument_count,
		.file = file,
		.index = set->count,
	};
	bool relocatable = !probe->location.known;
	if (relocatable)
		item->location = probe->section_offset;
	strbuf_clear(&set->scratch);
	set_signature(probe, &set->scratch);
	struct text signature = strbuf_text(&set->scratch);
	if (set->scratch.failed || !keep_maybe(set, probe->provider, &item->provider) ||
	    !keep_maybe(set, probe->name, &item->name) ||
	    !keep_maybe(set, signature.at ? signature : text_of(""), &item->signature) ||
	    !keep_maybe(set, probe->arguments_text, &item->operands) ||
	    !keep_maybe(set, probe->semaphore_symbol, &item->semaphore_symbol) ||
	    !keep_maybe(set, probe->function, &item->function) ||
	    (relocatable && !keep_maybe(set, probe->section, &item->section)))
		return fail_memory(err);
	set->count++;
	return USDTINFO_OK;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_maybe(struct maybe_u64 a, struct maybe_u64 b)
{
	if (a.known != b.known)
		return a.known ? 1 : -1;
	return a.known ? compare_numbers(a.value, b.value) : 0;
}

/* Kept texts are mostly the same bytes when they are equal. */
static int compare_texts(struct text a, struct text b)
{
	return a.at == b.at ? 0 : text_compare(a, b);
}

static int compare_names(const struct set_probe *a, const struct set_probe *b)
{
	int order = compare_texts(a->provider, b->provider);
	return order ? order : compare_texts(a->name, b->name);
}

static int compare_sites(const struct set_probe *a, const struct set_probe *b)
{
	int order = compare_numbers(a->file, b->file);
	if (!order)
		order = compare_texts(a->section, b->section);
	return order ? order : compare_maybe(a->location, b->location);
}

static int by_name(const void *left, const void *right)
{
	const struct set_probe *a = left, *b = right;
	int order = compare_names(a, b);
	if (!order)
		order = compare_sites(a, b);
	return order ? order : compare_numbers(a->index, b->index);
}

static int by_site(const void *left, const void *right)
{
	const struct set_probe *a = left, *b = right;
	int order = compare_sites(a, b);
	if (!order)
		order = compare_names(a, b);
	return order ? order : compare_numbers(a->index, b->index);
}

static void sort(struct set *set, int (*compare)(const void *, const void *))
{
	if (set->count)
		qsort(set->items, set->count, sizeof(*set->items), compare);
}

void set_sort(struct set *set)
{
	sort(set, by_name);
}

void set_sort_by_site(struct set *set)
{
	sort(set, by_site);
}

bool set_same_site(const struct set_probe *a, const struct set_probe *b)
{
	return a->location.known && compare_sites(a, b) == 0;
}

size_t set_name_run(const struct set *set, size_t start)
{
	size_t end = start + 1;
	while (end < set->count &&
	       compare_names(&set->items[start], &set->items[end]) == 0)
		end++;
	return end - start;
}

size_t set_site_run(const struct set *set, size_t start)
{
	size_t end = start + 1;
	while (end < set->count && set_same_site(&set->items[start], &set->items[end]))
		end++;
	return end - start;
}

void set_clear(struct set *set)
{
	set->count = 0;
	set->text_count = 0;
	if (set->texts)
		memset(set->texts, 0, set->text_room * sizeof(*set->texts));
	arena_clear(&set->arena);
}

void set_deinit(struct set *set)
{
	free(set->items);
	free(set->texts);
	arena_deinit(&set->arena);
	strbuf_deinit(&set->scratch);
	*set = (struct set){ 0 };
}
