/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Opening and reading inside a root: by openat2() where the kernel has it, else by walking. */
#include "elf/root/root.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "base/file.h"
#include "elf/root/root_walk.h"

/* A path with ".." in it is retried this often while others rename directories. */
#define RACES_MAX 8

static int open_in_kernel(const struct root *root, const char *path, int flags)
{
#ifdef SYS_openat2
	/* struct open_how and RESOLVE_IN_ROOT of linux/openat2.h, which older headers lack */
	struct {
		uint64_t flags, mode, resolve;
	} how = { .flags = (uint64_t)(unsigned)flags, .resolve = 0x10 };
	for (int tries = 0;; tries++) {
		int fd = (int)syscall(SYS_openat2, root->fd, path, &how, sizeof(how));
		if (fd >= 0 || tries == RACES_MAX || (errno != EAGAIN && errno != EINTR))
			return fd;
	}
#else
	(void)root, (void)path, (void)flags;
	errno = ENOSYS;
	return -1;
#endif
}

static int open_by_walk(const struct root *root, const char *path, int flags)
{
	struct root_place place;
	if (root_walk(root->fd, path, !(flags & O_NOFOLLOW), &place) < 0)
		return -1;
	if (place.is_directory)
		flags |= O_DIRECTORY;
	int fd = openat(place.directory, place.name, flags | O_NOFOLLOW);
	root_place_deinit(&place);
	return fd;
}

/* Return: a descriptor, or -1 with errno */
static int open_inside(const struct root *root, const char *path, int flags)
{
	flags |= O_CLOEXEC;
	if (root->fd < 0)
		return open(path, flags);
	if (root->in_kernel) {
		int fd = open_in_kernel(root, path, flags);
		/* ELOOP: the kernel refuses /proc's own links here, whose text is readable */
		if (fd >= 0 || (errno != EAGAIN && errno != ELOOP))
			return fd;
	}
	return open_by_walk(root, path, flags);
}

const struct root root_host = { .fd = -1 };

void root_note(const struct root *root, int error)
{
	bool is_trouble = error == ENOMEM || error == EIO || file_is_crowded(error);
	if (is_trouble && root->trouble && !*root->trouble)
		*root->trouble = error;
}

static int fail_inside(const struct root *root, const char *what,
                       struct usdtinfo_error *err)
{
	root_note(root, errno);
	return fail_errno(err, "%s", what);
}

static int fail_room(const struct root *root, struct usdtinfo_error *err)
{
	root_note(root, ENOMEM);
	return fail_memory(err);
}

