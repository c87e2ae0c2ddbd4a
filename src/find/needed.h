/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The libraries behind an object: to be visited with it, or to be named in a hint. */
#pragma once

#include "find/library.h"
#include "find/object.h"

/*
 * find_needed - visit the libraries that @image needs, directly or not, as a linker loads
 * them, inside its root
 * @path: of the image
 *
 * Return: as find_objects()
 */
int find_needed(const struct finder *finder, struct usdtinfo_image *image,
                const char *path, object_visit visit, void *context);

/*
 * find_needed_python - the libpython that @image itself names in DT_NEEDED
 *
 * Where a member of a package or of an archive finds its libraries, nobody knows yet.
 *
 * Return: 1 with its path, malloced, or its bare name where it cannot be found; 0 when it
 * names none; USDTINFO_E_MEMORY.
 */
int find_needed_python(const struct finder *finder, struct usdtinfo_image *image,
                       const char *path, char **ret);

/* Return: whether @name is that of CPython's library: "libpython3.11.so.1.0" */
bool is_libpython(const char *name);
