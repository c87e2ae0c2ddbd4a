/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The list of variables that an operand may read. */
#include "debug/name/matches.h"

void matches_deinit(struct variable_matches *matches)
{
	for (size_t i = 0; i < matches->count; i++)
		strbuf_deinit(&matches->items[i].name);
	matches->count = 0;
}

void matches_add(struct variable_matches *matches, const char *prefix, const char *name,
                 const struct strbuf *path, const Dwarf_Die *type, unsigned pointers)
{
	struct strbuf whole = { 0 };
	strbuf_add_string(&whole, prefix);
	strbuf_add_string(&whole, name);
	if (path && path->at)
		strbuf_add(&whole, path->at, path->size);
	for (size_t i = 0; !whole.failed && i < matches->count; i++) {
		if (text_equal(strbuf_text(&whole),
		               strbuf_text(&matches->items[i].name))) {
			strbuf_deinit(&whole);
			return;
		}
	}
	if (whole.failed || matches->count == MATCHES_MAX) {
		matches->failed |= whole.failed;
		strbuf_deinit(&whole);
		return;
	}
	matches->items[matches->count++] = (struct variable_match){ whole, *type,
		                                                    pointers };
}
