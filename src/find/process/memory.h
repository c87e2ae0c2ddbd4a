/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The memory of a process, read through /proc/PID/mem: never written, nothing is stopped. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

#define MEMORY_PAGE 4096

/* Neighbouring reads cost one: a page of sites and one of semaphores are kept. */
struct memory {
	int fd;             /* -1: it may not be read */
	struct text reason; /* why not */
	bool failed;        /* neither for lack of permission nor because it has ended */
	struct memory_page {
		uint64_t start;
		size_t size; /* 0: nothing is kept */
		unsigned char bytes[MEMORY_PAGE];
	} pages[2];
};

enum memory_use {
	MEMORY_SITES,
	MEMORY_SEMAPHORES,
};

/*
 * memory_peek - the bytes at @address
 *
 * Return: how many of @size (at most MEMORY_PAGE) can be read there; 0: none.
 */
size_t memory_peek(struct memory *memory, enum memory_use use, uint64_t address,
                   void *buf, size_t size);
/* All or nothing, past the pages that are kept. */
bool memory_read(const struct memory *memory, uint64_t address, void *buf, size_t size);
