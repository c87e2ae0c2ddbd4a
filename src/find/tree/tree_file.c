/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Looking at one file of a tree. */
#include "find/tree/tree_file.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "base/file.h"
#include "elf/container/archive.h"
#include "elf/object/glance.h"
#include "elf/object/package_magic.h"
#include "find/package/package.h"
#include "probe/survey.h"

/* A name may have become a FIFO or a terminal since the directory was read. */
#define OPEN_FILE (O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

static void set_path(struct tree_file *file, const struct directory *directory)
{
	strbuf_clear(&file->path);
	directory_path(directory, file->name, &file->path);
	if (file->path.failed)
		file->kind = TREE_FILE_NO_MEMORY;
}

static void set_unreadable(struct tree_file *file, const struct directory *directory,
                           const struct usdtinfo_error *err)
{
	file->kind = TREE_FILE_UNREADABLE;
	file->err = malloc(sizeof(*err));
	if (file->err)
		*file->err = *err;
	else
		file->kind = TREE_FILE_NO_MEMORY;
	set_path(file, directory);
}

static const char *const wanted[] = { ELFMAG, "!<arch>\n", "!<thin>\n" };

_Static_assert(sizeof(((struct image_start *)0)->bytes) >= PACKAGE_MAGIC_SIZE,
               "a package is known by what was read");

/* Objects, archives and packages, by their first bytes. */
static bool is_wanted(const struct image_start *start)
{
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		size_t length = strlen(wanted[i]);
		if (start->size >= length && memcmp(start->bytes, wanted[i], length) == 0)
			return true;
	}
	return start->packages &&
	       bytes_package((struct span){ start->bytes, start->size }) != PACKAGE_NONE;
}

/*
 * Where a read gave less than was asked for, that is mostly the end of the file; asked again
 * only where it matters whether it is: of what begins, as far as it goes, as the wanted do.
 */
static bool is_too_short(const struct image_start *start)
{
	bool begins = start->packages;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		size_t length = strlen(wanted[i]);
		length = start->size < length ? start->size : length;
		begins |= memcmp(start->bytes, wanted[i], length) == 0;
	}
	return begins && start->size < sizeof(start->bytes);
}

bool tree_is_worth_visiting(const struct tree_options *options,
                            const struct file_facts *facts)
{
	return options->visit_empty || facts->state != USDTINFO_STATE_NO_PROBES ||
	       facts->diagnostics.count;
}

/*
 * Look at the members, up to the first that is to be visited: most archives have none, and
 * what is visited is visited by one thread.
 */
static void look_at_archive(struct tree_file *file, const struct finder *finder)
{
	_cleanup_(archive_end) struct archive archive;
	struct usdtinfo_error err;
	uint64_t objects = 0;
	int r;
	archive_begin(&archive, file->image);
	/* Those of thin archives are other files. */
	bool is_empty = !archive.is_thin;
	while (is_empty && (r = archive_next(&archive, &err)) != 0) {
		struct usdtinfo_image *member;
		if (r > 0 && !finder->tree->visit_empty &&
		    archive_member_is_plain(&archive)) {
			objects++;
			continue;
		}
		if (r > 0)
			r = archive_open_member(&archive, &member, &err);
		if (r == USDTINFO_E_NOT_ELF || r == USDTINFO_E_ARCHIVE)
			continue;
		is_empty = r >= 0;
		if (r < 0)
			break;
		objects++;
		image_survey(member);
		is_empty = !tree_is_worth_visiting(finder->tree, &member->facts);
		usdtinfo_image_close(member);
	}
	if (!is_empty) {
		archive.file = NULL; /* it is opened again for the visit */
		return;
	}
	file->image = NULL;
	file->objects = objects;
	file->kind = TREE_FILE_EMPTY;
}

struct file_look {
	const struct tree_options *options;
	uint64_t objects;
};

/* Return: 1 at an object that is to be visited, which ends the look */
static int look_at_object(void *context, const struct object *object)
{
	struct file_look *look = context;
	look->objects += object->image != NULL;
	return tree_is_worth_visiting(look->options, object->facts);
}

/* The same for a package, whose members take longer still. */
static void look_at_package(struct tree_file *file, const struct finder *finder)
{
	struct file_look look = { finder->tree, 0 };
	int r = package_visit(finder, file->image, look_at_object, &look);
	if (r == USDTINFO_E_MEMORY)
		file->kind = TREE_FILE_NO_MEMORY;
	if (r != 0)
		return;
	usdtinfo_image_close(steal_ptr(file->image));
	file->objects = look.objects;
	file->kind = TREE_FILE_EMPTY;
}

