/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Reads of /proc/PID/mem, by pages. */
#include "find/process/memory.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static size_t read_some(int fd, uint64_t address, void *buf, size_t size)
{
	ssize_t got;
	/* Addresses in the upper half of a 64-bit space are the kernel's, or no file offset. */
	if (fd < 0 || address > (uint64_t)INT64_MAX - size)
		return 0;
	do
		got = pread(fd, buf, size, (off_t)address);
	while (got < 0 && errno == EINTR);
	return got > 0 ? (size_t)got : 0;
}

static const struct memory_page *page_at(struct memory *memory, enum memory_use use,
                                         uint64_t address)
{
	struct memory_page *page = &memory->pages[use];
	uint64_t start = address & ~(uint64_t)(MEMORY_PAGE - 1);
	if (!page->size || page->start != start) {
		page->start = start;
		page->size = read_some(memory->fd, start, page->bytes, MEMORY_PAGE);
	}
	return page;
}

size_t memory_peek(struct memory *memory, enum memory_use use, uint64_t address,
                   void *buf, size_t size)
{
	size_t got = 0;
	while (got < size) {
		const struct memory_page *page = page_at(memory, use, address + got);
		size_t into = (size_t)(address + got - page->start);
		if (into >= page->size)
			break;
		size_t here = page->size - into < size - got ? page->size - into
		                                             : size - got;
		memcpy((char *)buf + got, page->bytes + into, here);
		got += here;
	}
	return got;
}

bool memory_read(const struct memory *memory, uint64_t address, void *buf, size_t size)
{
	for (size_t got = 0; got < size;) {
		size_t more = read_some(memory->fd, address + got, (char *)buf + got,
		                        size - got);
		if (!more)
			return false;
		got += more;
	}
	return true;
}
