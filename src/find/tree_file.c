/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Looking at one file of a tree. */
#include "find/tree_file.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "probe/survey.h"

/* A name may have become a FIFO or a terminal since the directory was read. */
#define OPEN_FILE (O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

static void set_path(struct tree_file *file, const struct entry *entry)
{
	directory_path(entry->directory, entry->name, &file->path);
	if (file->path.failed)
		file->kind = TREE_FILE_NO_MEMORY;
}

static void set_unreadable(struct tree_file *file, const struct entry *entry,
                           const struct usdtinfo_error *err)
{
	file->kind = TREE_FILE_UNREADABLE;
	file->err = *err;
	set_path(file, entry);
}

/* Objects and archives, by their first bytes. */
static bool is_wanted(const char *magic, ssize_t size)
{
	static const char *const wanted[] = { ELFMAG, "!<arch>\n", "!<thin>\n" };
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		size_t length = strlen(wanted[i]);
		if (size >= (ssize_t)length && memcmp(magic, wanted[i], length) == 0)
			return true;
	}
	return false;
}

/* Return: whether there is anything to show of a surveyed object */
static bool is_worth_showing(struct usdtinfo_image *image)
{
	return image->facts.state != USDTINFO_STATE_NO_PROBES ||
	       image->facts.diagnostics.count;
}

/* @fd is the image's from here on, or closed. */
static void open_wanted(struct tree_file *file, const struct entry *entry, int fd,
                        const struct tree_options *options)
{
	struct stat st;
	struct usdtinfo_error err;
	set_path(file, entry);
	int r = file->path.failed ? fail_memory(&err) : 0;
	if (r == 0 && fstat(fd, &st) < 0)
		r = fail_errno(&err, "cannot read");
	if (r == 0)
		r = image_open_file(fd, file->path.at, &file->image, &err);
	if (r < 0) {
		close(fd);
		/* It was changed since its first bytes were read. */
		if (r == USDTINFO_E_NOT_ELF)
			return;
		file->kind = r == USDTINFO_E_MEMORY ? TREE_FILE_NO_MEMORY
		                                    : TREE_FILE_UNREADABLE;
		file->err = err;
		return;
	}
	file->image->owns_fd = true;
	file->device = st.st_dev;
	file->inode = st.st_ino;
	file->kind = TREE_FILE_ARCHIVE;
	if (file->image->is_archive)
		return;
	file->kind = TREE_FILE_OBJECT;
	image_survey(file->image);
	if (options->visit_empty || is_worth_showing(file->image))
		return;
	usdtinfo_image_close(file->image);
	file->image = NULL;
	file->kind = TREE_FILE_EMPTY;
}

static void look_at_file(struct tree_file *file, const struct entry *entry,
                         const struct tree_options *options)
{
	char magic[16];
	struct usdtinfo_error err;
	int fd = openat(entry->directory->fd, entry->name, OPEN_FILE);
	if (fd < 0 && (errno == ENOENT || errno == ELOOP || errno == ENXIO))
		return;
	if (fd < 0) {
		fail_errno(&err, "cannot open");
		set_unreadable(file, entry, &err);
		return;
	}
	ssize_t size = file_read_at(fd, magic, sizeof(magic), 0);
	if (size < 0 && errno != EISDIR && errno != ESPIPE) {
		fail_errno(&err, "cannot read");
		set_unreadable(file, entry, &err);
	}
	if (is_wanted(magic, size))
		open_wanted(file, entry, fd, options);
	else
		close(fd);
}

void tree_file_look(struct tree_file *file, const struct entry *entry,
                    const struct tree_options *options)
{
	*file = (struct tree_file){ .kind = TREE_FILE_OTHER };
	if (entry->name)
		look_at_file(file, entry, options);
	else
		set_unreadable(file, entry, &entry->err);
}

void tree_file_deinit(struct tree_file *file)
{
	usdtinfo_image_close(file->image);
	strbuf_deinit(&file->path);
	*file = (struct tree_file){ .kind = TREE_FILE_OTHER };
}
