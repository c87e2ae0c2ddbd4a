/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Interposed calls. They stand in the program itself, so that every library's calls come
 * here, too: the names must be visible to them.
 */
/* Both names of each call are defined here: the headers must not make one of the other. */
#undef _FILE_OFFSET_BITS
#undef _FORTIFY_SOURCE
#pragma GCC visibility push(default)
#include "faults/faults.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

static enum fault armed;
static uint64_t failing;
static int trace_fd = -1;
static struct fault_counts *first; /* to be told of, while nothing is armed */
struct fault_counts *fault_counting;

void fault_arm(enum fault fault, uint64_t number, struct fault_counts *counts)
{
	failing = number;
	fault_counting = counts;
	trace_fd = counts->trace_fd;
	armed = fault;
}

void fault_disarm(void)
{
	armed = FAULT_NONE;
	fault_counting = NULL;
}

void fault_without(void (*work)(void))
{
	struct fault_counts *counts = fault_counting;
	enum fault fault = armed;
	fault_disarm();
	work();
	armed = fault;
	fault_counting = counts;
}

/* The C library, what the kernel lends it (where calls of i386 are made), a sanitizer. */
static bool is_beneath(const char *name)
{
	return strncmp(name, "libc.", 5) == 0 || strncmp(name, "linux-", 6) == 0 ||
	       strncmp(name, "libasan", 7) == 0;
}

/* A function that this program has in place of a library's. */
static bool is_interposed(const Dl_info *info)
{
	Dl_info own;
	return dladdr(&armed, &own) && own.dli_fbase == info->dli_fbase &&
	       info->dli_sname && dlsym(RTLD_NEXT, info->dli_sname);
}

void fault_blame(void *const *frames, int count, char *file, size_t size)
{
	file[0] = '\0';
	for (int i = 0; i < count; i++) {
		Dl_info info;
		if (dladdr(frames[i], &info) == 0 || !info.dli_fname)
			continue;
		const char *slash = strrchr(info.dli_fname, '/');
		const char *name = slash ? slash + 1 : info.dli_fname;
		if (is_interposed(&info))
			file[0] = '\0';
		else if (!is_beneath(name) && !file[0])
			snprintf(file, size, "%s", name);
	}
}

/* Who made the call that fails: the file, and addresses for addr2line -fie. */
static void trace(void)
{
	void *frames[32];
	int count = backtrace(frames, 32);
	fault_blame(frames, count, first->failed_in, sizeof(first->failed_in));
	if (trace_fd >= 0)
		backtrace_symbols_fd(frames, count, trace_fd);
}

/* Count a call of a kind. Return: whether it is to fail */
bool fault_fails(enum fault fault, bool from_now_on)
{
	if (armed != fault)
		return false;
	uint64_t number = __atomic_add_fetch(&fault_counting->calls, 1, __ATOMIC_RELAXED);
	if (number != failing && !(from_now_on && number > failing && failing))
		return false;
	if (!fault_counting->hit) {
		first = fault_counting;
		fault_without(trace);
	}
	fault_counting->hit = true;
	return true;
}

/* Return: whether the call fails, with errno for it */
static bool fails(enum fault fault, int reason)
{
	if (!fault_fails(fault, false))
		return false;
	errno = reason;
	return true;
}

