/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Paths inside a directory that is opened once: a root file system that is not ours. */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>

#include "base/text.h"
#include "usdtinfo.h"

/*
 * With a directory, absolute and relative paths alike start there, ".." stops there, and
 * absolute symbolic links start there again, so that nothing outside is reached. Without
 * one, a path means what it means to open(2).
 *
 * The directory's own name is not canonicalised: /proc/PID/root, whose text is "/", works.
 */
struct root {
	int fd; /* O_PATH; -1: the whole file system */
	/* openat2(RESOLVE_IN_ROOT) works here (Linux 5.6, unless seccomp forbids it). */
	bool in_kernel;
	char *directory; /* as it was given; NULL: the whole file system */
	/*
	 * For who looks for what need not be there, and goes on without it: the first errno
	 * that tells something else than that it is not there. NULL: nobody asks.
	 */
	int *trouble;
};

#define ROOT_HOST ((struct root){ .fd = -1 })
extern const struct root root_host; /* the same, to point to */

/* Remember a failure, an errno or 0, where it is trouble: memory, descriptors, reading. */
void root_note(const struct root *root, int error);

/* Links followed before a path counts as a loop, as in the kernel (MAXSYMLINKS). */
#define ROOT_LINKS_MAX 40
/* Directories that are entered on the way to one file; each ".." goes down from the root again. */
#define ROOT_ENTERED_MAX 4096

/*
 * root_init - open @directory; NULL is the whole file system
 *
 * Release with root_deinit(). Return: 0, USDTINFO_E_SYSTEM, E_MEMORY.
 */
int root_init(struct root *root, const char *directory, struct usdtinfo_error *err);
void root_deinit(struct root *root);

/*
 * root_open - open(2) inside the root
 * @flags: O_RDONLY, O_PATH, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY; never O_CREAT.
 *         O_CLOEXEC is added.
 *
 * Return: 0 with a descriptor of the caller's; USDTINFO_E_SYSTEM, E_MEMORY. ELOOP and
 * ENAMETOOLONG as the kernel has them.
 */
int root_open(const struct root *root, const char *path, int flags, int *fd_ret,
              struct usdtinfo_error *err);

/*
 * root_open_regular - open a regular file for reading; whatever else is there is not opened
 *
 * Return: 0 with a descriptor of the caller's; USDTINFO_E_NOT_ELF for a FIFO or a device,
 * USDTINFO_E_SYSTEM (EISDIR for a directory).
 */
int root_open_regular(const struct root *root, const char *path, int *fd_ret,
                      struct usdtinfo_error *err);

/* stat(2): false with errno when there is nothing */
bool root_stat(const struct root *root, const char *path, struct stat *ret);
bool root_is_file(const struct root *root, const char *path);
bool root_is_directory(const struct root *root, const char *path);

/*
 * root_readlink - where a symbolic link points, as it is written
 * @target_ret: malloced
 *
 * Return: 1; 0 when @path is there and is no link; USDTINFO_E_SYSTEM, E_MEMORY.
 */
int root_readlink(const struct root *root, const char *path, char **target_ret,
                  struct usdtinfo_error *err);

/*
 * root_realpath - the absolute path inside the root after every link is resolved
 * @path_ret: malloced
 *
 * Every component must exist. Return: 0, USDTINFO_E_SYSTEM, E_MEMORY.
 */
int root_realpath(const struct root *root, const char *path, char **path_ret,
                  struct usdtinfo_error *err);

/*
 * root_read - the whole of a small regular file
 * @limit: a larger file is refused (EFBIG); a FIFO or a device is, too, without being read
 * @ret: initialised by the caller; appended to; NUL-terminated
 *
 * Return: 0, USDTINFO_E_SYSTEM, E_MEMORY.
 */
int root_read(const struct root *root, const char *path, size_t limit, struct strbuf *ret,
              struct usdtinfo_error *err);
