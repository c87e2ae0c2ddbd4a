/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Reading one level of a package through libarchive: one compression at most and one format.
 * Left to itself libarchive takes off any number of compressions, without asking for input in
 * between, and runs programs for those that it does not know itself.
 */
#include "find/package/package_level.h"

#include <errno.h>
#include <stdio.h>

#include "base/array.h"
#include "base/error.h"

/* What is decompressed between two looks at the limits: 32 MB at most of most compressions. */
#define SLICE_SIZE       1024
#define SLICE_BZIP2_SIZE 64

bool unpacking_is_interrupted(const struct unpacking *unpacking)
{
	return unpacking->interrupted && *unpacking->interrupted;
}

static bool count_out(struct unpacking *unpacking, uint64_t size)
{
	if (size > unpacking->allowed - unpacking->out ||
	    unpacking_is_interrupted(unpacking)) {
		unpacking->over_limit = true;
		return false;
	}
	unpacking->out += size;
	return true;
}

la_ssize_t level_read(struct level *level, void *buf, size_t size)
{
	const struct archive_api *la = &level->unpacking->api;
	la_ssize_t got = la->archive_read_data(level->archive, buf, size);
	if (got > 0 && !count_out(level->unpacking, (uint64_t)got))
		return ARCHIVE_FATAL;
	return got;
}

/*
 * Of a header libarchive keeps what it says: of a tar file's map of holes 50 bytes for each 4.
 * The position is that of the header before until what was left of the member is passed.
 */
static bool is_header_long(const struct level *level, la_int64_t inflated)
{
	const struct archive_api *la = &level->unpacking->api;
	if (!level->is_between || (!level->parent && level->kind == PACKAGE_FORMAT))
		return false;
	la_int64_t position = la->archive_read_header_position(level->archive);
	return position != level->header && inflated - position > PACKAGE_HEADER_MAX;
}

/*
 * Looking for a header in what comes out of a compression, libarchive may read any number of
 * bytes without coming back; but it asks for input.
 */
static bool is_within_limit(struct level *level)
{
	struct unpacking *unpacking = level->unpacking;
	la_int64_t inflated = unpacking->api.archive_filter_bytes(level->archive, 0);
	if ((inflated > 0 && (uint64_t)inflated > unpacking->allowed) ||
	    unpacking_is_interrupted(unpacking))
		unpacking->over_limit = true;
	if (!unpacking->over_limit && is_header_long(level, inflated))
		unpacking->over_limit = unpacking->long_header = true;
	return !unpacking->over_limit;
}

static la_ssize_t fill_from_file(struct level *level)
{
	const struct archive_api *la = &level->unpacking->api;
	struct usdtinfo_image *file = level->unpacking->file;
	struct usdtinfo_error err;
	uint64_t left = file->size - level->offset;
	size_t size = left < PACKAGE_BLOCK_SIZE ? (size_t)left : PACKAGE_BLOCK_SIZE;
	if (image_read(file, level->offset, level->block, size, &err) < 0) {
		la->archive_set_error(level->archive, err.sys_errno, "%s", err.text);
		return ARCHIVE_FATAL;
	}
	level->offset += size;
	return (la_ssize_t)size;
}

static la_ssize_t fill_from_parent(struct level *level)
{
	const struct archive_api *la = &level->unpacking->api;
	la_ssize_t got = level_read(level->parent, level->block, PACKAGE_BLOCK_SIZE);
	if (got < 0)
		la->archive_set_error(level->archive,
		                      la->archive_errno(level->parent->archive), "%s",
		                      level_reason(level->parent));
	return got;
}

/*
 * Of what is compressed a slice at a time: 45 bytes of bzip2 can be 900,000, and as long as
 * there are any, libarchive does not come back.
 */
static la_ssize_t read_block(struct archive *archive, void *data, const void **block_ret)
{
	struct level *level = data;
	if (!is_within_limit(level))
		return ARCHIVE_FATAL;
	if (level->left == 0) {
		la_ssize_t got = level->parent ? fill_from_parent(level)
		                               : fill_from_file(level);
		if (got <= 0)
			return got < 0 ? ARCHIVE_FATAL : 0;
		level->next = level->block;
		level->left = (size_t)got;
	}
	size_t most = level->kind == PACKAGE_FORMAT  ? PACKAGE_BLOCK_SIZE
	              : level->kind == PACKAGE_BZIP2 ? SLICE_BZIP2_SIZE
	                                             : SLICE_SIZE;
	size_t size = level->left < most ? level->left : most;
	*block_ret = level->next;
	level->next += size;
	level->left -= size;
	return (la_ssize_t)size;
}

