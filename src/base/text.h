/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Text: bytes with a length, numbers that may be unknown, and a buffer that grows. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes borrowed from elsewhere. AT is NULL when the text is not known; else AT[SIZE] is NUL. */
struct text {
	const char *at;
	size_t size;
};

/* A number that may be unknown. */
struct maybe_u64 {
	bool known;
	uint64_t value;
};

static inline struct maybe_u64 known_u64(uint64_t value)
{
	return (struct maybe_u64){ true, value };
}

/* Return: @string (NULL allowed) as text; borrows */
struct text text_of(const char *string);
bool text_equal(struct text a, struct text b);
/* Bytewise order, the shorter first where one begins the other. */
int text_compare(struct text a, struct text b);

/*
 * A growing string. Zero-initialise; release with strbuf_deinit(). AT is NULL or
 * NUL-terminated. An append that cannot get memory sets FAILED and every later one does
 * nothing, so that a caller checks once, at the end: clearing does not forget it.
 */
struct strbuf {
	char *at;
	size_t size, room;
	bool failed;
};

void strbuf_deinit(struct strbuf *buf);
void strbuf_clear(struct strbuf *buf);
void strbuf_add(struct strbuf *buf, const void *bytes, size_t size);
void strbuf_add_string(struct strbuf *buf, const char *string);
void strbuf_add_char(struct strbuf *buf, char c);
__attribute__((format(printf, 2, 3))) void strbuf_addf(struct strbuf *buf,
                                                       const char *fmt, ...);
struct text strbuf_text(const struct strbuf *buf);

/*
 * text_escape - append @text so that no byte of it can steer a terminal
 *
 * Printable ASCII and well-formed UTF-8 of printable characters stay as they are; control
 * characters (C0, DEL, C1, bidirectional overrides, line separators), characters that are
 * not shown (zero width, fillers, variation selectors) and bytes that are no UTF-8 become
 * \xNN, one for each byte. The backslash stays: the result is for people.
 */
void text_escape(struct text text, struct strbuf *out);
/* Return: whether text_escape() would change nothing; cheap for plain ASCII */
bool text_is_plain(struct text text);
/*
 * utf8_length - length in bytes of the well-formed UTF-8 sequence at the start of @text
 *
 * Return: 1 to 4, with the code point in *@point_ret; 0 when there is none (also overlong
 * forms, surrogates and what lies beyond U+10FFFF).
 */
size_t utf8_length(struct text text, uint32_t *point_ret);
bool text_is_utf8(struct text text);
/* Return: whether a code point shows, and neither moves the cursor nor reorders text */
bool code_point_is_safe(uint32_t point);
