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

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *block);

/* What is below: the C library, or a sanitizer's library between it and us. */
#if defined __SANITIZE_ADDRESS__
#define NEXT(name)                                                                       \
	({                                                                               \
		static __typeof__(__libc_##name) *next;                                  \
		if (!next)                                                               \
			*(void **)&next = dlsym(RTLD_NEXT, #name);                       \
		next;                                                                    \
	})
#else
#define NEXT(name) __libc_##name
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
	void *block = NEXT(malloc)(size);
	if (block && fault_counting)
		memset(block, 0xa5, size);
	return had(block);
}

void *calloc(size_t count, size_t size)
{
	return memory_fails() ? no_memory() : had(NEXT(calloc)(count, size));
}

void *realloc(void *block, size_t size)
{
	if (memory_fails())
		return no_memory();
	given_back(block);
	void *moved = NEXT(realloc)(block, size);
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
	return memory_fails() ? no_memory() : had(NEXT(memalign)(alignment, size));
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
	if (block && fault_counting)
		memset(block, 0xdb, malloc_usable_size(block));
	NEXT(free)(block);
	errno = saved;
}
