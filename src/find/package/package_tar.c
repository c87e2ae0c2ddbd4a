/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * tar: the oldest, ustar, pax and GNU's, with their sparse files. Archives that follow one
 * another are read as one. Of a header only what names a member and tells its size is kept.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "find/package/package_level.h"

#define TAR_BLOCK 512

/* Fields of a header: where, and how long. */
enum {
	NAME_AT = 0,
	NAME_SIZE = 100,
	SIZE_AT = 124,
	NUMBER_SIZE = 12,
	SUM_AT = 148,
	SUM_SIZE = 8,
	TYPE_AT = 156,
	MAGIC_AT = 257,
	PREFIX_AT = 345,
	PREFIX_SIZE = 155,
	/* GNU's, of sparse files; the map goes on in blocks of its own. */
	MAP_AT = 386,
	MAP_COUNT = 4,
	MAP_GOES_ON_AT = 482,
	REAL_SIZE_AT = 483,
	MORE_COUNT = 21,
	MORE_GOES_ON_AT = 504,
};

/* Bytes that a sparse file has; what is between them is 0. */
struct extent {
	uint64_t offset, size;
};

struct tar {
	uint64_t left;        /* bytes that are stored of the member and were not taken */
	uint64_t after;       /* up to the next block, behind those */
	uint64_t header_size; /* of all headers of the member */
	bool is_ended;        /* a block of zeros was met since the last header */
	/* Of a sparse member. */
	bool is_sparse;
	struct extent *extents;
	size_t count, room, at;
	uint64_t position, real_size;
	/* What headers before the member's own say of it. */
	struct strbuf name;
	struct maybe_u64 size;
	struct maybe_u64 sparse_major, sparse_real_size, sparse_offset;
	bool has_pax, has_sparse_name, has_map;
};

/* ---- numbers ------------------------------------------------------------------------- */

/* Octal digits, or, with the highest bit set, the bytes of the number. */
static bool number(const unsigned char *at, size_t size, uint64_t *ret)
{
	uint64_t value = 0;
	size_t i = 0;
	if (*at & 0x80) {
		value = *at & 0x7f;
		for (i = 1; i < size; i++) {
			if (value >> 56)
				return false;
			value = value << 8 | at[i];
		}
		*ret = value;
		return true;
	}
	while (i < size && (at[i] == ' ' || at[i] == '\0'))
		i++;
	for (; i < size && at[i] >= '0' && at[i] <= '7'; i++)
		value = value * 8 + (unsigned)(at[i] - '0');
	*ret = value;
	return i == size || at[i] == ' ' || at[i] == '\0';
}

/* Return: false where there is no number, or one too large; goes over its digits */
static bool decimal(struct span *span, uint64_t *ret)
{
	uint64_t value = 0;
	bool any = false;
	while (span->left && *span->at >= '0' && *span->at <= '9') {
		if (value > (UINT64_MAX - 9) / 10)
			return false;
		value = value * 10 + (unsigned)(*span->at - '0');
		any = span_skip(span, 1);
	}
	*ret = value;
	return any;
}

/* Some old programs summed up signed bytes. */
static bool is_header(const unsigned char *block)
{
	uint64_t told, sum = 0;
	int64_t signed_sum = 0;
	if (!number(block + SUM_AT, SUM_SIZE, &told))
		return false;
	for (size_t i = 0; i < TAR_BLOCK; i++) {
		bool is_sum = i >= SUM_AT && i < SUM_AT + SUM_SIZE;
		sum += is_sum ? ' ' : block[i];
		signed_sum += is_sum ? ' ' : (signed char)block[i];
	}
	return told == sum || (int64_t)told == signed_sum;
}

static bool is_zero(struct span span)
{
	while (span.left && *span.at == 0)
		span_skip(&span, 1);
	return span.left == 0;
}

/* ---- what a member's headers say ------------------------------------------------------- */

static int fail_long(struct level *level)
{
	return level_stop(
		level, "a member's header is larger than 16 MiB: not all was unpacked");
}

