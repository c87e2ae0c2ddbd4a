/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* PHP, built with --enable-dtrace. */
#include "base/array.h"
#include "probe/catalogue_data.h"

/* clang-format off */
#define CLASS CATALOGUE_ARGUMENTS({ "classname", "char *" })
#define FILES                                                                            \
	CATALOGUE_ARGUMENTS({ "compile_file", "char *" }, { "compile_file_translated", "char *" })
#define PLACE CATALOGUE_ARGUMENTS({ "request_file", "char *" }, { "lineno", "int" })
#define FUNCTION                                                                         \
	CATALOGUE_ARGUMENTS({ "function_name", "char *" }, { "request_file", "char *" },     \
	                    { "lineno", "int" }, { "classname", "char *" },                  \
	                    { "scope", "char *" })
#define REQUEST                                                                          \
	CATALOGUE_ARGUMENTS({ "request_file", "char *" }, { "request_uri", "char *" },       \
	                    { "request_method", "char *" })

static const struct catalogue_probe probes[] = {
	{ "exception__caught", "an exception is caught", "5.4", NULL, CLASS },
	{ "exception__thrown", "an exception is thrown", "5.4", NULL, CLASS },
	{ "request__startup", "a request begins", "5.4", NULL, REQUEST },
	{ "request__shutdown", "a request ends", "5.4", NULL, REQUEST },
	{ "compile__file__entry", "a script is about to be compiled", "5.4", NULL, FILES },
	{ "compile__file__return", "a script was compiled", "5.4", NULL, FILES },
	{ "error", "an error occurs, whatever the reporting level is", "5.4", NULL,
	  CATALOGUE_ARGUMENTS({ "errormsg", "char *" }, { "request_file", "char *" },
	                      { "lineno", "int" }) },
	{ "execute__entry", "opcodes are about to be executed", "5.4", NULL, PLACE },
	{ "execute__return", "opcodes were executed", "5.4", NULL, PLACE },
	{ "function__entry", "a function or method is entered", "5.4", NULL, FUNCTION },
	{ "function__return", "a function or method is left", "5.4", NULL, FUNCTION },
};
/* clang-format on */

const struct catalogue_provider catalogue_php = {
	.name = "php",
	.source = "https://www.php.net/manual/en/features.dtrace.dtrace.php",
	.probes = probes,
	.count = ARRAY_SIZE(probes),
};
