/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * cpio: with numbers in hexadecimal, as most programs write it, or in octal; and as an .rpm
 * has it, whose entries have nothing but the number of a file in the package's header.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "find/package/package.h"
#include "find/package/package_rpm.h"

#define TRAILER "TRAILER!!!"
/* More than a path can be; a longer one is damage. */
#define NAME_MAX_SIZE 65536

struct cpio {
	uint64_t left;  /* bytes of the member that were not taken */
	uint64_t after; /* padding behind those */
	bool is_begun;
	struct strbuf name;
	const struct rpm_files *files; /* NULL: no .rpm's */
};

/* Where the fields of an entry's header are. */
struct layout {
	const char *magic;
	unsigned base, align;
	size_t size, mode_at, mode_size, name_at, name_size, body_at, body_size;
};

static const struct layout layouts[] = {
	{ "070701", 16, 4, 110, 14, 8, 94, 8, 54, 8 },
	{ "070702", 16, 4, 110, 14, 8, 94, 8, 54, 8 },
	{ "070707", 8, 1, 76, 18, 6, 59, 6, 65, 11 },
};

#define MAGIC_SIZE    6
#define HEADER_MAX    110
#define STRIPPED      "07070X"
#define STRIPPED_SIZE 14
#define STRIPPED_ALL  16 /* with the padding */

static int open_cpio(struct level *level)
{
	struct cpio *cpio = calloc(1, sizeof(*cpio));
	if (!cpio)
		return USDTINFO_E_MEMORY;
	cpio->files = rpm_files(level);
	level->state = cpio;
	return 0;
}

static void close_cpio(struct level *level)
{
	struct cpio *cpio = level->state;
	strbuf_deinit(&cpio->name);
	free(cpio);
}

static unsigned digit_of(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - (unsigned)'0';
	c |= 'a' ^ 'A';
	return c >= 'a' && c <= 'f' ? c - (unsigned)'a' + 10 : UINT_MAX;
}

static bool number(const unsigned char *at, size_t size, unsigned base, uint64_t *ret)
{
	*ret = 0;
	for (size_t i = 0; i < size; i++) {
		unsigned digit = digit_of(at[i]);
		if (digit >= base)
			return false;
		*ret = *ret * base + digit;
	}
	return true;
}

/* Go to what looks like the next header. Return: LEVEL_SKIPPED, or a failure */
static int skip_damage(struct level *level, const char *reason)
{
	struct span span;
	const unsigned char *found = NULL;
	level_fail(level, "%s", reason);
	source_take(level, 1);
	while (!found) {
		int r = source_peek(level, MAGIC_SIZE, &span);
		if (r < 0)
			return r;
		found = memmem(level->next, level->left, "07070", MAGIC_SIZE - 1);
		if (!found && span.left < MAGIC_SIZE)
			break;
		source_take(level, found ? (size_t)(found - level->next)
		                         : level->left - (MAGIC_SIZE - 1));
	}
	return found ? LEVEL_SKIPPED : LEVEL_DAMAGED;
}

static int fail_header(struct level *level)
{
	return skip_damage(level, "a header is damaged");
}

/* The header at @span is taken once all of it is there. */
static int next_plain(struct level *level, const struct layout *layout, struct span span,
                      struct member *member)
{
	struct cpio *cpio = level->state;
	uint64_t mode, name_size, size;
	if (!number(span.at + layout->mode_at, layout->mode_size, layout->base, &mode) ||
	    !number(span.at + layout->name_at, layout->name_size, layout->base,
	            &name_size) ||
	    !number(span.at + layout->body_at, layout->body_size, layout->base, &size) ||
	    name_size == 0 || name_size > NAME_MAX_SIZE)
		return fail_header(level);
	source_take(level, layout->size);
	size_t padding = -(layout->size + (size_t)name_size) % layout->align;
	int r = source_peek(level, (size_t)name_size, &span);
	if (r < 0)
		return r;
	if (span.left < name_size)
		return level_fail(level, "it ends within a header");
	strbuf_add(&cpio->name, span.at, strnlen((const char *)span.at, span.left));
	if (cpio->name.failed)
		return USDTINFO_E_MEMORY;
	source_take(level, span.left);
	cpio->left = size;
	cpio->after = -size % layout->align;
	if (strcmp(cpio->name.at, TRAILER) == 0) {
		cpio->left = 0;
		return LEVEL_END;
	}
	*member = (struct member){ cpio->name.at, S_ISREG(mode), false, size };
	return source_skip(level, padding) < 0 ? LEVEL_DAMAGED : LEVEL_MEMBER;
}

static int next_stripped(struct level *level, struct span span, struct member *member)
{
	struct cpio *cpio = level->state;
	uint64_t index;
	struct rpm_file file;
	if (!cpio->files)
		return level_fail(
			level,
			"the names of its files stand in the header of an .rpm, which is not there");
	if (!number(span.at + MAGIC_SIZE, STRIPPED_SIZE - MAGIC_SIZE, 16, &index))
		return fail_header(level);
	source_take(level, STRIPPED_ALL);
	if (index == UINT32_MAX)
		return LEVEL_END;
	if (!rpm_file(cpio->files, index, &file))
		return skip_damage(level,
		                   "a file that the package's header does not have");
	/* Any number of entries can be in one directory, whose name may be as long as a header. */
	strbuf_add(&cpio->name, file.directory,
	           strnlen(file.directory, PACKAGE_NAME_MAX + 1));
	strbuf_add(&cpio->name, file.name, strnlen(file.name, PACKAGE_NAME_MAX + 1));
	if (cpio->name.failed)
		return USDTINFO_E_MEMORY;
	cpio->left = file.stored;
	cpio->after = -cpio->left % 4;
	*member = (struct member){ cpio->name.at, S_ISREG(file.mode), false,
		                   file.stored };
	return LEVEL_MEMBER;
}

static int next_in_cpio(struct level *level, struct member *member)
{
	struct cpio *cpio = level->state;
	struct span span;
	int r = source_skip(level, cpio->left);
	if (r == 0)
		r = source_skip(level, cpio->after);
	cpio->left = cpio->after = 0;
	strbuf_clear(&cpio->name);
	if (r == 0)
		r = source_peek(level, HEADER_MAX, &span);
	if (r < 0)
		return r;
	if (span.left >= STRIPPED_ALL && memcmp(span.at, STRIPPED, MAGIC_SIZE) == 0)
		return next_stripped(level, span, member);
	for (size_t i = 0; i < ARRAY_SIZE(layouts); i++) {
		if (span.left >= layouts[i].size &&
		    memcmp(span.at, layouts[i].magic, MAGIC_SIZE) == 0)
			return next_plain(level, &layouts[i], span, member);
	}
	return span.left < HEADER_MAX ? level_fail(level, "it ends before its last entry")
	                              : fail_header(level);
}

static ssize_t read_in_cpio(struct level *level, void *buf, size_t size)
{
	struct cpio *cpio = level->state;
	size = size < cpio->left ? size : (size_t)cpio->left;
	ssize_t got = source_read(level, buf, size);
	if (got >= 0 && (size_t)got < size)
		return level_fail(level, "it ends within a member");
	cpio->left -= got > 0 ? (uint64_t)got : 0;
	return got;
}

const struct level_reader cpio_reader = {
	.open = open_cpio,
	.next = next_in_cpio,
	.read = read_in_cpio,
	.close = close_cpio,
	.has_end = true,
};
