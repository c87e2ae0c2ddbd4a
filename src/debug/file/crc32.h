/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The checksum of .gnu_debuglink: CRC-32 of IEEE 802.3. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Of the first @size bytes of a regular file, wherever its offset is. Return: false when they
 * cannot be read
 */
bool crc32_of_file(int fd, uint64_t size, uint32_t *ret);
