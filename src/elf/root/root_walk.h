/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Resolving a path component by component: where the kernel cannot, or the path is wanted. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* Release with root_place_deinit(). */
struct root_place {
	int directory;           /* O_PATH descriptor of what holds the last component */
	char name[NAME_MAX + 1]; /* the last component; "." for the root itself */
	/* Absolute path inside the root of NAME's directory, without a trailing slash. */
	char real[PATH_MAX];
	size_t real_size;
	bool is_directory; /* the path ends in a slash: it must be one */
};

/*
 * root_walk - resolve @path under the directory @root
 * @follow: also follow the last component where it is a symbolic link
 *
 * The last component need not exist. Return: 0, or -1 with errno.
 */
int root_walk(int root, const char *path, bool follow, struct root_place *ret);
void root_place_deinit(struct root_place *place);
