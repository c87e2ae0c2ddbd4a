/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * What libarchive reads: zip archives, and one compression at a time. Left to itself it takes
 * off any number of compressions, without asking for input in between, and runs programs for
 * those that it does not know itself.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "find/package/package_level.h"

struct reading {
	struct archive *archive;
	struct archive_entry *entry; /* that it stands at; NULL: none yet */
	/* Of a compression. */
	uint64_t given; /* bytes of the source */
	uint64_t meant; /* of those up to the last that is not 0 */
	char doubt[sizeof(
		((struct level *)0)->reason)]; /* "": what came first came well */
	bool is_over;                          /* its contents were read to their end */
	/* Of a zip archive. */
	uint64_t taken;       /* bytes of the member */
	uint64_t read_before; /* its first member: of the file */
};

static const struct archive_api *api(const struct level *level)
{
	return &level->unpacking->api;
}

static int fail_archive(struct level *level, const struct reading *reading)
{
	const char *text = api(level)->archive_error_string(reading->archive);
	return level_fail(level, "%s", text ? text : "cannot be unpacked");
}

/* ---- the source, as libarchive asks for it ------------------------------------------------- */

static size_t without_zeros(const unsigned char *bytes, size_t size)
{
	while (size && bytes[size - 1] == 0)
		size--;
	return size;
}

