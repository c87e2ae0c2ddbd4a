/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What a script keeps of probes until their file ends. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "probe/note/probe.h"
#include "probe/tracer/tracers.h"

/* All probes of one name in one file, or one probe. */
struct script_record {
	struct usdtinfo_probe probe;   /* provider, name, and arguments that all have */
	struct tracer_verdict verdict; /* of the best, with what any has lost */
	const char *meaning;           /* NULL: not known */
	struct text place; /* function and source line; NULL: not known, or several */
	bool differ;       /* in the number of their arguments */
};

/* Return: a record of one probe, without verdict and meaning; NULL when memory ran out */
struct script_record *script_record_new(struct arena *arena,
                                        const struct usdtinfo_probe *probe);
/* Add another probe of the same name. */
void script_record_merge(struct script_record *record, const struct usdtinfo_probe *probe,
                         const struct tracer_verdict *verdict);
/* By provider and name; for tsearch(3). */
int script_record_compare(const void *a, const void *b);
/* Set *@ret to where a probe stands, as place of a record. Return: false without memory */
bool script_record_place(struct arena *arena, const struct usdtinfo_probe *probe,
                         struct text *ret);
