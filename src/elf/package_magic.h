/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Telling packages and compressed files by their first bytes. */
#pragma once

#include <stdbool.h>

#include "base/span.h"

/* A tar header has its magic behind this many bytes. */
#define PACKAGE_MAGIC_SIZE 512

/* What has to be taken off before the package itself is seen. */
enum package_cover {
	PACKAGE_NO_COVER,
	PACKAGE_GZIP,
	PACKAGE_BZIP2,
	PACKAGE_XZ,
	PACKAGE_LZMA,
	PACKAGE_LZIP,
	PACKAGE_ZSTD,
	PACKAGE_LZ4,
	PACKAGE_RPM, /* the headers before an .rpm's compressed payload */
};

/*
 * bytes_are_package - whether a file begins as a package does
 * @bytes: the first PACKAGE_MAGIC_SIZE, or all of a shorter file
 *
 * Packages are .deb (not other ar archives), .rpm, cpio, tar, zip and 7-Zip files, and what
 * is compressed by any usual program.
 */
bool bytes_are_package(struct span bytes);

enum package_cover bytes_cover(struct span bytes);
