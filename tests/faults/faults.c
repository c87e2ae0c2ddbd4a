/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Interposed calls. They stand in the program itself, so that every library's calls come
 * here, too: the names must be visible to them. Memory is filled when it is had and when it is given back, so that what reads it
 * too early or too late does not go unnoticed.
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
#include <malloc.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

static enum fault armed;
static uint64_t failing;
static struct fault_counts *shared;

void fault_arm(enum fault fault, uint64_t number, struct fault_counts *counts)
{
	failing = number;
	shared = counts;
	armed = fault;
}

void fault_disarm(void)
{
	armed = FAULT_NONE;
	shared = NULL;
}

/* Who made the call that fails: addresses for addr2line -fie. */
static void trace(void)
{
	void *frames[32];
	struct fault_counts *counts = shared;
	enum fault fault = armed;
	fault_disarm();
	if (counts->trace_fd >= 0)
		backtrace_symbols_fd(frames, backtrace(frames, 32), counts->trace_fd);
	armed = fault;
	shared = counts;
}

/* Count a call of a kind. Return: whether it is to fail */
static bool fails(enum fault fault, bool from_now_on)
{
	if (armed != fault)
		return false;
	uint64_t number = __atomic_add_fetch(&shared->calls, 1, __ATOMIC_RELAXED);
	if (number != failing && !(from_now_on && number > failing && failing))
		return false;
	if (!shared->hit)
		trace();
	shared->hit = true;
	return true;
}

static bool memory_fails(void)
{
	return fails(FAULT_ALLOCATION, false) || fails(FAULT_ALLOCATIONS, true);
}

static void *had(void *block)
{
	if (!block || !shared)
		return block;
	__atomic_add_fetch(&shared->blocks, 1, __ATOMIC_RELAXED);
	int64_t bytes = __atomic_add_fetch(
		&shared->bytes, (int64_t)malloc_usable_size(block), __ATOMIC_RELAXED);
	if (bytes > shared->bytes_most)
		shared->bytes_most = bytes;
	return block;
}

static void given_back(void *block)
{
	if (!block || !shared)
		return;
	__atomic_sub_fetch(&shared->blocks, 1, __ATOMIC_RELAXED);
	__atomic_sub_fetch(&shared->bytes, (int64_t)malloc_usable_size(block),
	                   __ATOMIC_RELAXED);
}

static void *no_memory(void)
{
	errno = ENOMEM;
	return NULL;
}

void *malloc(size_t size)
{
	if (memory_fails())
		return no_memory();
	void *block = __libc_malloc(size);
	if (block && shared)
		memset(block, 0xa5, size);
	return had(block);
}

void *calloc(size_t count, size_t size)
{
	return memory_fails() ? no_memory() : had(__libc_calloc(count, size));
}

void *realloc(void *block, size_t size)
{
	if (memory_fails())
		return no_memory();
	given_back(block);
	void *moved = __libc_realloc(block, size);
	return had(moved ? moved : size ? block : NULL) == moved ? moved : NULL;
}

void *reallocarray(void *block, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		return no_memory();
	return realloc(block, count * size);
}

void *memalign(size_t alignment, size_t size)
{
	return memory_fails() ? no_memory() : had(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

int posix_memalign(void **ret, size_t alignment, size_t size)
{
	void *block = memalign(alignment, size);
	if (!block)
		return ENOMEM;
	*ret = block;
	return 0;
}

void free(void *block)
{
	int saved = errno;
	given_back(block);
	if (block && shared)
		memset(block, 0xdb, malloc_usable_size(block));
	__libc_free(block);
	errno = saved;
}

static bool open_fails(void)
{
	if (!fails(FAULT_OPEN, false))
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

/* Return: whether the read ends here, with *@result; *@size may shrink */
static bool read_fails(size_t *size, ssize_t *result)
{
	*result = -1;
	if (fails(FAULT_READ, false)) {
		errno = EIO;
		return true;
	}
	if (fails(FAULT_READ_STUTTER, false)) {
		errno = EINTR;
		return true;
	}
	*result = 0;
	if (fails(FAULT_READ_END, true))
		return true;
	if (*size > 1 &&
	    (fails(FAULT_READ_SHORT, false) || fails(FAULT_READS_SHORT, true)))
		*size = 1;
	return false;
}

ssize_t read(int fd, void *buf, size_t size)
{
	ssize_t result;
	return read_fails(&size, &result) ? result : syscall(SYS_read, fd, buf, size);
}

ssize_t pread64(int fd, void *buf, size_t size, off64_t offset)
{
	static ssize_t (*real)(int, void *, size_t, off64_t);
	ssize_t result;
	if (read_fails(&size, &result))
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
	if (!fails(FAULT_STAT, false))
		return false;
	errno = EIO;
	return true;
}

int fstat(int fd, struct stat *st)
{
	int r = stat_fails() ? -1 : fstatat(fd, "", st, AT_EMPTY_PATH);
	if (armed == FAULT_READ_END && shared->hit)
		st->st_size = 0;
	return r;
}

int fstat64(int fd, struct stat64 *st)
{
	int r = stat_fails() ? -1 : fstatat64(fd, "", st, AT_EMPTY_PATH);
	if (armed == FAULT_READ_END && shared->hit)
		st->st_size = 0;
	return r;
}

ssize_t write(int fd, const void *buf, size_t size)
{
	if (fails(FAULT_WRITE, true)) {
		errno = ENOSPC;
		return -1;
	}
	if (fails(FAULT_WRITE_STUTTER, false)) {
		errno = EINTR;
		return -1;
	}
	if (size > 1 && fails(FAULT_WRITES_SHORT, true))
		size = 1;
	return syscall(SYS_write, fd, buf, size);
}
