/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Inside json.h: tokens put where they go in the stream's buffer, several for one look at its
 * room. Each put_ function returns the end of what it put.
 */
#pragma once

#include "base/ascii.h"
#include "base/digits.h"
#include "output/stream/json.h"

#define JSON_KEY_MAX   (JSON_LEAD_MAX + sizeof(struct json_token))
#define JSON_VALUE_MAX 32   /* of any number, quoted or not, and of what is no string */
#define JSON_TEXT_MAX  4096 /* longer strings are written in pieces */

/* Room for a token of @size bytes; what stands before it is put. */
static inline char *begin_token(const struct json *json, size_t size)
{
	char *at = stream_room(json->stream, JSON_LEAD_MAX + size);
	memcpy(at, json->lead.at, JSON_LEAD_MAX);
	return at + json->lead.size;
}

static inline void end_token(struct json *json, const char *end)
{
	stream_take(json->stream, end);
	json->lead = json->next;
	json->first = false;
}

/* Nothing stands between a key and its value. */
static inline void end_key(struct json *json, const char *end)
{
	stream_take(json->stream, end);
	json->lead.size = 0;
}

/* A compact key lacks the space at its end. */
static inline char *put_key(const struct json *json, char *at,
                            const struct json_token *key)
{
	memcpy(at, key->text, sizeof(key->text));
	return at + key->size - json->is_compact;
}

static inline char *put_null(char *at)
{
	memcpy(at, "null", 4);
	return at + 4;
}

static inline char *put_bool(char *at, bool value)
{
	memcpy(at, value ? "true " : "false", 5);
	return at + 5 - value;
}

/* Defined for the least value, too, whose negation is not. */
static inline uint64_t magnitude(int64_t value)
{
	return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

static inline char *put_signed(char *at, int64_t value)
{
	*at = '-';
	return put_decimal(at + (value < 0), magnitude(value));
}

static inline char *put_hex_string(char *at, bool negative, uint64_t value)
{
	memcpy(at, negative ? "\"-0x" : "\"0x", 4);
	at = put_hex(at + 3 + negative, value, 0);
	*at = '"';
	return at + 1;
}

static inline char *put_signed_hex(char *at, int64_t value)
{
	return put_hex_string(at, value < 0, magnitude(value));
}

/* Bytes that do not stand for themselves inside a string. */
static inline uint64_t bytes_special(uint64_t word)
{
	return bytes_unprintable(word) | bytes_equal(word, '"') | bytes_equal(word, '\\');
}

/* A string, which has room. Return: NULL when some of it needs to be escaped */
static inline char *put_text(char *at, struct text text)
{
	*at++ = '"';
	if (ascii_copy(at, text.at, text.size, bytes_special))
		return NULL;
	at[text.size] = '"';
	return at + text.size + 1;
}
