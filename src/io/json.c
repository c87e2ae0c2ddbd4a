/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* A JSON emitter: tokens go to a stream as they come, nothing is kept but where we are.
 */
#include "io/json.h"

#include "base/array.h"

void json_init(struct json *json, struct stream *stream, enum json_style style)
{
	*json = (struct json){ .stream = stream, .style = style, .first = true };
}

/* What stands before a token: at most a comma and a new line with its indentation. */
#define INDENT_MAX    32
#define SEPARATOR_MAX (2 + INDENT_MAX)

static char *put_line(const struct json *json, char *at)
{
	size_t indent = 2 * (size_t)json->depth;
	*at++ = '\n';
	memset(at, ' ', INDENT_MAX);
	return at + (indent < INDENT_MAX ? indent : INDENT_MAX);
}

static bool on_one_line(const struct json *json)
{
	return json->line_depth && json->depth >= json->line_depth;
}

/* What stands between the token before and this one, at @at. Return: its end */
static inline char *put_separator(struct json *json, char *at)
{
	if (json->after_key) {
		json->after_key = false;
		return at;
	}
	bool first = json->first;
	json->first = false;
	if (json->depth == 0)
		return at;
	if (!first)
		*at++ = ',';
	if (json->style == JSON_COMPACT)
		return at;
	if (!on_one_line(json))
		return put_line(json, at);
	if (!first)
		*at++ = ' ';
	return at;
}

/* Room for a token of @size bytes; what stands before it is written. */
static inline char *begin_token(struct json *json, size_t size)
{
	return put_separator(json, stream_room(json->stream, SEPARATOR_MAX + size));
}

static inline void end_token(struct json *json, const char *end)
{
	stream_take(json->stream, end);
}

/* @size: small, and a constant where it matters */
static inline void put_token(struct json *json, const char *token, size_t size)
{
	char *at = begin_token(json, size);
	memcpy(at, token, size);
	end_token(json, at + size);
}

void json_begin(struct json *json, char bracket)
{
	put_token(json, &bracket, 1);
	json->depth++;
	json->first = true;
}

void json_begin_line(struct json *json, char bracket)
{
	json_begin(json, bracket);
	if (!json->line_depth)
		json->line_depth = json->depth;
}

void json_end(struct json *json, char bracket)
{
	bool one_line = json->style == JSON_COMPACT || on_one_line(json);
	if (json->line_depth == json->depth)
		json->line_depth = 0;
	json->depth--;
	char *at = stream_room(json->stream, SEPARATOR_MAX + 1);
	if (!one_line && !json->first)
		at = put_line(json, at);
	*at++ = bracket;
	end_token(json, at);
	json->first = false;
	if (json->depth == 0) {
		stream_char(json->stream, '\n');
		json->first = true;
	}
}

/* A compact key lacks the space at its end. */
static size_t key_size(const struct json *json, size_t size)
{
	return json->style == JSON_COMPACT ? size - 1 : size;
}

void json_key_token(struct json *json, const struct json_token *key)
{
	char *at = begin_token(json, sizeof(key->text));
	memcpy(at, key->text, sizeof(key->text));
	end_token(json, at + key_size(json, key->size));
	json->after_key = true;
}

void json_key(struct json *json, const char *key, size_t size)
{
	put_token(json, "\"", 1);
	stream_write(json->stream, key, size);
	stream_write(json->stream, "\": ", key_size(json, 3));
	json->after_key = true;
}

void json_null(struct json *json)
{
	put_token(json, "null", 4);
}

void json_bool(struct json *json, bool value)
{
	if (value)
		put_token(json, "true", 4);
	else
		put_token(json, "false", 5);
}

void json_unsigned(struct json *json, uint64_t value)
{
	put_token(json, "", 0);
	stream_decimal(json->stream, value);
}

