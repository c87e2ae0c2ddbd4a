/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Which probes of provider definitions are in files, and which are never fired. */
#pragma once

#include <stdbool.h>

#include "debug/definition/definitions.h"
#include "rules/diff/side.h"
#include "usdtinfo.h"

/*
 * declared_find - whether each definition has a probe
 * @definitions: sorted
 * @files: their sets are sorted
 * @found: by definition, as many as there are; set to true where a probe is found, and for
 *         definitions that repeat another
 */
void declared_find(const struct definitions *definitions, const struct side_file *files,
                   size_t count, bool *found);
