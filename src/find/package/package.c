/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The objects in packages, through libarchive. */
#include "find/package/package.h"

#include <ar.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

#include "base/array.h"
#include "base/error.h"
#include "elf/object/package_magic.h"
#include "find/visit/visit.h"
#if HAVE_LIBARCHIVE
#include "find/package/package_level.h"
#endif

/* A member, or the package itself, as an object of which nothing could be had. */
static int visit_nothing(struct usdtinfo_image *file, struct text path,
                         enum diagnostic_code code, const char *reason,
                         object_visit visit, void *context)
{
	struct file_facts facts = {
		.path = path,
		.state = code == DIAG_PACKAGE_UNSUPPORTED ? USDTINFO_STATE_UNREADABLE
		                                          : USDTINFO_STATE_DAMAGED,
		.archive = file->facts.path,
	};
	diagnose(&facts.diagnostics, code, "%s", reason);
	int r = visit(context, &(struct object){ .facts = &facts });
	diagnostics_deinit(&facts.diagnostics);
	return r;
}

static int visit_unread(struct usdtinfo_image *file, struct text path, struct span start,
                        object_visit visit, void *context)
{
	char reason[100];
	snprintf(reason, sizeof(reason), "%s, which is not read: unpack it first",
	         bytes_unread(start));
	return visit_nothing(file, path, DIAG_PACKAGE_UNSUPPORTED, reason, visit,
	                     context);
}

static struct span peek_start(struct usdtinfo_image *file,
                              unsigned char (*start)[PACKAGE_MAGIC_SIZE])
{
	return (struct span){ *start, image_peek(file, 0, *start, sizeof(*start)) };
}

#if HAVE_LIBARCHIVE

/* What no visit returns. */
#define LEVEL_ENDS INT_MAX

static int read_package(struct level *level);

static bool is_compression(enum package_kind kind)
{
	return kind >= PACKAGE_GZIP;
}

static int visit_trouble(struct unpacking *unpacking, struct text path,
                         enum diagnostic_code code, const char *reason)
{
	unpacking->visited++;
	return visit_nothing(unpacking->file, path, code, reason, unpacking->visit,
	                     unpacking->context);
}

/* What a level says of the whole or of a member, as far as it is the package's fault. */
static int visit_damage(struct level *level, struct text label)
{
	if (level->unpacking->over_limit)
		return 0; /* said once, for the whole */
	return visit_trouble(level->unpacking, label, DIAG_PACKAGE_DAMAGED,
	                     level->reason);
}

/*
 * "./usr//bin/x", "/usr/./bin/x" and "usr/bin/x/" are usr/bin/x: two slashes part a member from
 * its package, and must not stand in its name. ".." stays: where it leads is not known.
 */
static void add_label(struct strbuf *label, const struct level *level, const char *name)
{
	strbuf_add(label, level->label.at, level->label.size);
	strbuf_add_string(label, "//");
	bool is_first = true;
	for (size_t size; *name; name += size) {
		size = strcspn(name, "/");
		if (size && !(size == 1 && *name == '.')) {
			strbuf_add_string(label, is_first ? "" : "/");
			strbuf_add(label, name, size);
			is_first = false;
		}
		size += name[size] == '/';
	}
}

/* Read what is left of a member behind its first bytes. */
static int read_whole(struct level *level, struct strbuf *bytes)
{
	ssize_t got = 1;
	while (got > 0) {
		char block[PACKAGE_BLOCK_SIZE];
		got = level_read(level, block, sizeof(block));
		if (got > 0)
			strbuf_add(bytes, block, (size_t)got);
		if (bytes->failed)
			return USDTINFO_E_MEMORY;
		if (bytes->size > PACKAGE_MEMBER_MAX)
			return USDTINFO_E_ARGUMENT;
	}
	return (int)got;
}

static int visit_too_large(struct unpacking *unpacking, struct text label)
{
	return visit_trouble(unpacking, label, DIAG_PACKAGE_LIMIT,
	                     "larger than the 1 GiB that a member may have");
}

/* Of a static library without any object there is nothing to say, as of other files. */
static int visit_member(void *context, const struct object *object)
{
	struct unpacking *unpacking = context;
	if (!object->image && !object->facts->diagnostics.count)
		return 0;
	unpacking->visited++;
	/* Members of a library in it, too, are the package's. */
	object->facts->archive = unpacking->file->facts.path;
	return unpacking->visit(unpacking->context, object);
}

static int visit_object(struct level *level, const struct member *member,
                        struct text label, struct strbuf *bytes)
{
	struct unpacking *unpacking = level->unpacking;
	struct usdtinfo_image *image;
	struct usdtinfo_error err;
	if (member->size != UINT64_MAX && member->size > PACKAGE_MEMBER_MAX)
		return visit_too_large(unpacking, label);
	int r = read_whole(level, bytes);
	if (r == USDTINFO_E_ARGUMENT)
		return visit_too_large(unpacking, label);
	if (r < 0)
		return r == USDTINFO_E_MEMORY ? r : visit_damage(level, label);
	r = image_open_member(unpacking->file, label.at, bytes->at, bytes->size,
	                      IMAGE_ARCHIVE, &image, &err);
	if (r < 0)
		return object_visit_failure(unpacking->finder, label.at, &err,
		                            visit_member, unpacking);
	return unpacking->finder->visit_file(unpacking->finder, image, visit_member,
	                                     unpacking);
}

