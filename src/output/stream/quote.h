/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Quoting for the languages that lines are pasted into. What comes out is printable text. */
#pragma once

#include <stdbool.h>

#include "base/text.h"

/*
 * A word that sh, bash, zsh, mksh, tcsh and fish read alike, in a file and typed: bare where that is
 * safe, else in single quotes, with ' \ and ! outside of them, behind a backslash each. In the
 * quotes tcsh would replace ! by what was typed before, and fish take \ for an escape.
 *
 * @text: printable, see text_is_plain(): no quoting that all of them know holds a newline.
 */
void quote_shell(struct text text, struct strbuf *out);
/* A string of C, with its quotes. */
void quote_c(struct text text, struct strbuf *out);
/*
 * A path in a probe of bpftrace or SystemTap, with its quotes. SystemTap knows escapes of a quote and
 * a backslash there, and no others.
 *
 * @text: printable, see text_is_plain()
 */
void quote_string(struct text text, struct strbuf *out);
/* A comment's text: safe for a terminal, without a line end, "*" "/" or a final backslash. */
void quote_comment(struct text text, struct strbuf *out);
/*
 * A comment's text that may be typed into any shell. An interactive zsh or tcsh has no
 * comments: it takes "#" for a command, and the text for that command's words. All but letters,
 * digits, blanks and _ / . - + : , @ % becomes \xNN, and what is longer than @max bytes is cut
 * and ends with "...".
 */
void quote_inert(struct text text, size_t max, struct strbuf *out);
/* Letters, digits and _, not beginning with a digit; every other byte becomes _. */
void quote_identifier(struct text text, struct strbuf *out);

/* Return: whether any byte of @bytes stands in @text */
bool text_has_any(struct text text, const char *bytes);