static int add_extent(struct level *level, uint64_t offset, uint64_t size)
{
	struct tar *tar = level->state;
	const struct extent *last = tar->count ? &tar->extents[tar->count - 1] : NULL;
	if (size > UINT64_MAX - offset || (last && offset < last->offset + last->size))
		return level_fail(level, "a map of holes is damaged");
	if (!array_grow(&tar->extents, &tar->room, tar->count + 1, sizeof(*tar->extents)))
		return USDTINFO_E_MEMORY;
	tar->extents[tar->count++] = (struct extent){ offset, size };
	return 0;
}

/* Offsets and sizes as GNU's headers have them; they end with what is empty. */
static int add_extents(struct level *level, const unsigned char *at, size_t count)
{
	uint64_t offset, size;
	int r = 0;
	for (size_t i = 0; r == 0 && i < count; i++, at += (size_t)2 * NUMBER_SIZE) {
		if (*at == '\0')
			break;
		if (!number(at, NUMBER_SIZE, &offset) ||
		    !number(at + NUMBER_SIZE, NUMBER_SIZE, &size))
			return level_fail(level, "a map of holes is damaged");
		r = add_extent(level, offset, size);
	}
	return r;
}

static int read_old_map(struct level *level, const unsigned char *header)
{
	struct tar *tar = level->state;
	struct span block;
	bool goes_on = header[MAP_GOES_ON_AT];
	if (!number(header + REAL_SIZE_AT, NUMBER_SIZE, &tar->real_size))
		return level_fail(level, "a header is damaged");
	int r = add_extents(level, header + MAP_AT, MAP_COUNT);
	while (r == 0 && goes_on) {
		r = source_peek(level, TAR_BLOCK, &block);
		if (r < 0)
			return r;
		if (block.left < TAR_BLOCK)
			return level_fail(level, "it ends within a header");
		tar->header_size += TAR_BLOCK;
		if (tar->header_size > PACKAGE_HEADER_MAX)
			return fail_long(level);
		goes_on = block.at[MORE_GOES_ON_AT];
		r = add_extents(level, block.at, MORE_COUNT);
		source_take(level, TAR_BLOCK);
	}
	return r;
}

/* "0,512,4096,512" */
static int read_listed_map(struct level *level, struct span value)
{
	uint64_t offset, size;
	int r = 0;
	while (r == 0 && value.left) {
		if (!decimal(&value, &offset) || !value.left || *value.at != ',' ||
		    !span_skip(&value, 1) || !decimal(&value, &size) ||
		    (value.left && *value.at != ','))
			return level_fail(level, "a map of holes is damaged");
		if (value.left)
			span_skip(&value, 1);
		r = add_extent(level, offset, size);
	}
	return r;
}

/* Take a number that is a line of the member's first bytes. Lines may be comments, too. */
static int map_line(struct level *level, uint64_t *ret)
{
	struct tar *tar = level->state;
	char line[24] = "";
	size_t size = 0;
	bool is_comment = false;
	for (;;) {
		char c;
		if (tar->left == 0 || size == sizeof(line))
			return level_fail(level, "a map of holes is damaged");
		ssize_t got = source_read(level, &c, 1);
		if (got <= 0)
			return got < 0 ? (int)got
			               : level_fail(level, "it ends within a member");
		tar->left--;
		if (tar->header_size++ > PACKAGE_HEADER_MAX)
			return fail_long(level);
		is_comment |= size == 0 && c == '#';
		if (c == '\n' && !is_comment)
			break;
		is_comment &= c != '\n';
		if (!is_comment && c != '\n')
			line[size++] = c;
	}
	struct span span = { (const unsigned char *)line, size };
	return decimal(&span, ret) && span.left == 0
	               ? 0
	               : level_fail(level, "a map of holes is damaged");
}

/* Version 1.0: the count, and offset and size of each, before what is stored. */
static int read_map_in_data(struct level *level)
{
	struct tar *tar = level->state;
	uint64_t count, offset, size, before = tar->left;
	int r = map_line(level, &count);
	for (uint64_t i = 0; r == 0 && i < count; i++) {
		r = map_line(level, &offset);
		if (r == 0)
			r = map_line(level, &size);
		if (r == 0)
			r = add_extent(level, offset, size);
	}
	if (r < 0)
		return r;
	uint64_t padding = -(before - tar->left) % TAR_BLOCK;
	padding = padding < tar->left ? padding : tar->left;
	tar->left -= padding;
	return source_skip(level, padding);
}

