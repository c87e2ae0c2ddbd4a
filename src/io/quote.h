/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Quoting for the languages that lines are pasted into. What comes out is printable text. */
#pragma once

#include <stdbool.h>

#include "base/text.h"

/*
 * A word of a POSIX shell, bare where that is safe, else in single quotes. Bytes that a
 * terminal must not see go into $'...' (POSIX 2024; bash, zsh, ksh, busybox).
 */
void quote_shell(struct text text, struct strbuf *out);
/* A string of C, D and SystemTap's language, with its quotes; octal escapes. */
void quote_c(struct text text, struct strbuf *out);
/* A comment's text: safe for a terminal, without a line end, "*" "/" or a final backslash. */
void quote_comment(struct text text, struct strbuf *out);
/* Letters, digits and _, not beginning with a digit; every other byte becomes _. */
void quote_identifier(struct text text, struct strbuf *out);

/* Return: whether any byte of @bytes stands in @text */
bool text_has_any(struct text text, const char *bytes);