/* A compression and what is in it count as one. */
static unsigned depth_in(const struct level *parent, enum package_kind kind)
{
	bool is_inside = parent->reader == &compression_reader && !is_compression(kind);
	return parent->depth + !is_inside;
}

static int visit_nested(struct level *parent, struct text label,
                        const struct strbuf *start, bool holds_files)
{
	struct unpacking *unpacking = parent->unpacking;
	const struct span span = { (const unsigned char *)start->at, start->size };
	enum package_kind kind = bytes_package(span);
	if (kind == PACKAGE_UNREAD) {
		unpacking->visited++;
		return visit_unread(unpacking->file, label, span, unpacking->visit,
		                    unpacking->context);
	}
	if (depth_in(parent, kind) > PACKAGE_DEPTH_MAX)
		return visit_trouble(
			unpacking, label, DIAG_PACKAGE_LIMIT,
			"packages are nested too deeply: it was not unpacked");
	_cleanup_(freep) struct level *level = malloc(sizeof(*level));
	if (!level)
		return USDTINFO_E_MEMORY;
	memset(level, 0, offsetof(struct level, block));
	level->unpacking = unpacking;
	level->kind = kind;
	level->parent = parent;
	level->label = parent->reader->is_transparent ? parent->label : label;
	level->depth = depth_in(parent, kind);
	level->holds_files = holds_files;
	level->next = span.at;
	level->left = span.left;
	return read_package(level);
}

/* An ELF file, or a static library: not a thin one, which names files of the host. */
static bool is_object(struct span start)
{
	return (start.left >= SELFMAG && memcmp(start.at, ELFMAG, SELFMAG) == 0) ||
	       (start.left >= SARMAG && memcmp(start.at, ARMAG, SARMAG) == 0 &&
	        bytes_package(start) == PACKAGE_NONE);
}

static bool is_blank(const struct strbuf *start)
{
	for (size_t i = 0; i < start->size; i++) {
		if (start->at[i])
			return false;
	}
	return true;
}

/*
 * What should have had the files and is no package that is known: without it nothing can be
 * said of them. But a tar archive without members is zeros.
 */
static int visit_unknown(struct level *level, struct text label,
                         const struct strbuf *start)
{
	if (start->size == PACKAGE_MAGIC_SIZE && is_blank(start))
		return 0;
	if (start->size == 0)
		return visit_trouble(level->unpacking, label, DIAG_PACKAGE_DAMAGED,
		                     "it ends before its contents");
	return visit_trouble(
		level->unpacking, label, DIAG_PACKAGE_UNSUPPORTED,
		"packed in a way that is not known: its files were not seen");
}

static int visit_entry(struct level *level, const struct member *member)
{
	_cleanup_(strbuf_deinit) struct strbuf label = { 0 }, bytes = { 0 };
	_cleanup_(freep) char *beginning = NULL;
	char start[PACKAGE_MAGIC_SIZE];
	if (!member->is_file)
		return 0;
	const char *name = member->name ? member->name : "";
	if (strnlen(name, PACKAGE_NAME_MAX + 1) > PACKAGE_NAME_MAX) {
		beginning = strndup(name, PACKAGE_NAME_MAX);
		name = beginning;
		label.failed = !name;
	}
	add_label(&label, level, name ? name : "");
	ssize_t got = label.failed ? 0 : level_read(level, start, sizeof(start));
	if (got == USDTINFO_E_MEMORY)
		return USDTINFO_E_MEMORY;
	if (got < 0)
		return visit_damage(level, strbuf_text(&label));
	strbuf_add(&bytes, start, (size_t)got);
	if (label.failed || bytes.failed)
		return USDTINFO_E_MEMORY;
	struct span span = { (const unsigned char *)start, (size_t)got };
	if (beginning && (is_object(span) || bytes_package(span) != PACKAGE_NONE))
		return visit_trouble(level->unpacking, strbuf_text(&label),
		                     DIAG_PACKAGE_LIMIT,
		                     "its name is longer than 4 KiB: it was not read");
	if (is_object(span))
		return visit_object(level, member, strbuf_text(&label), &bytes);
	if (bytes_package(span) != PACKAGE_NONE)
		return visit_nested(level, strbuf_text(&label), &bytes,
		                    member->is_package);
	return member->is_package ? visit_unknown(level, strbuf_text(&label), &bytes) : 0;
}

