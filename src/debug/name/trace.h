/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Where a value came from: compilers copy it to a register or to the stack just before the
 * site, and the debug info tells of the variable's own place alone.
 */
#pragma once

#include "debug/name/match.h"

/*
 * trace_view - follow the value back through the instructions before the site
 *
 * Only through those that run whenever the site does, and only where what is found still
 * holds the same value at the site.
 */
void trace_view(const struct name_context *context, const struct view *view,
                const struct wanted *wanted, struct variable_matches *ret);
