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
#include "io/stream.h"

enum json_style {
	JSON_COMPACT, /* no space at all: one record a line */
	JSON_PRETTY, /* two spaces a level; containers begun with json_begin_line() on one
	                line */
};

struct json {
	struct stream *stream;
	enum json_style style;
	unsigned depth;
	unsigned line_depth; /* the depth whose contents, and all below, stand on one
	                        line; or 0 */
	bool first;          /* the innermost container is still empty */
	bool after_key;
};

void json_init(struct json *json, struct stream *stream, enum json_style style);

/* @bracket: '{' or '[' to begin, the matching one to end. */
void json_begin(struct json *json, char bracket);
void json_begin_line(struct json *json, char bracket);
void json_end(struct json *json, char bracket);

/* Of an object: plain ASCII that needs no escaping. One value or container must follow.
 */
void json_key(struct json *json, const char *key, size_t size);
#define json_key_literal(json, key) json_key((json), "" key, sizeof(key) - 1)

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
/* The same as a member; text that is not UTF-8 gets a sibling KEY_hex with all its bytes.
 */
void json_text_member(struct json *json, const char *key, size_t key_size,
                      struct text text);
#define json_text_literal(json, key, text)                                               \
	json_text_member((json), "" key, sizeof(key) - 1, (text))
