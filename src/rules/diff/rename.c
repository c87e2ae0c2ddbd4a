/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Pairs of names by the function that they stand in. */
#include "rules/diff/rename.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* Places looked at for an old name: a function with more of them tells nothing. */
#define CANDIDATES_MAX 64

/* "work.constprop.0" and "work.part.2" are work. */
static struct text without_clone(struct text function)
{
	const char *dot = function.size > 1
	                          ? memchr(function.at + 1, '.', function.size - 1)
	                          : NULL;
	if (dot)
		function.size = (size_t)(dot - function.at);
	return function;
}

bool rename_add(struct rename *rename, bool is_old, const struct set_probe *first,
                size_t count)
{
	struct text last = { 0 };
	for (size_t i = 0; i < count; i++) {
		struct text function = first[i].function;
		if (!function.at || function.at == last.at)
			continue;
		last = function;
		if (!array_grow(&rename->places, &rename->room, rename->count + 1,
		                sizeof(*rename->places)))
			return false;
		rename->places[rename->count++] = (struct rename_place){
			.first = first,
			.function = without_clone(function),
			.name = rename->name_count,
			.is_old = is_old,
		};
	}
	rename->name_count++;
	return true;
}

static int compare_names(const struct set_probe *a, const struct set_probe *b)
{
	int order = text_compare(a->provider, b->provider);
	return order ? order : text_compare(a->name, b->name);
}

/* The old ones of a function before the new ones. */
static int by_function(const void *left, const void *right)
{
	const struct rename_place *a = left, *b = right;
	int order = text_compare(a->function, b->function);
	if (order == 0)
		order = b->is_old - a->is_old;
	return order ? order : compare_names(a->first, b->first);
}

bool rename_prepare(struct rename *rename)
{
	rename->taken = calloc(rename->name_count + 1, sizeof(*rename->taken));
	if (rename->count)
		qsort(rename->places, rename->count, sizeof(*rename->places),
		      by_function);
	return rename->taken;
}

static bool same_signature(const struct set_probe *a, const struct set_probe *b)
{
	return text_equal(a->signature, b->signature);
}

/* The only new name of the function, or the only one with the same arguments. */
static struct rename_place *find_new(struct rename *rename, size_t from)
{
	const struct rename_place *old = &rename->places[from];
	struct rename_place *only = NULL, *alike = NULL;
	size_t found = 0, alikes = 0;
	for (size_t i = from + 1; i < rename->count && i - from <= CANDIDATES_MAX; i++) {
		struct rename_place *place = &rename->places[i];
		if (!text_equal(place->function, old->function))
			break;
		if (place->is_old || rename->taken[place->name])
			continue;
		found++;
		only = place;
		if (same_signature(place->first, old->first)) {
			alikes++;
			alike = place;
		}
	}
	if (alikes == 1)
		return alike;
	return found == 1 ? only : NULL;
}

bool rename_next(struct rename *rename, const struct set_probe **old_ret,
                 const struct set_probe **new_ret)
{
	for (; rename->at < rename->count; rename->at++) {
		struct rename_place *old = &rename->places[rename->at];
		if (!old->is_old || rename->taken[old->name])
			continue;
		struct rename_place *place = find_new(rename, rename->at);
		if (!place)
			continue;
		*old_ret = old->first;
		*new_ret = place->first;
		rename->taken[old->name] = rename->taken[place->name] = true;
		rename->at++;
		return true;
	}
	return false;
}

void rename_deinit(struct rename *rename)
{
	free(rename->places);
	free(rename->taken);
	*rename = (struct rename){ 0 };
}