static int set_name(struct tar *tar, const void *bytes, size_t size)
{
	strbuf_clear(&tar->name);
	strbuf_add(&tar->name, bytes, strnlen(bytes, size));
	return tar->name.failed ? USDTINFO_E_MEMORY : 0;
}

static bool is_key(struct span key, const char *name)
{
	return key.left == strlen(name) && memcmp(key.at, name, key.left) == 0;
}

static int take_attribute(struct level *level, struct span key, struct span value)
{
	struct tar *tar = level->state;
	struct span digits = value;
	uint64_t told = 0;
	bool is_number = decimal(&digits, &told) && digits.left == 0;
	struct maybe_u64 maybe = { is_number, told };
	/* The path of a sparse file may lead through a directory that is not there. */
	if (is_key(key, "GNU.sparse.name")) {
		tar->has_sparse_name = true;
		return set_name(tar, value.at, value.left);
	}
	if (is_key(key, "path") && !tar->has_sparse_name)
		return set_name(tar, value.at, value.left);
	if (is_key(key, "size"))
		tar->size = maybe;
	else if (is_key(key, "GNU.sparse.major"))
		tar->sparse_major = maybe;
	else if (is_key(key, "GNU.sparse.realsize") || is_key(key, "GNU.sparse.size"))
		tar->sparse_real_size = maybe;
	else if (is_key(key, "GNU.sparse.offset"))
		tar->sparse_offset = maybe;
	else if (is_key(key, "GNU.sparse.numbytes") && is_number &&
	         tar->sparse_offset.known) {
		tar->has_map = true;
		return add_extent(level, tar->sparse_offset.value, told);
	} else if (is_key(key, "GNU.sparse.map")) {
		tar->has_map = true;
		return read_listed_map(level, value);
	}
	return 0;
}

/* "30 path=some/long/name\n", one after the other; the number counts all of it. */
static int take_attributes(struct level *level, struct span body)
{
	int r = 0;
	while (r == 0 && body.left) {
		struct span line = body, key = body, record;
		uint64_t size;
		if (!decimal(&line, &size) || size > body.left ||
		    !span_take(&body, (size_t)size, &record) ||
		    record.at[record.left - 1] != '\n' || *line.at != ' ')
			return level_fail(level, "a pax header is damaged");
		key.at = line.at + 1;
		const unsigned char *end = record.at + record.left - 1;
		const unsigned char *equals =
			key.at < end ? memchr(key.at, '=', (size_t)(end - key.at)) : NULL;
		if (!equals)
			return level_fail(level, "a pax header is damaged");
		key.left = (size_t)(equals - key.at);
		r = take_attribute(
			level, key,
			(struct span){ equals + 1, (size_t)(end - equals - 1) });
	}
	return r;
}

static int read_body(struct level *level, uint64_t size, struct strbuf *body)
{
	struct tar *tar = level->state;
	struct span span;
	if (size > PACKAGE_HEADER_MAX - tar->header_size)
		return fail_long(level);
	tar->header_size += size;
	uint64_t left = size;
	while (left) {
		size_t part = left < PACKAGE_BLOCK_SIZE ? (size_t)left
		                                        : PACKAGE_BLOCK_SIZE;
		int r = source_peek(level, part, &span);
		if (r < 0)
			return r;
		if (span.left < part)
			return level_fail(level, "it ends within a header");
		strbuf_add(body, span.at, part);
		source_take(level, part);
		left -= part;
	}
	return body->failed ? USDTINFO_E_MEMORY : source_skip(level, -size % TAR_BLOCK);
}

/* ---- from header to header ------------------------------------------------------------- */

static int fail_header(struct level *level, const struct tar *tar)
{
	return level_fail(level, "%s",
	                  tar->is_ended ? "bytes that are no tar archive follow its end"
	                                : "a header is damaged");
}

/*
 * Copy the next header, over blocks of zeros. Return: LEVEL_MEMBER, LEVEL_END, LEVEL_SKIPPED
 * where there is none, which was taken, or a failure
 */
