/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Text, growing strings, UTF-8, and escaping for people's terminals. */
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

struct text text_of(const char *string)
{
	return (struct text){ string, string ? strlen(string) : 0 };
}

bool text_equal(struct text a, struct text b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.at, b.at, a.size) == 0);
}

int text_compare(struct text a, struct text b)
{
	size_t common = a.size < b.size ? a.size : b.size;
	int order = common ? memcmp(a.at, b.at, common) : 0;
	if (order != 0)
		return order;
	return (a.size > b.size) - (a.size < b.size);
}

void strbuf_deinit(struct strbuf *buf)
{
	free(buf->at);
	*buf = (struct strbuf){ 0 };
}

void strbuf_clear(struct strbuf *buf)
{
	buf->size = 0;
	if (buf->at)
		buf->at[0] = '\0';
}

/* Make room for @size bytes more and a NUL. */
static bool reserve(struct strbuf *buf, size_t size)
{
	if (buf->failed)
		return false;
	if (size < buf->room - buf->size && buf->at)
		return true;
	size_t want = buf->room ? buf->room : 64;
	while (want - buf->size <= size) {
		if (want > SIZE_MAX / 2) {
			buf->failed = true;
			return false;
		}
		want *= 2;
	}
	char *at = realloc(buf->at, want);
	if (!at) {
		buf->failed = true;
		return false;
	}
	buf->at = at;
	buf->room = want;
	return true;
}

void strbuf_add(struct strbuf *buf, const void *bytes, size_t size)
{
	if (!reserve(buf, size))
		return;
	if (size)
		memcpy(buf->at + buf->size, bytes, size);
	buf->size += size;
	buf->at[buf->size] = '\0';
}

void strbuf_add_string(struct strbuf *buf, const char *string)
{
	strbuf_add(buf, string, strlen(string));
}

void strbuf_add_char(struct strbuf *buf, char c)
{
	strbuf_add(buf, &c, 1);
}

void strbuf_addf(struct strbuf *buf, const char *fmt, ...)
{
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	int size = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (size < 0)
		buf->failed = true;
	else if (reserve(buf, (size_t)size)) {
		vsnprintf(buf->at + buf->size, (size_t)size + 1, fmt, again);
		buf->size += (size_t)size;
	}
	va_end(again);
}

struct text strbuf_text(const struct strbuf *buf)
{
	return (struct text){ buf->at ? buf->at : "", buf->size };
}

/* How long the sequence that LEAD begins is, and the least point that needs as many bytes. */
static size_t sequence_length(unsigned char lead, uint32_t *least_ret)
{
	if (lead < 0x80) {
		*least_ret = 0;
		return 1;
	}
	if (lead >= 0xc2 && lead <= 0xdf) {
		*least_ret = 0x80;
		return 2;
	}
	if (lead >= 0xe0 && lead <= 0xef) {
		*least_ret = 0x800;
		return 3;
	}
	if (lead >= 0xf0 && lead <= 0xf4) {
		*least_ret = 0x10000;
		return 4;
	}
	return 0;
}

size_t utf8_length(struct text text, uint32_t *point_ret)
{
	const unsigned char *at = (const unsigned char *)text.at;
	uint32_t least;
	if (text.size == 0)
		return 0;
	size_t length = sequence_length(at[0], &least);
	if (length == 0 || length > text.size)
		return 0;
	uint32_t point = length == 1 ? at[0] : at[0] & (0xffu >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (at[i] & 0x3f);
	}
	if (point < least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
		return 0;
	*point_ret = point;
	return length;
}

bool text_is_utf8(struct text text)
{
	while (text.size) {
		uint32_t point;
		size_t length = utf8_length(text, &point);
		if (length == 0)
			return false;
		text.at += length;
		text.size -= length;
	}
	return true;
}

bool code_point_is_safe(uint32_t point)
{
	/*
	 * Unicode Standard Annex 9: what reorders text; DerivedCoreProperties.txt: what is
	 * not shown (Default_Ignorable_Code_Point), so that two names look the same; line
	 * and paragraph separators, interlinear annotation, and U+FFFE, U+FFFF.
	 */
	static const struct {
		uint32_t first, last;
	} unsafe[] = {
		{ 0x0000, 0x001f },   { 0x007f, 0x009f },   { 0x00ad, 0x00ad },
		{ 0x034f, 0x034f },   { 0x061c, 0x061c },   { 0x115f, 0x1160 },
		{ 0x17b4, 0x17b5 },   { 0x180b, 0x180f },   { 0x200b, 0x200f },
		{ 0x2028, 0x202e },   { 0x2060, 0x206f },   { 0x3164, 0x3164 },
		{ 0xfe00, 0xfe0f },   { 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },
		{ 0xfff0, 0xfffb },   { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
		{ 0xe0000, 0xe0fff },
	};
	for (size_t i = 0; i < ARRAY_SIZE(unsafe) && point >= unsafe[i].first; i++) {
		if (point <= unsafe[i].last)
			return false;
	}
	/* Noncharacters: no character at the end of any plane, nor of XML. */
	return (point & 0xfffe) != 0xfffe && !(point >= 0xfdd0 && point <= 0xfdef);
}

bool text_is_plain(struct text text)
{
	for (size_t i = 0; i < text.size; i++) {
		unsigned char c = (unsigned char)text.at[i];
		if (c >= 0x20 && c < 0x7f)
			continue;
		uint32_t point;
		size_t length = utf8_length((struct text){ text.at + i, text.size - i },
		                            &point);
		if (length == 0 || !code_point_is_safe(point))
			return false;
		i += length - 1;
	}
	return true;
}

void text_escape(struct text text, struct strbuf *out)
{
	while (text.size) {
		uint32_t point;
		size_t length = utf8_length(text, &point);
		bool safe = length != 0 && code_point_is_safe(point);
		if (length == 0)
			length = 1;
		if (safe)
			strbuf_add(out, text.at, length);
		for (size_t i = 0; !safe && i < length; i++)
			strbuf_addf(out, "\\x%02x", (unsigned char)text.at[i]);
		text.at += length;
		text.size -= length;
	}
}