/* Device, inode and size. Return: 0, or what became of the file since it was opened */
static int identify(struct tree_file *file, int fd, struct image_start *start,
                    struct usdtinfo_error *err)
{
	struct stat st;
	if (fstat(fd, &st) < 0)
		return fail_errno(err, "cannot read");
	if (!S_ISREG(st.st_mode))
		return fail(err, USDTINFO_E_NOT_ELF, "not a regular file");
	start->file_size = (uint64_t)st.st_size;
	file->has_identity = true;
	file->device = st.st_dev;
	file->inode = st.st_ino;
	return 0;
}

static bool is_plain(const struct tree_options *options, int fd,
                     const struct image_start *start)
{
	const struct glance_source source = {
		.fd = fd,
		.size = start->file_size,
		.head = { start->bytes, start->size },
	};
	return !options->visit_empty && glance_is_plain(&source);
}

/* @fd is the image's from here on, or closed. Return: as image_open_started() */
static int open_image(struct tree_file *file, const struct root *root, int fd,
                      struct image_start *start, struct usdtinfo_error *err)
{
	int r = file->path.failed ? fail_memory(err)
	                          : image_open_started(root, file->path.at, fd, start,
	                                               &file->image, err);
	if (r < 0)
		close(fd);
	else
		file->image->owns_fd = true;
	return r;
}

/* @fd is taken over. */
static void open_wanted(struct tree_file *file, const struct directory *directory, int fd,
                        struct image_start *start, const struct finder *finder)
{
	struct usdtinfo_error err;
	int r = identify(file, fd, start, &err);
	bool plain = r == 0 && is_plain(finder->tree, fd, start);
	if (r < 0 || plain)
		close(fd);
	if (plain) {
		file->kind = TREE_FILE_EMPTY;
		file->objects = 1;
		return;
	}
	if (r == 0) {
		set_path(file, directory);
		r = open_image(file, finder->root, fd, start, &err);
	}
	/* It was changed since its first bytes were read. */
	if (r == USDTINFO_E_NOT_ELF)
		return;
	if (r == USDTINFO_E_MEMORY)
		file->kind = TREE_FILE_NO_MEMORY;
	else if (r < 0)
		set_unreadable(file, directory, &err);
	if (r < 0)
		return;
	if (file->image->is_package || file->image->is_archive) {
		file->kind = TREE_FILE_ARCHIVE;
		if (file->image->is_package)
			look_at_package(file, finder);
		else
			look_at_archive(file, finder);
		return;
	}
	file->kind = TREE_FILE_OBJECT;
	image_survey(file->image);
	if (tree_is_worth_visiting(finder->tree, &file->image->facts))
		return;
	usdtinfo_image_close(steal_ptr(file->image));
	file->objects = 1;
	file->kind = TREE_FILE_EMPTY;
}

static void begin(struct tree_file *file, const char *name)
{
	*file = (struct tree_file){ .kind = TREE_FILE_OTHER, .name = name };
}

void tree_file_look(const struct finder *finder, const struct directory *directory,
                    int directory_fd, const char *name, struct tree_file *file)
{
	struct image_start start;
	struct usdtinfo_error err;
	begin(file, name);
	int fd = openat(directory_fd, name, OPEN_FILE);
	if (fd < 0 && (errno == ENOENT || errno == ELOOP || errno == ENXIO))
		return;
	if (fd < 0) {
		bool is_short = file_is_crowded(errno);
		fail_errno(&err, "cannot open");
		set_unreadable(file, directory, &err);
		if (is_short)
			tree_file_defer(file);
		return;
	}
	ssize_t size;
	do {
		size = pread(fd, start.bytes, sizeof(start.bytes), 0);
	} while (size < 0 && errno == EINTR);
	start.size = size < 0 ? 0 : (size_t)size;
	start.packages = finder->tree->packages;
	if (size > 0 && is_too_short(&start))
		size = file_read_at(fd, start.bytes, sizeof(start.bytes), 0);
	if (size < 0 && errno != EISDIR && errno != ESPIPE) {
		fail_errno(&err, "cannot read");
		set_unreadable(file, directory, &err);
	}
	start.size = size < 0 ? 0 : (size_t)size;
	if (is_wanted(&start))
		open_wanted(file, directory, fd, &start, finder);
	else
		close(fd);
}

void tree_file_fail(const struct directory *directory, const char *name,
                    const struct usdtinfo_error *err, struct tree_file *file)
{
	begin(file, name);
	set_unreadable(file, directory, err);
}

void tree_file_deinit(struct tree_file *file)
{
	usdtinfo_image_close(file->image);
	strbuf_deinit(&file->path);
	free(file->err);
	file->image = NULL;
	file->err = NULL;
}

void tree_file_defer(struct tree_file *file)
{
	usdtinfo_image_close(steal_ptr(file->image));
	file->kind = TREE_FILE_DEFERRED;
}