static la_ssize_t read_block(struct archive *archive, void *data, const void **block_ret)
{
	struct level *level = data;
	struct reading *reading = level->state;
	int r = source_fill(level);
	if (r > 0 && !reading->entry && level->kind == PACKAGE_ZIP &&
	    (reading->read_before += level->left) > PACKAGE_DIRECTORY_MAX)
		r = level_stop(
			level,
			"its directory is larger than 64 MiB: it was not unpacked");
	if (r < 0)
		api(level)->archive_set_error(archive, EIO, "%s", level->reason);
	if (r <= 0)
		return r < 0 ? ARCHIVE_FATAL : 0;
	size_t size = level->left, meant = without_zeros(level->next, size);
	if (meant)
		reading->meant = reading->given + meant;
	reading->given += size;
	*block_ret = level->next;
	source_take(level, size);
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

/* ---- opening ---------------------------------------------------------------------------- */

static void close_archive(struct level *level)
{
	struct reading *reading = level->state;
	if (reading->archive)
		api(level)->archive_read_free(reading->archive);
	free(reading);
}

/* Return: 0, with an archive in STATE, or USDTINFO_E_MEMORY */
static int begin(struct level *level)
{
	struct reading *reading = calloc(1, sizeof(*reading));
	if (!reading)
		return USDTINFO_E_MEMORY;
	level->state = reading;
	reading->archive = api(level)->archive_read_new();
	if (reading->archive)
		return 0;
	close_archive(level);
	return USDTINFO_E_MEMORY;
}

static int finish(struct level *level)
{
	const struct archive_api *la = api(level);
	struct reading *reading = level->state;
	la->archive_read_set_callback_data(reading->archive, level);
	la->archive_read_set_read_callback(reading->archive, read_block);
	if (la->archive_read_open1(reading->archive) >= ARCHIVE_WARN)
		return 0;
	fail_archive(level, reading);
	close_archive(level);
	return LEVEL_DAMAGED;
}

/* ---- compressions -------------------------------------------------------------------------- */

/* ARCHIVE_WARN where it would run a program for that. */
static int add_filter(const struct level *level, struct archive *archive)
{
	static const int codes[PACKAGE_KINDS] = {
		[PACKAGE_GZIP] = ARCHIVE_FILTER_GZIP,
		[PACKAGE_BZIP2] = ARCHIVE_FILTER_BZIP2,
		[PACKAGE_XZ] = ARCHIVE_FILTER_XZ,
		[PACKAGE_LZMA] = ARCHIVE_FILTER_LZMA,
		[PACKAGE_LZIP] = ARCHIVE_FILTER_LZIP,
		[PACKAGE_ZSTD] = ARCHIVE_FILTER_ZSTD,
		[PACKAGE_LZ4] = ARCHIVE_FILTER_LZ4,
	};
	const struct archive_api *la = api(level);
	int code = codes[level->kind];
	int r = la->archive_read_support_filter_by_code(archive, code);
	return r == ARCHIVE_OK ? la->archive_read_append_filter(archive, code) : r;
}

/*
 * Only the formats of one file that is no archive, and of nothing: neither leaves a message
 * behind, so that one that is there is the compression's.
 */
static int open_compression(struct level *level)
{
	const struct archive_api *la = api(level);
	int r = begin(level);
	if (r < 0)
		return r;
	struct reading *reading = level->state;
	r = add_filter(level, reading->archive);
	if (r == ARCHIVE_WARN) {
		close_archive(level);
		return level_fail(level,
		                  "compressed in a way that this libarchive cannot read");
	}
	if (r < ARCHIVE_WARN ||
	    la->archive_read_support_format_raw(reading->archive) < ARCHIVE_WARN ||
	    la->archive_read_support_format_empty(reading->archive) < ARCHIVE_WARN) {
		close_archive(level);
		return USDTINFO_E_MEMORY;
	}
	r = finish(level);
	if (r < 0)
		return r;
	const char *doubt = la->archive_error_string(reading->archive);
	strncpy(reading->doubt, doubt ? doubt : "", sizeof(reading->doubt) - 1);
	return 0;
}

/* Whether anything but zeros stands behind the end of what is compressed. */
static int bytes_follow(struct level *level, const struct reading *reading)
{
	la_int64_t consumed = api(level)->archive_filter_bytes(reading->archive, -1);
	bool follow = consumed >= 0 && reading->meant > (uint64_t)consumed;
	int r = 0;
	while (!follow && (r = source_fill(level)) > 0) {
		follow = without_zeros(level->next, level->left) != 0;
		source_take(level, level->left);
	}
	return follow ? 1 : r;
}

static int end_compressed(struct level *level, const struct reading *reading)
{
	int r = bytes_follow(level, reading);
	return r > 0 ? level_fail(level, "bytes that were not read follow its end") : r;
}

/* Only what was made of nothing is nothing; what is damaged may seem to be. */
static int end_empty(struct level *level, const struct reading *reading)
{
	if (reading->doubt[0])
		return level_fail(level, "%s", reading->doubt);
	if (api(level)->archive_filter_bytes(reading->archive, -1) == 0 ||
	    level->holds_files)
		return level_fail(level, "it ends, or is damaged, before its contents");
	/* Of lzip's nothing libarchive does not take the trailer. */
	return level->kind == PACKAGE_LZIP ? LEVEL_END : end_compressed(level, reading);
}

static int next_compressed(struct level *level, struct member *member)
{
	const struct archive_api *la = api(level);
	struct reading *reading = level->state;
	if (reading->entry)
		return reading->is_over ? end_compressed(level, reading) : LEVEL_END;
	int r = la->archive_read_next_header(reading->archive, &reading->entry);
	if (r == ARCHIVE_EOF)
		return end_empty(level, reading);
	if (r < ARCHIVE_WARN)
		return fail_archive(level, reading);
	member->name = la->archive_entry_pathname(reading->entry);
	member->is_package = level->holds_files;
	return LEVEL_MEMBER;
}

static ssize_t read_compressed(struct level *level, void *buf, size_t size)
{
	struct reading *reading = level->state;
	la_ssize_t got = api(level)->archive_read_data(reading->archive, buf, size);
	reading->is_over |= got == 0;
	return got < 0 ? fail_archive(level, reading) : got;
}

const struct level_reader compression_reader = {
	.open = open_compression,
	.next = next_compressed,
	.read = read_compressed,
	.close = close_archive,
	.is_transparent = true,
};

/* ---- zip ----------------------------------------------------------------------------- */

static int open_zip(struct level *level)
{
	const struct archive_api *la = api(level);
	int r = begin(level);
	if (r < 0)
		return r;
	struct reading *reading = level->state;
	if (la->archive_read_support_format_zip(reading->archive) < ARCHIVE_WARN) {
		close_archive(level);
		return USDTINFO_E_MEMORY;
	}
	if (!level->parent) {
		la->archive_read_set_skip_callback(reading->archive, skip_file);
		la->archive_read_set_seek_callback(reading->archive, seek_file);
	}
	return finish(level);
}

/* Block by block, without the holes, which cost nothing. */
static bool count_blocks(struct level *level, struct archive *archive)
{
	const void *block;
	size_t size;
	la_int64_t offset;
	while (api(level)->archive_read_data_block(archive, &block, &size, &offset) ==
	       ARCHIVE_OK) {
		if (!unpacking_count(level->unpacking, size))
			return false;
	}
	return !level->unpacking->over_limit;
}

/*
 * Count what is left of the member before, which is inflated to get over it where nothing
 * tells how long it is. In a file the directory does.
 */
static bool pass(struct level *level, const struct reading *reading)
{
	const struct archive_api *la = api(level);
	struct unpacking *unpacking = level->unpacking;
	if (!reading->entry || !level->parent)
		return true;
	la_int64_t told = la->archive_entry_size_is_set(reading->entry)
	                          ? la->archive_entry_size(reading->entry)
	                          : -1;
	if (told >= 0 && (uint64_t)told <= reading->taken)
		return true;
	/* Going over it is cheaper than reading it, but a size may be any number. */
	uint64_t left = told < 0 ? UINT64_MAX : (uint64_t)told - reading->taken;
	if (left <= unpacking->allowed - unpacking->out)
		return unpacking_count(unpacking, left);
	return count_blocks(level, reading->archive);
}

static int next_in_zip(struct level *level, struct member *member)
{
	const struct unpacking *unpacking = level->unpacking;
	const struct archive_api *la = api(level);
	struct reading *reading = level->state;
	if (!pass(level, reading))
		return LEVEL_DAMAGED;
	reading->taken = 0;
	/* Names that an archive has as Unicode are given in the locale's encoding. */
	locale_t before = unpacking->locale ? uselocale(unpacking->locale) : (locale_t)0;
	int r = la->archive_read_next_header(reading->archive, &reading->entry);
	bool is_member = r != ARCHIVE_EOF && r != ARCHIVE_RETRY && r >= ARCHIVE_WARN;
	if (is_member) {
		member->name = la->archive_entry_pathname(reading->entry);
		member->is_file = la->archive_entry_filetype(reading->entry) ==
		                          AE_IFREG ||
		                  la->archive_entry_filetype(reading->entry) == 0;
		if (la->archive_entry_size_is_set(reading->entry))
			member->size = (uint64_t)la->archive_entry_size(reading->entry);
	}
	if (before)
		uselocale(before);
	if (r == ARCHIVE_EOF || is_member)
		return is_member ? LEVEL_MEMBER : LEVEL_END;
	fail_archive(level, reading);
	return r == ARCHIVE_RETRY ? LEVEL_SKIPPED : LEVEL_DAMAGED;
}

static ssize_t read_in_zip(struct level *level, void *buf, size_t size)
{
	struct reading *reading = level->state;
	la_ssize_t got = api(level)->archive_read_data(reading->archive, buf, size);
	if (got < 0)
		return fail_archive(level, reading);
	reading->taken += (uint64_t)got;
	return got;
}

const struct level_reader zip_reader = {
	.open = open_zip,
	.next = next_in_zip,
	.read = read_in_zip,
	.close = close_archive,
};
