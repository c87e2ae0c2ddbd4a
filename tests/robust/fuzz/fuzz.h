/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What libFuzzer, or replay_main.c in its place, calls, and what targets have in common. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Must take any bytes; returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Of targets that know the form of their input (mutate_elf.c). Return: the new size */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size,
                                 const uint8_t *other, size_t other_size, uint8_t *out,
                                 size_t max, unsigned seed);
/* The fuzzer's own: change bytes without knowing what they are. Return: the new size */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

/* What must hold for every input. */
static inline void require(bool holds)
{
	if (!holds)
		abort();
}

/*
 * The bytes and a NUL, in an allocation of its own, so that a sanitizer sees every step
 * beyond the end; with @nul false not even the NUL can be read. Release with free(), or
 * fuzz_drop().
 */
static inline void *fuzz_copy(const uint8_t *data, size_t size, bool nul)
{
	size_t whole = size + nul;
	char *copy = calloc(whole ? whole : 1, 1);
	require(copy);
	if (size)
		memcpy(copy, data, size);
	return copy;
}

/* Release it, as it was: bytes in memory are their owner's, who may have mapped them. */
static inline void fuzz_drop(void *copy, const uint8_t *data, size_t size)
{
	require(size == 0 || memcmp(copy, data, size) == 0);
	free(copy);
}

/* Return: a descriptor of a file with these bytes: the same one each time */
static inline int fuzz_file(const uint8_t *data, size_t size)
{
	static int fd = -1;
	if (fd < 0)
		fd = memfd_create("fuzz", MFD_CLOEXEC);
	require(fd >= 0 && ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0);
	require(write(fd, data, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}
