/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* A JSON emitter: tokens go to a stream as they come, nothing is kept but where we are.
 */
#include "io/json.h"

#include "base/array.h"

void json_init(struct json *json, struct stream *stream, enum json_style style)
{
	*json = (struct json){ .stream = stream, .style = style, .first = true };
}

static void new_line(struct json *json)
{
	static const char spaces[] = "\n                                ";
	size_t indent = 2 * (size_t)json->depth;
	if (indent > sizeof(spaces) - 2)
		indent = sizeof(spaces) - 2;
	stream_write(json->stream, spaces, indent + 1);
}

static bool on_one_line(const struct json *json)
{
	return json->line_depth && json->depth >= json->line_depth;
}

static void separate_from_last(struct json *json)
{
	bool first = json->first;
	json->first = false;
	if (json->depth == 0)
		return;
	if (json->style == JSON_COMPACT) {
		if (!first)
			stream_char(json->stream, ',');
		return;
	}
	if (on_one_line(json)) {
		if (!first)
			stream_literal(json->stream, ", ");
		return;
	}
	if (!first)
		stream_char(json->stream, ',');
	new_line(json);
}

/* What stands between the token before and this one. */
static inline void separate(struct json *json)
{
	if (json->after_key)
		json->after_key = false;
	else
		separate_from_last(json);
}

void json_begin(struct json *json, char bracket)
{
	separate(json);
	stream_char(json->stream, bracket);
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
	if (!one_line && !json->first)
		new_line(json);
	json->first = false;
	stream_char(json->stream, bracket);
	if (json->depth == 0) {
		stream_char(json->stream, '\n');
		json->first = true;
	}
}

void json_key(struct json *json, const char *key, size_t size)
{
	/* Most keys stand on a line with others: their frame in two writes. */
	if (json->style == JSON_PRETTY && !json->first && on_one_line(json)) {
		stream_literal(json->stream, ", \"");
		stream_write(json->stream, key, size);
		stream_literal(json->stream, "\": ");
		json->after_key = true;
		return;
	}
	separate(json);
	stream_char(json->stream, '"');
	stream_write(json->stream, key, size);
	if (json->style == JSON_COMPACT)
		stream_literal(json->stream, "\":");
	else
		stream_literal(json->stream, "\": ");
	json->after_key = true;
}

void json_null(struct json *json)
{
	separate(json);
	stream_literal(json->stream, "null");
}

void json_bool(struct json *json, bool value)
{
	separate(json);
	stream_string(json->stream, value ? "true" : "false");
}

void json_unsigned(struct json *json, uint64_t value)
{
	separate(json);
	stream_decimal(json->stream, value);
}

/* Defined for the least value, too, whose negation is not. */
static uint64_t magnitude(int64_t value)
{
	return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

void json_signed(struct json *json, int64_t value)
{
	separate(json);
	if (value < 0)
		stream_char(json->stream, '-');
	stream_decimal(json->stream, magnitude(value));
}

void json_hex(struct json *json, uint64_t value)
{
	separate(json);
	stream_literal(json->stream, "\"0x");
	stream_hex(json->stream, value, 0);
	stream_char(json->stream, '"');
}

void json_signed_hex(struct json *json, int64_t value)
{
	separate(json);
	stream_string(json->stream, value < 0 ? "\"-0x" : "\"0x");
	stream_hex(json->stream, magnitude(value), 0);
	stream_char(json->stream, '"');
}

void json_bytes(struct json *json, const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	separate(json);
	stream_char(json->stream, '"');
	for (size_t i = 0; i < size; i++)
		stream_hex(json->stream, at[i], 2);
	stream_char(json->stream, '"');
}

#define EIGHT(first)                                                                     \
	[first] = true, [(first) + 1] = true, [(first) + 2] = true,                      \
	[(first) + 3] = true, [(first) + 4] = true, [(first) + 5] = true,                \
	[(first) + 6] = true, [(first) + 7] = true

/* ASCII bytes that stand for themselves inside a string: all but quote and backslash. */
static const bool is_literal[256] = {
	[' '] = true,    ['!'] = true,    EIGHT('#'),      EIGHT('#' + 8),
	EIGHT('#' + 16), EIGHT('#' + 24), EIGHT('#' + 32), EIGHT('#' + 40),
	EIGHT('#' + 48), ['['] = true,    EIGHT(']'),      EIGHT(']' + 8),
	EIGHT(']' + 16), EIGHT(']' + 24), ['}'] = true,    ['~'] = true,
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

/* Return: whether @text was UTF-8 */
static bool write_string(struct json *json, struct text text)
{
	bool valid = true;
	stream_char(json->stream, '"');
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

static bool text_value(struct json *json, struct text text)
{
	if (!text.at) {
		json_null(json);
		return true;
	}
	separate(json);
	return write_string(json, text);
}

void json_text(struct json *json, struct text text)
{
	text_value(json, text);
}

void json_text_member(struct json *json, const char *key, size_t key_size,
                      struct text text)
{
	json_key(json, key, key_size);
	if (text_value(json, text))
		return;
	separate(json);
	stream_char(json->stream, '"');
	stream_write(json->stream, key, key_size);
	if (json->style == JSON_COMPACT)
		stream_literal(json->stream, "_hex\":");
	else
		stream_literal(json->stream, "_hex\": ");
	json->after_key = true;
	json_bytes(json, text.at, text.size);
}