static la_int64_t seek_file(struct archive *archive, void *data, la_int64_t offset,
                            int whence)
{
	struct level *level = data;
	uint64_t size = level->unpacking->file->size;
	uint64_t from = whence == SEEK_SET   ? 0
	                : whence == SEEK_CUR ? level->offset
	                                     : size;
	if (offset < 0 ? (uint64_t)-offset > from : (uint64_t)offset > size - from)
		return ARCHIVE_FATAL;
	level->offset = from + (uint64_t)offset;
	return (la_int64_t)level->offset;
}

static la_int64_t skip_file(struct archive *archive, void *data, la_int64_t request)
{
	struct level *level = data;
	uint64_t left = level->unpacking->file->size - level->offset;
	uint64_t skipped = request < 0 ? 0 : (uint64_t)request;
	skipped = skipped < left ? skipped : left;
	level->offset += skipped;
	return (la_int64_t)skipped;
}

/* ARCHIVE_WARN where it would run a program for that. */
static int add_cover(const struct level *level)
{
	static const int codes[] = {
		[PACKAGE_GZIP] = ARCHIVE_FILTER_GZIP,
		[PACKAGE_BZIP2] = ARCHIVE_FILTER_BZIP2,
		[PACKAGE_XZ] = ARCHIVE_FILTER_XZ,
		[PACKAGE_LZMA] = ARCHIVE_FILTER_LZMA,
		[PACKAGE_LZIP] = ARCHIVE_FILTER_LZIP,
		[PACKAGE_ZSTD] = ARCHIVE_FILTER_ZSTD,
		[PACKAGE_LZ4] = ARCHIVE_FILTER_LZ4,
		[PACKAGE_RPM] = ARCHIVE_FILTER_RPM,
	};
	const struct archive_api *la = &level->unpacking->api;
	int code = codes[level->kind];
	int r = la->archive_read_support_filter_by_code(level->archive, code);
	return r == ARCHIVE_OK ? la->archive_read_append_filter(level->archive, code) : r;
}

/*
 * Formats of packages; not those that take any text for an archive.
 *
 * Return: false for lack of memory
 */
static bool add_formats(const struct level *level)
{
	const struct archive_api *la = &level->unpacking->api;
	int (*const supports[])(struct archive *) = {
		la->archive_read_support_format_ar,
		la->archive_read_support_format_cpio,
		la->archive_read_support_format_tar,
		la->archive_read_support_format_zip,
		/* A single compressed file, such as a kernel module, and one of nothing. */
		la->archive_read_support_format_raw,
		la->archive_read_support_format_empty,
	};
	size_t covered = 2;
	size_t count = ARRAY_SIZE(supports) -
	               (level->kind == PACKAGE_FORMAT ? covered : 0);
	for (size_t i = 0; i < count; i++) {
		if (supports[i](level->archive) < ARCHIVE_WARN)
			return false;
	}
	return true;
}

static void add_source(struct level *level)
{
	const struct archive_api *la = &level->unpacking->api;
	struct archive *archive = level->archive;
	la->archive_read_set_callback_data(archive, level);
	la->archive_read_set_read_callback(archive, read_block);
	if (level->parent || level->kind != PACKAGE_FORMAT)
		return;
	la->archive_read_set_skip_callback(archive, skip_file);
	la->archive_read_set_seek_callback(archive, seek_file);
}

