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

static int visit_trouble(struct unpacking *unpacking, struct text path,
                         enum diagnostic_code code, const char *reason)
{
	unpacking->visited++;
	return visit_nothing(unpacking->file, path, code, reason, unpacking->visit,
	                     unpacking->context);
}

/* What a level says last of the whole or of a member, as far as it is the package's fault. */
static int visit_damage(struct level *level, struct text label)
{
	if (level->unpacking->over_limit)
		return 0; /* said once, for the whole */
	return visit_trouble(level->unpacking, label, DIAG_PACKAGE_DAMAGED,
	                     level_reason(level));
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
	la_ssize_t got = 1;
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
	return got < 0 ? USDTINFO_E_DAMAGED : 0;
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

static int visit_object(struct level *level, struct archive_entry *entry,
                        struct text label, struct strbuf *bytes)
{
	struct unpacking *unpacking = level->unpacking;
	const struct archive_api *la = &unpacking->api;
	struct usdtinfo_image *image;
	struct usdtinfo_error err;
	if (la->archive_entry_size_is_set(entry) &&
	    la->archive_entry_size(entry) > (la_int64_t)PACKAGE_MEMBER_MAX)
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

static int visit_nested(struct level *parent, struct text label,
                        const struct strbuf *start)
{
	struct unpacking *unpacking = parent->unpacking;
	const struct span span = { (const unsigned char *)start->at, start->size };
	if (bytes_package(span) == PACKAGE_UNREAD) {
		unpacking->visited++;
		return visit_unread(unpacking->file, label, span, unpacking->visit,
		                    unpacking->context);
	}
	if (unpacking->depth >= PACKAGE_DEPTH_MAX)
		return visit_trouble(
			unpacking, label, DIAG_PACKAGE_LIMIT,
			"packages are nested too deeply: it was not unpacked");
	_cleanup_(freep) struct level *level = calloc(1, sizeof(*level));
	if (!level)
		return USDTINFO_E_MEMORY;
	level->unpacking = unpacking;
	level->parent = parent;
	level->label = parent->is_deb || parent->is_raw ? parent->label : label;
	level->next = span.at;
	level->left = span.left;
	level->kind = bytes_package(span);
	return read_package(level);
}

/* An ELF file, or a static library: not a thin one, which names files of the host. */
static bool is_object(struct span start)
{
	return (start.left >= SELFMAG && memcmp(start.at, ELFMAG, SELFMAG) == 0) ||
	       (start.left >= SARMAG && memcmp(start.at, ARMAG, SARMAG) == 0 &&
	        bytes_package(start) == PACKAGE_NONE);
}

static int visit_entry(struct level *level, struct archive_entry *entry, const char *name)
{
	const struct archive_api *la = &level->unpacking->api;
	_cleanup_(strbuf_deinit) struct strbuf label = { 0 }, bytes = { 0 };
	_cleanup_(freep) char *beginning = NULL;
	char start[PACKAGE_MAGIC_SIZE];
	if (la->archive_entry_filetype(entry) != AE_IFREG &&
	    la->archive_entry_filetype(entry) != 0)
		return 0;
	if (name && strnlen(name, PACKAGE_NAME_MAX + 1) > PACKAGE_NAME_MAX) {
		beginning = strndup(name, PACKAGE_NAME_MAX);
		name = beginning;
		label.failed = !name;
	}
	add_label(&label, level, name ? name : "");
	la_ssize_t got = label.failed ? 0 : level_read(level, start, sizeof(start));
	if (got < 0)
		return visit_damage(level, strbuf_text(&label));
	level->has_data |= name && strncmp(name, "data.tar", strlen("data.tar")) == 0;
	strbuf_add(&bytes, start, (size_t)got);
	if (label.failed || bytes.failed)
		return USDTINFO_E_MEMORY;
	struct span span = { (const unsigned char *)start, (size_t)got };
	if (beginning && (is_object(span) || bytes_package(span) != PACKAGE_NONE))
		return visit_trouble(level->unpacking, strbuf_text(&label),
		                     DIAG_PACKAGE_LIMIT,
		                     "its name is longer than 4 KiB: it was not read");
	if (is_object(span))
		return visit_object(level, entry, strbuf_text(&label), &bytes);
	if (bytes_package(span) != PACKAGE_NONE &&
	    !(level->is_deb && name && *name == 'c'))
		return visit_nested(level, strbuf_text(&label), &bytes);
	return 0;
}

/* Go on behind damage where that can be. Return: as object_visit, or LEVEL_ENDS */
static int visit_next(struct level *level)
{
	struct archive_entry *entry;
	const char *name = NULL;
	uint64_t before = level->unpacking->out;
	if (unpacking_is_interrupted(level->unpacking)) {
		level->unpacking->over_limit = true;
		return LEVEL_ENDS;
	}
	int r = level_next(level, &entry, &name);
	if (r == ARCHIVE_EOF)
		return LEVEL_ENDS;
	if (r == ARCHIVE_RETRY) {
		bool is_said = level->is_resuming;
		level->is_resuming = true;
		return is_said ? 0 : visit_damage(level, level->label);
	}
	if (r < ARCHIVE_WARN) {
		r = level->is_resuming ? 0 : visit_damage(level, level->label);
		return r == 0 ? LEVEL_ENDS : r;
	}
	level->is_resuming = false;
	r = visit_entry(level, entry, name);
	if (r == 0 && !level_pass(level, entry, level->unpacking->out - before))
		return LEVEL_ENDS;
	return r;
}

static int read_entries(struct level *level)
{
	int r = 0;
	while (r == 0)
		r = visit_next(level);
	if (r != LEVEL_ENDS)
		return r;
	/* A .deb that was cut between its members looks complete. */
	if (level->is_deb && !level->has_data && !level->unpacking->over_limit)
		return visit_trouble(level->unpacking, level->label, DIAG_PACKAGE_DAMAGED,
		                     "no data.tar is in it");
	return 0;
}

static int read_package(struct level *level)
{
	struct unpacking *unpacking = level->unpacking;
	struct usdtinfo_error err;
	int r = level_open(level, &err);
	if (r == USDTINFO_E_MEMORY)
		return r;
	if (r < 0)
		return unpacking->over_limit
		               ? 0
		               : visit_trouble(unpacking, level->label,
		                               DIAG_PACKAGE_DAMAGED, err.text);
	unpacking->depth++;
	r = read_entries(level);
	unpacking->depth--;
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
	unpacking.locale = newlocale(LC_CTYPE_MASK, "C.utf8", (locale_t)0);
	int r = read_package(level);
	if (unpacking.locale)
		freelocale(unpacking.locale);
	if (r == 0 && unpacking_is_interrupted(&unpacking))
		return 1;
	if (r == 0 && unpacking.over_limit)
		r = visit_trouble(
			&unpacking, file->facts.path, DIAG_PACKAGE_LIMIT,
			unpacking.long_header
				? "a member's header is larger than 16 MiB: not all was unpacked"
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