/* Defined for the least value, too, whose negation is not. */
static uint64_t magnitude(int64_t value)
{
	return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

void json_signed(struct json *json, int64_t value)
{
	put_token(json, "-", value < 0);
	stream_decimal(json->stream, magnitude(value));
}

static void hex_token(struct json *json, bool negative, uint64_t value)
{
	char *at = begin_token(json, sizeof("\"-0x\"") + 16);
	*at++ = '"';
	if (negative)
		*at++ = '-';
	*at++ = '0';
	*at++ = 'x';
	at = put_hex(at, value);
	*at++ = '"';
	end_token(json, at);
}

void json_hex(struct json *json, uint64_t value)
{
	hex_token(json, false, value);
}

void json_signed_hex(struct json *json, int64_t value)
{
	hex_token(json, value < 0, magnitude(value));
}

void json_bytes(struct json *json, const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	put_token(json, "\"", 1);
	for (size_t i = 0; i < size; i++)
		stream_hex(json->stream, at[i], 2);
	stream_char(json->stream, '"');
}

/* ASCII bytes that stand for themselves inside a string. */
static const bool is_literal[256] = {
	[' '] = true,
	['!'] = true,
	['#' ... '['] = true,
	[']' ... '~'] = true,
};

static void escape_unit(struct stream *stream, uint32_t unit)
{
	stream_literal(stream, "\\u");
	stream_hex(stream, unit, 4);
}

static void escape_point(struct stream *stream, uint32_t point)
{
	static const char letters[][2] = {
		{ '"', '"' },  { '\\', '\\' }, { '\b', 'b' }, { '\f', 'f' },
		{ '\n', 'n' }, { '\r', 'r' },  { '\t', 't' },
	};
	for (size_t i = 0; i < ARRAY_SIZE(letters); i++) {
		if (point == (unsigned char)letters[i][0]) {
			stream_char(stream, '\\');
			stream_char(stream, letters[i][1]);
			return;
		}
	}
	if (point >= 0x10000) {
		escape_unit(stream, 0xd800 + ((point - 0x10000) >> 10));
		escape_unit(stream, 0xdc00 + ((point - 0x10000) & 0x3ff));
		return;
	}
	escape_unit(stream, point);
}

/*
 * The character at the start of @text, which is no literal. Return: its length.
 */
static size_t write_character(struct stream *stream, struct text text, bool *valid)
{
	uint32_t point = 0;
	size_t length = utf8_length(text, &point);
	if (length == 0) {
		*valid = false;
		stream_literal(stream, "\xef\xbf\xbd"); /* U+FFFD */
		return 1;
	}
	if (!code_point_is_safe(point) || point == '"' || point == '\\')
		escape_point(stream, point);
	else
		stream_write(stream, text.at, length);
	return length;
}

/* The string after its first quote. Return: whether @text was UTF-8 */
static bool write_string(struct json *json, struct text text)
{
	bool valid = true;
	while (text.size) {
		size_t run = 0;
		while (run < text.size && is_literal[(unsigned char)text.at[run]])
			run++;
		stream_write(json->stream, text.at, run);
		text.at += run;
		text.size -= run;
		if (text.size) {
			size_t length = write_character(json->stream, text, &valid);
			text.at += length;
			text.size -= length;
		}
	}
	stream_char(json->stream, '"');
	return valid;
}

/* Return: whether @text was UTF-8, or not known */
static bool text_value(struct json *json, struct text text)
{
	if (!text.at) {
		json_null(json);
		return true;
	}
	put_token(json, "\"", 1);
	return write_string(json, text);
}

void json_text(struct json *json, struct text text)
{
	text_value(json, text);
}

void json_text_member(struct json *json, const struct json_token *key, struct text text)
{
	json_key_token(json, key);
	if (text_value(json, text))
		return;
	/* The token without its quote at the end, colon and space. */
	put_token(json, key->text, key->size - 3u);
	stream_write(json->stream, "_hex\": ", key_size(json, 7));
	json->after_key = true;
	json_bytes(json, text.at, text.size);
}
