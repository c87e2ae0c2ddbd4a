/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The objects in packages, through libarchive. */
#include "find/package.h"

#include <ar.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "elf/package_magic.h"
#include "find/object_visit.h"

#include "config.h"
#if HAVE_LIBARCHIVE
#include "find/archive_api.h"

#define BLOCK_SIZE 65536

/* What all levels of one package share. */
struct unpacking {
	struct archive_api api;
	const struct finder *finder;
	struct usdtinfo_image *file;
	object_visit visit;
	void *context;
	uint64_t out;     /* bytes that came out of all levels */
	uint64_t allowed; /* of those */
	uint64_t visited;
	unsigned depth;
	bool over_limit;
	int stop; /* what a visit returned, or USDTINFO_E_MEMORY */
};

/* One level: where libarchive gets its bytes from. */
struct level {
	struct unpacking *unpacking;
	struct archive *archive;
	struct text label; /* what the members' names follow */
	bool is_deb;       /* its tar files are no level of their own to a reader */
	bool has_data;     /* the one of a .deb that holds the files was met */
	/* The outermost level reads the file. */
	uint64_t offset;
	/* A nested one reads the current member of its parent, whose start was taken. */
	struct level *parent;
	const unsigned char *start;
	size_t start_size;
	unsigned char block[BLOCK_SIZE];
};

static int read_package(struct level *level);

static bool count_out(struct unpacking *unpacking, uint64_t size)
{
	unpacking->out += size;
	if (unpacking->out > unpacking->allowed)
		unpacking->over_limit = true;
	return !unpacking->over_limit;
}

/* Return: as archive_read_data(); bytes of the member that stands next */
static la_ssize_t read_member(struct level *level, void *buf, size_t size)
{
	const struct archive_api *la = &level->unpacking->api;
	la_ssize_t got = la->archive_read_data(level->archive, buf, size);
	if (got > 0 && !count_out(level->unpacking, (uint64_t)got))
		return ARCHIVE_FATAL;
	return got;
}

