/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Provider definitions held against probes. */
#include "rules/diff/declared.h"

static void mark(const struct definitions *definitions, const struct set_probe *probe,
                 bool *found)
{
	const struct definition *definition = definitions_find(
		definitions, probe->provider, probe->name);
	if (definition)
		found[definition - definitions->items] = true;
}

void declared_find(const struct definitions *definitions, const struct side_file *files,
                   size_t count, bool *found)
{
	for (size_t i = 0; i < count; i++) {
		const struct set *set = &files[i].set;
		for (size_t j = 0; j < set->count; j += set_name_run(set, j))
			mark(definitions, &set->items[j], found);
	}
	for (size_t i = 0; i < definitions->count; i++) {
		const struct definition *one = &definitions->items[i];
		if (definitions_find(definitions, one->provider, one->name) != one)
			found[i] = true;
	}
}
