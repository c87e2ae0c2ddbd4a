/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Names and types of arguments from a provider's definition, held against the arguments. */
#pragma once

#include "base/diagnostic.h"
#include "debug/definition/definitions.h"
#include "probe/note/probe.h"

/* Which contradictions were told: one bit an argument. */
struct declared_told {
	uint64_t *of_definition; /* NULL until the first */
};

/*
 * declare_names - fill names and types that are not known yet
 * @word: bytes of a pointer and of long
 * @diagnostics: told, once each, where definition and argument differ in number, size or
 *               sign; such a definition names nothing
 *
 * Texts are borrowed from @definitions. Return: 0 or USDTINFO_E_MEMORY.
 */
int declare_names(const struct definitions *definitions, unsigned word,
                  struct usdtinfo_probe *probe, struct declared_told *told,
                  struct diagnostics *diagnostics, struct usdtinfo_error *err);
