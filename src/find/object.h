/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* From what a person names to the ELF objects in it. */
#pragma once

#include <stdbool.h>

#include "elf/facts.h"
#include "elf/image.h"
#include "elf/root.h"
#include "usdtinfo.h"

struct finder;

/* One object that was found, or the reason why a place that was named holds none. */
struct object {
	struct file_facts *facts;     /* state stands */
	struct usdtinfo_image *image; /* NULL when it could not be opened */
	const struct finder *finder;  /* what it was found by; NULL with no image */
};

/*
 * Called for each object in order; it is closed when this returns.
 *
 * Return: 0 to go on; anything else ends the search and is handed to the searcher's caller.
 */
typedef int (*object_visit)(void *context, const struct object *object);

/* Where and how to look. */
struct finder {
	const struct root *root;
	/* Directories, separated by colons, to look for a bare name in a hint; or NULL. */
	const char *search_path;
	const char *library_path; /* of the dynamic linker, before its own; or NULL */
	bool with_libraries;      /* after each object those that it needs */
};

/*
 * find_objects - visit the objects that @path names
 * @path: a file, or an archive, whose members are visited; "-" is standard input
 *
 * What cannot be opened is visited too, with a state and a diagnostic that say why; but for
 * members of archives that are no ELF files. An archive without any other, or a damaged one,
 * is visited itself, last.
 *
 * Return: what the last visit returned, or USDTINFO_E_MEMORY.
 */
int find_objects(const struct finder *finder, const char *path, object_visit visit,
                 void *context);

/* Return: the state that stands for a failed open */
enum usdtinfo_state state_of_failure(int code);
