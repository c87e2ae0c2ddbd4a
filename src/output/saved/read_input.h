/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * JSON as it comes in, value by value: what is around the values that are wanted is taken
 * apart here, each value by json-c, so that no more than one is ever held.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elf/object/image.h"

struct json_object;
struct json_tokener;

/*
 * What is held as a whole: bytes of a value, how deep it nests, and how many brackets open in
 * it, since json-c takes some 700 bytes for two of them.
 */
#define INPUT_VALUE_MAX    (4u << 20)
#define INPUT_DEPTH_MAX    16
#define INPUT_BRACKETS_MAX (1u << 17)

struct input_mark {
	uint64_t offset, line;
};

/* Release with input_deinit(). After a failure every call fails, with the first reason. */
struct input {
	struct usdtinfo_image *image; /* borrowed */
	struct json_tokener *tokener;
	uint64_t offset; /* of buf[0] */
	uint64_t line;   /* of buf[at], from 1 */
	/* All bytes from buf[at] to this place of the file are ASCII, or none of them is. */
	uint64_t run_end;
	size_t at, end;
	bool failed;
	char reason[300]; /* "line 3: ..."; empty until something failed */
	char buf[1 << 16];
};

/* Return: false when memory ran out */
bool input_init(struct input *input, struct usdtinfo_image *image);
void input_deinit(struct input *input);

/* Keep the reason, with the line; the first counts. Return: false */
__attribute__((format(printf, 2, 3))) bool input_fail(struct input *input,
                                                      const char *fmt, ...);
/* Return: the character after white space, which stays; -1 at the end or on failure */
int input_peek(struct input *input);
/* Pass over it; another one is a failure. */
bool input_expect(struct input *input, char c);
/*
 * input_item - go to the next item of an array or member of an object that is open
 * @first: true before the first, cleared
 *
 * Return: whether there is one; else its end was passed, or something failed.
 */
bool input_item(struct input *input, bool *first, char close);
/* The key of a member, and its colon. Release *@ret with json_object_put(). */
bool input_key(struct input *input, struct json_object **ret);
/* A whole value, by strict JSON; NULL in *@ret is null. Release with json_object_put(). */
bool input_value(struct input *input, struct json_object **ret);
/* Pass over a value of any size without looking into it. */
bool input_skip(struct input *input);

struct input_mark input_mark(const struct input *input);
/* Go back, or on, to a mark; a failure where the input is a pipe longer than is held. */
bool input_seek(struct input *input, struct input_mark mark);
