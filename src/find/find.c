/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* From what a person names to the objects in it, and to the libraries that these need. */
#include "find/find.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/budget.h"
#include "base/error.h"
#include "elf/container/archive.h"
#include "find/package/package.h"
#include "find/runtime/python.h"
#include "find/tree/inode_set.h"
#include "find/tree/tree.h"
#include "probe/survey.h"

static bool is_stdin(const char *path)
{
	return strcmp(path, "-") == 0;
}

/* ---- the libraries that an object needs ---- */

static struct library_settings settings_of(const struct finder *finder,
                                           const struct usdtinfo_image *image)
{
	return (struct library_settings){
		.library_path = finder->library_path,
		.on_this_computer = !image->root->directory,
	};
}

static int visit_missing(const struct libraries *libraries, const struct library *missing,
                         object_visit visit, void *context)
{
	struct file_facts facts = { .path = text_of(missing->name),
		                    .state = USDTINFO_STATE_UNREADABLE };
	const char *by = libraries->items[missing->needed_by].path;
	if (missing->rejected)
		diagnose(&facts.diagnostics, DIAG_UNREADABLE,
		         "not found; %s needs it, and %s does not fit", by,
		         missing->rejected);
	else
		diagnose(&facts.diagnostics, DIAG_UNREADABLE, "not found; %s needs it",
		         by);
	int r = visit(context, &(struct object){ .facts = &facts });
	diagnostics_deinit(&facts.diagnostics);
	return r;
}

/* The search was not what it would have been. */
static int visit_trouble(const char *path, enum diagnostic_code code, const char *reason,
                         object_visit visit, void *context)
{
	struct file_facts facts = { .path = text_of(path),
		                    .state = USDTINFO_STATE_UNREADABLE };
	diagnose(&facts.diagnostics, code, "what it needs is not known for sure: %s",
	         reason);
	int r = visit(context, &(struct object){ .facts = &facts });
	diagnostics_deinit(&facts.diagnostics);
	return r;
}

/* Whether processes are made of it: it has an address, or asks for a linker. */
static bool is_program(struct usdtinfo_image *image)
{
	GElf_Phdr header;
	if (image->header.e_type == ET_EXEC)
		return true;
	for (int i = 0; i < image->header.e_phnum; i++) {
		if (gelf_getphdr(image->elf, i, &header) && header.p_type == PT_INTERP)
			return true;
	}
	return false;
}

static int find_needed(const struct finder *finder, struct usdtinfo_image *image,
                       const char *path, object_visit visit, void *context)
{
	struct library_settings settings = settings_of(finder, image);
	/* Each is visited for itself: what it needs was found already. */
	struct finder one = *finder;
	struct libraries libraries;
	one.root = image->root;
	one.with_libraries = false;
	one.needed_by = is_program(image) ? path : NULL;
	struct usdtinfo_error err = { 0 };
	int r = libraries_load(&settings, image, path, &libraries, &err);
	/* A damaged dynamic section is told of by the survey where it matters. */
	if (r == USDTINFO_E_SYSTEM || (r == USDTINFO_E_DAMAGED && image_shrank(image)))
		r = visit_trouble(path, DIAG_UNREADABLE, err.text, visit, context);
	else if (r < 0 && r != USDTINFO_E_MEMORY)
		r = 0;
	for (size_t i = 1; r == 0 && i < libraries.count; i++) {
		const struct library *library = &libraries.items[i];
		r = library->path ? find_objects(&one, library->path, visit, context)
		                  : visit_missing(&libraries, library, visit, context);
	}
	if (r == 0 && libraries.trouble)
		r = visit_trouble(path, DIAG_UNREADABLE, strerror(libraries.trouble),
		                  visit, context);
	if (r == 0 && libraries.cut)
		r = visit_trouble(path, DIAG_LIMIT_REACHED, libraries.cut, visit,
		                  context);
	libraries_deinit(&libraries);
	return r;
}

int find_needed_python(const struct finder *finder, struct usdtinfo_image *image,
                       const char *path, char **ret)
{
	struct library_settings settings = settings_of(finder, image);
	struct libraries libraries;
	if (image->is_member)
		return 0;
	int r = libraries_load_direct(&settings, image, path, is_libpython, &libraries,
	                              NULL);
	if (r == 0 && libraries.count > 1) {
		const struct library *library = &libraries.items[1];
		*ret = strdup(library->path ? library->path : library->name);
		r = *ret ? 1 : USDTINFO_E_MEMORY;
	}
	libraries_deinit(&libraries);
	return r < 0 && r != USDTINFO_E_MEMORY ? 0 : r;
}

/* ---- objects, archives, packages, listings, directories ---- */

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
		     "it names the same files again and again, %u MiB more than there are in them: its other members were left out",
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

static int visit_file(const struct finder *finder, struct usdtinfo_image *file,
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

int find_opened(const struct finder *finder, struct usdtinfo_image *file,
                object_visit visit, void *context)
{
	struct finder own = *finder;
	own.visit_file = visit_file;
	return visit_file(&own, file, visit, context);
}

int find_objects(const struct finder *finder, const char *path, object_visit visit,
                 void *context)
{
	struct finder own = *finder;
	struct usdtinfo_image *image;
	struct usdtinfo_error err;
	own.visit_file = visit_file;
	int r = open_operand(&own, path, &image, &err);
	if (r < 0 && err.sys_errno == EISDIR && own.tree && !is_stdin(path))
		return visit_directory(&own, path, visit, context);
	if (r < 0)
		return object_visit_failure(&own, path, &err, visit, context);
	return visit_file(&own, image, visit, context);
}
