/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The source of a level, and what all kinds of levels have in common. */
#include "find/package/package_level.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"

bool unpacking_is_interrupted(const struct unpacking *unpacking)
{
	return unpacking->interrupted && *unpacking->interrupted;
}

bool unpacking_count(struct unpacking *unpacking, uint64_t size)
{
	if (size > unpacking->allowed - unpacking->out ||
	    unpacking_is_interrupted(unpacking)) {
		unpacking->over_limit = true;
		return false;
	}
	unpacking->out += size;
	return true;
}

int level_fail(struct level *level, const char *fmt, ...)
{
	va_list arguments;
	va_start(arguments, fmt);
	vsnprintf(level->reason, sizeof(level->reason), fmt, arguments);
	va_end(arguments);
	return LEVEL_DAMAGED;
}

int level_stop(struct level *level, const char *limit)
{
	if (!level->unpacking->over_limit)
		level->unpacking->limit = limit;
	level->unpacking->over_limit = true;
	return level_fail(level, "%s", limit);
}

/* ---- the source ---------------------------------------------------------------------- */

static ssize_t fill_from_file(struct level *level, void *buf, size_t room)
{
	struct usdtinfo_image *file = level->unpacking->file;
	struct usdtinfo_error err;
	uint64_t left = file->size - level->offset;
	size_t size = left < room ? (size_t)left : room;
	if (image_read(file, level->offset, buf, size, &err) < 0)
		return level_fail(level, "%s", err.text);
	level->offset += size;
	return (ssize_t)size;
}

static ssize_t fill_from_parent(struct level *level, void *buf, size_t room)
{
	ssize_t got = level_read(level->parent, buf, room);
	return got < 0 ? level_fail(level, "%s", level->parent->reason) : got;
}

/* Add to what is left of the block. Return: bytes that were added, 0 at the end, or a failure */
static ssize_t fill(struct level *level)
{
	if (unpacking_is_interrupted(level->unpacking))
		level->unpacking->over_limit = true;
	if (level->unpacking->over_limit)
		return level_fail(level, "a limit was reached");
	if (level->left)
		memmove(level->block, level->next, level->left);
	level->next = level->block;
	unsigned char *end = level->block + level->left;
	size_t room = sizeof(level->block) - level->left;
	ssize_t got = level->parent ? fill_from_parent(level, end, room)
	                            : fill_from_file(level, end, room);
	if (got > 0)
		level->left += (size_t)got;
	return got;
}

int source_fill(struct level *level)
{
	if (level->left)
		return 1;
	ssize_t got = fill(level);
	return got > 0 ? 1 : (int)got;
}

int source_peek(struct level *level, size_t size, struct span *ret)
{
	while (level->left < size) {
		ssize_t got = fill(level);
		if (got < 0)
			return (int)got;
		if (got == 0)
			break;
	}
	*ret = (struct span){ level->next, level->left < size ? level->left : size };
	return 0;
}

void source_take(struct level *level, size_t size)
{
	level->next += size;
	level->left -= size;
}

ssize_t source_read(struct level *level, void *buf, size_t size)
{
	size_t done = 0;
	while (done < size) {
		int r = source_fill(level);
		if (r < 0)
			return r;
		if (r == 0)
			break;
		size_t part = level->left < size - done ? level->left : size - done;
		memcpy((char *)buf + done, level->next, part);
		source_take(level, part);
		done += part;
	}
	return (ssize_t)done;
}

int source_skip(struct level *level, uint64_t size)
{
	uint64_t in_file = level->parent ? 0
	                                 : level->unpacking->file->size - level->offset;
	size_t part = level->left < size ? level->left : (size_t)size;
	source_take(level, part);
	size -= part;
	/* Nothing is read to be skipped in a file. */
	level->offset += size < in_file ? size : in_file;
	size -= size < in_file ? size : in_file;
	while (size) {
		int r = source_fill(level);
		if (r < 0)
			return r;
		if (r == 0)
			return level_fail(level, "it ends within a member");
		part = level->left < size ? level->left : (size_t)size;
		source_take(level, part);
		size -= part;
	}
	return 0;
}

/* ---- levels -------------------------------------------------------------------------- */

void level_close(struct level *level)
{
	if (level->reader->close)
		level->reader->close(level);
	level->state = NULL;
}

int level_next(struct level *level, struct member *member)
{
	*member = (struct member){ .is_file = true, .size = UINT64_MAX };
	return level->reader->next(level, member);
}

ssize_t level_read(struct level *level, void *buf, size_t size)
{
	ssize_t got = level->reader->read(level, buf, size);
	if (got > 0 && !unpacking_count(level->unpacking, (uint64_t)got))
		return level_fail(level, "a limit was reached");
	return got;
}

static ssize_t read_rest(struct level *level, void *buf, size_t size)
{
	return source_read(level, buf, size);
}

const struct level_reader rest_reader = {
	.read = read_rest,
	.is_transparent = true,
};
