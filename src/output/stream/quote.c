/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Quoting for the languages that lines are pasted into. */
#include "output/stream/quote.h"

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
	/* zsh takes "=ls" for where ls is. */
	return text.size && *text.at != '=';
}

/* "\xNN" */
#define ESCAPE_SIZE 4

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
	bool is_open = !text.size;
	if (is_open)
		strbuf_add_char(out, '\'');
	for (size_t i = 0; i < text.size; i++) {
		bool apart = strchr("'\\!", text.at[i]);
		/* Never "''": zsh may be told to read that as one quote in a string. */
		if (apart == is_open) {
			strbuf_add_char(out, '\'');
			is_open = !is_open;
		}
		if (apart)
			strbuf_add_char(out, '\\');
		strbuf_add_char(out, text.at[i]);
	}
	if (is_open)
		strbuf_add_char(out, '\'');
}

/*
 * What ends quotes in some shell, or is more than itself in them, is written as a number, in case the
 * string is pasted there; and "?", too, since "??/" is a backslash to old C.
 */
void quote_c(struct text text, struct strbuf *out)
{
	strbuf_add_char(out, '"');
	for (size_t i = 0; i < text.size; i++) {
		unsigned char c = (unsigned char)text.at[i];
		bool doubled = c == '?' && i && text.at[i - 1] == '?';
		if (doubled)
			strbuf_add_string(out, "\\?");
		else if (c >= 0x20 && c < 0x7f && !strchr("\"\\'`$!", c))
			strbuf_add_char(out, (char)c);
		else
			add_octal(out, c);
	}
	strbuf_add_char(out, '"');
}

void quote_string(struct text text, struct strbuf *out)
{
	strbuf_add_char(out, '"');
	for (size_t i = 0; i < text.size; i++) {
		if (strchr("\"\\", text.at[i]))
			strbuf_add_char(out, '\\');
		strbuf_add_char(out, text.at[i]);
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

/*
 * How many stars at @i may stay: those that begin a word, as in "char *name". All that a shell
 * makes of them is names of files here; a slash behind them would send it through the whole tree.
 */
static size_t plain_stars(struct text text, size_t i)
{
	size_t end = i;
	if (!i || text.at[i - 1] != ' ')
		return 0;
	while (end < text.size && text.at[end] == '*')
		end++;
	return end < text.size && text.at[end] == '/' ? 0 : end - i;
}

void quote_inert(struct text text, size_t max, struct strbuf *out)
{
	size_t start = out->size;
	for (size_t i = 0; i < text.size; i++) {
		unsigned char c = (unsigned char)text.at[i];
		size_t stars = plain_stars(text, i);
		if (out->size - start + (stars ? stars : 1) * ESCAPE_SIZE > max) {
			strbuf_add_string(out, "...");
			return;
		}
		if (stars) {
			strbuf_add(out, text.at + i, stars);
			i += stars - 1;
		} else if (is_identifier_byte(c) || (c && strchr(" /.-+:,@%", c))) {
			strbuf_add_char(out, (char)c);
		} else {
			strbuf_addf(out, "\\x%02x", c);
		}
	}
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
