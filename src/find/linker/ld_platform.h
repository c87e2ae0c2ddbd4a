/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What the dynamic linker's rules have for each machine: directories, tokens, levels. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "elf/object/image.h"

#define LD_LEVELS_MAX 6

struct ld_platform {
	unsigned machine, elf_class; /* e_machine; 32 or 64 */
	bool big_endian;
	unsigned flags_mask, flags; /* of e_flags, where one machine has several ABIs */
	const char *triplet;        /* of Debian's multiarch directories; NULL: none */
	const char *lib;            /* beside "lib": what other distributions use */
	const char *platform;       /* AT_PLATFORM, where one value is usual; or NULL */
	/* Subdirectories of glibc-hwcaps, the most demanding first. */
	const char *levels[LD_LEVELS_MAX];
};

/* Return: the row for an image; one with neither triplet nor levels for what has none */
const struct ld_platform *ld_platform_of(const struct usdtinfo_image *image);

/*
 * ld_platform_level - the best of the levels that this computer's processor has
 *
 * Return: an index into @platform->levels, which may be that of the NULL at the end; -1 when
 * it cannot be told, as for every machine but our own.
 */
int ld_platform_level(const struct ld_platform *platform);

/*
 * ld_platform_name - what $PLATFORM is on this computer
 *
 * glibc goes by the processor on x86-64, and takes AT_PLATFORM elsewhere.
 *
 * Return: a constant; NULL where no value is usual
 */
const char *ld_platform_name(const struct ld_platform *platform);

/* Return: whether an object can be linked with another: class, machine, byte order, ABI */
bool ld_platform_matches(const struct usdtinfo_image *one,
                         const struct usdtinfo_image *other);
