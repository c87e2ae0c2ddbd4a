/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The catalogue: what the probes of well-known providers pass, one data file a provider.
 *
 * A note has no names of arguments. Where a provider documents them, its rows hold them; a
 * row is used only for a note whose arguments agree with it in number, size and sign.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "probe/note/probe.h"

struct catalogue_argument {
	const char *name;   /* an identifier; NULL where nobody gave it one */
	const char *c_type; /* as documented: a row of the table in catalogue_type.c */
	const char *noted;  /* the type that notes really have; NULL: that of c_type */
};

struct catalogue_probe {
	const char *name;    /* as notes have it */
	const char *meaning; /* when it fires: one line, no capital, no full stop */
	const char *since,
		*until; /* versions: the first that has it, the first that has not */
	const struct catalogue_argument *arguments;
	size_t argument_count;
};

#define CATALOGUE_ARGUMENTS_MAX 16

/* Room for one that is made of text. */
struct catalogue_row {
	struct catalogue_probe probe;
	struct catalogue_argument arguments[CATALOGUE_ARGUMENTS_MAX];
};

struct catalogue_provider {
	const char *name;
	const char *source; /* where the facts stand */
	/* Rows of one name are forms that different versions have; as text, or */
	struct text rows;
	/* as structures, STRIDE bytes from one to the next. */
	const struct catalogue_probe *probes;
	size_t count, stride;
	bool words; /* notes hold every argument as uintptr_t */
};

extern const struct catalogue_provider *const catalogue[];
extern const size_t catalogue_count;

/*
 * catalogue_find - the row for a probe whose arguments were parsed
 * @address_size: 4 or 8
 * @room: what is returned may stand there
 *
 * Return: NULL when the probe is not known, or its arguments are others
 */
const struct catalogue_probe *catalogue_find(const struct usdtinfo_probe *probe,
                                             unsigned address_size,
                                             struct catalogue_row *room);

/* Return: the INDEXth row of a provider, which may stand in @room; NULL behind the last */
const struct catalogue_probe *catalogue_row(const struct catalogue_provider *provider,
                                            size_t index, struct catalogue_row *room);
/* Return: whether the arguments are those of the row, by number, size and sign */
bool catalogue_fits(const struct catalogue_provider *provider,
                    const struct catalogue_probe *row, const struct usdtinfo_probe *probe,
                    unsigned address_size);

/* Give name, type and source to those of the probe's arguments that have no name. */
void catalogue_describe(struct usdtinfo_probe *probe, unsigned address_size);