/* What stands behind an interposed function. */
#define REAL(name)                                                                       \
	static __typeof__(&name) real;                                                   \
	if (!real)                                                                       \
	*(void **)&real = dlsym(RTLD_NEXT, #name)

/* openat2(2) has no other name; what this file needs itself does not come by here. */
long syscall(long number, ...)
{
	REAL(syscall);
	long words[6];
	va_list args;
	va_start(args, number);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		words[i] = va_arg(args, long);
	va_end(args);
	if (number == SYS_openat2 && fails(FAULT_OPEN, EMFILE))
		return -1;
	return real(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}

int openat(int folder, const char *path, int flags, ...)
{
	va_list args;
	va_start(args, flags);
	unsigned mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(args, unsigned) : 0;
	va_end(args);
	if (fails(FAULT_OPEN, EMFILE))
		return -1;
	return (int)syscall(SYS_openat, folder, path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...)
	__attribute__((alias("openat")));

int open(const char *path, int flags, ...)
{
	va_list args;
	va_start(args, flags);
	unsigned mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(args, unsigned) : 0;
	va_end(args);
	return openat(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));

/* ---- directories and links ---- */

DIR *opendir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	if (!directory && fd >= 0)
		close(fd);
	return directory;
}

struct dirent64 *readdir64(DIR *directory)
{
	REAL(readdir64);
	return fails(FAULT_DIRECTORY, EIO) ? NULL : real(directory);
}

struct dirent *readdir(DIR *directory)
{
	REAL(readdir);
	return fails(FAULT_DIRECTORY, EIO) ? NULL : real(directory);
}

ssize_t getdents64(int fd, void *buf, size_t size)
{
	return fails(FAULT_DIRECTORY, EIO) ? -1 : syscall(SYS_getdents64, fd, buf, size);
}

ssize_t readlinkat(int folder, const char *path, char *buf, size_t size)
{
	if (fails(FAULT_LINK, EIO))
		return -1;
	return syscall(SYS_readlinkat, folder, path, buf, size);
}

ssize_t readlink(const char *path, char *buf, size_t size)
{
	return readlinkat(AT_FDCWD, path, buf, size);
}

/* ---- threads ---- */

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                   void *(*run)(void *), void *data)
{
	REAL(pthread_create);
	return fault_fails(FAULT_THREAD, false) ? EAGAIN
	                                        : real(thread, attributes, run, data);
}

/* ---- reading ---- */

/* The kernel gives as much of these as there is room for. */
static bool is_in_proc(int fd)
{
	struct statfs where;
	return fstatfs(fd, &where) == 0 && where.f_type == PROC_SUPER_MAGIC;
}

/* Return: whether the read ends here, with *@result; *@size may shrink */
static bool read_fails(int fd, size_t *size, ssize_t *result)
{
	*result = -1;
	if (fault_fails(FAULT_READ, false)) {
		errno = EIO;
		return true;
	}
	if (fault_fails(FAULT_READ_STUTTER, false)) {
		errno = EINTR;
		return true;
	}
	*result = 0;
	if (fault_fails(FAULT_READ_END, true))
		return true;
	if (*size > 1 && !is_in_proc(fd) &&
	    (fault_fails(FAULT_READ_SHORT, false) ||
	     fault_fails(FAULT_READS_SHORT, true)))
		*size = 1;
	return false;
}

ssize_t read(int fd, void *buf, size_t size)
{
	ssize_t result;
	return read_fails(fd, &size, &result) ? result : syscall(SYS_read, fd, buf, size);
}

ssize_t pread64(int fd, void *buf, size_t size, off64_t offset)
{
	REAL(pread64);
	ssize_t result;
	if (read_fails(fd, &size, &result))
		return result;
	return real(fd, buf, size, offset);
}

ssize_t pread(int fd, void *buf, size_t size, off_t offset)
{
	return pread64(fd, buf, size, offset);
}

/* A file that ends early is shorter, too. */
int fstat(int fd, struct stat *st)
{
	int r = fails(FAULT_STAT, EIO) ? -1 : fstatat(fd, "", st, AT_EMPTY_PATH);
	if (armed == FAULT_READ_END && fault_counting->hit)
		st->st_size = 0;
	return r;
}

int fstat64(int fd, struct stat64 *st)
{
	int r = fails(FAULT_STAT, EIO) ? -1 : fstatat64(fd, "", st, AT_EMPTY_PATH);
	if (armed == FAULT_READ_END && fault_counting->hit)
		st->st_size = 0;
	return r;
}

/* ---- writing ---- */

ssize_t write(int fd, const void *buf, size_t size)
{
	if (fault_fails(FAULT_WRITE, true)) {
		errno = ENOSPC;
		return -1;
	}
	if (fails(FAULT_WRITE_ONCE, EIO) || fails(FAULT_WRITE_STUTTER, EINTR))
		return -1;
	if (size > 1 && fault_fails(FAULT_WRITES_SHORT, true))
		size = 1;
	return syscall(SYS_write, fd, buf, size);
}

int close(int fd)
{
	bool is_written = armed == FAULT_CLOSE && fd != STDERR_FILENO &&
	                  (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY;
	int r = (int)syscall(SYS_close, fd);
	return is_written && fails(FAULT_CLOSE, EIO) ? -1 : r;
}
