/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* A JSON emitter: tokens go to a stream as they come, nothing is kept but where we are.
 */
#include "output/stream/json.h"

#include "base/array.h"
#include "output/stream/json_put.h"

/* Of lines; within a line; where there is no space at all. A first token has no comma. */
static const char line_lead[JSON_LEAD_MAX + 1] = ",\n                              ";
static const char word_lead[JSON_LEAD_MAX + 1] = ", ";

#define INDENT_MAX (JSON_LEAD_MAX - 2)

void json_init(struct json *json, struct stream *stream, enum json_style style)
{
	static const struct json_lead none = { word_lead, 0 };
	*json = (struct json){ .stream = stream,
		               .is_compact = style == JSON_COMPACT,
		               .first = true,
		               .lead = none,
		               .next = none };
}

static bool on_one_line(const struct json *json)
{
	return json->line_depth && json->depth >= json->line_depth;
}

static size_t indent(const struct json *json)
{
	size_t spaces = 2 * (size_t)json->depth;
	return spaces < INDENT_MAX ? spaces : INDENT_MAX;
}

/* What separates tokens at the depth that was come to. */
static void set_depth(struct json *json, unsigned depth)
{
	json->depth = depth;
	if (depth == 0)
		json->next = (struct json_lead){ word_lead, 0 };
	else if (json->is_compact)
		json->next = (struct json_lead){ word_lead, 1 };
	else if (on_one_line(json))
		json->next = (struct json_lead){ word_lead, 2 };
	else
		json->next = (struct json_lead){ line_lead, 2 + indent(json) };
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
	set_depth(json, json->depth + 1);
	json->first = true;
	bool is_line = json->next.at == line_lead;
	json->lead = (struct json_lead){ json->next.at + 1,
		                         is_line ? json->next.size - 1 : 0 };
}

void json_begin_line(struct json *json, char bracket)
{
	if (!json->line_depth)
		json->line_depth = json->depth + 1;
	json_begin(json, bracket);
}

void json_end(struct json *json, char bracket)
{
	bool is_line = json->next.at == line_lead && !json->first;
	if (json->line_depth == json->depth)
		json->line_depth = 0;
	set_depth(json, json->depth - 1);
	json->lead = (struct json_lead){ line_lead + 1, is_line ? 1 + indent(json) : 0 };
	put_token(json, &bracket, 1);
	if (json->depth == 0)
		stream_char(json->stream, '\n');
}

void json_key_token(struct json *json, const struct json_token *key)
{
	end_key(json, put_key(json, begin_token(json, JSON_KEY_MAX), key));
}

void json_key(struct json *json, const char *key, size_t size)
{
	put_token(json, "\"", 1);
	stream_write(json->stream, key, size);
	stream_write(json->stream, "\": ", 3u - json->is_compact);
	json->lead.size = 0;
}

void json_null(struct json *json)
{
	end_token(json, put_null(begin_token(json, JSON_VALUE_MAX)));
}

void json_bool(struct json *json, bool value)
{
	end_token(json, put_bool(begin_token(json, JSON_VALUE_MAX), value));
}

void json_unsigned(struct json *json, uint64_t value)
{
	end_token(json, put_decimal(begin_token(json, JSON_VALUE_MAX), value));
}

void json_signed(struct json *json, int64_t value)
{
	end_token(json, put_signed(begin_token(json, JSON_VALUE_MAX), value));
}

void json_hex(struct json *json, uint64_t value)
{
	end_token(json, put_hex_string(begin_token(json, JSON_VALUE_MAX), false, value));
}

void json_signed_hex(struct json *json, int64_t value)
{
	end_token(json, put_signed_hex(begin_token(json, JSON_VALUE_MAX), value));
}

void json_bytes(struct json *json, const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	put_token(json, "\"", 1);
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
	if (text.size <= JSON_TEXT_MAX) {
		char *end = put_text(begin_token(json, JSON_TEXT_MAX + 2), text);
		if (end) {
			end_token(json, end);
			return true;
		}
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
	char *at = begin_token(json, JSON_KEY_MAX + JSON_VALUE_MAX + JSON_TEXT_MAX);
	at = put_key(json, at, key);
	char *end = NULL;
	if (!text.at)
		end = put_null(at);
	else if (text.size <= JSON_TEXT_MAX)
		end = put_text(at, text);
	if (end) {
		end_token(json, end);
		return;
	}
	end_key(json, at);
	if (text_value(json, text))
		return;
	/* The token without its quote at the end, colon and space. */
	put_token(json, key->text, key->size - 3u);
	stream_write(json->stream, "_hex\": ", 7u - json->is_compact);
	json->lead.size = 0;
	json_bytes(json, text.at, text.size);
}
