/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* A stack of brackets of fixed depth in place of recursion; what is deeper is no record. */
#include "find/runtime/python_literal.h"

#include <string.h>

#define DEPTH_MAX 16

struct literal_reader {
	const char *at, *end;
	literal_visit visit;
	void *context;
	struct strbuf key;   /* path of keys, by dots */
	struct strbuf value; /* of the string or the word that was read last */
	unsigned depth;
	struct {
		bool is_list;
		size_t key_size; /* of the path that leads here */
	} stack[DEPTH_MAX];
};

static void skip_space(struct literal_reader *reader)
{
	while (reader->at < reader->end) {
		if (*reader->at == '#') {
			const char *newline = memchr(reader->at, '\n',
			                             (size_t)(reader->end - reader->at));
			reader->at = newline ? newline : reader->end;
		} else if (strchr(" \t\r\n", *reader->at) && *reader->at) {
			reader->at++;
		} else {
			return;
		}
	}
}

static bool take(struct literal_reader *reader, char c)
{
	skip_space(reader);
	if (reader->at == reader->end || *reader->at != c)
		return false;
	reader->at++;
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void add_utf8(struct strbuf *out, uint32_t point)
{
	if (point < 0x80) {
		strbuf_add_char(out, (char)point);
	} else if (point < 0x800) {
		strbuf_add_char(out, (char)(0xc0 | point >> 6));
		strbuf_add_char(out, (char)(0x80 | (point & 0x3f)));
	} else {
		strbuf_add_char(out, (char)(0xe0 | (point >> 12 & 0xf)));
		strbuf_add_char(out, (char)(0x80 | (point >> 6 & 0x3f)));
		strbuf_add_char(out, (char)(0x80 | (point & 0x3f)));
	}
}

/* The escape behind a backslash. Return: false when it is cut off */
static bool take_escape(struct literal_reader *reader)
{
	static const char letters[] = "ntrbfav0", bytes[] = "\n\t\r\b\f\a\v";
	if (reader->at == reader->end)
		return false;
	char c = *reader->at++;
	unsigned digits = c == 'x' ? 2 : c == 'u' ? 4 : 0;
	if (digits) {
		uint32_t point = 0;
		for (unsigned i = 0; i < digits; i++) {
			int digit = reader->at < reader->end ? hex_digit(*reader->at)
			                                     : -1;
			if (digit < 0)
				return false;
			point = point << 4 | (uint32_t)digit;
			reader->at++;
		}
		add_utf8(&reader->value, point);
		return true;
	}
	const char *letter = strchr(letters, c);
	if (c == '\n')
		return true;
	strbuf_add_char(&reader->value, letter && c ? bytes[letter - letters] : c);
	return true;
}

/* One string literal, appended to the value. */
static bool take_string(struct literal_reader *reader)
{
	char quote = *reader->at++;
	while (reader->at < reader->end) {
		char c = *reader->at++;
		if (c == quote)
			return true;
		if (c == '\n')
			return false;
		if (c != '\\')
			strbuf_add_char(&reader->value, c);
		else if (!take_escape(reader))
			return false;
	}
	return false;
}

static bool at_quote(struct literal_reader *reader)
{
	skip_space(reader);
	return reader->at < reader->end && (*reader->at == '"' || *reader->at == '\'');
}

static bool take_strings(struct literal_reader *reader)
{
	strbuf_clear(&reader->value);
	while (at_quote(reader)) {
		if (!take_string(reader))
			return false;
	}
	return true;
}

/* A number or a name. */
static bool take_bare(struct literal_reader *reader, enum literal_type *type_ret)
{
	static const char bare[] =
		"+-.0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const char *start = reader->at;
	while (reader->at < reader->end && *reader->at && strchr(bare, *reader->at))
		reader->at++;
	size_t size = (size_t)(reader->at - start);
	strbuf_clear(&reader->value);
	strbuf_add(&reader->value, start, size);
	size_t digits = size && *start == '-';
	while (digits < size && start[digits] >= '0' && start[digits] <= '9')
		digits++;
	*type_ret = digits == size ? LITERAL_NUMBER : LITERAL_OTHER;
	return size > 0;
}

static bool push(struct literal_reader *reader, bool is_list)
{
	if (reader->depth == DEPTH_MAX)
		return false;
	reader->stack[reader->depth].is_list = is_list;
	reader->stack[reader->depth++].key_size = reader->key.size;
	return true;
}

static void pop(struct literal_reader *reader)
{
	reader->key.size = reader->stack[--reader->depth].key_size;
}

static bool take_key(struct literal_reader *reader)
{
	if (!at_quote(reader) || !take_strings(reader) || !take(reader, ':'))
		return false;
	if (reader->key.size)
		strbuf_add_char(&reader->key, '.');
	strbuf_add(&reader->key, reader->value.at, reader->value.size);
	return true;
}

static bool take_value(struct literal_reader *reader)
{
	enum literal_type type = LITERAL_STRING;
	if (take(reader, '{'))
		return push(reader, false);
	if (take(reader, '['))
		return push(reader, true);
	if (at_quote(reader) ? !take_strings(reader) : !take_bare(reader, &type))
		return false;
	if (reader->key.failed || reader->value.failed)
		return false;
	struct text empty = { "", 0 };
	struct text value = strbuf_text(&reader->value), key = strbuf_text(&reader->key);
	reader->visit(reader->context, key.at ? key : empty, type,
	              value.at ? value : empty);
	return true;
}

/* One member of the innermost dictionary or list, or its end. */
static bool step(struct literal_reader *reader)
{
	bool is_list = reader->stack[reader->depth - 1].is_list;
	size_t key_size = reader->stack[reader->depth - 1].key_size;
	if (take(reader, is_list ? ']' : '}')) {
		pop(reader);
		if (reader->depth)
			take(reader, ',');
		return true;
	}
	unsigned depth = reader->depth;
	reader->key.size = key_size;
	if (reader->key.at)
		reader->key.at[key_size] = '\0';
	if ((!is_list && !take_key(reader)) || !take_value(reader))
		return false;
	if (reader->depth > depth)
		return true;
	skip_space(reader);
	return take(reader, ',') ||
	       (reader->at < reader->end && *reader->at == (is_list ? ']' : '}'));
}

bool literal_read(struct text text, literal_visit visit, void *context)
{
	struct literal_reader reader = { .visit = visit, .context = context };
	const char *start = text.size ? memchr(text.at, '{', text.size) : NULL;
	if (!start)
		return false;
	reader.at = start + 1;
	reader.end = text.at + text.size;
	bool good = push(&reader, false);
	while (good && reader.depth > 0)
		good = step(&reader);
	good = good && !reader.key.failed && !reader.value.failed;
	strbuf_deinit(&reader.key);
	strbuf_deinit(&reader.value);
	return good;
}
