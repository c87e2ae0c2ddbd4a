/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Fuzz target: provider definition files. */
#include "fuzz.h"
#include "site/definitions.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct definitions definitions = { 0 };
	struct usdtinfo_error err = { 0 };
	char *copy = fuzz_copy(data, size, true);
	int r = definitions_parse(&definitions, (struct text){ copy, size }, &err);
	require(r == 0 || (r == err.code && err.text[0]));
	free(copy);
	definitions_sort(&definitions);
	for (size_t i = 0; i < definitions.count; i++) {
		const struct definition *definition = &definitions.items[i];
		const struct definition *found = definitions_find(
			&definitions, definition->provider, definition->name);
		require(found && found->line <= definition->line);
		for (size_t k = 0; k < definition->count; k++) {
			struct text type = definition->parameters[k].c_type;
			require(type.at && type.size == strlen(type.at));
			declared_type(type, 8);
		}
	}
	definitions_deinit(&definitions);
	return 0;
}
