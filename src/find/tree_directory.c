/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Directories, read whole and sorted; a stack of them linked by their parents. */
#include "find/tree_directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"

#define OPEN_DIRECTORY                                                                   \
	(O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

static struct directory *directory_use(struct directory *directory)
{
	atomic_fetch_add(&directory->users, 1);
	return directory;
}

/* Drop one use; the last frees the directory, and so on up. Paths can be very deep. */
static void directory_release(struct directory *directory)
{
	while (directory && atomic_fetch_sub(&directory->users, 1) == 1) {
		struct directory *parent = directory->parent;
		strbuf_deinit(&directory->block);
		free(directory->names);
		free(directory->own_name);
		free(directory);
		directory = parent;
	}
}

/* Drop one use of the descriptor; the last closes it. */
static void directory_release_fd(struct directory *directory)
{
	if (atomic_fetch_sub(&directory->fd_users, 1) == 1 && directory->fd >= 0)
		close(directory->fd);
}

/* The traversal opens nothing more in it. */
static void directory_let_go(struct directory *directory)
{
	if (directory->held)
		directory_release_fd(directory);
	directory->held = false;
}

void entry_release(struct entry *entry)
{
	struct directory *directory = steal_ptr(entry->directory);
	if (!directory || entry->shares)
		return;
	if (entry->name)
		directory_release_fd(directory);
	directory_release(directory);
}

/* Takes over @fd, also when memory runs out and NULL is returned. */
static struct directory *directory_new(struct directory *parent, const char *name, int fd)
{
	struct directory *directory = calloc(1, sizeof(*directory));
	char *own_name = strdup(name);
	if (!directory || !own_name) {
		free(directory);
		free(own_name);
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	atomic_init(&directory->users, 1);
	atomic_init(&directory->fd_users, 1);
	directory->held = true;
	directory->parent = parent ? directory_use(parent) : NULL;
	directory->own_name = own_name;
	directory->fd = fd;
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

static bool add_name(struct directory *directory, const char *name, unsigned char type)
{
	if (is_dots(name))
		return true;
	if (type == DT_UNKNOWN)
		type = type_of(directory->fd, name);
	if (type != DT_REG && type != DT_DIR)
		return true;
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

/*
 * Without readdir(), whose stream would cost a descriptor and five system calls for each
 * directory, as many as reading it.
 *
 * Return: 0; USDTINFO_E_SYSTEM, with what was read until then kept; USDTINFO_E_MEMORY.
 */
static int read_names(struct directory *directory, struct usdtinfo_error *err)
{
	_Alignas(struct dirent64) char block[32768];
	ssize_t size;
	bool has_room = true;
	while (has_room && (size = getdents64(directory->fd, block, sizeof(block))) > 0) {
		for (ssize_t at = 0; at < size && has_room;) {
			const struct dirent64 *found = (const void *)(block + at);
			has_room = add_name(directory, found->d_name, found->d_type);
			at += found->d_reclen;
		}
	}
	int r = !has_room  ? fail_memory(err)
	        : size < 0 ? fail_errno(err, "cannot read directory")
	                   : 0;
	sort_names(directory);
	return r;
}

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

static const char *path_of(struct traversal *traversal, const char *name)
{
	struct strbuf *path = &traversal->path;
	if (traversal->prefix == 0) {
		strbuf_clear(path);
		directory_path(traversal->current, "", path);
		traversal->prefix = path->size;
	}
	if (path->failed)
		return NULL;
	path->size = traversal->prefix;
	strbuf_add_string(path, name);
	return path->failed ? NULL : path->at;
}

/* Return: 1, 0, or USDTINFO_E_MEMORY */
static int is_excluded(struct traversal *traversal, const char *name)
{
	const struct tree_options *options = traversal->options;
	const char *path = NULL;
	for (size_t i = 0; i < options->excluded_count; i++) {
		if (!may_match(options->excluded[i], name))
			continue;
		if (!path && !(path = path_of(traversal, name)))
			return USDTINFO_E_MEMORY;
		if (fnmatch(options->excluded[i], path, 0) == 0)
			return 1;
	}
	return 0;
}

static bool is_elsewhere(const struct traversal *traversal, int fd)
{
	struct stat st;
	return traversal->options->one_file_system && fstat(fd, &st) == 0 &&
	       st.st_dev != traversal->device;
}

static int hand_out_failure(struct directory *directory, const struct usdtinfo_error *err,
                            struct entry *entry)
{
	entry->directory = directory_use(directory);
	entry->shares = false;
	entry->name = NULL;
	entry->err = *err;
	return 1;
}

static int hand_out(struct directory *directory, const char *name,
                    const struct entry *before, struct entry *entry)
{
	entry->directory = directory;
	entry->shares = before && before->name && before->directory == directory;
	entry->name = name;
	if (!entry->shares) {
		directory_use(directory);
		atomic_fetch_add(&directory->fd_users, 1);
	}
	return 1;
}

static bool is_done(const struct directory *directory)
{
	return directory->next == directory->count;
}

/* Make @directory the current one. What was it stays in memory as its parent. */
static void push(struct traversal *traversal, struct directory *directory)
{
	struct directory *parent = traversal->current;
	traversal->current = directory;
	traversal->prefix = 0;
	if (parent && is_done(parent))
		directory_let_go(parent);
	directory_release(parent);
}

/* Leave the current directory, which is done. */
static void pop(struct traversal *traversal)
{
	struct directory *done = traversal->current;
	struct directory *parent = done->parent;
	traversal->current = parent ? directory_use(parent) : NULL;
	traversal->prefix = 0;
	directory_let_go(done);
	directory_release(done);
}

/*
 * Go down into the directory @name of the current one.
 *
 * Return: 1 with an entry for what cannot be read, 0 when there is nothing to hand out yet.
 */
static int descend(struct traversal *traversal, const char *name, struct entry *entry)
{
	struct directory *parent = traversal->current;
	struct usdtinfo_error err;
	int fd = openat(parent->fd, name, OPEN_DIRECTORY);
	if (fd < 0 && (errno == ENOENT || errno == ELOOP || errno == ENOTDIR))
		return 0;
	int opened = fd < 0 ? fail_errno(&err, "cannot open directory") : 0;
	if (fd >= 0 && is_elsewhere(traversal, fd)) {
		close(fd);
		return 0;
	}
	struct directory *directory = directory_new(parent, name, fd);
	if (!directory)
		return USDTINFO_E_MEMORY;
	push(traversal, directory);
	int r = opened < 0 ? opened : read_names(directory, &err);
	return r < 0 && r != USDTINFO_E_MEMORY ? hand_out_failure(directory, &err, entry)
	                                       : r;
}

int traversal_next(struct traversal *traversal, const struct entry *before,
                   struct entry *entry)
{
	while (traversal->current) {
		struct directory *directory = traversal->current;
		if (is_done(directory)) {
			pop(traversal);
			continue;
		}
		const struct name *name = &directory->names[directory->next++];
		int excluded = is_excluded(traversal, name->at);
		if (excluded < 0)
			return excluded;
		if (excluded)
			continue;
		if (name->type == DT_REG)
			return hand_out(directory, name->at, before, entry);
		int r = descend(traversal, name->at, entry);
		if (r != 0)
			return r;
	}
	return 0;
}

int traversal_begin(struct traversal *traversal, const struct tree_options *options,
                    const char *path, int fd, struct usdtinfo_error *err)
{
	struct stat st;
	*traversal = (struct traversal){ .options = options };
	if (fstat(fd, &st) == 0)
		traversal->device = st.st_dev;
	struct directory *top = directory_new(NULL, path, fd);
	if (!top)
		return fail_memory(err);
	traversal->current = top;
	return read_names(top, err);
}

void traversal_end(struct traversal *traversal)
{
	while (traversal->current)
		pop(traversal);
	strbuf_deinit(&traversal->path);
}
