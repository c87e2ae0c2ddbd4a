/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The very inode that is mapped. map_files leads to it whatever became of its name, but
 * only for those with CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE; so paths are tried, too, and
 * held against the device and inode of the mapping; last what the process itself holds open.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "base/file.h"
#include "find/process/process.h"

/* Of one file; a mapping that is gone since says nothing about the others. */
#define MAPPINGS_TRIED 8

/* File systems whose stat(2) tells another device than their mappings: linux/magic.h. */
static const unsigned long two_devices[] = {
	0x794c7630, /* overlay */
	0x9123683e, /* btrfs */
	0xca451a4e, /* bcachefs */
};

enum same {
	SAME_NOT,
	SAME_BUT_DEVICE,
	SAME,
};

static enum same same_file(const struct mapping *mapping, int fd, const struct stat *st)
{
	struct statfs fs;
	if (st->st_ino != mapping->inode)
		return SAME_NOT;
	if (major(st->st_dev) == mapping->major && minor(st->st_dev) == mapping->minor)
		return SAME;
	if (fstatfs(fd, &fs) < 0)
		return SAME_NOT;
	for (size_t i = 0; i < ARRAY_SIZE(two_devices); i++)
		if ((unsigned long)fs.f_type == two_devices[i])
			return SAME_BUT_DEVICE;
	return SAME_NOT;
}

/* As a name in map_files. */
struct range_name {
	char at[sizeof("map_files/-") + 32];
};

static struct range_name range_name(const struct mapping *mapping)
{
	struct range_name name;
	snprintf(name.at, sizeof(name.at), "map_files/%" PRIx64 "-%" PRIx64,
	         mapping->start, mapping->end);
	return name;
}

/* Looked at before it is opened for reading: opening a device can do things. */
static bool take_regular(int place, struct mapped_file *ret)
{
	char path[64];
	errno = 0;
	if (fstat(place, &ret->st) < 0 || !S_ISREG(ret->st.st_mode))
		return false;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", place);
	ret->fd = open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	return ret->fd >= 0;
}

/* Return: 1 when it was opened, 0 when it cannot be had so, USDTINFO_E_NOT_ELF. */
static int open_map_file(const struct process *process, const struct mapping *mapping,
                         struct mapped_file *ret, struct usdtinfo_error *err)
{
	int place = openat(process->fd, range_name(mapping).at, O_PATH | O_CLOEXEC);
	if (place < 0)
		return file_is_crowded(errno) ? fail_errno(err, "cannot open") : 0;
	int r = 0;
	if (fstat(place, &ret->st) == 0 && !S_ISREG(ret->st.st_mode))
		r = fail(err, USDTINFO_E_NOT_ELF, "not a regular file");
	/* Another file may have been mapped there since. */
	else if (same_file(mapping, place, &ret->st) != SAME_NOT)
		r = take_regular(place, ret);
	close(place);
	return r;
}

/* What a path led to. */
enum found {
	FOUND_NOTHING,
	FOUND_ANOTHER,
	FOUND_UNREADABLE,
	FOUND_NO_ROOM, /* for more open files */
	FOUND,
};

static enum found open_place(int place, const struct mapping *mapping,
                             struct mapped_file *ret)
{
	struct stat st;
	enum same same = fstat(place, &st) == 0 ? same_file(mapping, place, &st)
	                                        : SAME_NOT;
	if (same == SAME_NOT)
		return FOUND_ANOTHER;
	if (!take_regular(place, ret))
		return file_is_crowded(errno) ? FOUND_NO_ROOM : FOUND_UNREADABLE;
	ret->device_differs = same == SAME_BUT_DEVICE;
	return FOUND;
}

static enum found open_path(const struct root *root, const char *path,
                            const struct mapping *mapping, struct mapped_file *ret)
{
	struct usdtinfo_error why;
	int place;
	if (*path != '/')
		return FOUND_NOTHING;
	if (root_open(root, path, O_PATH, &place, &why) < 0)
		return file_is_crowded(why.sys_errno) ? FOUND_NO_ROOM : FOUND_NOTHING;
	enum found found = open_place(place, mapping, ret);
	close(place);
	return found;
}

/* From the process's root, and, for one in a chroot, from ours. */
static enum found open_path_anywhere(const struct process *process, const char *path,
                                     const struct mapping *mapping,
                                     struct mapped_file *ret)
{
	enum found found = open_path(&process->root, path, mapping, ret);
	if (found == FOUND || found == FOUND_NO_ROOM || process->root.fd < 0)
		return found;
	enum found outside = open_path(&ROOT_HOST, path, mapping, ret);
	return outside == FOUND || found == FOUND_NOTHING ? outside : found;
}

size_t process_name_size(struct text path)
{
	static const char deleted[] = " (deleted)";
	const size_t suffix = sizeof(deleted) - 1;
	if (path.size <= suffix ||
	    memcmp(path.at + path.size - suffix, deleted, suffix) != 0)
		return path.size;
	return path.size - suffix;
}

/* A name that is gone has " (deleted)" behind it; what stands there now is another file. */
static enum found open_by_path(const struct process *process,
                               const struct mapping *mapping, struct mapped_file *ret)
{
	size_t size = process_name_size(mapping->path);
	enum found found = open_path_anywhere(process, mapping->path.at, mapping, ret);
	if (found == FOUND || found == FOUND_NO_ROOM || size == mapping->path.size)
		return found;
	_cleanup_(strbuf_deinit) struct strbuf name = { 0 };
	strbuf_add(&name, mapping->path.at, size);
	return name.failed ? found : open_path_anywhere(process, name.at, mapping, ret);
}

