/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The catalogue: which row is a probe's. */
#include "probe/known/catalogue.h"

#include <string.h>

#include "base/array.h"
#include "probe/known/catalogue_data.h"
#include "probe/known/catalogue_type.h"

const struct catalogue_provider *const catalogue[] = {
	&catalogue_hotspot, &catalogue_hotspot_jni, &catalogue_hs_private,
	&catalogue_libc,    &catalogue_libgcc,      &catalogue_libstdcxx,
	&catalogue_libvirt, &catalogue_php,         &catalogue_postgresql,
	&catalogue_python,  &catalogue_rtld,        &catalogue_ruby,
};
const size_t catalogue_count = ARRAY_SIZE(catalogue);

static const struct catalogue_provider *find_provider(struct text name)
{
	for (size_t i = 0; i < catalogue_count; i++) {
		if (text_equal(name, text_of(catalogue[i]->name)))
			return catalogue[i];
	}
	return NULL;
}

/* The string at *@at, over which it moves. Return: NULL for "" */
static const char *take_string(const char **at)
{
	const char *string = *at;
	*at += strlen(string) + 1;
	return *string ? string : NULL;
}

/* The row of text at @at, taken apart. */
static const struct catalogue_probe *unfold(const char *at, struct catalogue_row *room)
{
	struct catalogue_probe *row = &room->probe;
	row->name = take_string(&at);
	row->meaning = take_string(&at);
	row->since = take_string(&at);
	row->until = take_string(&at);
	row->arguments = room->arguments;
	row->argument_count = 0;
	while (*at != '\n') {
		struct catalogue_argument *argument =
			&room->arguments[row->argument_count++];
		argument->name = take_string(&at);
		argument->c_type = take_string(&at);
		argument->noted = take_string(&at);
	}
	return row;
}

/* Over one row of text. Return: whether there is another */
static bool next_text(struct text *rows)
{
	const char *end = memchr(rows->at, '\n', rows->size);
	rows->size -= (size_t)(end + 1 - rows->at);
	rows->at = end + 1;
	return rows->size > 0;
}

const struct catalogue_probe *catalogue_row(const struct catalogue_provider *provider,
                                            size_t index, struct catalogue_row *room)
{
	struct text rows = provider->rows;
	if (!rows.at) {
		const char *first = (const char *)provider->probes;
		return index < provider->count
		               ? (const void *)(first + index * provider->stride)
		               : NULL;
	}
	for (; index > 0; index--) {
		if (!next_text(&rows))
			return NULL;
	}
	return unfold(rows.at, room);
}

bool catalogue_fits(const struct catalogue_provider *provider,
                    const struct catalogue_probe *row, const struct usdtinfo_probe *probe,
                    unsigned address_size)
{
	if (row->argument_count != probe->argument_count)
		return false;
	for (size_t i = 0; i < row->argument_count; i++) {
		const struct catalogue_argument *argument = &row->arguments[i];
		const char *noted = argument->noted ? argument->noted : argument->c_type;
		struct c_type type = c_type_of(
			text_of(provider->words ? "uintptr_t" : noted), address_size);
		if (!c_type_fits(&type, &probe->arguments[i]))
			return false;
	}
	return true;
}

/* The first of the rows of text that has the probe's name and arguments. */
static const struct catalogue_probe *find_text(const struct catalogue_provider *provider,
                                               const struct usdtinfo_probe *probe,
                                               unsigned address_size,
                                               struct catalogue_row *room)
{
	struct text rows = provider->rows;
	do {
		if (!text_equal(probe->name, text_of(rows.at)))
			continue;
		const struct catalogue_probe *row = unfold(rows.at, room);
		if (catalogue_fits(provider, row, probe, address_size))
			return row;
	} while (next_text(&rows));
	return NULL;
}

const struct catalogue_probe *catalogue_find(const struct usdtinfo_probe *probe,
                                             unsigned address_size,
                                             struct catalogue_row *room)
{
	const struct catalogue_provider *provider = find_provider(probe->provider);
	if (!provider)
		return NULL;
	if (provider->rows.at)
		return find_text(provider, probe, address_size, room);
	for (size_t i = 0; i < provider->count; i++) {
		const struct catalogue_probe *row = catalogue_row(provider, i, room);
		if (text_equal(probe->name, text_of(row->name)) &&
		    catalogue_fits(provider, row, probe, address_size))
			return row;
	}
	return NULL;
}

void catalogue_describe(struct usdtinfo_probe *probe, unsigned address_size)
{
	struct catalogue_row room;
	const struct catalogue_probe *row = catalogue_find(probe, address_size, &room);
	if (!row)
		return;
	for (size_t i = 0; i < row->argument_count; i++) {
		struct usdtinfo_argument *argument = &probe->arguments[i];
		if (argument->name.at || !row->arguments[i].name)
			continue;
		argument->name = text_of(row->arguments[i].name);
		argument->c_type = text_of(row->arguments[i].c_type);
		argument->name_source = text_of("catalogue");
	}
}