int root_init(struct root *root, const char *directory, struct usdtinfo_error *err)
{
	*root = ROOT_HOST;
	if (!directory)
		return 0;
	int fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fail_errno(err, "cannot open the root directory");
	root->directory = strdup(directory);
	if (!root->directory) {
		close(fd);
		return fail_memory(err);
	}
	root->fd = fd;
	int probe = open_in_kernel(root, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	root->in_kernel = probe >= 0;
	if (probe >= 0)
		close(probe);
	return 0;
}

void root_deinit(struct root *root)
{
	int saved = errno;
	if (root->fd >= 0)
		close(root->fd);
	free(root->directory);
	*root = ROOT_HOST;
	errno = saved;
}

int root_open(const struct root *root, const char *path, int flags, int *fd_ret,
              struct usdtinfo_error *err)
{
	int fd = open_inside(root, path, flags);
	if (fd < 0)
		return fail_inside(root, "cannot open", err);
	*fd_ret = fd;
	return 0;
}

static bool stat_inside(const struct root *root, const char *path, struct stat *ret)
{
	if (root->fd < 0)
		return stat(path, ret) == 0;
	int fd = open_inside(root, path, O_PATH);
	if (fd < 0)
		return false;
	int r = fstat(fd, ret);
	int saved = errno;
	close(fd);
	errno = saved;
	return r == 0;
}

bool root_stat(const struct root *root, const char *path, struct stat *ret)
{
	bool is_there = stat_inside(root, path, ret);
	if (!is_there)
		root_note(root, errno);
	return is_there;
}

bool root_is_file(const struct root *root, const char *path)
{
	struct stat st;
	return root_stat(root, path, &st) && S_ISREG(st.st_mode);
}

bool root_is_directory(const struct root *root, const char *path)
{
	struct stat st;
	return root_stat(root, path, &st) && S_ISDIR(st.st_mode);
}

int root_readlink(const struct root *root, const char *path, char **target_ret,
                  struct usdtinfo_error *err)
{
	char target[PATH_MAX];
	int fd = open_inside(root, path, O_PATH | O_NOFOLLOW);
	if (fd < 0)
		return fail_inside(root, "cannot read the link", err);
	struct stat st;
	ssize_t got = fstat(fd, &st);
	bool is_link = got == 0 && S_ISLNK(st.st_mode);
	if (is_link)
		got = readlinkat(fd, "", target, sizeof(target));
	int saved = errno;
	close(fd);
	errno = saved;
	if (got == 0 && !is_link)
		return 0;
	if (got == (ssize_t)sizeof(target)) {
		errno = ENAMETOOLONG;
		got = -1;
	}
	if (got < 0)
		return fail_inside(root, "cannot read the link", err);
	*target_ret = strndup(target, (size_t)got);
	return *target_ret ? 1 : fail_room(root, err);
}

static int real_by_walk(const struct root *root, const char *path, char **path_ret,
                        struct usdtinfo_error *err)
{
	struct root_place place;
	struct stat st;
	if (root_walk(root->fd, path, true, &place) < 0)
		return fail_inside(root, "cannot resolve", err);
	int r = fstatat(place.directory, place.name, &st, AT_SYMLINK_NOFOLLOW);
	root_place_deinit(&place);
	if (r == 0 && place.is_directory && !S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		r = -1;
	}
	if (r < 0)
		return fail_inside(root, "cannot resolve", err);
	_cleanup_(strbuf_deinit) struct strbuf real = { 0 };
	strbuf_add(&real, place.real, place.real_size);
	if (strcmp(place.name, ".") != 0) {
		strbuf_add_char(&real, '/');
		strbuf_add_string(&real, place.name);
	} else if (real.size == 0) {
		strbuf_add_char(&real, '/');
	}
	if (real.failed)
		return fail_room(root, err);
	*path_ret = steal_ptr(real.at);
	return 0;
}

int root_realpath(const struct root *root, const char *path, char **path_ret,
                  struct usdtinfo_error *err)
{
	if (root->fd >= 0)
		return real_by_walk(root, path, path_ret, err);
	char *real = realpath(path, NULL);
	if (!real)
		return fail_inside(root, "cannot resolve", err);
	*path_ret = real;
	return 0;
}

/*
 * A device may act on being opened, as a watchdog does, and a writer may wait for somebody to
 * open its FIFO: the name may be one that a file gave. O_NONBLOCK: it may become a FIFO.
 *
 * Return: a descriptor of a regular file, or negative
 */
static int open_regular(const struct root *root, const char *path,
                        struct usdtinfo_error *err)
{
	struct stat st;
	if (!root_stat(root, path, &st))
		return fail_inside(root, "cannot open", err);
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return fail(err, USDTINFO_E_NOT_ELF, "not a regular file");
	int fd = open_inside(root, path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return fail_inside(root, "cannot open", err);
	int r = fstat(fd, &st);
	if (r == 0 && S_ISREG(st.st_mode))
		return fd;
	if (r == 0 && S_ISDIR(st.st_mode))
		errno = EISDIR;
	r = r < 0 || S_ISDIR(st.st_mode)
	            ? fail_inside(root, "cannot read", err)
	            : fail(err, USDTINFO_E_NOT_ELF, "not a regular file");
	close(fd);
	return r;
}

int root_open_regular(const struct root *root, const char *path, int *fd_ret,
                      struct usdtinfo_error *err)
{
	int fd = open_regular(root, path, err);
	if (fd < 0)
		return fd;
	*fd_ret = fd;
	return 0;
}

int root_read(const struct root *root, const char *path, size_t limit, struct strbuf *ret,
              struct usdtinfo_error *err)
{
	int fd = open_regular(root, path, err);
	if (fd < 0)
		return fd;
	int r = 0;
	for (size_t total = 0; r == 0;) {
		char block[16384];
		ssize_t got = read(fd, block, sizeof(block));
		if (got < 0 && errno == EINTR)
			continue;
		if (got == 0)
			break;
		total += got > 0 ? (size_t)got : 0;
		if (got > 0 && total > limit) {
			errno = EFBIG;
			got = -1;
		}
		if (got < 0)
			r = fail_inside(root, "cannot read", err);
		else
			strbuf_add(ret, block, (size_t)got);
	}
	close(fd);
	return r == 0 && ret->failed ? fail_room(root, err) : r;
}
