/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * A JSON emitter: tokens go to a stream as they come, nothing is kept but where we are.
 *
 * The output is valid JSON and harmless on a terminal whatever bytes a text holds.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "output/stream/stream.h"

enum json_style {
	JSON_COMPACT, /* no space at all: one record a line */
	JSON_PRETTY, /* two spaces a level; containers begun with json_begin_line() on one
	                line */
};

/* What stands before a token: a comma, a space or a new line with its indentation. */
struct json_lead {
	const char *at; /* JSON_LEAD_MAX bytes can be read, of which SIZE count */
	size_t size;
};
#define JSON_LEAD_MAX 32

struct json {
	struct stream *stream;
	bool is_compact;
	unsigned depth;
	unsigned line_depth;   /* the depth whose contents, and all below, stand on one
	                        line; or 0 */
	bool first;            /* the innermost container is still empty */
	struct json_lead lead; /* before the next token */
	struct json_lead next; /* before one that follows another in this container */
};

void json_init(struct json *json, struct stream *stream, enum json_style style);

/* @bracket: '{' or '[' to begin, the matching one to end. */
void json_begin(struct json *json, char bracket);
void json_begin_line(struct json *json, char bracket);
void json_end(struct json *json, char bracket);

/* Of an object: plain ASCII that needs no escaping. One value or container must follow. */
void json_key(struct json *json, const char *key, size_t size);
#define json_key_literal(json, key) json_key((json), "" key, sizeof(key) - 1)

/* A key as it stands in the output, so that writing it copies a fixed number of bytes. */
struct json_token {
	char text[27]; /* with its quotes, a colon and a space */
	unsigned char size;
};
/* Of a string literal. */
#define JSON_TOKEN(key)                                                                  \
	{                                                                                \
		"\"" key "\": ", sizeof("\"" key "\": ") - 1                             \
	}
void json_key_token(struct json *json, const struct json_token *key);

void json_null(struct json *json);
void json_bool(struct json *json, bool value);
void json_unsigned(struct json *json, uint64_t value);
void json_signed(struct json *json, int64_t value);
/* Strings of numbers: "0x1f"; "-0x100". */
void json_hex(struct json *json, uint64_t value);
void json_signed_hex(struct json *json, int64_t value);
/* A string of two hexadecimal digits for each byte. */
void json_bytes(struct json *json, const void *bytes, size_t size);

/*
 * json_text - a string; null when @text is not known
 *
 * U+FFFD stands for each byte that belongs to no UTF-8 sequence. Control characters, line
 * separators and what reorders text on a screen are escaped.
 */
void json_text(struct json *json, struct text text);
/* The same as a member; text that is not UTF-8 gets a sibling KEY_hex with all its bytes. */
void json_text_member(struct json *json, const struct json_token *key, struct text text);
#define json_text_literal(json, key, text)                                               \
	json_text_member((json), &(const struct json_token)JSON_TOKEN(key), (text))
