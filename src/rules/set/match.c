/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Globs in which "-" and "__" are one: both sides are folded before fnmatch(3) sees them. */
#include "rules/set/match.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"

/* The end of the bracket expression that starts at @at, or NULL when it never closes. */
static const char *bracket_end(const char *at)
{
	const char *close = at + 1;
	if (*close == '!' || *close == '^')
		close++;
	if (*close == ']')
		close++;
	while (*close && *close != ']') {
		if (*close == '[' &&
		    (close[1] == ':' || close[1] == '.' || close[1] == '=')) {
			char ends[] = { close[1], ']', '\0' };
			const char *inner = strstr(close + 2, ends);
			if (inner)
				close = inner + 1;
		}
		close++;
	}
	return *close ? close : NULL;
}

/* Fold "__" to "-"; in a pattern, brackets and escaped characters stay as they are. */
static void fold(const char *text, bool is_pattern, char *to)
{
	while (*text) {
		const char *end = is_pattern && *text == '[' ? bracket_end(text) : NULL;
		if (end) {
			size_t size = (size_t)(end + 1 - text);
			memcpy(to, text, size);
			to += size;
			text = end + 1;
		} else if (is_pattern && *text == '\\' && text[1]) {
			*to++ = *text++;
			*to++ = *text++;
		} else if (text[0] == '_' && text[1] == '_') {
			*to++ = '-';
			text += 2;
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
}

static char *folded_pattern(const char *text, size_t size)
{
	_cleanup_(freep) char *copy = strndup(text, size);
	char *pattern = malloc(size + 1);
	if (!copy || !pattern) {
		free(pattern);
		return NULL;
	}
	fold(copy, true, pattern);
	return pattern;
}

/* The first colon that is no part of a bracket expression, such as [[:alnum:]]. */
static const char *find_colon(const char *text)
{
	while (*text && *text != ':') {
		const char *end = *text == '[' ? bracket_end(text) : NULL;
		text = end ? end + 1 : text + 1;
	}
	return *text ? text : NULL;
}

int match_add(struct match *match, const char *text, struct usdtinfo_error *err)
{
	const char *colon = find_colon(text);
	const char *name = colon ? colon + 1 : text;
	struct pattern pattern = { 0 };
	if (*name == '\0' || colon == text)
		return fail(err, USDTINFO_E_ARGUMENT,
		            "'%s' is no [PROVIDER:]NAME pattern", text);
	if (!array_grow(&match->patterns, &match->room, match->count + 1,
	                sizeof(*match->patterns)))
		return fail_memory(err);
	pattern.name = folded_pattern(name, strlen(name));
	if (colon)
		pattern.provider = folded_pattern(text, (size_t)(colon - text));
	if (!pattern.name || (colon && !pattern.provider)) {
		free(pattern.name);
		free(pattern.provider);
		return fail_memory(err);
	}
	match->patterns[match->count++] = pattern;
	return 0;
}

/* Names of any length occur; nearly all fit into the first of the two. */
struct folded {
	char space[256];
	char *owned;
};

static const char *fold_name(struct folded *folded, struct text name)
{
	char *to = folded->space;
	if (name.size >= sizeof(folded->space)) {
		to = folded->owned = malloc(name.size + 1);
		if (!to)
			return name.at;
	}
	fold(name.at, false, to);
	return to;
}

bool match_probe(const struct match *match, struct text provider, struct text name)
{
	if (match->count == 0)
		return true;
	struct folded folded_provider, folded_name;
	folded_provider.owned = folded_name.owned = NULL;
	const char *provider_text = fold_name(&folded_provider, provider);
	const char *name_text = fold_name(&folded_name, name);
	bool found = false;
	for (size_t i = 0; i < match->count && !found; i++) {
		const struct pattern *pattern = &match->patterns[i];
		found = fnmatch(pattern->name, name_text, 0) == 0 &&
		        (!pattern->provider ||
		         fnmatch(pattern->provider, provider_text, 0) == 0);
	}
	free(folded_provider.owned);
	free(folded_name.owned);
	return found;
}

void match_deinit(struct match *match)
{
	for (size_t i = 0; i < match->count; i++) {
		free(match->patterns[i].provider);
		free(match->patterns[i].name);
	}
	free(match->patterns);
	*match = (struct match){ 0 };
}
