/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * What the search for ELF objects hands to whoever asked for it: each object, or the reason why
 * there is none. The rooms of this folder find objects in their own ways and all end here.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>

#include "elf/object/facts.h"
#include "elf/object/image.h"
#include "elf/root/root.h"
#include "usdtinfo.h"

struct finder;
struct tree_options;

/*
 * Where the probes of an object come from when there is no image: a saved listing. They come
 * once. The facts' diagnostics stand when the last was given.
 */
struct probe_source {
	/*
	 * Return: 1 with a probe that lives until the next call; 0 at the end, which is also
	 * where the listing breaks off: that is visited as an object of its own.
	 */
	int (*next)(struct probe_source *source, const struct usdtinfo_probe **probe_ret);
};

/* One object that was found, or the reason why a place that was named holds none. */
struct object {
	struct file_facts *facts;     /* state stands */
	struct usdtinfo_image *image; /* NULL when it could not be opened */
	const struct finder *finder;  /* what it was found by; NULL with no image */
	struct probe_source *source;  /* of a saved listing; NULL else */
	bool has_siblings; /* of a saved listing: it holds, or may hold, other files, too */
	/* Of its probes, in note order, for usdtinfo_walk; NULL unless in a process. */
	const struct probe_runtime *runtimes;
	size_t runtime_count;
};

/*
 * Called for each object in order; it is closed when this returns.
 *
 * Return: 0 to go on; anything else ends the search and is handed to the searcher's caller.
 */
typedef int (*object_visit)(void *context, const struct object *object);

struct probe_walk;

/*
 * object_walk_open - start over the probes of an object, from wherever they come
 * @details: see usdtinfo_walk_open(); a listing gives what it holds
 * @walk_ret: set on success; release with object_walk_close()
 *
 * Return: 0 or USDTINFO_E_MEMORY.
 */
int object_walk_open(const struct object *object, unsigned details,
                     struct probe_walk **walk_ret, struct usdtinfo_error *err);
/* As usdtinfo_walk_next(). */
int object_walk_next(struct probe_walk *walk, const struct usdtinfo_probe **probe_ret,
                     struct usdtinfo_error *err);
/* Of an image; NULL of a saved listing. */
struct usdtinfo_walk *object_walk_image(struct probe_walk *walk);
/* Passes over the probes that are left in a listing, so that the facts stand; NULL is ignored. */
void object_walk_close(struct probe_walk *walk);

/*
 * Visit the files of a saved listing, which image_listing_read() reads.
 * @unlisted: increased by how many files its summary counts that it does not list; may be
 *            NULL
 */
typedef int (*listing_read)(struct usdtinfo_image *image, object_visit visit,
                            void *context, uint64_t *unlisted);

/* Where and how to look. */
struct finder {
	const struct root *root;
	/* Directories, separated by colons, to look for a bare name in a hint; or NULL. */
	const char *search_path;
	const char *library_path; /* of the dynamic linker, before its own; or NULL */
	bool with_libraries;      /* after each object those that it needs */
	const char *
		needed_by; /* path of the program whose libraries these are; NULL: none */
	listing_read read_listing;       /* NULL: saved listings are no objects */
	uint64_t *unlisted;              /* of saved listings; may be NULL */
	const struct tree_options *tree; /* NULL: a directory is an error */
	const char *directory_hint;      /* what would make it none; NULL: nothing */
	const volatile sig_atomic_t
		*interrupted; /* not 0: end early; NULL: it cannot be */
	/*
	 * Visits what was opened, whatever it is: an object, an archive, a package, a listing.
	 * Takes over @file. find_objects() sets it, for the rooms that find files.
	 */
	int (*visit_file)(const struct finder *finder, struct usdtinfo_image *file,
	                  object_visit visit, void *context);
};

/*
 * A thin archive can name one file any number of times, and each time it is visited. How many
 * bytes may be visited beyond those that there are; a member, or an archive in it whose table
 * of names is read, counts as THIN_MEMBER_LEAST bytes or more.
 */
#define THIN_BYTES_MAX    ((uint64_t)256 << 20)
#define THIN_MEMBER_LEAST ((uint64_t)16 << 10)

/* Return: the state that stands for a failed open */
enum usdtinfo_state state_of_failure(int code);

/*
 * finder_of_members - how to look at the members of an archive or a package
 *
 * Hints are for what a person named, and libraries are not looked for from inside of one.
 */
struct finder finder_of_members(const struct finder *finder);
/* Visit the reason why there is none. */
int object_visit_failure(const struct finder *finder, const char *path,
                         const struct usdtinfo_error *err, object_visit visit,
                         void *context);
