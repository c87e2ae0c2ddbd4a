/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* printf() in the languages of the tools. */
#pragma once

#include "output/tool/script.h"

/* Conversions for up to 4 bytes, and for 8. */
struct script_print {
	const char *is_signed[2], *is_unsigned[2], *bits[2];
	const char *counted;  /* of SCRIPT_COUNTED; NULL: as other strings */
	const char *variable; /* what stands before a variable's name */
};

static inline bool script_is_text(const struct script_argument *argument)
{
	return argument->kind == SCRIPT_STRING || argument->kind == SCRIPT_COUNTED;
}

/* "python:gc__start generation=%d", without quotes; the names must be plain */
void script_add_format(const struct script_print *print,
                       const struct script_stanza *stanza, struct strbuf *out);
/* ", $generation" for each argument */
void script_add_variables(const struct script_print *print,
                          const struct script_stanza *stanza, struct strbuf *out);