static la_ssize_t read_file(struct archive *archive, void *data, const void **block_ret)
{
	struct level *level = data;
	const struct archive_api *la = &level->unpacking->api;
	struct usdtinfo_image *file = level->unpacking->file;
	struct usdtinfo_error err;
	uint64_t left = file->size - level->offset;
	size_t size = left < BLOCK_SIZE ? (size_t)left : BLOCK_SIZE;
	if (image_read(file, level->offset, level->block, size, &err) < 0) {
		la->archive_set_error(archive, err.sys_errno, "%s", err.text);
		return ARCHIVE_FATAL;
	}
	level->offset += size;
	*block_ret = level->block;
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

static la_ssize_t read_parent(struct archive *archive, void *data, const void **block_ret)
{
	struct level *level = data;
	const struct archive_api *la = &level->unpacking->api;
	if (level->start_size) {
		size_t size = level->start_size;
		*block_ret = level->start;
		level->start_size = 0;
		return (la_ssize_t)size;
	}
	la_ssize_t got = read_member(level->parent, level->block, BLOCK_SIZE);
	*block_ret = level->block;
	if (got < 0)
		la->archive_set_error(archive, la->archive_errno(level->parent->archive),
		                      "%s",
		                      la->archive_error_string(level->parent->archive));
	return got < 0 ? ARCHIVE_FATAL : got;
}

/* Formats of packages; not those that take any text for an archive. */
static struct archive *new_reader(struct level *level)
{
	const struct archive_api *la = &level->unpacking->api;
	struct archive *archive = la->archive_read_new();
	if (!archive)
		return NULL;
	int (*const supports[])(struct archive *) = {
		la->archive_read_support_filter_all,
		la->archive_read_support_format_ar,
		la->archive_read_support_format_cpio,
		la->archive_read_support_format_tar,
		la->archive_read_support_format_zip,
		la->archive_read_support_format_7zip,
		/* A single compressed file, such as a kernel module. */
		la->archive_read_support_format_raw,
		/* And one of nothing. */
		la->archive_read_support_format_empty,
	};
	for (size_t i = 0; i < ARRAY_SIZE(supports); i++) {
		/* For lack of memory; a warning says that it needs another program. */
		if (supports[i](archive) < ARCHIVE_WARN) {
			la->archive_read_free(archive);
			return NULL;
		}
	}
	la->archive_read_set_callback_data(archive, level);
	if (level->parent) {
		la->archive_read_set_read_callback(archive, read_parent);
	} else {
		la->archive_read_set_read_callback(archive, read_file);
		la->archive_read_set_skip_callback(archive, skip_file);
		la->archive_read_set_seek_callback(archive, seek_file);
	}
	return archive;
}

static int visit_trouble(struct unpacking *unpacking, struct text path,
                         enum diagnostic_code code, const char *reason)
{
	struct file_facts facts = { .path = path, .state = USDTINFO_STATE_DAMAGED };
	facts.archive = unpacking->file->facts.path;
	diagnose(&facts.diagnostics, code, "%s", reason);
	int r = unpacking->visit(unpacking->context, &(struct object){ .facts = &facts });
	diagnostics_deinit(&facts.diagnostics);
	unpacking->visited++;
	return r;
}

/* What libarchive says last, as far as it is the package's fault. */
static int visit_damage(struct level *level)
{
	const struct archive_api *la = &level->unpacking->api;
	struct unpacking *unpacking = level->unpacking;
	const char *reason = la->archive_error_string(level->archive);
	if (unpacking->over_limit)
		return 0; /* said once, for the whole */
	return visit_trouble(unpacking, level->label, DIAG_PACKAGE_DAMAGED,
	                     reason ? reason : "cannot be unpacked");
}

/* "./usr/bin/x" and "/usr/bin/x" are usr/bin/x. */
static const char *plain_name(const char *name)
{
	while (*name == '/' || (name[0] == '.' && name[1] == '/'))
		name += *name == '/' ? 1 : 2;
	return name;
}

static void add_label(struct strbuf *label, const struct level *level, const char *name)
{
	strbuf_add(label, level->label.at, level->label.size);
	strbuf_add_string(label, "//");
	strbuf_add_string(label, plain_name(name));
}

/* Read what is left of a member behind its first bytes. */
static int read_whole(struct level *level, struct strbuf *bytes)
{
	la_ssize_t got = 1;
	while (got > 0) {
		char block[BLOCK_SIZE];
		got = read_member(level, block, sizeof(block));
		if (got > 0)
			strbuf_add(bytes, block, (size_t)got);
		if (bytes->failed)
			return USDTINFO_E_MEMORY;
		if (bytes->size > PACKAGE_MEMBER_MAX)
			return USDTINFO_E_ARGUMENT;
	}
	return got < 0 ? USDTINFO_E_DAMAGED : 0;
}

static int visit_object(struct level *level, struct text label, struct strbuf *bytes)
{
	struct unpacking *unpacking = level->unpacking;
	struct usdtinfo_image *image;
	struct usdtinfo_error err;
	int r = read_whole(level, bytes);
	if (r == USDTINFO_E_ARGUMENT)
		return visit_trouble(unpacking, label, DIAG_PACKAGE_LIMIT,
		                     "larger than the 1 GiB that a member may have");
	if (r < 0)
		return r == USDTINFO_E_MEMORY ? r : visit_damage(level);
	unpacking->visited++;
	r = image_open_bytes(bytes->at, bytes->size, label.at, &image, &err);
	if (r < 0)
		return object_visit_failure(unpacking->finder, label.at, &err,
		                            unpacking->visit, unpacking->context);
	image->facts.archive = unpacking->file->facts.path;
	return object_visit_file(unpacking->finder, image, unpacking->visit,
	                         unpacking->context);
}

static int visit_nested(struct level *parent, struct text label,
                        const struct strbuf *start)
{
	struct unpacking *unpacking = parent->unpacking;
	if (unpacking->depth >= PACKAGE_DEPTH_MAX)
		return visit_trouble(
			unpacking, label, DIAG_PACKAGE_LIMIT,
			"packages are nested too deeply: it was not unpacked");
	_cleanup_(freep) struct level *level = calloc(1, sizeof(*level));
	if (!level)
		return USDTINFO_E_MEMORY;
	level->unpacking = unpacking;
	level->parent = parent;
	level->label = parent->is_deb ? parent->label : label;
	level->start = (const unsigned char *)start->at;
	level->start_size = start->size;
	return read_package(level);
}

/* An ELF file, or a static library: not a thin one, which names files of the host. */
static bool is_object(struct span start)
{
	return (start.left >= SELFMAG && memcmp(start.at, ELFMAG, SELFMAG) == 0) ||
	       (start.left >= SARMAG && memcmp(start.at, ARMAG, SARMAG) == 0 &&
	        !bytes_are_package(start));
}

static int visit_entry(struct level *level, struct archive_entry *entry)
{
	const struct archive_api *la = &level->unpacking->api;
	_cleanup_(strbuf_deinit) struct strbuf label = { 0 }, bytes = { 0 };
	char start[PACKAGE_MAGIC_SIZE];
	const char *name = la->archive_entry_pathname(entry);
	if (la->archive_entry_filetype(entry) != AE_IFREG &&
	    la->archive_entry_filetype(entry) != 0)
		return 0;
	la_ssize_t got = read_member(level, start, sizeof(start));
	if (got < 0)
		return visit_damage(level);
	level->has_data |= name && strncmp(name, "data.tar", strlen("data.tar")) == 0;
	add_label(&label, level, name ? name : "?");
	strbuf_add(&bytes, start, (size_t)got);
	if (label.failed || bytes.failed)
		return USDTINFO_E_MEMORY;
	struct span span = { (const unsigned char *)start, (size_t)got };
	if (is_object(span))
		return visit_object(level, strbuf_text(&label), &bytes);
	if (bytes_are_package(span) && !(level->is_deb && name && *name == 'c'))
		return visit_nested(level, strbuf_text(&label), &bytes);
	return 0;
}

/* A member that claims to be enormous is not skipped over byte by byte. */
static bool claims_too_much(const struct level *level, struct archive_entry *entry)
{
	const struct archive_api *la = &level->unpacking->api;
	const struct unpacking *unpacking = level->unpacking;
	return la->archive_entry_size_is_set(entry) &&
	       la->archive_entry_size(entry) > 0 &&
	       (uint64_t)la->archive_entry_size(entry) >
	               unpacking->allowed - unpacking->out;
}

/* What is skipped of a member counts, too: it is decompressed. */
static void count_skipped(const struct level *level, struct archive_entry *entry,
                          uint64_t before)
{
	const struct archive_api *la = &level->unpacking->api;
	uint64_t taken = level->unpacking->out - before;
	uint64_t size = la->archive_entry_size_is_set(entry) &&
	                                la->archive_entry_size(entry) > 0
	                        ? (uint64_t)la->archive_entry_size(entry)
	                        : 0;
	if (size > taken)
		count_out(level->unpacking, size - taken);
}

static int read_entries(struct level *level)
{
	const struct archive_api *la = &level->unpacking->api;
	struct archive_entry *entry;
	int r, visited = 0;
	while (visited == 0 && (r = la->archive_read_next_header(
					level->archive, &entry)) != ARCHIVE_EOF) {
		if (r < ARCHIVE_WARN)
			return visit_damage(level);
		level->is_deb |= (la->archive_format(level->archive) &
		                  ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_AR;
		if (claims_too_much(level, entry)) {
			level->unpacking->over_limit = true;
			return 0;
		}
		uint64_t before = level->unpacking->out;
		visited = visit_entry(level, entry);
		count_skipped(level, entry, before);
		if (level->unpacking->over_limit)
			return visited;
	}
	/* A .deb that was cut between its members looks complete. */
	if (visited == 0 && level->is_deb && !level->has_data)
		return visit_trouble(level->unpacking, level->label, DIAG_PACKAGE_DAMAGED,
		                     "no data.tar is in it");
	return visited;
}

static int read_package(struct level *level)
{
	const struct archive_api *la = &level->unpacking->api;
	level->unpacking->depth++;
	level->archive = new_reader(level);
	if (!level->archive)
		return USDTINFO_E_MEMORY;
	int r = la->archive_read_open1(level->archive) < ARCHIVE_WARN
	                ? visit_damage(level)
	                : read_entries(level);
	la->archive_read_free(level->archive);
	level->unpacking->depth--;
	return r;
}

static uint64_t allowance(uint64_t size)
{
	return size > (UINT64_MAX - PACKAGE_RATIO_GRACE) / PACKAGE_RATIO_MAX
	               ? UINT64_MAX
	               : size * PACKAGE_RATIO_MAX + PACKAGE_RATIO_GRACE;
}

int package_check(struct usdtinfo_error *err)
{
	struct archive_api api;
	return archive_api_load(&api, err);
}

int package_visit(const struct finder *finder, struct usdtinfo_image *file,
                  object_visit visit, void *context)
{
	struct finder members = { .root = NULL };
	struct unpacking unpacking = {
		.finder = &members,
		.file = file,
		.visit = visit,
		.context = context,
		.allowed = allowance(file->size),
	};
	struct usdtinfo_error err;
	if (archive_api_load(&unpacking.api, &err) < 0)
		return object_visit_failure(finder, file->facts.path.at, &err, visit,
		                            context);
	_cleanup_(freep) struct level *level = calloc(1, sizeof(*level));
	if (!level)
		return USDTINFO_E_MEMORY;
	level->unpacking = &unpacking;
	level->label = file->facts.path;
	int r = read_package(level);
	if (r == 0 && unpacking.over_limit)
		r = visit_trouble(
			&unpacking, file->facts.path, DIAG_PACKAGE_LIMIT,
			"it expands more than a thousandfold: not all was unpacked");
	if (r != 0 || unpacking.visited)
		return r;
	struct file_facts facts = { .path = file->facts.path,
		                    .state = USDTINFO_STATE_NO_PROBES };
	return visit(context, &(struct object){ .facts = &facts });
}

#else

int package_check(struct usdtinfo_error *err)
{
	return fail(err, USDTINFO_E_NOT_ELF,
	            "a package, which this build cannot read: it lacks libarchive");
}

int package_visit(const struct finder *finder, struct usdtinfo_image *file,
                  object_visit visit, void *context)
{
	struct usdtinfo_error err;
	package_check(&err);
	return object_visit_failure(finder, file->facts.path.at, &err, visit, context);
}

#endif
