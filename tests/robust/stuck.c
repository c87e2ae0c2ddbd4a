/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Loaded before a program's libraries: one of its calls never comes back, as far as anybody
 * waits, whatever signals are caught.
 *
 *   STUCK=FUNCTION:CALLER:NTH:FD   the NTHth call of FUNCTION from a file called like CALLER
 *
 * When that call is reached, a byte is written to the descriptor FD.
 */
#undef _FORTIFY_SOURCE
#undef _FILE_OFFSET_BITS
#pragma GCC visibility push(default)
#include <dirent.h>
#include <dlfcn.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char function[32], caller[64];
static long left;
static int sign = -1;

__attribute__((constructor)) static void begin(void)
{
	const char *wanted = getenv("STUCK");
	if (!wanted ||
	    sscanf(wanted, "%31[^:]:%63[^:]:%ld:%d", function, caller, &left, &sign) != 4)
		left = 0;
	/* Programs that this one starts are no concern of it. */
	unsetenv("LD_PRELOAD");
}

static void pass(const char *name, const void *from)
{
	Dl_info info;
	if (left <= 0 || strcmp(name, function) != 0 || !dladdr(from, &info) ||
	    !info.dli_fname || !strstr(info.dli_fname, caller) ||
	    __atomic_sub_fetch(&left, 1, __ATOMIC_SEQ_CST) != 0)
		return;
	if (write(sign, "!", 1) != 1)
		_exit(77);
	for (;;)
		pause();
}

#define PASS(name) pass(name, __builtin_return_address(0))
#define NEXT(name)                                                                       \
	__extension__({                                                                  \
		static __typeof__(&name) next_;                                          \
		if (!next_)                                                              \
			*(void **)&next_ = dlsym(RTLD_NEXT, #name);                      \
		next_;                                                                   \
	})

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);

void *malloc(size_t size)
{
	PASS("malloc");
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	PASS("malloc");
	return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
	PASS("malloc");
	return __libc_realloc(block, size);
}

ssize_t pread(int fd, void *buf, size_t size, off_t offset)
{
	PASS("pread");
	return NEXT(pread)(fd, buf, size, offset);
}

ssize_t pread64(int fd, void *buf, size_t size, off64_t offset)
{
	PASS("pread");
	return NEXT(pread64)(fd, buf, size, offset);
}

ssize_t read(int fd, void *buf, size_t size)
{
	PASS("read");
	return NEXT(read)(fd, buf, size);
}

int stat(const char *path, struct stat *st)
{
	PASS("stat");
	return NEXT(stat)(path, st);
}

int stat64(const char *path, struct stat64 *st)
{
	PASS("stat");
	return NEXT(stat64)(path, st);
}

int fnmatch(const char *pattern, const char *name, int flags)
{
	static int (*next)(const char *, const char *, int);
	PASS("fnmatch");
	if (!next)
		*(void **)&next = dlsym(RTLD_NEXT, "fnmatch");
	return next(pattern, name, flags);
}

struct dirent *readdir(DIR *directory)
{
	PASS("readdir");
	return NEXT(readdir)(directory);
}

struct dirent64 *readdir64(DIR *directory)
{
	PASS("readdir");
	return NEXT(readdir64)(directory);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
	if (fd != sign)
		PASS("write");
	return NEXT(write)(fd, bytes, size);
}
