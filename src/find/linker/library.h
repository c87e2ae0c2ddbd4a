/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The libraries that a program needs, found as its own dynamic linker would: the rules of
 * ld.so(8) for glibc, of musl's linker where the program names that one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "elf/object/image.h"
#include "elf/root/root.h"
#include "elf/symbol/dynamic.h"
#include "find/linker/ld_cache.h"
#include "find/linker/ld_conf.h"
#include "find/linker/ld_platform.h"

/* By which rule a library was found. */
enum library_rule {
	LIBRARY_PROGRAM,      /* it is the program itself */
	LIBRARY_FIRST,        /* library_settings.first */
	LIBRARY_PATH,         /* DT_NEEDED holds a slash: a path */
	LIBRARY_RPATH,        /* DT_RPATH of the object that needs it, or of one above */
	LIBRARY_LIBRARY_PATH, /* library_settings.library_path */
	LIBRARY_RUNPATH,      /* DT_RUNPATH of the object that needs it */
	LIBRARY_CACHE,        /* ld.so.cache */
	LIBRARY_CONF,         /* ld.so.conf, ld-musl-ARCH.path */
	LIBRARY_DEFAULT,      /* a default directory */
	LIBRARY_INTERPRETER,  /* it is the dynamic linker */
	LIBRARY_NOT_FOUND,
};

/* Return: a few words for people, such as "by RUNPATH" */
const char *library_rule_name(enum library_rule rule);

/* What decides beside the files. Strings are borrowed; NULL: nothing of the kind. */
struct library_settings {
	const char *first; /* one directory before all others, as of a build tree */
	const char *library_path; /* of --library-path or LD_LIBRARY_PATH */
	/* Processors differ: only where the program would run on this one is it asked. */
	bool on_this_computer;
	uint64_t places; /* that may be looked at; 0: LIBRARY_PLACES_MAX */
};

struct library {
	char *name; /* as DT_NEEDED has it, as a path for the program; owned */
	char *path; /* absolute inside the root, links unresolved; NULL: not found; owned */
	enum library_rule rule;
	size_t needed_by; /* index in the list; 0 for the program itself, too */
	char *rejected;   /* NULL, or a file of that name that does not fit; owned */
	char *origin;     /* what $ORIGIN is in it; NULL when not known; owned */
	uint64_t device, inode;
	struct dynamic dynamic; /* nothing is present in one that was not found */
};

/* Breadth first: the order in which a linker loads. Release with libraries_deinit(). */
struct libraries {
	struct library *items;
	size_t count, room;
	const char *
		cut; /* NULL, or which limit ended the search: "it needs more than ..." */
	int trouble; /* the errno of a search that did not end as it would have; or 0 */
};

/* No program comes near. What is beyond is left out, and CUT set. */
#define LIBRARIES_MAX     2000
#define LIBRARY_NAMES_MAX 20000
/*
 * Places that are looked at for all libraries of a program: each directory of a search path
 * for each name. An element of a path counts, too; for more where it is long, and so does a
 * file with many sections.
 */
#define LIBRARY_PLACES_MAX 262144
/* What is kept of the libraries: so much counts as a place. */
#define LIBRARY_BYTES_PER_PLACE 4096

/*
 * libraries_load - an object and everything that it needs, directly or not
 * @image: open; read while this lasts; the libraries are looked for inside its root
 * @path: its path inside the root
 *
 * Libraries that cannot be found, opened or used are in the list all the same. Only objects
 * of the program's class, machine and byte order count; the linkers pass over others, too.
 *
 * Return: 0, or what dynamic_load() gives for a damaged program, or USDTINFO_E_MEMORY; *@ret
 * is to be released in every case.
 */
int libraries_load(const struct library_settings *settings, struct usdtinfo_image *image,
                   const char *path, struct libraries *ret, struct usdtinfo_error *err);
/*
 * libraries_load_direct - the same for what the object itself needs and @wanted accepts
 *
 * Cheap where it needs nothing of the kind: no list of directories is read then.
 */
int libraries_load_direct(const struct library_settings *settings,
                          struct usdtinfo_image *image, const char *path,
                          bool (*wanted)(const char *name), struct libraries *ret,
                          struct usdtinfo_error *err);
/* libraries_load_named - the same for one name, whether the object needs it or not */
int libraries_load_named(const struct library_settings *settings,
                         struct usdtinfo_image *image, const char *path, const char *name,
                         struct libraries *ret, struct usdtinfo_error *err);
void libraries_deinit(struct libraries *libraries);
