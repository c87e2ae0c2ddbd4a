/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Parsing of /proc/PID/maps, line by line, in place. */
#include "find/process/maps.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"

/* Digits by their characters, one added; 0 for what is none. */
static const unsigned char digits[256] = {
	['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
	['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

/* What is left of a line. */
struct maps_line {
	char *at, *end;
};

/* A number and the character that must follow it. */
static bool take_number(struct maps_line *line, unsigned base, char after, uint64_t *ret)
{
	uint64_t value = 0;
	char *at = line->at;
	for (; at < line->end; at++) {
		unsigned digit = digits[(unsigned char)*at] - 1u;
		if (digit >= base)
			break;
		if (__builtin_mul_overflow(value, base, &value) ||
		    __builtin_add_overflow(value, digit, &value))
			return false;
	}
	if (at == line->at || at == line->end || *at != after)
		return false;
	line->at = at + 1;
	*ret = value;
	return true;
}

static bool take_permissions(struct maps_line *line, struct mapping *mapping)
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

#define NEWLINE "\\012"

/* The kernel writes a newline in a name as \012, and a backslash as itself. */
static void decode_newlines(char *at, size_t *size)
{
	const size_t code = sizeof(NEWLINE) - 1;
	size_t used = 0;
	for (size_t i = 0; i < *size; used++) {
		bool is_newline = *size - i >= code && memcmp(at + i, NEWLINE, code) == 0;
		at[used] = is_newline ? '\n' : at[i];
		i += is_newline ? code : 1;
	}
	at[used] = '\0';
	*size = used;
}

/* Return: false when memory ran out */
static bool take_path(struct arena *names, struct maps_line *line,
                      struct mapping *mapping)
{
	*line->end = '\0';
	mapping->path = (struct text){ line->at, (size_t)(line->end - line->at) };
	if (!memmem(line->at, mapping->path.size, NEWLINE, sizeof(NEWLINE) - 1))
		return true;
	mapping->written = mapping->path;
	size_t size = mapping->written.size;
	char *decoded = arena_take(names, size + 1);
	if (!decoded)
		return false;
	memcpy(decoded, mapping->written.at, size);
	decode_newlines(decoded, &size);
	mapping->path = (struct text){ decoded, size };
	return true;
}

/*
 * The line's end, or what stands there in place of the newline, is overwritten by a NUL.
 *
 * Return: 0, USDTINFO_E_DAMAGED, USDTINFO_E_MEMORY
 */
static int take_line(struct arena *names, struct maps_line line, struct mapping *ret)
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
		return USDTINFO_E_DAMAGED;
	/* After the inode a line without a path may end at once. */
	char terminator = *line.end;
	*line.end++ = ' ';
	bool has_inode = take_number(&line, 10, ' ', &mapping.inode);
	*--line.end = terminator;
	if (!has_inode)
		return USDTINFO_E_DAMAGED;
	mapping.major = (uint32_t)major;
	mapping.minor = (uint32_t)minor;
	while (line.at < line.end && *line.at == ' ')
		line.at++;
	if (line.at < line.end && !take_path(names, &line, &mapping))
		return USDTINFO_E_MEMORY;
	*ret = mapping;
	return 0;
}

/* A file's mappings mostly stand together, and so need not be told apart by their text. */
static void share_path(const struct maps *maps)
{
	struct mapping *last = &maps->items[maps->count];
	if (maps->count && last->inode == last[-1].inode &&
	    text_equal(last->path, last[-1].path))
		last->path = last[-1].path;
}

int maps_parse(struct maps *maps, struct usdtinfo_error *err)
{
	char *at = maps->bytes.at;
	char *end = at ? at + maps->bytes.size : at;
	while (at < end) {
		char *newline = memchr(at, '\n', (size_t)(end - at));
		struct maps_line line = { at, newline ? newline : end };
		if (!array_grow(&maps->items, &maps->room, maps->count + 1,
		                sizeof(*maps->items)))
			return fail_memory(err);
		int r = take_line(&maps->names, line, &maps->items[maps->count]);
		if (r == USDTINFO_E_MEMORY)
			return fail_memory(err);
		if (r < 0)
			return fail_at(err, USDTINFO_E_DAMAGED,
			               (uint64_t)(at - maps->bytes.at),
			               "a line of its maps is not understood");
		share_path(maps);
		maps->count++;
		at = newline ? newline + 1 : end;
	}
	return 0;
}

static int compare_address(const void *key, const void *item)
{
	const uint64_t *address = key;
	const struct mapping *mapping = item;
	return (*address >= mapping->end) - (*address < mapping->start);
}

const struct mapping *maps_find(const struct maps *maps, uint64_t address)
{
	return maps->count ? bsearch(&address, maps->items, maps->count,
	                             sizeof(*maps->items), compare_address)
	                   : NULL;
}

void maps_deinit(struct maps *maps)
{
	strbuf_deinit(&maps->bytes);
	arena_deinit(&maps->names);
	free(maps->items);
	*maps = (struct maps){ 0 };
}
