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

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

static enum fault armed;
static uint64_t failing;
static int trace_fd = -1;
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

/* Who made the call that fails: addresses for addr2line -fie. */
static void trace(void)
{
	void *frames[32];
	backtrace_symbols_fd(frames, backtrace(frames, 32), trace_fd);
}

/* Count a call of a kind. Return: whether it is to fail */
bool fault_fails(enum fault fault, bool from_now_on)
{
	if (armed != fault)
		return false;
	uint64_t number = __atomic_add_fetch(&fault_counting->calls, 1, __ATOMIC_RELAXED);
	if (number != failing && !(from_now_on && number > failing && failing))
		return false;
	if (!fault_counting->hit && trace_fd >= 0)
		fault_without(trace);
	fault_counting->hit = true;
	return true;
}

static bool open_fails(void)
{
	if (!fault_fails(FAULT_OPEN, false))
		return false;
	errno = EMFILE;
	return true;
}

int openat(int folder, const char *path, int flags, ...)
{
	va_list args;
	va_start(args, flags);
	unsigned mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(args, unsigned) : 0;
	va_end(args);
	return open_fails() ? -1 : (int)syscall(SYS_openat, folder, path, flags, mode);
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
	static ssize_t (*real)(int, void *, size_t, off64_t);
	ssize_t result;
	if (read_fails(fd, &size, &result))
		return result;
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "pread64");
	return real(fd, buf, size, offset);
}

ssize_t pread(int fd, void *buf, size_t size, off_t offset)
{
	return pread64(fd, buf, size, offset);
}

/* A file that ends early is shorter, too. */
static bool stat_fails(void)
{
	if (!fault_fails(FAULT_STAT, false))
		return false;
	errno = EIO;
	return true;
}

int fstat(int fd, struct stat *st)
{
	int r = stat_fails() ? -1 : fstatat(fd, "", st, AT_EMPTY_PATH);
	if (armed == FAULT_READ_END && fault_counting->hit)
		st->st_size = 0;
	return r;
}

int fstat64(int fd, struct stat64 *st)
{
	int r = stat_fails() ? -1 : fstatat64(fd, "", st, AT_EMPTY_PATH);
	if (armed == FAULT_READ_END && fault_counting->hit)
		st->st_size = 0;
	return r;
}

ssize_t write(int fd, const void *buf, size_t size)
{
	if (fault_fails(FAULT_WRITE, true)) {
		errno = ENOSPC;
		return -1;
	}
	if (fault_fails(FAULT_WRITE_STUTTER, false)) {
		errno = EINTR;
		return -1;
	}
	if (size > 1 && fault_fails(FAULT_WRITES_SHORT, true))
		size = 1;
	return syscall(SYS_write, fd, buf, size);
}