/* Go on behind damage where that can be. Return: as object_visit, or LEVEL_ENDS */
static int visit_next(struct level *level)
{
	struct member member;
	if (unpacking_is_interrupted(level->unpacking)) {
		level->unpacking->over_limit = true;
		return LEVEL_ENDS;
	}
	int r = level_next(level, &member);
	if (r == USDTINFO_E_MEMORY)
		return r;
	if (r < 0) {
		bool is_said = level->is_resuming;
		bool goes_on = r == LEVEL_SKIPPED;
		level->is_resuming = true;
		r = is_said ? 0 : visit_damage(level, level->label);
		return r == 0 && !goes_on ? LEVEL_ENDS : r;
	}
	if (r == LEVEL_END)
		return LEVEL_ENDS;
	level->is_resuming = false;
	r = visit_entry(level, &member);
	return r == 0 && level->unpacking->over_limit ? LEVEL_ENDS : r;
}

/* What follows the end of an archive is another, as in an image for booting, or unknown. */
static int visit_rest(struct level *level)
{
	_cleanup_(strbuf_deinit) struct strbuf start = { 0 };
	struct span span = { 0 };
	int r;
	while ((r = source_fill(level)) > 0 && *level->next == 0)
		source_take(level, 1);
	if (r > 0)
		r = source_peek(level, PACKAGE_MAGIC_SIZE, &span);
	if (r < 0)
		return r == USDTINFO_E_MEMORY ? r : visit_damage(level, level->label);
	strbuf_add(&start, span.at, span.left);
	if (start.failed)
		return USDTINFO_E_MEMORY;
	if (!span.left)
		return 0;
	if (bytes_package(span) == PACKAGE_NONE)
		return visit_trouble(level->unpacking, level->label, DIAG_PACKAGE_DAMAGED,
		                     "bytes that were not read follow its end");
	source_take(level, span.left);
	level_close(level);
	level->reader = &rest_reader;
	return visit_nested(level, level->label, &start, level->holds_files);
}

/* How each kind of package is read. */
static const struct level_reader *const readers[PACKAGE_KINDS] = {
	[PACKAGE_DEB] = &deb_reader,           [PACKAGE_RPM] = &rpm_reader,
	[PACKAGE_CPIO] = &cpio_reader,         [PACKAGE_TAR] = &tar_reader,
	[PACKAGE_ZIP] = &zip_reader,           [PACKAGE_GZIP] = &compression_reader,
	[PACKAGE_BZIP2] = &compression_reader, [PACKAGE_XZ] = &compression_reader,
	[PACKAGE_LZMA] = &compression_reader,  [PACKAGE_LZIP] = &compression_reader,
	[PACKAGE_ZSTD] = &compression_reader,  [PACKAGE_LZ4] = &compression_reader,
};

/*
 * Begin to read a level; all but its reader, state and reason stand.
 *
 * Return: 0, to be followed by level_close(); LEVEL_DAMAGED or USDTINFO_E_MEMORY.
 */
static int level_open(struct level *level)
{
	level->reader = readers[level->kind];
	if (!level->next)
		level->next = level->block;
	return level->reader->open ? level->reader->open(level) : 0;
}

static int read_package(struct level *level)
{
	int r = level_open(level);
	if (r == USDTINFO_E_MEMORY)
		return r;
	if (r < 0)
		return visit_damage(level, level->label);
	do {
		r = visit_next(level);
	} while (r == 0);
	r = r == LEVEL_ENDS ? 0 : r;
	if (r == 0 && level->reader->has_end && !level->is_resuming &&
	    !level->unpacking->over_limit)
		r = visit_rest(level);
	level_close(level);
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
	const struct finder members = finder_of_members(finder);
	struct unpacking unpacking = {
		.finder = &members,
		.file = file,
		.visit = visit,
		.context = context,
		.allowed = allowance(file->size),
		.interrupted = finder->interrupted,
	};
	unsigned char bytes[PACKAGE_MAGIC_SIZE];
	const struct span start = peek_start(file, &bytes);
	struct usdtinfo_error err;
	if (bytes_package(start) == PACKAGE_UNREAD)
		return visit_unread(file, file->facts.path, start, visit, context);
	if (archive_api_load(&unpacking.api, &err) < 0)
		return object_visit_failure(finder, file->facts.path.at, &err, visit,
		                            context);
	_cleanup_(freep) struct level *level = calloc(1, sizeof(*level));
	if (!level)
		return USDTINFO_E_MEMORY;
	level->unpacking = &unpacking;
	level->label = file->facts.path;
	level->kind = bytes_package(start);
	level->depth = 1;
	unpacking.locale = newlocale(LC_CTYPE_MASK, "C.utf8", (locale_t)0);
	int r = read_package(level);
	if (unpacking.locale)
		freelocale(unpacking.locale);
	if (r == 0 && unpacking_is_interrupted(&unpacking))
		return 1;
	if (r == 0 && unpacking.over_limit)
		r = visit_trouble(
			&unpacking, file->facts.path, DIAG_PACKAGE_LIMIT,
			unpacking.limit
				? unpacking.limit
				: "it expands more than a thousandfold: not all was unpacked");
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
	unsigned char bytes[PACKAGE_MAGIC_SIZE];
	const struct span start = peek_start(file, &bytes);
	struct usdtinfo_error err;
	if (bytes_package(start) == PACKAGE_UNREAD)
		return visit_unread(file, file->facts.path, start, visit, context);
	package_check(&err);
	return object_visit_failure(finder, file->facts.path.at, &err, visit, context);
}

#endif
