/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The interposed allocator. Memory is filled when it is had and when it is given back, so
 * that what reads it too early or too late does not go unnoticed.
 */
#undef _FORTIFY_SOURCE
#pragma GCC visibility push(default)
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "faults/faults.h"

#ifndef SANITIZED
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);
#endif

/* What is below: the C library, or a sanitizer's library between it and us. */
static struct {
	void *(*allocate)(size_t size);
	void *(*allocate_zeroed)(size_t count, size_t size);
	void *(*resize)(void *block, size_t size);
	void *(*align)(size_t alignment, size_t size);
	void (*release)(void *block);
} below
#ifndef SANITIZED
	= { __libc_malloc, __libc_calloc, __libc_realloc, __libc_memalign, __libc_free }
#endif
;

/* What is wanted while the sanitizer's library is not ready itself; it is never given back. */
static _Alignas(16) char early[1 << 16];
static size_t early_used;

static bool is_early(const void *block)
{
	return (const char *)block >= early &&
	       (const char *)block < early + sizeof(early);
}

static void *take_early(size_t size)
{
	size = (size + 31) & ~(size_t)15;
	if (size > sizeof(early) - early_used)
		return NULL;
	char *block = early + early_used + 16;
	early_used += size;
	return block;
}

#ifdef SANITIZED
/* Libraries' constructors have run by now. */
__attribute__((constructor)) static void find_below(void)
{
	*(void **)&below.allocate_zeroed = dlsym(RTLD_NEXT, "calloc");
	*(void **)&below.resize = dlsym(RTLD_NEXT, "realloc");
	*(void **)&below.align = dlsym(RTLD_NEXT, "memalign");
	*(void **)&below.release = dlsym(RTLD_NEXT, "free");
	*(void **)&below.allocate = dlsym(RTLD_NEXT, "malloc");
}
#endif

static bool memory_fails(void)
{
	return fault_fails(FAULT_ALLOCATION, false) ||
	       fault_fails(FAULT_ALLOCATIONS, true);
}

static void *had(void *block)
{
	if (!block || !fault_counting)
		return block;
	__atomic_add_fetch(&fault_counting->blocks, 1, __ATOMIC_RELAXED);
	int64_t bytes = __atomic_add_fetch(&fault_counting->bytes,
	                                   (int64_t)malloc_usable_size(block),
	                                   __ATOMIC_RELAXED);
	if (bytes > fault_counting->bytes_most)
		fault_counting->bytes_most = bytes;
	return block;
}

static void given_back(void *block)
{
	if (!block || !fault_counting)
		return;
	__atomic_sub_fetch(&fault_counting->blocks, 1, __ATOMIC_RELAXED);
	__atomic_sub_fetch(&fault_counting->bytes, (int64_t)malloc_usable_size(block),
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
	if (!below.allocate)
		return take_early(size);
	void *block = below.allocate(size);
	if (block && fault_counting)
		memset(block, 0xa5, size);
	return had(block);
}

void *calloc(size_t count, size_t size)
{
	if (!below.allocate)
		return take_early(count * size);
	return memory_fails() ? no_memory() : had(below.allocate_zeroed(count, size));
}

void *realloc(void *block, size_t size)
{
	if (memory_fails())
		return no_memory();
	if (is_early(block) || !below.allocate) {
		void *copy = malloc(size);
		size_t room = block ? (size_t)(early + sizeof(early) - (char *)block) : 0;
		if (copy && block)
			memcpy(copy, block, size < room ? size : room);
		return copy;
	}
	given_back(block);
	void *moved = below.resize(block, size);
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
	return memory_fails() ? no_memory() : had(below.align(alignment, size));
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
	if (is_early(block) || !below.release)
		return;
	given_back(block);
	if (block && fault_counting)
		memset(block, 0xdb, malloc_usable_size(block));
	below.release(block);
	errno = saved;
}
