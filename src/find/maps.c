/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Parsing of /proc/PID/maps, line by line, in place. */
#include "find/maps.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"

/* What is left of a line. */
struct line {
	char *at, *end;
};

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* A number and the character that must follow it. */
static bool take_number(struct line *line, unsigned base, char after, uint64_t *ret)
{
	uint64_t value = 0;
	char *at = line->at;
	for (; at < line->end && (unsigned)digit_of(*at) < base; at++) {
		if (value > (UINT64_MAX - 15) / base)
			return false;
		value = value * base + (unsigned)digit_of(*at);
	}
	if (at == line->at || at == line->end || *at != after)
		return false;
	line->at = at + 1;
	*ret = value;
	return true;
}

static bool take_permissions(struct line *line, struct mapping *mapping)
{
	if (line->end - line->at < 5 || line->at[4] != ' ')
		return false;
	mapping->readable = line->at[0] == 'r';
	mapping->writable = line->at[1] == 'w';
	mapping->executable = line->at[2] == 'x';
	mapping->shared = line->at[3] == 's';
	line->at += 5;
	return true;
}

/* The kernel writes a newline in a name as \012, and a backslash as itself. */
static size_t decode_newlines(char *at, size_t size)
{
	size_t used = 0;
	for (size_t i = 0; i < size; used++) {
		bool is_newline = size - i >= 4 && memcmp(at + i, "\\012", 4) == 0;
		at[used] = is_newline ? '\n' : at[i];
		i += is_newline ? 4 : 1;
	}
	at[used] = '\0';
	return used;
}

/* The line's end, or what stands there in place of the newline, is overwritten by a NUL. */
static bool take_line(struct line line, struct mapping *ret)
{
	struct mapping mapping = { 0 };
	uint64_t major, minor;
	if (!take_number(&line, 16, '-', &mapping.start) ||
	    !take_number(&line, 16, ' ', &mapping.end) ||
	    !take_permissions(&line, &mapping) ||
	    !take_number(&line, 16, ' ', &mapping.offset) ||
	    !take_number(&line, 16, ':', &major) ||
	    !take_number(&line, 16, ' ', &minor) || major > UINT32_MAX ||
	    minor > UINT32_MAX || mapping.start >= mapping.end)
		return false;
	/* After the inode a line without a path may end at once. */
	char terminator = *line.end;
	*line.end++ = ' ';
	bool has_inode = take_number(&line, 10, ' ', &mapping.inode);
	*--line.end = terminator;
	if (!has_inode)
		return false;
	mapping.major = (uint32_t)major;
	mapping.minor = (uint32_t)minor;
	while (line.at < line.end && *line.at == ' ')
		line.at++;
	if (line.at < line.end) {
		size_t size = decode_newlines(line.at, (size_t)(line.end - line.at));
		mapping.path = (struct text){ line.at, size };
	}
	*ret = mapping;
	return true;
}

int maps_parse(struct maps *maps, struct usdtinfo_error *err)
{
	char *at = maps->bytes.at;
	char *end = at ? at + maps->bytes.size : at;
	while (at < end) {
		char *newline = memchr(at, '\n', (size_t)(end - at));
		struct line line = { at, newline ? newline : end };
		if (!array_grow(&maps->items, &maps->room, maps->count + 1,
		                sizeof(*maps->items)))
			return fail_memory(err);
		if (!take_line(line, &maps->items[maps->count]))
			return fail_at(err, USDTINFO_E_DAMAGED,
			               (uint64_t)(at - maps->bytes.at),
			               "a line of its maps is not understood");
		maps->count++;
		at = newline ? newline + 1 : end;
	}
	return 0;
}

void maps_deinit(struct maps *maps)
{
	strbuf_deinit(&maps->bytes);
	free(maps->items);
	*maps = (struct maps){ 0 };
}