static int take_header(struct level *level, unsigned char header[TAR_BLOCK])
{
	struct tar *tar = level->state;
	struct span block;
	for (;;) {
		int r = source_peek(level, TAR_BLOCK, &block);
		if (r < 0)
			return r;
		bool zero = is_zero(block);
		tar->is_ended |= zero && block.left == TAR_BLOCK;
		if (block.left < TAR_BLOCK)
			return zero ? LEVEL_END
			       : tar->is_ended
			               ? fail_header(level, tar)
			               : level_fail(level, "it ends within a header");
		if (!zero)
			break;
		source_take(level, TAR_BLOCK);
	}
	memcpy(header, block.at, TAR_BLOCK);
	source_take(level, TAR_BLOCK);
	if (!is_header(header)) {
		fail_header(level, tar);
		return LEVEL_SKIPPED;
	}
	tar->is_ended = false;
	return LEVEL_MEMBER;
}

/* A header that says something of the member behind it, or of none. */
static int take_extension(struct level *level, char type, uint64_t size)
{
	struct tar *tar = level->state;
	_cleanup_(strbuf_deinit) struct strbuf body = { 0 };
	if (size > UINT64_MAX - TAR_BLOCK)
		return level_fail(level, "a header is damaged");
	if (!strchr("xXL", type))
		return source_skip(level, size + -size % TAR_BLOCK);
	int r = read_body(level, size, &body);
	if (r < 0 || body.size == 0)
		return r;
	if (type == 'L')
		return set_name(tar, body.at, body.size);
	tar->has_pax = true;
	r = take_attributes(level, (struct span){ (unsigned char *)body.at, body.size });
	return r == LEVEL_DAMAGED && !level->unpacking->over_limit ? LEVEL_SKIPPED : r;
}

static int name_from_header(struct tar *tar, const unsigned char *header)
{
	const char *prefix = (const char *)header + PREFIX_AT;
	size_t size = strnlen(prefix, PREFIX_SIZE);
	if (memcmp(header + MAGIC_AT, "ustar", sizeof("ustar")) == 0 && size) {
		strbuf_add(&tar->name, prefix, size);
		strbuf_add_char(&tar->name, '/');
	}
	const char *name = (const char *)header + NAME_AT;
	strbuf_add(&tar->name, name, strnlen(name, NAME_SIZE));
	return tar->name.failed ? USDTINFO_E_MEMORY : 0;
}

/* A pax archive may have the contents with a link, older ones have a size alone. */
static int link_has_body(struct level *level)
{
	const struct tar *tar = level->state;
	struct span block;
	int r = tar->has_pax ? source_peek(level, TAR_BLOCK, &block) : 0;
	if (r < 0 || !tar->has_pax)
		return r;
	return block.left == TAR_BLOCK && !is_zero(block) && !is_header(block.at);
}

static int set_sparse(struct level *level, const unsigned char *header)
{
	struct tar *tar = level->state;
	bool in_data = tar->sparse_major.known && tar->sparse_major.value == 1;
	int r = 0;
	if (header[TYPE_AT] == 'S') {
		tar->count = 0;
		tar->is_sparse = true;
		return read_old_map(level, header);
	}
	if (tar->sparse_major.known && tar->sparse_major.value > 1)
		return level_fail(level, "a map of holes of a later version");
	tar->is_sparse = in_data || tar->has_map;
	if (in_data) {
		tar->count = 0;
		r = read_map_in_data(level);
	}
	tar->real_size = tar->sparse_real_size.value;
	return r;
}

/* Return: LEVEL_MEMBER, LEVEL_SKIPPED for one that cannot be read, or a failure */
static int begin_member(struct level *level, const unsigned char *header, uint64_t size,
                        struct member *member)
{
	struct tar *tar = level->state;
	char type = (char)header[TYPE_AT];
	int r = tar->name.size ? 0 : name_from_header(tar, header);
	if (r == 0 && tar->size.known)
		size = tar->size.value;
	if (r == 0 && type == '1' && size)
		r = link_has_body(level);
	if (r < 0)
		return r;
	if ((type == '1' && r == 0) || (type && strchr("23456V", type)))
		size = 0;
	bool is_directory = tar->name.size && tar->name.at[tar->name.size - 1] == '/';
	if (is_directory && (type == '\0' || type == '0'))
		size = 0; /* as the oldest had it, whatever size they told */
	tar->left = size;
	tar->after = -size % TAR_BLOCK;
	member->is_file = !is_directory && (type == '\0' || !strchr("123456VDA", type));
	r = member->is_file ? set_sparse(level, header) : 0;
	if (r == LEVEL_DAMAGED && !level->unpacking->over_limit)
		return LEVEL_SKIPPED;
	if (r < 0)
		return r;
	if (type == 'M') {
		level_fail(level, "a file that begins in another volume was not read");
		return LEVEL_SKIPPED;
	}
	member->name = tar->name.at;
	member->size = tar->is_sparse ? tar->real_size : size;
	return LEVEL_MEMBER;
}

