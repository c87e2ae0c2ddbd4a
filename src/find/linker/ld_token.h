/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Dynamic string tokens: $ORIGIN, $LIB and $PLATFORM in paths and in DT_NEEDED. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* What the tokens stand for; NULL where it is not known. */
struct ld_tokens {
	const char *origin;
	/*
	 * $LIB was fixed when the target's own linker was built, to one of these ("lib64",
	 * "lib/x86_64-linux-gnu"): each is to be tried. Ended by NULL.
	 */
	const char *const *libs;
	const char *platform;
};

/*
 * ld_token_expand - append @text with its tokens replaced
 * @variant: which of the libs $LIB stands for
 *
 * "$NAME" and "${NAME}", as glibc's linker reads them; what is no token stays as it is.
 *
 * Return: false when a token is not known, or there is no such variant: 0 always is one,
 * another only where the text holds $LIB. *@out is then to be thrown away.
 */
bool ld_token_expand(struct text text, const struct ld_tokens *tokens, size_t variant,
                     struct strbuf *out);
