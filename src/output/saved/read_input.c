/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* JSON as it comes in, value by value. */
#include "output/saved/read_input.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lazy/json_c_types.h"

bool input_init(struct input *input, struct usdtinfo_image *image)
{
	input->image = image;
	input->offset = input->at = input->end = 0;
	input->run_end = 0;
	input->line = 1;
	input->failed = false;
	input->reason[0] = '\0';
	input->tokener = json_tokener_new_ex(INPUT_DEPTH_MAX);
	if (!input->tokener)
		return false;
	return true;
}

void input_deinit(struct input *input)
{
	if (input->tokener)
		json_tokener_free(input->tokener);
	input->tokener = NULL;
}

bool input_fail(struct input *input, const char *fmt, ...)
{
	if (input->failed)
		return false;
	input->failed = true;
	int size = snprintf(input->reason, sizeof(input->reason), "line %" PRIu64 ": ",
	                    input->line);
	va_list args;
	va_start(args, fmt);
	vsnprintf(input->reason + size, sizeof(input->reason) - (size_t)size, fmt, args);
	va_end(args);
	return false;
}

/* Return: whether a byte is there, reading on when none is held. */
static bool fill(struct input *input)
{
	struct usdtinfo_error err;
	if (input->failed)
		return false;
	if (input->at < input->end)
		return true;
	input->offset += input->end;
	input->at = input->end = 0;
	int64_t got = image_listing_read(input->image, input->offset, input->buf,
	                                 sizeof(input->buf), &err);
	if (got < 0)
		return input_fail(input, "%s", err.text);
	input->end = (size_t)got;
	return got > 0;
}

/* Read on behind the bytes that are held. Return: whether any came */
static bool fill_more(struct input *input)
{
	struct usdtinfo_error err;
	size_t held = input->end - input->at;
	memmove(input->buf, input->buf + input->at, held);
	input->offset += input->at;
	input->at = 0;
	input->end = held;
	int64_t got = image_listing_read(input->image, input->offset + held,
	                                 input->buf + held, sizeof(input->buf) - held,
	                                 &err);
	if (got < 0)
		return input_fail(input, "%s", err.text);
	input->end += (size_t)got;
	return got > 0;
}

static void advance(struct input *input, size_t size)
{
	const char *at = input->buf + input->at, *end = at + size;
	while ((at = memchr(at, '\n', (size_t)(end - at)))) {
		input->line++;
		at++;
	}
	input->at += size;
}

int input_peek(struct input *input)
{
	while (fill(input)) {
		char c = input->buf[input->at];
		if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
			return (unsigned char)c;
		advance(input, 1);
	}
	return -1;
}

static bool fail_end(struct input *input)
{
	return input_fail(input, "broken JSON: it ends in the middle");
}

bool input_expect(struct input *input, char c)
{
	int found = input_peek(input);
	if (found == c) {
		advance(input, 1);
		return true;
	}
	if (found < 0)
		return fail_end(input);
	if (found > ' ' && found < 0x7f)
		return input_fail(input, "broken JSON: '%c' where '%c' should be", found,
		                  c);
	return input_fail(input, "broken JSON: byte 0x%02x where '%c' should be", found,
	                  c);
}

bool input_item(struct input *input, bool *first, char close)
{
	bool is_first = *first;
	*first = false;
	if (input_peek(input) == close) {
		advance(input, 1);
		return false;
	}
	if (is_first)
		return !input->failed;
	return input_expect(input, ',');
}

/* How many of the bytes are before a character of UTF-8 that their end cuts in two. */
static size_t whole_characters(const char *at, size_t size)
{
	for (size_t back = 1; back <= 3 && back <= size; back++) {
		unsigned char c = (unsigned char)at[size - back];
		if ((c & 0xc0) == 0x80)
			continue;
		size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
		return length > back ? size - back : size;
	}
	return size;
}

/*
 * The bytes for json-c to go on with, which takes a character that ends with them for
 * invalid. Return: how many, 0 when there are none
 */
