/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Fuzz target: provider definition files, and the names that they give to arguments. */
#include "debug/definition/definitions.h"
#include "debug/name/declared_name.h"
#include "fuzz.h"

#define ARGUMENTS_MAX 80

/* Probes that have as many arguments as are declared, of this and of that size. */
static void describe(const struct definitions *definitions,
                     const struct definition *definition)
{
	static struct usdtinfo_argument arguments[ARGUMENTS_MAX];
	struct declared_told told = { 0 };
	struct diagnostics diagnostics = { 0 };
	for (unsigned size = 1; size <= 16; size *= 2) {
		struct usdtinfo_probe probe = {
			.provider = definition->provider,
			.name = definition->name,
			.arguments = arguments,
			.argument_count = definition->count < ARGUMENTS_MAX
			                          ? definition->count
			                          : ARGUMENTS_MAX,
		};
		for (size_t i = 0; i < probe.argument_count; i++)
			arguments[i] = (struct usdtinfo_argument){
				.number = i,
				.size = size,
				.is_signed = i % 2,
				.is_float = size == 8 && i % 3 == 0,
				.type = text_of("t"),
			};
		require(declare_names(definitions, 8, &probe, &told, &diagnostics,
		                      NULL) == 0);
		for (size_t i = 0; i < probe.argument_count; i++)
			require(!arguments[i].name.at == !arguments[i].name_source.at ||
			        arguments[i].c_type.at);
	}
	free(told.of_definition);
	diagnostics_deinit(&diagnostics);
}

static void check(const struct definitions *definitions,
                  const struct definition *definition)
{
	const struct definition *found = definitions_find(
		definitions, definition->provider, definition->name);
	require(found && found->line <= definition->line);
	for (size_t k = 0; k < definition->count; k++) {
		struct text type = definition->parameters[k].c_type;
		require(type.at && type.size == strlen(type.at));
		declared_type(type, 8);
	}
}

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
		check(&definitions, &definitions.items[i]);
		if (i < 4)
			describe(&definitions, &definitions.items[i]);
	}
	definitions_deinit(&definitions);
	return 0;
}
