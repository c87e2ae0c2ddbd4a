/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Which probes were asked for: globs over provider and name. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "usdtinfo.h"

struct pattern {
	char *provider; /* NULL: any */
	char *name;
};

/* Zero-initialise (matches everything); release with match_deinit(). */
struct match {
	struct pattern *patterns;
	size_t count, room;
};

/*
 * match_add - one more pattern that a probe may match
 * @text: [PROVIDER:]NAME, split at the first colon outside brackets; each part is a whole-name glob, fnmatch(3)
 *        without special slashes or dots; outside brackets "-" and "__" match each other,
 *        since DTrace writes function-entry for what notes store as function__entry
 *
 * Return: 0; USDTINFO_E_ARGUMENT for an empty pattern; USDTINFO_E_MEMORY.
 */
int match_add(struct match *match, const char *text, struct usdtinfo_error *err);
/* Return: whether any pattern matches, or there is none */
bool match_probe(const struct match *match, struct text provider, struct text name);
void match_deinit(struct match *match);
