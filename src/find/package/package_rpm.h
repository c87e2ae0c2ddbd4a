/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * .rpm: headers, then a compressed cpio archive, the payload. Since version 6 of the format,
 * and before it where a file has 4 GiB, the payload's entries only have a number: names and
 * sizes are those of the header's list of files.
 */
#pragma once

#include "find/package/package_level.h"

struct rpm_files;

struct rpm_file {
	const char *directory, *name;
	uint32_t mode;
	uint64_t stored; /* bytes in the payload */
};

/* Return: the files of the .rpm whose payload @payload is; NULL: it is none, or not so kept */
const struct rpm_files *rpm_files(const struct level *payload);
/* Return: false when there is none of that number */
bool rpm_file(const struct rpm_files *files, uint64_t index, struct rpm_file *ret);
