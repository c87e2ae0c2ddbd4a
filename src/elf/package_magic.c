/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Magic numbers of packages: those that file(1) and the formats' specifications give. */
#include "elf/package_magic.h"

#include <string.h>

#include "base/array.h"

#define MAGIC(offset, literal)                                                           \
	{                                                                                \
		(offset), literal, sizeof(literal) - 1                                   \
	}

static const struct {
	size_t offset;
	const char *bytes;
	size_t size;
} magics[] = {
	MAGIC(0, "!<arch>\ndebian-binary"),
	MAGIC(0, "\xed\xab\xee\xdb"), /* rpm */
	MAGIC(0, "070701"),           /* cpio: new, new with checksums, old */
	MAGIC(0, "070702"),
	MAGIC(0, "070707"),
	MAGIC(257, "ustar"),
	MAGIC(0, "PK\3\4"), /* zip, wheel, conda */
	MAGIC(0, "7z\xbc\xaf\x27\x1c"),
	MAGIC(0, "\x1f\x8b"), /* gzip */
	MAGIC(0, "BZh"),
	MAGIC(0, "\xfd"
	         "7zXZ\0"),
	MAGIC(0, "\x28\xb5\x2f\xfd"), /* zstd */
	MAGIC(0, "\x04\x22\x4d\x18"), /* lz4 */
	MAGIC(0, "LZIP"),
	/* lzma has none: the usual properties, and the dictionaries of the presets. */
	MAGIC(0, "\x5d\0\0\x10\0"),
	MAGIC(0, "\x5d\0\0\x20\0"),
	MAGIC(0, "\x5d\0\0\x40\0"),
	MAGIC(0, "\x5d\0\0\x80\0"),
	MAGIC(0, "\x5d\0\0\0\1"),
	MAGIC(0, "\x5d\0\0\0\2"),
	MAGIC(0, "\x5d\0\0\0\4"),
	MAGIC(0, "\x89LZO\0\r\n\x1a\n"),
};

bool bytes_are_package(struct span bytes)
{
	for (size_t i = 0; i < ARRAY_SIZE(magics); i++) {
		if (bytes.left >= magics[i].offset + magics[i].size &&
		    memcmp(bytes.at + magics[i].offset, magics[i].bytes,
		           magics[i].size) == 0)
			return true;
	}
	return false;
}