static bool leads_to(const struct root *root, const struct mapping *mapping)
{
	struct usdtinfo_error why;
	struct stat st;
	int place;
	if (!mapping->path.at || *mapping->path.at != '/' ||
	    root_open(root, mapping->path.at, O_PATH, &place, &why) < 0)
		return false;
	bool same = fstat(place, &st) == 0 && same_file(mapping, place, &st) != SAME_NOT;
	close(place);
	return same;
}

const struct root *process_path_root(const struct process *process,
                                     const struct mapping *mapping)
{
	static const struct root host = { .fd = -1 };
	if (leads_to(&process->root, mapping))
		return &process->root;
	return process->root.fd >= 0 && leads_to(&host, mapping) ? &host : NULL;
}

bool process_reach(const struct process *process, const struct mapping *mapping,
                   struct strbuf *out)
{
	static const struct root host = { .fd = -1 };
	struct stat st;
	if (leads_to(&host, mapping)) {
		strbuf_add(out, mapping->path.at, mapping->path.size);
	} else if (process->root.fd >= 0 && leads_to(&process->root, mapping)) {
		strbuf_addf(out, "%s/root", process->path);
		strbuf_add(out, mapping->path.at, mapping->path.size);
	} else if (fstatat(process->fd, range_name(mapping).at, &st, 0) == 0) {
		strbuf_addf(out, "%s/%s", process->path, range_name(mapping).at);
	} else {
		return false;
	}
	return true;
}

/* Whether the kernel writes @name so; it may have some newlines and some \012. */
static bool is_written(struct text name, struct text written)
{
	for (size_t i = 0; i < name.size; i++) {
		struct text one = name.at[i] == '\n' ? text_of("\\012")
		                                     : (struct text){ name.at + i, 1 };
		if (written.size < one.size || memcmp(written.at, one.at, one.size) != 0)
			return false;
		written.at += one.size;
		written.size -= one.size;
	}
	return !written.size;
}

/*
 * The link in map_files has the name itself, and may be read by those who may not follow it.
 * Without it the name is the one at which the file stands.
 */
static bool settle_name(struct process *process, struct mapping *mapping)
{
	char link[PATH_MAX];
	struct mapping other = *mapping;
	ssize_t size = readlinkat(process->fd, range_name(mapping).at, link,
	                          sizeof(link));
	struct text name = { link, size > 0 ? (size_t)size : 0 };
	if (name.size && name.size < sizeof(link) && is_written(name, mapping->written)) {
		mapping->path = arena_text(&process->maps.names, name.at, name.size);
		return mapping->path.at;
	}
	other.path = mapping->written;
	if (!process_path_root(process, mapping) && process_path_root(process, &other))
		mapping->path = mapping->written;
	return true;
}

bool process_settle_names(struct process *process)
{
	const char *before = NULL; /* the name of the last one, when it was not settled */
	struct mapping *items = process->maps.items;
	for (size_t i = 0; i < process->maps.count; i++) {
		const char *name = items[i].path.at;
		if (!items[i].written.at)
			continue;
		if (i && name == before)
			items[i].path = items[i - 1].path;
		else if (!settle_name(process, &items[i]))
			return false;
		before = name;
	}
	return true;
}

static bool open_link(const struct process *process, const char *name,
                      const struct mapping *mapping, struct mapped_file *ret)
{
	int place = openat(process->fd, name, O_PATH | O_CLOEXEC);
	if (place < 0)
		return false;
	enum found found = open_place(place, mapping, ret);
	close(place);
	return found == FOUND;
}

static bool open_held(struct process *process, const struct mapping *mapping,
                      struct mapped_file *ret)
{
	int fd = openat(process->fd, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	if (!directory) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	bool opened = false;
	for (struct dirent *entry; !opened && (entry = readdir(directory));) {
		char name[32];
		int size = snprintf(name, sizeof(name), "fd/%s", entry->d_name);
		if (entry->d_name[0] == '.' || size < 0 || (size_t)size >= sizeof(name))
			continue;
		if (!budget_take(&process->descriptors, 1))
			break;
		opened = open_link(process, name, mapping, ret);
	}
	closedir(directory);
	return opened;
}

static int fail_found(enum found found, struct usdtinfo_error *err)
{
	switch (found) {
	case FOUND_ANOTHER:
		return fail(
			err, USDTINFO_E_SYSTEM,
			"the file that is mapped was deleted or replaced, and cannot be opened; another one stands at its path now");
	case FOUND_NO_ROOM:
		errno = EMFILE;
		return fail_errno(err, "cannot open");
	case FOUND_UNREADABLE:
		return fail(err, USDTINFO_E_SYSTEM,
		            "the file that is mapped may not be opened for reading");
	default:
		return fail(
			err, USDTINFO_E_SYSTEM,
			"the file that is mapped has no path any more, and cannot be opened");
	}
}

int process_open_file(struct process *process, const struct mapping *const *mappings,
                      size_t count, struct mapped_file *ret, struct usdtinfo_error *err)
{
	*ret = (struct mapped_file){ .fd = -1 };
	for (size_t i = 0; i < count && i < MAPPINGS_TRIED; i++) {
		int r = open_map_file(process, mappings[i], ret, err);
		if (r != 0)
			return r < 0 ? r : 0;
	}
	enum found found = open_by_path(process, mappings[0], ret);
	if (found == FOUND || open_link(process, "exe", mappings[0], ret) ||
	    open_held(process, mappings[0], ret))
		return 0;
	if (process->descriptors.exhausted)
		return fail(
			err, USDTINFO_E_SYSTEM,
			"the file that is mapped has no path any more, and was not found among %u descriptors that were looked at",
			PROCESS_DESCRIPTORS_MAX);
	return fail_found(found, err);
}