int level_open(struct level *level, struct usdtinfo_error *err)
{
	const struct archive_api *la = &level->unpacking->api;
	level->header = -1;
	level->archive = la->archive_read_new();
	if (!level->archive)
		return fail_memory(err);
	int r = level->kind == PACKAGE_FORMAT ? ARCHIVE_OK : add_cover(level);
	if (r == ARCHIVE_OK && !add_formats(level)) {
		level_close(level);
		return fail_memory(err);
	}
	if (r == ARCHIVE_OK) {
		add_source(level);
		r = la->archive_read_open1(level->archive);
		r = r < ARCHIVE_WARN ? r : ARCHIVE_OK;
	}
	if (r == ARCHIVE_OK) {
		const char *reason = la->archive_error_string(level->archive);
		snprintf(level->doubt, sizeof(level->doubt), "%s", reason ? reason : "");
		return 0;
	}
	fail(err, USDTINFO_E_DAMAGED, "%s",
	     r == ARCHIVE_WARN ? "compressed in a way that this libarchive cannot read"
	                       : level_reason(level));
	level_close(level);
	return err->code;
}

void level_close(struct level *level)
{
	const struct archive_api *la = &level->unpacking->api;
	la->archive_read_free(level->archive);
	level->archive = NULL;
}

/* Where nothing can be had of what is compressed, it is taken for nothing, compressed. */
static bool is_doubtful(struct level *level)
{
	const struct archive_api *la = &level->unpacking->api;
	if (la->archive_format(level->archive) != ARCHIVE_FORMAT_EMPTY)
		return false;
	/* Nothing is what was made of nothing; but an .rpm has a payload, be it empty. */
	if (!level->doubt[0] && level->kind != PACKAGE_RPM &&
	    la->archive_filter_bytes(level->archive, -1) > 0)
		return false;
	la->archive_set_error(level->archive, EINVAL, "%s",
	                      level->doubt[0]
	                              ? level->doubt
	                              : "it ends, or is damaged, before its contents");
	return true;
}

int level_next(struct level *level, struct archive_entry **entry_ret,
               const char **name_ret)
{
	const struct unpacking *unpacking = level->unpacking;
	const struct archive_api *la = &unpacking->api;
	/* Names that an archive has as Unicode are given in the locale's encoding. */
	locale_t before = unpacking->locale ? uselocale(unpacking->locale) : (locale_t)0;
	level->is_between = true;
	int r = la->archive_read_next_header(level->archive, entry_ret);
	level->is_between = false;
	level->header = la->archive_read_header_position(level->archive);
	if (r != ARCHIVE_EOF && r >= ARCHIVE_WARN) {
		*name_ret = la->archive_entry_pathname(*entry_ret);
		int format = la->archive_format(level->archive) &
		             ARCHIVE_FORMAT_BASE_MASK;
		level->is_deb |= format == ARCHIVE_FORMAT_AR;
		level->is_raw |= format == ARCHIVE_FORMAT_RAW;
	}
	if (before)
		uselocale(before);
	return r == ARCHIVE_EOF && is_doubtful(level) ? ARCHIVE_FATAL : r;
}

/* Files that are skipped in a file are not read. */
static bool skips_for_nothing(const struct level *level)
{
	return level->is_raw || (!level->parent && level->kind == PACKAGE_FORMAT);
}

/* Block by block, without the holes, which cost nothing. */
static bool count_blocks(struct level *level)
{
	const struct archive_api *la = &level->unpacking->api;
	const void *block;
	size_t size;
	la_int64_t offset;
	while (la->archive_read_data_block(level->archive, &block, &size, &offset) ==
	       ARCHIVE_OK) {
		if (!count_out(level->unpacking, size))
			return false;
	}
	return !level->unpacking->over_limit;
}

bool level_pass(struct level *level, struct archive_entry *entry, uint64_t taken)
{
	struct unpacking *unpacking = level->unpacking;
	const struct archive_api *la = &unpacking->api;
	la_int64_t told = la->archive_entry_size_is_set(entry)
	                          ? la->archive_entry_size(entry)
	                          : -1;
	if (unpacking->over_limit)
		return false;
	if (skips_for_nothing(level) || (told >= 0 && (uint64_t)told <= taken))
		return true;
	/* Going over it is cheaper than reading it, but a size may be any number. */
	uint64_t left = told < 0 ? UINT64_MAX : (uint64_t)told - taken;
	if (left <= unpacking->allowed - unpacking->out)
		return count_out(unpacking, left);
	return count_blocks(level);
}

const char *level_reason(const struct level *level)
{
	const struct archive_api *la = &level->unpacking->api;
	const char *reason = la->archive_error_string(level->archive);
	return reason ? reason : "cannot be unpacked";
}
