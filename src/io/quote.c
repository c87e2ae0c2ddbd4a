/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Quoting for the languages that lines are pasted into. */
#include "io/quote.h"

#include <string.h>

static bool is_identifier_byte(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_';
}

static bool is_bare(struct text text)
{
	for (size_t i = 0; i < text.size; i++) {
		unsigned char c = (unsigned char)text.at[i];
		if (!is_identifier_byte(c) && !strchr("/.-+:,@=%", c))
			return false;
	}
	/* "%" and "=" mean something to some shell at the start of a word. */
	return text.size && *text.at != '=';
}

static void add_octal(struct strbuf *out, unsigned char c)
{
	strbuf_addf(out, "\\%03o", c);
}

void quote_shell(struct text text, struct strbuf *out)
{
	if (is_bare(text)) {
		strbuf_add(out, text.at, text.size);
		return;
	}
	bool plain = text_is_plain(text);
	strbuf_add_string(out, plain ? "'" : "$'");
	for (size_t i = 0; i < text.size; i++) {
		unsigned char c = (unsigned char)text.at[i];
		if (plain && c == '\'')
			strbuf_add_string(out, "'\\''");
		else if (plain || (c >= 0x20 && c < 0x7f && c != '\'' && c != '\\'))
			strbuf_add_char(out, (char)c);
		else
			add_octal(out, c);
	}
	strbuf_add_char(out, '\'');
}

/* "?" is escaped, too, since "??/" is a backslash to old C. */
void quote_c(struct text text, struct strbuf *out)
{
	strbuf_add_char(out, '"');
	for (size_t i = 0; i < text.size; i++) {
		unsigned char c = (unsigned char)text.at[i];
		bool doubled = c == '?' && i && text.at[i - 1] == '?';
		if (c == '"' || c == '\\' || doubled) {
			strbuf_add_char(out, '\\');
			strbuf_add_char(out, (char)c);
		} else if (c >= 0x20 && c < 0x7f) {
			strbuf_add_char(out, (char)c);
		} else {
			add_octal(out, c);
		}
	}
	strbuf_add_char(out, '"');
}

void quote_comment(struct text text, struct strbuf *out)
{
	struct strbuf plain = { 0 };
	text_escape(text, &plain);
	for (size_t i = 0; i < plain.size; i++) {
		strbuf_add_char(out, plain.at[i]);
		bool star = plain.at[i] == '*' && plain.at[i + 1] == '/';
		if (star || (plain.at[i] == '\\' && i + 1 == plain.size))
			strbuf_add_char(out, ' ');
	}
	out->failed |= plain.failed;
	strbuf_deinit(&plain);
}

void quote_identifier(struct text text, struct strbuf *out)
{
	for (size_t i = 0; i < text.size; i++) {
		unsigned char c = (unsigned char)text.at[i];
		if (i == 0 && c >= '0' && c <= '9')
			strbuf_add_char(out, '_');
		strbuf_add_char(out, is_identifier_byte(c) ? (char)c : '_');
	}
	if (!text.size)
		strbuf_add_char(out, '_');
}

bool text_has_any(struct text text, const char *bytes)
{
	for (; *bytes; bytes++)
		if (text.size && memchr(text.at, *bytes, text.size))
			return true;
	return false;
}
