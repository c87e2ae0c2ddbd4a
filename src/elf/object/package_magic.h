/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Telling packages and compressed files by their first bytes. */
#pragma once

#include <stdbool.h>

#include "base/span.h"

/* A tar header has its magic behind this many bytes. */
#define PACKAGE_MAGIC_SIZE 512

enum package_kind {
	PACKAGE_NONE,   /* the bytes are no package's */
	PACKAGE_UNREAD, /* of a kind that is known but not read: see bytes_unread() */
	PACKAGE_DEB,
	PACKAGE_RPM,
	PACKAGE_CPIO,
	PACKAGE_TAR,
	PACKAGE_ZIP,
	/* Compressions: what is inside is a file, which may be a package in its turn. */
	PACKAGE_GZIP,
	PACKAGE_BZIP2,
	PACKAGE_XZ,
	PACKAGE_LZMA,
	PACKAGE_LZIP,
	PACKAGE_ZSTD,
	PACKAGE_LZ4,
	PACKAGE_KINDS
};

/*
 * bytes_package - what kind of package a file is, by its beginning
 * @bytes: the first PACKAGE_MAGIC_SIZE, or all of a shorter file
 *
 * Packages are .deb (not other ar archives), .rpm, cpio, tar and zip files, and what is
 * compressed by any usual program; and those that are not read, so that this can be said.
 */
enum package_kind bytes_package(struct span bytes);

/* Return: what a file of kind PACKAGE_UNREAD is, with its article: "a 7-Zip archive" */
const char *bytes_unread(struct span bytes);
