/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The checksum of .gnu_debuglink: CRC-32 of IEEE 802.3, a byte at a time. */
#include "debug/file/crc32.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/array.h"

#define POLYNOMIAL  0xedb88320u /* bits in reverse order */
#define BUFFER_SIZE (256u << 10)

static void fill_table(uint32_t table[256])
{
	for (uint32_t byte = 0; byte < 256; byte++) {
		uint32_t value = byte;
		for (int bit = 0; bit < 8; bit++)
			value = value & 1 ? value >> 1 ^ POLYNOMIAL : value >> 1;
		table[byte] = value;
	}
}

bool crc32_of_file(int fd, uint64_t size, uint32_t *ret)
{
	_cleanup_(freep) unsigned char *buffer = malloc(BUFFER_SIZE);
	uint32_t table[256], value = UINT32_MAX;
	uint64_t offset = 0;
	if (!buffer)
		return false;
	fill_table(table);
	while (offset < size) {
		uint64_t left = size - offset;
		ssize_t got = pread(fd, buffer,
		                    left < BUFFER_SIZE ? (size_t)left : BUFFER_SIZE,
		                    (off_t)offset);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		for (ssize_t i = 0; i < got; i++)
			value = table[(value ^ buffer[i]) & 0xff] ^ value >> 8;
		offset += (uint64_t)got;
	}
	*ret = ~value;
	return true;
}
