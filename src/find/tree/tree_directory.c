/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Directories, read whole and sorted, linked by their parents. */
#include "find/tree/tree_directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/error.h"
#include "config.h"
#include "find/tree/tree.h"

struct directory *directory_use(struct directory *directory)
{
	directory->users++;
	return directory;
}

/* Not recursive: paths can be very deep. */
void directory_release(struct directory *directory)
{
	while (directory && --directory->users == 0) {
		struct directory *parent = directory->parent;
		strbuf_deinit(&directory->block);
		free(directory->names);
		free(directory->own_name);
		free(directory);
		directory = parent;
	}
}

struct directory *directory_new(struct directory *parent, const char *name)
{
	struct directory *directory = calloc(1, sizeof(*directory));
	char *own_name = strdup(name);
	if (!directory || !own_name) {
		free(directory);
		free(own_name);
		return NULL;
	}
	directory->users = 1;
	directory->parent = parent;
	directory->own_name = own_name;
	directory->fd = -1;
	return directory;
}

void directory_path(const struct directory *directory, const char *name,
                    struct strbuf *path)
{
	size_t depth = 0;
	for (const struct directory *at = directory; at; at = at->parent)
		depth++;
	_cleanup_(freep) const char **parts = calloc(depth, sizeof(*parts));
	if (!parts) {
		path->failed = true;
		return;
	}
	size_t i = depth;
	for (const struct directory *at = directory; at; at = at->parent)
		parts[--i] = at->own_name;
	for (i = 0; i < depth + (name != NULL); i++) {
		if (i > 0 && path->size && path->at[path->size - 1] != '/')
			strbuf_add_char(path, '/');
		strbuf_add_string(path, i < depth ? parts[i] : name);
	}
}

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* What a name is, where the file system does not say. */
static unsigned char type_of(int fd, const char *name)
{
	struct stat st;
	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return DT_UNKNOWN;
	return S_ISREG(st.st_mode) ? DT_REG : S_ISDIR(st.st_mode) ? DT_DIR : DT_UNKNOWN;
}

/* Names that globs may leave out, with the path that those are held against. */
struct directory_reading {
	struct directory *directory;
	const struct tree_options *options;
	int fd;
	struct strbuf path; /* of the directory, and a name */
	size_t prefix;      /* of it, slash included; 0: not made yet */
};

/* Return: false when @glob cannot match a path that ends with @name, by their last bytes */
static bool may_match(const char *glob, const char *name)
{
	size_t left = strlen(glob), size = strlen(name);
	while (left && size && !strchr("*?[]\\", glob[left - 1])) {
		if (glob[--left] != name[--size])
			return false;
	}
	return true;
}

static const char *path_of(struct directory_reading *reading, const char *name)
{
	struct strbuf *path = &reading->path;
	if (reading->prefix == 0) {
		directory_path(reading->directory, "", path);
		reading->prefix = path->size;
	}
	if (path->failed)
		return NULL;
	path->size = reading->prefix;
	strbuf_add_string(path, name);
	return path->failed ? NULL : path->at;
}

/* Return: 1, 0, or USDTINFO_E_MEMORY */
static int is_excluded(struct directory_reading *reading, const char *name)
{
	const struct tree_options *options = reading->options;
	const char *path = NULL;
	for (size_t i = 0; i < options->excluded_count; i++) {
		if (!may_match(options->excluded[i], name))
			continue;
		if (!path && !(path = path_of(reading, name)))
			return USDTINFO_E_MEMORY;
		if (fnmatch(options->excluded[i], path, 0) == 0)
			return 1;
	}
	return 0;
}

/* Return: false when memory ran out */
static bool add_name(struct directory_reading *reading, const char *name,
                     unsigned char type)
{
	struct directory *directory = reading->directory;
	if (is_dots(name))
		return true;
	if (type == DT_UNKNOWN)
		type = type_of(reading->fd, name);
	if (type != DT_REG && type != DT_DIR)
		return true;
	int excluded = is_excluded(reading, name);
	if (excluded != 0)
		return excluded > 0;
	if (!array_grow(&directory->names, &directory->room, directory->count + 1,
	                sizeof(*directory->names)))
		return false;
	/* The block moves as it grows: addresses come when it is whole. */
	strbuf_add(&directory->block, name, strlen(name) + 1);
	if (directory->block.failed)
		return false;
	directory->names[directory->count++].type = type;
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->at, ((const struct name *)b)->at);
}

static void sort_names(struct directory *directory)
{
	const char *at = directory->block.at;
	for (size_t i = 0; i < directory->count; i++) {
		directory->names[i].at = at;
		at += strlen(at) + 1;
	}
	if (directory->count)
		qsort(directory->names, directory->count, sizeof(*directory->names),
		      by_name);
}

/* The kernel's entry, which struct dirent is where offsets have 64 bits. */
_Static_assert(offsetof(struct dirent, d_reclen) == 16 &&
                       offsetof(struct dirent, d_type) == 18 &&
                       offsetof(struct dirent, d_name) == 19,
               "struct dirent is not what getdents64(2) fills in");
#if !HAVE_GETDENTS64
/* musl's offsets have 64 bits anyhow, and so its calls have no second name since 1.2.4. */
#define getdents64 getdents
#endif

/*
 * Without readdir(), whose stream would cost a descriptor and five system calls for each
 * directory, as many as reading it.
 */
int directory_read(struct directory *directory, int fd,
                   const struct tree_options *options, struct usdtinfo_error *err)
{
	union {
		struct dirent first;
		char bytes[32768];
	} block;
	struct directory_reading reading = { directory, options, fd, { 0 }, 0 };
	ssize_t size;
	bool has_room = true;
	while (has_room && (size = getdents64(fd, &block.first, sizeof(block))) > 0) {
		for (ssize_t at = 0; at < size && has_room;) {
			const struct dirent *found = (const void *)(block.bytes + at);
			has_room = add_name(&reading, found->d_name, found->d_type);
			at += found->d_reclen;
		}
	}
	int r = !has_room  ? fail_memory(err)
	        : size < 0 ? fail_errno(err, "cannot read directory")
	                   : 0;
	strbuf_deinit(&reading.path);
	sort_names(directory);
	return r;
}
