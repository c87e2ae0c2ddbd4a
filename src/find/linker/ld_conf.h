/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Lists of directories that the dynamic linkers read: ld.so.conf, ld-musl-*.path. */
#pragma once

#include <stddef.h>

#include "base/budget.h"
#include "elf/root/root.h"

/* Zero-initialise; release with directories_deinit(). */
struct directories {
	char **items; /* absolute paths inside the root */
	size_t count, room;
};

/* Return: 0 or USDTINFO_E_MEMORY */
int directories_add(struct directories *list, const char *path, size_t size);
void directories_deinit(struct directories *list);

/*
 * ld_conf_read - the directories of ld.so.conf and the files that it includes
 * @path: such as "/etc/ld.so.conf"
 *
 * As ldconfig(8): one directory a line, "include PATTERN...", "hwcap" lines and comments
 * passed over; the last component of a pattern may hold wildcards. What cannot be read adds
 * nothing. When @budget, of LD_CONF_WORK_MAX, is exhausted, or another limit was reached, what
 * was read until then is there.
 *
 * Return: 0 or USDTINFO_E_MEMORY.
 */
int ld_conf_read(const struct root *root, const char *path, struct budget *budget,
                 struct directories *list);

/*
 * Units of work: a line and each 64 bytes of it, a pattern, a name that is held against one,
 * and each 256 bytes of the one times those of the other. Some hundred are usual.
 */
#define LD_CONF_WORK_MAX  (UINT64_C(1) << 20)
#define LD_CONF_FILES_MAX 1000
#define LD_CONF_SIZE_MAX  ((size_t)1 << 20) /* of one of them */

/*
 * musl_path_read - the directories of /etc/ld-musl-ARCH.path, by newlines and colons
 *
 * Return: 1 when the file is there, 0 when not, or USDTINFO_E_MEMORY.
 */
int musl_path_read(const struct root *root, const char *path, struct budget *budget,
                   struct directories *list);
