/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* PHP, built with --enable-dtrace. */
#include "probe/known/catalogue_data.h"

/* clang-format off */
#define CLASS CATALOGUE_ARGUMENTS(ARG("classname", "char *"))
#define FILES                                                                            \
	CATALOGUE_ARGUMENTS(ARG("compile_file", "char *"), ARG("compile_file_translated", "char *"))
#define PLACE CATALOGUE_ARGUMENTS(ARG("request_file", "char *"), ARG("lineno", "int"))
#define FUNCTION                                                                         \
	CATALOGUE_ARGUMENTS(ARG("function_name", "char *"), ARG("request_file", "char *"), \
	                    ARG("lineno", "int"), ARG("classname", "char *"),            \
	                    ARG("scope", "char *"))
#define REQUEST                                                                          \
	CATALOGUE_ARGUMENTS(ARG("request_file", "char *"), ARG("request_uri", "char *"), \
	                    ARG("request_method", "char *"))

static const char rows[] =
	ROW("exception__caught", "an exception is caught", "5.4", "", CLASS)
	ROW("exception__thrown", "an exception is thrown", "5.4", "", CLASS)
	ROW("request__startup", "a request begins", "5.4", "", REQUEST)
	ROW("request__shutdown", "a request ends", "5.4", "", REQUEST)
	ROW("compile__file__entry", "a script is about to be compiled", "5.4", "", FILES)
	ROW("compile__file__return", "a script was compiled", "5.4", "", FILES)
	ROW("error", "an error occurs, whatever the reporting level is", "5.4", "",
	    CATALOGUE_ARGUMENTS(ARG("errormsg", "char *"), ARG("request_file", "char *"),
	                      ARG("lineno", "int")))
	ROW("execute__entry", "opcodes are about to be executed", "5.4", "", PLACE)
	ROW("execute__return", "opcodes were executed", "5.4", "", PLACE)
	ROW("function__entry", "a function or method is entered", "5.4", "", FUNCTION)
	ROW("function__return", "a function or method is left", "5.4", "", FUNCTION);
/* clang-format on */

const struct catalogue_provider catalogue_php = {
	.name = "php",
	.source = "https://www.php.net/manual/en/features.dtrace.dtrace.php",
	.rows = { rows, sizeof(rows) - 1 },
};
