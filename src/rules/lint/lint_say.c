/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* How a rule reports what it found, for the file, for a probe or for a member of the set. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "rules/lint/lint.h"

static void report(struct lint *lint, struct lint_finding *finding, const char *fmt,
                   va_list args)
{
	char *message = NULL;
	const struct lint_options *options = lint->options;
	if (lint->result)
		return;
	int size = vasprintf(&message, fmt, args);
	if (size < 0) {
		lint->out_of_memory = true;
		return;
	}
	finding->rule = lint->rule;
	finding->severity = lint->severity;
	finding->message = (struct text){ message, (size_t)size };
	lint->result = options->report(options->context, finding);
	free(message);
}

void lint_say(struct lint *lint, const char *fmt, ...)
{
	struct lint_finding finding = { 0 };
	va_list args;
	va_start(args, fmt);
	report(lint, &finding, fmt, args);
	va_end(args);
}

void lint_say_probe(struct lint *lint, const struct lint_probe *probe, const char *fmt,
                    ...)
{
	struct lint_finding finding = {
		.provider = probe->probe->provider,
		.name = probe->probe->name,
		.location = probe->probe->location,
	};
	va_list args;
	va_start(args, fmt);
	report(lint, &finding, fmt, args);
	va_end(args);
}

void lint_say_member(struct lint *lint, const struct set_probe *probe, const char *fmt,
                     ...)
{
	struct lint_finding finding = {
		.provider = probe->provider,
		.name = probe->name,
		.location = probe->location,
	};
	va_list args;
	/* In a relocatable object it is no address. */
	if (probe->section.at)
		finding.location.known = false;
	va_start(args, fmt);
	report(lint, &finding, fmt, args);
	va_end(args);
}
