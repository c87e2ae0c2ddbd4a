/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Cells: escaped for tsv, measured for columns. */
#include "output/stream/cell.h"

#include <errno.h>
#include <wchar.h>

#include "base/array.h"

static const char *letter_escape(char c)
{
	switch (c) {
	case '\t':
		return "\\t";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\\':
		return "\\\\";
	default:
		return NULL;
	}
}

static bool is_literal(char c)
{
	return c >= 0x20 && c < 0x7f && c != '\\';
}

void cell_write_tsv(struct stream *out, struct text text)
{
	while (text.size) {
		size_t run = 0;
		while (run < text.size && is_literal(text.at[run]))
			run++;
		stream_write(out, text.at, run);
		text.at += run;
		text.size -= run;
		if (!text.size)
			break;
		const char *escape = letter_escape(text.at[0]);
		uint32_t point;
		size_t length = escape ? 1 : utf8_length(text, &point);
		length = length ? length : 1;
		if (escape)
			stream_string(out, escape);
		else
			stream_escaped(out, (struct text){ text.at, length });
		text.at += length;
		text.size -= length;
	}
}

/* East Asian Width "W" and "F" (Unicode Standard Annex 11), by blocks; marks take no place. */
static unsigned point_width(uint32_t point)
{
	static const struct {
		uint32_t first, last;
		unsigned width;
	} blocks[] = {
		{ 0x0300, 0x036f, 0 },   { 0x1100, 0x115f, 2 },   { 0x1ab0, 0x1aff, 0 },
		{ 0x20d0, 0x20ff, 0 },   { 0x2e80, 0xa4cf, 2 },   { 0xac00, 0xd7a3, 2 },
		{ 0xf900, 0xfaff, 2 },   { 0xfe20, 0xfe2f, 0 },   { 0xfe30, 0xfe6f, 2 },
		{ 0xff00, 0xff60, 2 },   { 0xffe0, 0xffe6, 2 },   { 0x1f300, 0x1f64f, 2 },
		{ 0x1f900, 0x1f9ff, 2 }, { 0x20000, 0x3fffd, 2 },
	};
	for (size_t i = 0; i < ARRAY_SIZE(blocks) && point >= blocks[i].first; i++) {
		if (point <= blocks[i].last)
			return blocks[i].width;
	}
	return 1;
}

size_t cell_width(struct text escaped)
{
	size_t width = 0;
	while (escaped.size) {
		uint32_t point = 0;
		size_t length = utf8_length(escaped, &point);
		width += length ? point_width(point) : 1;
		length = length ? length : 1;
		escaped.at += length;
		escaped.size -= length;
	}
	return width;
}

/* libsmartcols measures by the locale's encoding, and where that has no such character it
 * never ends (2.38). */
void cell_make_measurable(struct strbuf *text, struct strbuf *spare)
{
	mbstate_t state = { 0 };
	const char *at = text->at;
	errno = 0;
	if (text->failed || !at || mbsrtowcs(NULL, &at, 0, &state) != (size_t)-1)
		return;
	text->failed = errno == ENOMEM;
	strbuf_clear(spare);
	for (size_t i = 0; i < text->size; i++) {
		unsigned char byte = (unsigned char)text->at[i];
		if (byte < 0x80)
			strbuf_add_char(spare, (char)byte);
		else
			strbuf_addf(spare, "\\x%02x", byte);
	}
	struct strbuf measurable = *spare;
	*spare = *text;
	*text = measurable;
}