static size_t next_bytes(struct input *input)
{
	if (!fill(input))
		return 0;
	size_t whole = whole_characters(input->buf + input->at, input->end - input->at);
	while (whole == 0 && fill_more(input))
		whole = whole_characters(input->buf, input->end);
	/* At the end of all it is broken, and json-c says so. */
	return whole || input->failed ? whole : input->end - input->at;
}

/* Return: how many of the bytes are ASCII, or are not, as the first of them */
static size_t run_of(struct input *input, size_t size)
{
	const char *at = input->buf + input->at;
	uint64_t place = input->offset + input->at;
	/* Values are small and what is held is large: it is looked through once. */
	if (place >= input->run_end) {
		size_t run = 1;
		while (run < size && ((at[run] ^ at[0]) & 0x80) == 0)
			run++;
		input->run_end = place + run;
	}
	uint64_t left = input->run_end - place;
	return left < size ? (size_t)left : size;
}

/*
 * json-c 0.18 takes bytes of 0x80 and more for control characters, which its strict mode
 * refuses: such bytes it gets without that mode. In strings no mode but 0.18's has anything
 * against them, and outside of strings every mode refuses them.
 */
static struct json_object *parse(struct input *input, size_t size)
{
	const char *at = input->buf + input->at;
	int flags = JSON_TOKENER_ALLOW_TRAILING_CHARS | JSON_TOKENER_VALIDATE_UTF8;
	bool is_ascii = (at[0] & 0x80) == 0;
	json_tokener_set_flags(input->tokener,
	                       flags | (is_ascii ? JSON_TOKENER_STRICT : 0));
	return json_tokener_parse_ex(input->tokener, at, (int)size);
}

/* What is looked at in a value beside what json-c looks at. */
struct value_scan {
	size_t brackets;
	uint64_t number; /* modulo 2^64 */
	bool in_string, escaped, in_number, negative, real, too_large;
};

/* Return: false when a number ended that json_object_get_int64() and -uint64() cannot give */
static bool end_number(struct value_scan *scan)
{
	bool good = scan->real ||
	            (!scan->too_large &&
	             (!scan->negative || scan->number <= (uint64_t)INT64_MAX + 1));
	scan->in_number = scan->real = scan->too_large = scan->negative = false;
	scan->number = 0;
	return good;
}

