/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Lines of a file of requirements. */
#pragma once

#include <stdbool.h>

#include "rules/check/require.h"
#include "usdtinfo.h"

struct require_line {
	bool allows_missing; /* VALUE is a pattern of declared probes that may be missing */
	enum require_kind kind; /* of a requirement */
	const char *value;      /* for requirement_parse() or match_add(); in the line */
};

/*
 * require_line_read - what a line says: "args app:work=int32", "--forbid=test:*"
 * @line: NUL-terminated; comment and blanks around are cut off. A "#" within a word is a part
 *        of it; a single word that names nothing is a requirement of probes.
 *
 * Return: 1 with *@ret set, 0 when the line is empty, or USDTINFO_E_ARGUMENT.
 */
int require_line_read(char *line, struct require_line *ret, struct usdtinfo_error *err);
