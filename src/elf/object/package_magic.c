/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Magic numbers of packages: those that file(1) and the formats' specifications give. */
#include "elf/object/package_magic.h"

#include <string.h>

#include "base/array.h"

#define MAGIC(kind_, offset_, literal_)                                                  \
	{                                                                                \
		.kind = (kind_), .offset = (offset_), .bytes = literal_,                 \
		.size = sizeof(literal_) - 1                                             \
	}
#define UNREAD(literal_, name_)                                                          \
	{                                                                                \
		.kind = PACKAGE_UNREAD, .bytes = literal_, .size = sizeof(literal_) - 1, \
		.unread = name_                                                          \
	}

static const struct magic {
	enum package_kind kind;
	size_t offset;
	const char *bytes;
	size_t size;
	const char *unread; /* NULL: it is read */
} magics[] = {
	MAGIC(PACKAGE_DEB, 0, "!<arch>\ndebian-binary"),
	MAGIC(PACKAGE_RPM, 0, "\xed\xab\xee\xdb"),
	/* cpio: new, new with checksums, old; an .rpm's, whose names stand in its header */
	MAGIC(PACKAGE_CPIO, 0, "070701"),
	MAGIC(PACKAGE_CPIO, 0, "070702"),
	MAGIC(PACKAGE_CPIO, 0, "070707"),
	MAGIC(PACKAGE_CPIO, 0, "07070X"),
	MAGIC(PACKAGE_TAR, 257, "ustar"),
	/* zip, wheel, conda; one without members */
	MAGIC(PACKAGE_ZIP, 0, "PK\3\4"),
	MAGIC(PACKAGE_ZIP, 0, "PK\5\6"),
	MAGIC(PACKAGE_GZIP, 0, "\x1f\x8b\x08"),
	MAGIC(PACKAGE_BZIP2, 0, "BZh"),
	MAGIC(PACKAGE_XZ, 0, "\3757zXZ\0"),
	MAGIC(PACKAGE_ZSTD, 0, "\x28\xb5\x2f\xfd"),
	MAGIC(PACKAGE_LZ4, 0, "\x04\x22\x4d\x18"),
	MAGIC(PACKAGE_LZIP, 0, "LZIP"),
	/* lzma has none: the usual properties, and the dictionaries of the presets. */
	MAGIC(PACKAGE_LZMA, 0, "\x5d\0\0\x10\0"),
	MAGIC(PACKAGE_LZMA, 0, "\x5d\0\0\x20\0"),
	MAGIC(PACKAGE_LZMA, 0, "\x5d\0\0\x40\0"),
	MAGIC(PACKAGE_LZMA, 0, "\x5d\0\0\x80\0"),
	MAGIC(PACKAGE_LZMA, 0, "\x5d\0\0\0\1"),
	MAGIC(PACKAGE_LZMA, 0, "\x5d\0\0\0\2"),
	MAGIC(PACKAGE_LZMA, 0, "\x5d\0\0\0\4"),
	UNREAD("7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
	UNREAD("Rar!\x1a\7", "a RAR archive"),
	UNREAD("PK\7\b", "a part of a split zip archive"),
	UNREAD("hsqs", "a SquashFS image"),
	UNREAD("\x1f\x9d\x90", "a file compressed by compress"),
	UNREAD("\x89LZO\0\r\n\x1a\n", "a file compressed by lzop"),
	UNREAD("LRZI\0", "a file compressed by lrzip"),
};

static const struct magic *find_magic(struct span bytes)
{
	for (size_t i = 0; i < ARRAY_SIZE(magics); i++) {
		if (bytes.left >= magics[i].offset + magics[i].size &&
		    memcmp(bytes.at + magics[i].offset, magics[i].bytes,
		           magics[i].size) == 0)
			return &magics[i];
	}
	return NULL;
}

/* The oldest tar has no magic, but a sum over its header, which counts itself as blanks. */
static bool is_old_tar(struct span bytes)
{
	enum {
		HEADER_SIZE = 512,
		SUM_AT = 148,
		SUM_SIZE = 8
	};
	unsigned long sum = 0, told = 0;
	if (bytes.left < HEADER_SIZE || bytes.at[0] == '\0')
		return false;
	size_t i = SUM_AT;
	while (i < SUM_AT + SUM_SIZE && bytes.at[i] == ' ')
		i++;
	for (; i < SUM_AT + SUM_SIZE && bytes.at[i] >= '0' && bytes.at[i] <= '7'; i++)
		told = told * 8 + (unsigned long)(bytes.at[i] - '0');
	if (told == 0)
		return false;
	for (i = 0; i < HEADER_SIZE; i++)
		sum += i >= SUM_AT && i < SUM_AT + SUM_SIZE ? ' ' : bytes.at[i];
	return sum == told;
}

enum package_kind bytes_package(struct span bytes)
{
	const struct magic *magic = find_magic(bytes);
	if (magic)
		return magic->kind;
	return is_old_tar(bytes) ? PACKAGE_TAR : PACKAGE_NONE;
}

const char *bytes_unread(struct span bytes)
{
	const struct magic *magic = find_magic(bytes);
	return magic ? magic->unread : NULL;
}
