/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The C++ run-time library, whose probes debuggers stop at for exceptions. */
#include "base/array.h"
#include "probe/catalogue_data.h"

/* clang-format off */
#define EXCEPTION                                                                        \
	CATALOGUE_ARGUMENTS({ "object", "void *" }, { "type", "const std::type_info *" })

static const struct catalogue_probe probes[] = {
	{ "throw", "an exception is thrown", "4.7", NULL, EXCEPTION },
	{ "catch", "an exception has been caught", "4.7", NULL, EXCEPTION },
	{ "rethrow", "an exception that was caught is thrown again", "4.7", NULL, EXCEPTION },
};
/* clang-format on */

const struct catalogue_provider catalogue_libstdcxx = {
	.name = "libstdcxx",
	.source = "https://sourceware.org/gdb/current/onlinedocs/gdb.html/"
		  "Set-Catchpoints.html",
	.probes = probes,
	.count = ARRAY_SIZE(probes),
};
