/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The unwinder of GCC, whose probe debuggers step over exceptions with. */
#include "probe/known/catalogue_data.h"

/* clang-format off */
static const char rows[] =
	ROW("unwind", "the unwinder is about to jump to a handler", "4.7", "",
	    CATALOGUE_ARGUMENTS(ARG("cfa", "void *"), ARG("handler", "void *")));
/* clang-format on */

const struct catalogue_provider catalogue_libgcc = {
	.name = "libgcc",
	.source = "https://sourceware.org/systemtap/wiki/UserSpaceProbeImplementation",
	.rows = { rows, sizeof(rows) - 1 },
};
