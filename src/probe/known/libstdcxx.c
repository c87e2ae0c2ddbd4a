/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The C++ run-time library, whose probes debuggers stop at for exceptions. */
#include "probe/known/catalogue_data.h"

/* clang-format off */
#define EXCEPTION                                                                        \
	CATALOGUE_ARGUMENTS(ARG("object", "void *"), ARG("type", "const std::type_info *"))

static const char rows[] =
	ROW("throw", "an exception is thrown", "4.7", "", EXCEPTION)
	ROW("catch", "an exception has been caught", "4.7", "", EXCEPTION)
	ROW("rethrow", "an exception that was caught is thrown again", "4.7", "", EXCEPTION);
/* clang-format on */

const struct catalogue_provider catalogue_libstdcxx = {
	.name = "libstdcxx",
	.source =
		"https://sourceware.org/gdb/current/onlinedocs/gdb.html/Set-Catchpoints.html",
	.rows = { rows, sizeof(rows) - 1 },
};
