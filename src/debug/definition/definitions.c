/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Provider definition files: loading, order, search. */
#include "debug/definition/definitions.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "elf/root/root.h"

int definitions_load(struct definitions *definitions, const char *path,
                     struct usdtinfo_error *err)
{
	_cleanup_(strbuf_deinit) struct strbuf source = { 0 };
	int r = root_read(&root_host, path, DEFINITIONS_SIZE_MAX, &source, err);
	return r < 0 ? r : definitions_parse(definitions, strbuf_text(&source), err);
}

/* The next character of a name, with "__" read as "-"; 0 at the end. */
static unsigned char next(struct text *name)
{
	if (name->size == 0)
		return 0;
	size_t step = 1;
	unsigned char c = (unsigned char)name->at[0];
	if (c == '_' && name->size > 1 && name->at[1] == '_') {
		c = '-';
		step = 2;
	}
	name->at += step;
	name->size -= step;
	return c;
}

static int compare_names(struct text left, struct text right)
{
	for (;;) {
		unsigned char a = next(&left), b = next(&right);
		if (a != b || a == 0)
			return a - b;
	}
}

static int compare(struct text provider, struct text name, const struct definition *other)
{
	int order = text_compare(provider, other->provider);
	return order ? order : compare_names(name, other->name);
}

static int by_name_and_line(const void *a, const void *b)
{
	const struct definition *left = a, *right = b;
	int order = compare(left->provider, left->name, right);
	return order ? order : (left->line > right->line) - (left->line < right->line);
}

void definitions_sort(struct definitions *definitions)
{
	if (definitions->count)
		qsort(definitions->items, definitions->count, sizeof(*definitions->items),
		      by_name_and_line);
}

const struct definition *definitions_find(const struct definitions *definitions,
                                          struct text provider, struct text name)
{
	size_t low = 0, high = definitions->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare(provider, name, &definitions->items[middle]) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == definitions->count ||
	    compare(provider, name, &definitions->items[low]) != 0)
		return NULL;
	return &definitions->items[low];
}

void definitions_deinit(struct definitions *definitions)
{
	free(definitions->items);
	arena_deinit(&definitions->arena);
	*definitions = (struct definitions){ 0 };
}