static void forget_member(struct tar *tar)
{
	strbuf_clear(&tar->name);
	tar->left = tar->after = tar->header_size = 0;
	tar->is_sparse = tar->has_pax = tar->has_sparse_name = tar->has_map = false;
	tar->count = tar->at = 0;
	tar->position = tar->real_size = 0;
	tar->size = tar->sparse_major = tar->sparse_real_size = tar->sparse_offset =
		(struct maybe_u64){ 0 };
}

static int next_in_tar(struct level *level, struct member *member)
{
	struct tar *tar = level->state;
	unsigned char header[TAR_BLOCK];
	uint64_t size;
	int r = source_skip(level, tar->left);
	if (r == 0)
		r = source_skip(level, tar->after);
	forget_member(tar);
	while (r == 0) {
		r = take_header(level, header);
		if (r != LEVEL_MEMBER)
			return r;
		tar->header_size += TAR_BLOCK;
		if (!number(header + SIZE_AT, NUMBER_SIZE, &size)) {
			fail_header(level, tar);
			return LEVEL_SKIPPED;
		}
		char type = (char)header[TYPE_AT];
		if (!type || !strchr("xXgLKN", type))
			return begin_member(level, header, size, member);
		r = take_extension(level, type, size);
	}
	return r;
}

/* ---- contents ---------------------------------------------------------------------------- */

static ssize_t read_stored(struct level *level, void *buf, size_t size)
{
	struct tar *tar = level->state;
	size = size < tar->left ? size : (size_t)tar->left;
	ssize_t got = source_read(level, buf, size);
	if (got >= 0 && (size_t)got < size)
		return level_fail(level, "it ends within a member");
	tar->left -= got > 0 ? (uint64_t)got : 0;
	return got;
}

/* What comes next in a sparse file: a part of an extent, or of a hole. */
static ssize_t read_part(struct level *level, unsigned char *buf, size_t size)
{
	struct tar *tar = level->state;
	uint64_t end = tar->real_size;
	while (tar->at < tar->count &&
	       tar->position >= tar->extents[tar->at].offset + tar->extents[tar->at].size)
		tar->at++;
	const struct extent *extent = tar->at < tar->count ? &tar->extents[tar->at]
	                                                   : NULL;
	bool is_hole = !extent || tar->position < extent->offset;
	if (extent && is_hole)
		end = extent->offset < end ? extent->offset : end;
	else if (extent && extent->offset + extent->size < end)
		end = extent->offset + extent->size;
	size = size < end - tar->position ? size : (size_t)(end - tar->position);
	if (!is_hole) {
		if (size > tar->left)
			return level_fail(level, "a map of holes is damaged");
		return read_stored(level, buf, size);
	}
	memset(buf, 0, size);
	return (ssize_t)size;
}

static ssize_t read_in_tar(struct level *level, void *buf, size_t size)
{
	struct tar *tar = level->state;
	size_t done = 0;
	if (!tar->is_sparse)
		return read_stored(level, buf, size);
	while (done < size && tar->position < tar->real_size) {
		ssize_t got = read_part(level, (unsigned char *)buf + done, size - done);
		if (got < 0)
			return got;
		tar->position += (uint64_t)got;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

static int open_tar(struct level *level)
{
	level->state = calloc(1, sizeof(struct tar));
	return level->state ? 0 : USDTINFO_E_MEMORY;
}

static void close_tar(struct level *level)
{
	struct tar *tar = level->state;
	strbuf_deinit(&tar->name);
	free(tar->extents);
	free(tar);
}

const struct level_reader tar_reader = {
	.open = open_tar,
	.next = next_in_tar,
	.read = read_in_tar,
	.close = close_tar,
};
