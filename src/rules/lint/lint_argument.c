/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Rules about names and arguments. */
#include <inttypes.h>

#include "base/array.h"
#include "rules/lint/lint_checks.h"

/* Say something of each argument with any of @traits and none of @unless. */
static void say_each(struct lint *lint, const struct lint_probe *probe, uint64_t traits,
                     uint64_t unless, const char *what)
{
	for (size_t i = 0; i < probe->probe->argument_count; i++) {
		const struct usdtinfo_argument *argument = &probe->probe->arguments[i];
		if (probe->arguments[i] & traits && !(probe->arguments[i] & unless))
			lint_say_probe(lint, probe, "arg%zu (%.*s): %s", i,
			               (int)argument->raw.size, argument->raw.at, what);
	}
}

void lint_argument_by_value(struct lint *lint, const struct lint_probe *probe)
{
	say_each(lint, probe, TRAIT(ARG_SIZE_ODD), TRAIT(ARG_FLOAT),
	         "an argument of this size is no integer that a tracer can show");
}

void lint_argument_floating_point(struct lint *lint, const struct lint_probe *probe)
{
	say_each(lint, probe, TRAIT(ARG_FLOAT), 0,
	         "no tracer reads floating-point arguments");
}

void lint_argument_without_size(struct lint *lint, const struct lint_probe *probe)
{
	say_each(
		lint, probe, TRAIT(ARG_SIZE_NONE), 0,
		"without a size it is taken for an unsigned word, and libbpf refuses the probe");
}

void lint_operand_not_understood(struct lint *lint, const struct lint_probe *probe)
{
	say_each(lint, probe, TRAIT(ARG_UNKNOWN), 0, "the operand is not understood");
}

void lint_operand_unresolvable(struct lint *lint, const struct lint_probe *probe)
{
	if (lint->is_relocatable)
		return;
	say_each(lint, probe, TRAIT(ARG_UNRESOLVABLE), TRAIT(ARG_SEGMENT),
	         "the file's symbol tables do not tell where this is");
	say_each(lint, probe, TRAIT(ARG_AMBIGUOUS), TRAIT(ARG_SEGMENT),
	         "the file's symbol tables have several symbols of that name");
	say_each(lint, probe, TRAIT(ARG_REGISTER_PAIR), 0,
	         "half of the value is in a register that the note does not name");
}

/* Whether not one of the tools that read arguments by themselves can read this one. */
static bool nobody_reads(unsigned machine, uint64_t argument)
{
	static const enum tracer_id readers[] = {
		TRACER_BCC, TRACER_LIBBPF, TRACER_PERF, TRACER_GDB, TRACER_STAP,
	};
	for (size_t i = 0; i < ARRAY_SIZE(readers); i++) {
		struct tracer_choice choice = { .tool = readers[i] };
		struct tracer_verdict verdict = tracer_judge(
			&choice, machine, TRAIT(ARGUMENTS), &argument, 1);
		if (verdict.status == TRACER_USABLE)
			return false;
	}
	return true;
}

/* What other rules speak of already. */
#define SPOKEN_OF                                                                        \
	(TRAIT(ARG_FLOAT) | TRAIT(ARG_SIZE_ODD) | TRAIT(ARG_UNKNOWN) |                   \
	 TRAIT(ARG_UNRESOLVABLE) | TRAIT(ARG_AMBIGUOUS) | TRAIT(ARG_REGISTER_PAIR))
/* What every machine with tools has. */
#define PLAIN (TRAIT(ARG_REGISTER) | TRAIT(ARG_CONSTANT) | TRAIT(ARG_MEMORY))

void lint_operand_unreadable(struct lint *lint, const struct lint_probe *probe)
{
	unsigned machine = lint->image->header.e_machine;
	if (lint->is_relocatable)
		return;
	for (size_t i = 0; i < probe->probe->argument_count; i++) {
		const struct usdtinfo_argument *argument = &probe->probe->arguments[i];
		uint64_t traits = probe->arguments[i];
		if (traits & SPOKEN_OF ||
		    (traits & PLAIN && !(traits & TRAIT(ARG_INTEL))) ||
		    !nobody_reads(machine, traits))
			continue;
		lint_say_probe(lint, probe,
		               "arg%zu (%.*s): no tracer reads such an operand", i,
		               (int)argument->raw.size, argument->raw.at);
	}
}

void lint_too_many_arguments(struct lint *lint, const struct lint_probe *probe)
{
	if (probe->traits & TRAIT(ARGUMENTS_MANY))
		lint_say_probe(lint, probe, "%zu arguments: libbpf takes 12 at most",
		               probe->probe->argument_count);
}

void lint_name_not_portable(struct lint *lint, const struct lint_probe *probe)
{
	if (probe->traits & TRAIT(NAME_EMPTY))
		lint_say_probe(lint, probe, "the name is empty");
	else if (probe->traits & TRAIT(PROVIDER_EMPTY))
		lint_say_probe(lint, probe, "the provider is empty");
	else if (probe->traits & (TRAIT(NAME_COLON) | TRAIT(NAME_ODD)))
		lint_say_probe(
			lint, probe,
			"provider or name hold other than letters, digits and _: few tracers can be told of it");
	else if (probe->traits & TRAIT(NAME_HYPHEN))
		lint_say_probe(
			lint, probe,
			"SystemTap reads the - as __ and perf cannot be told of it");
}
