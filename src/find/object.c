/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Opening what is named, and saying what is wrong with what cannot be. */
#include "find/object.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/budget.h"
#include "base/error.h"
#include "elf/archive.h"
#include "find/inode_set.h"
#include "find/needed.h"
#include "find/object_visit.h"
#include "find/package.h"
#include "find/tree.h"
#include "probe/survey.h"

enum usdtinfo_state state_of_failure(int code)
{
	switch (code) {
	case USDTINFO_E_NOT_ELF:
	case USDTINFO_E_ARCHIVE:
		return USDTINFO_STATE_NOT_ELF;
	case USDTINFO_E_DAMAGED:
		return USDTINFO_STATE_DAMAGED;
	default:
		return USDTINFO_STATE_UNREADABLE;
	}
}

static enum diagnostic_code diagnostic_of_failure(int code)
{
	switch (state_of_failure(code)) {
	case USDTINFO_STATE_NOT_ELF:
		return DIAG_NOT_ELF;
	case USDTINFO_STATE_DAMAGED:
		return DIAG_HEADER_DAMAGED;
	default:
		return DIAG_UNREADABLE;
	}
}

static bool is_stdin(const char *path)
{
	return strcmp(path, "-") == 0;
}

/* Find an executable called @name in the search path. Return: whether *@ret is it. */
static bool find_program(const char *search_path, const char *name, struct strbuf *ret)
{
	for (const char *at = search_path; at && *at;) {
		size_t size = strcspn(at, ":");
		struct stat st;
		strbuf_clear(ret);
		strbuf_add(ret, at, size);
		strbuf_add_char(ret, '/');
		strbuf_add_string(ret, name);
		if (size && !ret->failed && access(ret->at, X_OK) == 0 &&
		    stat(ret->at, &st) == 0 && S_ISREG(st.st_mode))
			return true;
		at += size + (at[size] == ':');
	}
	return false;
}

int object_visit_failure(const struct finder *finder, const char *path,
                         const struct usdtinfo_error *err, object_visit visit,
                         void *context)
{
	struct file_facts facts = { .path = text_of(path),
		                    .state = state_of_failure(err->code) };
	_cleanup_(strbuf_deinit) struct strbuf program = { 0 };
	bool hint = err->sys_errno == ENOENT && !strchr(path, '/') &&
	            find_program(finder->search_path, path, &program);
	const char *before = "", *text = "", *after = "";
	if (hint) {
		before = " (did you mean ";
		text = program.at;
		after = "?)";
	} else if (err->sys_errno == EISDIR && finder->directory_hint &&
	           !is_stdin(path)) {
		before = " (";
		text = finder->directory_hint;
		after = ")";
	}
	diagnose(&facts.diagnostics, diagnostic_of_failure(err->code), "%s%s%s%s",
	         err->text, before, text, after);
	int r = visit(context, &(struct object){ .facts = &facts });
	diagnostics_deinit(&facts.diagnostics);
	return r;
}

static int visit_image(const struct finder *finder, struct usdtinfo_image *image,
                       object_visit visit, void *context)
{
	image_survey(image);
	int r = visit(context, &(struct object){ &image->facts, image, finder });
	if (r != 0 || !finder->with_libraries)
		return r;
	return find_needed(finder, image, image->path, visit, context);
}

/* The archive itself as an object: nothing could be had of it, or not all. */
static int visit_archive(const struct archive *archive, enum diagnostic_code code,
                         const struct usdtinfo_error *err, object_visit visit,
                         void *context)
{
	struct file_facts facts = { .path = archive->file->facts.path,
		                    .state = USDTINFO_STATE_NO_PROBES };
	if (err) {
		facts.state = state_of_failure(err->code);
		diagnose(&facts.diagnostics,
		         facts.state == USDTINFO_STATE_DAMAGED ? code : DIAG_UNREADABLE,
		         "%s", err->text);
	}
	int r = visit(context, &(struct object){ &facts, NULL });
	diagnostics_deinit(&facts.diagnostics);
	return r;
}

struct finder finder_of_members(const struct finder *finder)
{
	return (struct finder){ .root = finder->root };
}

/* A visit of an archive's members. */
struct members {
	struct archive archive;
	struct finder finder;
	uint64_t visited;
	/* Of a thin one: files that its members lie in, and bytes that may still be read. */
	struct inode_set files;
	struct budget bytes;
	uint64_t nested_paid;
};

static void members_deinit(struct members *members)
{
	archive_end(&members->archive);
	inode_set_deinit(&members->files);
}

static uint64_t at_least(uint64_t size)
{
	return size < THIN_MEMBER_LEAST ? THIN_MEMBER_LEAST : size;
}

/*
 * A thin archive may name one file, or members of one, any number of times, so that each file
 * may be read as often as it is large, and a little more.
 *
 * Return: as budget_take()
 */
