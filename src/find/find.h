/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* From what a person names to the ELF objects in it. */
#pragma once

#include "find/linker/library.h"
#include "find/visit/visit.h"

/*
 * find_objects - visit the objects that @path names
 * @path: a file; an archive or a saved listing, whose members are visited; a directory, with
 *        all below it (find_tree()), if finder->tree says how; "-" is standard input
 *
 * What cannot be opened is visited too, with a state and a diagnostic that say why; but for
 * members of archives that are no ELF files. An archive without any other, or a damaged one,
 * is visited itself, last.
 *
 * Return: what the last visit returned, or USDTINFO_E_MEMORY.
 */
int find_objects(const struct finder *finder, const char *path, object_visit visit,
                 void *context);

/* The same for a file that is open already, which it takes over. */
int find_opened(const struct finder *finder, struct usdtinfo_image *file,
                object_visit visit, void *context);

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
