/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What scripts and tapsets of SystemTap have in common. */
#pragma once

#include "output/tool/script.h"

/* Words of the language, which no variable may be. */
extern const char script_stap_reserved[];

/* "\tNAME = VALUE\n" for each argument */
void script_stap_assign(const struct script_stanza *stanza, struct strbuf *out);
