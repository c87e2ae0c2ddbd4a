/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Names and types of arguments from a provider's definition, held against the arguments. */
#include "debug/name/declared_name.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"

#define COUNT_BIT 63 /* the bit of a wrong number of arguments */

struct naming_job {
	const struct definition *definition;
	struct usdtinfo_probe *probe;
	uint64_t *told; /* of the definition */
	struct diagnostics *diagnostics;
};

static bool tell(struct naming_job *job, size_t bit)
{
	uint64_t mask = UINT64_C(1) << (bit < COUNT_BIT ? bit : COUNT_BIT);
	bool is_first = !(*job->told & mask);
	*job->told |= mask;
	return is_first;
}

static void tell_count(struct naming_job *job)
{
	if (tell(job, COUNT_BIT))
		diagnose(job->diagnostics, DIAG_DEFINITION_CONTRADICTED,
		         "%s:%s is defined with %zu arguments, and a probe has %zu",
		         job->definition->provider.at, job->definition->name.at,
		         job->definition->count, job->probe->argument_count);
}

static bool agrees(const struct declared_type *declared,
                   const struct usdtinfo_argument *argument)
{
	if (declared->size && declared->size != argument->size)
		return false;
	if (!declared->sign_known)
		return true;
	if (declared->is_float || argument->is_float)
		return declared->is_float == argument->is_float;
	return declared->is_signed == argument->is_signed;
}

static void declare(struct naming_job *job, struct usdtinfo_argument *argument,
                    size_t index, unsigned word)
{
	const struct definition_parameter *parameter =
		&job->definition->parameters[index];
	struct declared_type declared = declared_type(parameter->c_type, word);
	if (!agrees(&declared, argument)) {
		if (tell(job, index))
			diagnose(
				job->diagnostics, DIAG_DEFINITION_CONTRADICTED,
				"%s:%s argument %zu is defined as %s, and a probe passes %s",
				job->definition->provider.at, job->definition->name.at,
				index, parameter->c_type.at, argument->type.at);
		return;
	}
	if (!argument->name.at && parameter->name.at) {
		argument->name = parameter->name;
		argument->name_source = text_of("definitions");
	}
	if (argument->c_type.at)
		return;
	argument->c_type = parameter->c_type;
	if (!argument->name.at)
		argument->name_source = text_of("definitions");
}

int declare_names(const struct definitions *definitions, unsigned word,
                  struct usdtinfo_probe *probe, struct declared_told *told,
                  struct diagnostics *diagnostics, struct usdtinfo_error *err)
{
	const struct definition *definition = definitions_find(
		definitions, probe->provider, probe->name);
	if (!definition)
		return 0;
	if (!told->of_definition) {
		told->of_definition = calloc(definitions->count,
		                             sizeof(*told->of_definition));
		if (!told->of_definition)
			return fail_memory(err);
	}
	struct naming_job job = {
		.definition = definition,
		.probe = probe,
		.told = &told->of_definition[definition - definitions->items],
		.diagnostics = diagnostics,
	};
	/* Which argument is which is no longer sure. */
	if (definition->count != probe->argument_count) {
		tell_count(&job);
		return 0;
	}
	for (size_t i = 0; i < definition->count; i++)
		declare(&job, &probe->arguments[i], i, word);
	return 0;
}
