/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The distance of Levenshtein, and the names that are near by it. */
#include "rules/set/nearest.h"

#include <stdbool.h>
#include <string.h>

/* Longer names are no slips of the pen. */
#define LONGEST 128

size_t edit_distance(struct text a, struct text b, size_t limit)
{
	size_t row[LONGEST + 1];
	size_t apart = a.size > b.size ? a.size - b.size : b.size - a.size;
	if (a.size > LONGEST || b.size > LONGEST || apart > limit)
		return limit + 1;
	for (size_t j = 0; j <= b.size; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.size; i++) {
		size_t before = row[0], least = i;
		row[0] = i;
		for (size_t j = 1; j <= b.size; j++) {
			size_t replaced = before + (a.at[i - 1] != b.at[j - 1]);
			before = row[j];
			size_t best = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
			row[j] = replaced < best ? replaced : best;
			least = row[j] < least ? row[j] : least;
		}
		if (least > limit)
			return limit + 1;
	}
	return row[b.size] <= limit ? row[b.size] : limit + 1;
}

static size_t distance_of(const struct nearest *nearest, struct text provider,
                          struct text name, size_t limit)
{
	struct text wanted = nearest->wanted;
	const char *colon = memchr(wanted.at, ':', wanted.size);
	if (!colon)
		return edit_distance(wanted, name, limit);
	struct text asked = { wanted.at, (size_t)(colon - wanted.at) };
	size_t far = edit_distance(asked, provider, limit);
	if (far > limit)
		return far;
	struct text rest = { colon + 1, wanted.size - asked.size - 1 };
	return far + edit_distance(rest, name, limit - far);
}

/* Several files have the same names. */
static bool is_found(const struct nearest *nearest, struct text provider,
                     struct text name)
{
	for (size_t i = 0; i < nearest->count; i++) {
		if (text_equal(nearest->found[i].provider, provider) &&
		    text_equal(nearest->found[i].name, name))
			return true;
	}
	return false;
}

void nearest_look(struct nearest *nearest, struct text provider, struct text name)
{
	/* A third of the letters may differ, and two in the shortest of names. */
	size_t limit = nearest->wanted.size / 3 > 2 ? nearest->wanted.size / 3 : 2;
	size_t distance = distance_of(nearest, provider, name, limit);
	size_t place = nearest->count;
	if (distance > limit || is_found(nearest, provider, name))
		return;
	while (place && nearest->found[place - 1].distance > distance)
		place--;
	if (place == NEAREST_MAX)
		return;
	size_t moved = nearest->count < NEAREST_MAX ? nearest->count : NEAREST_MAX - 1;
	memmove(&nearest->found[place + 1], &nearest->found[place],
	        (moved - place) * sizeof(nearest->found[0]));
	nearest->found[place].provider = provider;
	nearest->found[place].name = name;
	nearest->found[place].distance = distance;
	nearest->count = moved + 1;
}

void nearest_add(const struct nearest *nearest, struct strbuf *out)
{
	/* Beside a slip of one letter, a name of four others is noise. */
	for (size_t i = 0; i < nearest->count; i++) {
		if (nearest->found[i].distance > 2 * nearest->found[0].distance)
			break;
		strbuf_add_string(out, i ? ", " : "; nearest: ");
		strbuf_add(out, nearest->found[i].provider.at,
		           nearest->found[i].provider.size);
		strbuf_add_char(out, ':');
		strbuf_add(out, nearest->found[i].name.at, nearest->found[i].name.size);
	}
}