static bool scan_outside(struct value_scan *scan, char c)
{
	if (c >= '0' && c <= '9') {
		unsigned digit = (unsigned)(c - '0');
		scan->in_number = true;
		scan->too_large |= scan->number > (UINT64_MAX - digit) / 10;
		scan->number = scan->number * 10 + digit;
		return true;
	}
	if (scan->in_number &&
	    (c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-')) {
		scan->real = true;
		return true;
	}
	bool good = !scan->in_number || end_number(scan);
	scan->negative = c == '-';
	scan->in_string = c == '"';
	scan->brackets += c == '{' || c == '[';
	return good;
}

/*
 * What strict mode refuses since some version only: integers beyond 64 bits (json-c 0.17), and
 * control characters in strings (0.18) and in keys (0.19).
 * Return: success, or what json-c calls it, with the place of the byte in *@at_ret
 */
static enum json_tokener_error scan_value(struct value_scan *scan, const char *at,
                                          size_t size, size_t *at_ret)
{
	for (size_t i = 0; i < size; i++) {
		char c = at[i];
		*at_ret = i;
		if (!scan->in_string) {
			if (!scan_outside(scan, c))
				return json_tokener_error_parse_number;
			continue;
		}
		if ((unsigned char)c < ' ')
			return json_tokener_error_parse_string;
		scan->in_string = c != '"' || scan->escaped;
		scan->escaped = c == '\\' && !scan->escaped;
	}
	return json_tokener_success;
}

static bool fail_json(struct input *input, enum json_tokener_error error)
{
	return input_fail(input, "broken JSON: %s", json_tokener_error_desc(error));
}

bool input_value(struct input *input, struct json_object **ret)
{
	struct json_tokener *tokener = input->tokener;
	struct value_scan scan = { 0 };
	size_t total = 0, bad = 0;
	json_tokener_reset(tokener);
	input_peek(input);
	for (;;) {
		size_t size = next_bytes(input);
		if (size == 0)
			return fail_end(input);
		errno = 0;
		struct json_object *value = parse(input, run_of(input, size));
		enum json_tokener_error error = json_tokener_get_error(tokener);
		size_t used = json_tokener_get_parse_end(tokener);
		const char *from = input->buf + input->at;
		/*
		 * Without memory json-c loses a key, takes a number for null, or says nothing;
		 * only errno tells. That it takes no byte is no sign alone: a number or a word
		 * that ended with the last piece is whole once the next has begun.
		 */
		if (errno == ENOMEM || (!used && error == json_tokener_continue)) {
			json_object_put(value);
			return input_fail(input, "out of memory");
		}
		enum json_tokener_error refused = scan_value(&scan, from, used, &bad);
		if (!refused && error == json_tokener_success && !end_number(&scan))
			refused = json_tokener_error_parse_number;
		advance(input, refused ? bad : used);
		if (refused) {
			json_object_put(value);
			return fail_json(input, refused);
		}
		if (error == json_tokener_success) {
			*ret = value;
			return true;
		}
		if (error != json_tokener_continue)
			return fail_json(input, error);
		total += used;
		if (total > INPUT_VALUE_MAX || scan.brackets > INPUT_BRACKETS_MAX)
			return input_fail(input, "a value is larger than can be read");
	}
}

bool input_key(struct input *input, struct json_object **ret)
{
	struct json_object *key = NULL;
	if (input_peek(input) != '"')
		return input_expect(input, '"');
	if (!input_value(input, &key))
		return false;
	if (!input_expect(input, ':')) {
		json_object_put(key);
		return false;
	}
	*ret = key;
	return true;
}

/* What ends a value that is no string and no container. */
static bool is_delimiter(char c)
{
	return c == ',' || c == ']' || c == '}' || c == ' ' || c == '\t' || c == '\r' ||
	       c == '\n';
}

struct skipper {
	uint64_t depth;
	bool in_string, escaped, began;
};

/* Return: whether the value ended before @c (0) or with it (1); else -1 */
static int skip_byte(struct skipper *skipper, char c)
{
	if (skipper->in_string) {
		bool ends = c == '"' && !skipper->escaped;
		skipper->escaped = c == '\\' && !skipper->escaped;
		skipper->in_string = !ends;
		return ends && skipper->depth == 0 ? 1 : -1;
	}
	if (skipper->depth == 0 && skipper->began && is_delimiter(c))
		return 0;
	skipper->began = true;
	if (c == '"') {
		skipper->in_string = true;
	} else if (c == '{' || c == '[') {
		skipper->depth++;
	} else if (c == '}' || c == ']') {
		if (skipper->depth == 0)
			return 0;
		return --skipper->depth == 0 ? 1 : -1;
	}
	return -1;
}

bool input_skip(struct input *input)
{
	struct skipper skipper = { 0 };
	input_peek(input);
	while (fill(input)) {
		const char *from = input->buf + input->at;
		size_t size = input->end - input->at;
		for (size_t i = 0; i < size; i++) {
			int ended = skip_byte(&skipper, from[i]);
			if (ended < 0)
				continue;
			advance(input, i + (size_t)ended);
			return true;
		}
		advance(input, size);
	}
	return fail_end(input);
}

struct input_mark input_mark(const struct input *input)
{
	return (struct input_mark){ input->offset + input->at, input->line };
}

bool input_seek(struct input *input, struct input_mark mark)
{
	if (input->failed)
		return false;
	if (input->image->rest_fd >= 0)
		return input_fail(
			input,
			"its keys are not in the order of usdtinfo's own, which a pipe does not allow: name a file");
	input->offset = mark.offset;
	input->line = mark.line;
	input->at = input->end = 0;
	input->run_end = 0;
	return true;
}
