/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The tokens of ld.so(8). */
#include "find/linker/ld_token.h"

#include <string.h>

#include "base/array.h"

enum token {
	TOKEN_ORIGIN,
	TOKEN_LIB,
	TOKEN_PLATFORM,
	TOKENS
};

static const char *const names[TOKENS] = { "ORIGIN", "LIB", "PLATFORM" };

/* Return: how long the token at @at (behind its dollar sign) is; 0: none is there */
static size_t match(const char *at, const char *end, const char *name)
{
	size_t size = strlen(name), left = (size_t)(end - at);
	if (left > size + 1 && *at == '{')
		return memcmp(at + 1, name, size) == 0 && at[size + 1] == '}' ? size + 2
		                                                              : 0;
	return left >= size && memcmp(at, name, size) == 0 ? size : 0;
}

static const char *value_of(enum token token, const struct ld_tokens *tokens,
                            size_t variant)
{
	switch (token) {
	case TOKEN_ORIGIN:
		return tokens->origin;
	case TOKEN_LIB:
		for (size_t i = 0; tokens->libs && tokens->libs[i]; i++) {
			if (i == variant)
				return tokens->libs[i];
		}
		return NULL;
	default:
		return tokens->platform;
	}
}

bool ld_token_expand(struct text text, const struct ld_tokens *tokens, size_t variant,
                     struct strbuf *out)
{
	bool has_lib = false;
	const char *end = text.at + text.size;
	for (const char *at = text.at; at < end;) {
		size_t size = 0;
		for (size_t i = 0; i < TOKENS && *at == '$' && size == 0; i++) {
			size = match(at + 1, end, names[i]);
			if (size == 0)
				continue;
			const char *value = value_of((enum token)i, tokens, variant);
			if (!value)
				return false;
			has_lib |= i == TOKEN_LIB;
			strbuf_add_string(out, value);
		}
		if (size == 0)
			strbuf_add_char(out, *at);
		at += size + 1;
	}
	return variant == 0 || has_lib;
}