static bool pay_member(struct members *members, const struct usdtinfo_image *image)
{
	const struct archive *archive = &members->archive;
	const struct archive *holder = archive->in_nested ? archive->nested : archive;
	struct stat st;
	int fd = !image ? -1 : holder->is_file ? image->fd : holder->file->fd;
	if (!archive->is_thin)
		return true;
	if (fd >= 0 && fstat(fd, &st) == 0 &&
	    inode_set_add(&members->files, st.st_dev, st.st_ino) == 0)
		members->bytes.left += at_least((uint64_t)st.st_size);
	uint64_t nested = archive->nested_times * THIN_MEMBER_LEAST +
	                  archive->nested_bytes;
	uint64_t due = nested - members->nested_paid;
	members->nested_paid = nested;
	/* Of what is no object only the name is known. */
	due += image ? at_least(image->size) : 1024 + 16 * archive->name.size;
	return budget_take(&members->bytes, due);
}

static int visit_member(struct members *members, object_visit visit, void *context)
{
	struct archive *archive = &members->archive;
	struct usdtinfo_image *image = NULL;
	struct usdtinfo_error err;
	int r = archive_open_member(archive, &image, &err);
	if (!pay_member(members, r < 0 ? NULL : image)) {
		if (r == 0)
			usdtinfo_image_close(image);
		return 0;
	}
	/* Other things than objects are at home in archives. */
	if (r == USDTINFO_E_NOT_ELF || r == USDTINFO_E_ARCHIVE)
		return 0;
	members->visited++;
	if (r < 0)
		return object_visit_failure(&members->finder, archive->label.at, &err,
		                            visit, context);
	image->facts.archive = archive->file->facts.path;
	r = visit_image(&members->finder, image, visit, context);
	usdtinfo_image_close(image);
	return r;
}

/* Takes over @file. */
static int visit_members(const struct finder *finder, struct usdtinfo_image *file,
                         object_visit visit, void *context)
{
	_cleanup_(members_deinit) struct members members = {
		.finder = finder_of_members(finder),
		.bytes.left = THIN_BYTES_MAX,
	};
	struct usdtinfo_error err;
	int r;
	archive_begin(&members.archive, file);
	while (!members.bytes.exhausted &&
	       (r = archive_next(&members.archive, &err)) > 0) {
		r = visit_member(&members, visit, context);
		if (r != 0)
			return r;
	}
	if (members.bytes.exhausted) {
		fail(&err, USDTINFO_E_DAMAGED,
		     "it names the same files again and again, %u MiB more than there "
		     "are in "
		     "them: its other members were left out",
		     (unsigned)(THIN_BYTES_MAX >> 20));
		return visit_archive(&members.archive, DIAG_LIMIT_REACHED, &err, visit,
		                     context);
	}
	if (r < 0)
		return visit_archive(&members.archive, DIAG_ARCHIVE_DAMAGED, &err, visit,
		                     context);
	return members.visited ? 0
	                       : visit_archive(&members.archive, DIAG_ARCHIVE_DAMAGED,
	                                       NULL, visit, context);
}

static int open_operand(const struct finder *finder, const char *path,
                        struct usdtinfo_image **image_ret, struct usdtinfo_error *err)
{
	unsigned accept = finder->read_listing ? IMAGE_OPERAND : IMAGE_ARCHIVE;
	return is_stdin(path) ? image_open_fd(finder->root, path, STDIN_FILENO, accept,
	                                      image_ret, err)
	                      : image_open(finder->root, path, accept, image_ret, err);
}

int object_visit_file(const struct finder *finder, struct usdtinfo_image *file,
                      object_visit visit, void *context)
{
	int r;
	if (file->is_archive && !file->is_package)
		return visit_members(finder, file, visit, context);
	if (file->is_package)
		r = package_visit(finder, file, visit, context);
	else if (file->is_listing)
		r = finder->read_listing(file, visit, context, finder->unlisted);
	else
		r = visit_image(finder, file, visit, context);
	usdtinfo_image_close(file);
	return r;
}

static int visit_directory(const struct finder *finder, const char *path,
                           object_visit visit, void *context)
{
	struct usdtinfo_error err;
	int fd;
	int r = root_open(finder->root, path, O_RDONLY | O_DIRECTORY | O_NONBLOCK, &fd,
	                  &err);
	if (r < 0)
		return object_visit_failure(finder, path, &err, visit, context);
	return find_tree(finder, path, fd, visit, context);
}

int find_objects(const struct finder *finder, const char *path, object_visit visit,
                 void *context)
{
	struct usdtinfo_image *image;
	struct usdtinfo_error err;
	int r = open_operand(finder, path, &image, &err);
	if (r < 0 && err.sys_errno == EISDIR && finder->tree && !is_stdin(path))
		return visit_directory(finder, path, visit, context);
	if (r < 0)
		return object_visit_failure(finder, path, &err, visit, context);
	return object_visit_file(finder, image, visit, context);
}
