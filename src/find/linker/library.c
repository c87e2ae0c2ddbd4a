/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The list of a program's libraries, breadth first, each object once. */
#include "find/linker/library.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/error.h"
#include "find/linker/library_search.h"

static const char *const rule_names[] = {
	[LIBRARY_PROGRAM] = "the program itself",
	[LIBRARY_FIRST] = "in the executable's own directory",
	[LIBRARY_PATH] = "by its path",
	[LIBRARY_RPATH] = "by RPATH",
	[LIBRARY_LIBRARY_PATH] = "by the library path",
	[LIBRARY_RUNPATH] = "by RUNPATH",
	[LIBRARY_CACHE] = "by ld.so.cache",
	[LIBRARY_CONF] = "in a configured directory",
	[LIBRARY_DEFAULT] = "in a default directory",
	[LIBRARY_INTERPRETER] = "the dynamic linker",
	[LIBRARY_NOT_FOUND] = "not found",
};

/* Why a list ends before its end. */
#define WRITTEN(number)  #number
#define EXPANDED(number) WRITTEN(number)
#define CUT_LIBRARIES    "it needs more than " EXPANDED(LIBRARIES_MAX) " libraries"
#define CUT_NAMES                                                                        \
	"more than " EXPANDED(LIBRARY_NAMES_MAX) " names of libraries are needed"
#define CUT_PLACES                                                                       \
	"its search paths lead to more than " EXPANDED(LIBRARY_PLACES_MAX) " places"
#define CUT_LISTS "the linker's list of libraries or directories is larger than is read"

const char *library_rule_name(enum library_rule rule)
{
	return rule_names[rule];
}

static void library_deinit(struct library *library)
{
	free(library->name);
	free(library->path);
	free(library->rejected);
	free(library->origin);
	dynamic_deinit(&library->dynamic);
}

void libraries_deinit(struct libraries *libraries)
{
	for (size_t i = 0; i < libraries->count; i++)
		library_deinit(&libraries->items[i]);
	free(libraries->items);
	*libraries = (struct libraries){ 0 };
}

static char *directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return strdup(".");
	return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

/* Return: a new last item with its name, zeroed but for that; NULL when memory ran out */
static struct library *add(struct libraries *libraries, const char *name)
{
	if (!array_grow(&libraries->items, &libraries->room, libraries->count + 1,
	                sizeof(*libraries->items)))
		return NULL;
	struct library *library = &libraries->items[libraries->count];
	*library = (struct library){ .name = strdup(name), .rule = LIBRARY_NOT_FOUND };
	if (!library->name)
		return NULL;
	libraries->count++;
	return library;
}

static void identify(const struct usdtinfo_image *image, struct library *library)
{
	struct stat st;
	if (image->fd < 0 || fstat(image->fd, &st) < 0)
		return;
	library->device = st.st_dev;
	library->inode = st.st_ino;
}

/* The kernel tells the program its origin with all links resolved; libraries keep theirs. */
static int add_program(const struct root *root, struct usdtinfo_image *image,
                       const char *path, struct libraries *libraries,
                       struct usdtinfo_error *err)
{
	struct library *program = add(libraries, path);
	if (!program || !(program->path = strdup(path)))
		return fail_memory(err);
	program->rule = LIBRARY_PROGRAM;
	identify(image, program);
	_cleanup_(freep) char *real = NULL;
	int r = root_realpath(root, path, &real, NULL);
	if (r == 0 && !(program->origin = directory_of(real)))
		r = USDTINFO_E_MEMORY;
	if (r == USDTINFO_E_MEMORY)
		return fail_memory(err);
	return dynamic_load(image, &program->dynamic, err);
}

/* All of them end with their only NUL, so that no length need be known. */
static bool is_called(const struct library *library, const char *name)
{
	return strcmp(library->name, name) == 0 ||
	       (library->dynamic.soname.at &&
	        strcmp(library->dynamic.soname.at, name) == 0) ||
	       (library->path && strcmp(library->path, name) == 0);
}

static bool is_loaded(const struct libraries *libraries, struct text name)
{
	for (size_t i = 1; i < libraries->count; i++) {
		if (is_called(&libraries->items[i], name.at))
			return true;
	}
	return false;
}

static bool is_same_file(const struct libraries *libraries, const struct library *library)
{
	for (size_t i = 0; i + 1 < libraries->count; i++) {
		if (libraries->items[i].inode == library->inode &&
		    libraries->items[i].device == library->device && library->inode)
			return true;
	}
	return false;
}

/* The linker is there before anything is needed, and musl's is the C library, too. */
static bool is_interpreter(const struct library_search *search, struct text name)
{
	static const char *const reserved[] = { "c",  "pthread", "rt",  "m",
		                                "dl", "util",    "xnet" };
	if (!search->interpreter.at)
		return false;
	const char *slash = strrchr(search->interpreter.at, '/');
	if (text_equal(text_of(slash ? slash + 1 : search->interpreter.at), name))
		return true;
	if (!search->is_musl || strncmp(name.at, "lib", 3) != 0)
		return false;
	const char *stem = name.at + 3;
	size_t size = strcspn(stem, ".");
	for (size_t i = 0; i < ARRAY_SIZE(reserved); i++) {
		if (strlen(reserved[i]) == size && memcmp(stem, reserved[i], size) == 0)
			return true;
	}
	return false;
}

static int find(struct library_search *search, const struct libraries *libraries,
                size_t needed_by, struct text name, struct library_found *found)
{
	if (!is_interpreter(search, name))
		return library_search_find(search, libraries, needed_by, name, found);
	*found = (struct library_found){ .rule = LIBRARY_INTERPRETER };
	int r = image_open(search->root, search->interpreter.at, 0, &found->image, NULL);
	if (r < 0)
		return r == USDTINFO_E_MEMORY ? r : 0;
	found->path = strdup(search->interpreter.at);
	if (found->path)
		return 1;
	library_found_deinit(found);
	return USDTINFO_E_MEMORY;
}

static int fill(struct libraries *libraries, struct library *library,
                struct library_found *found)
{
	library->path = steal_ptr(found->path);
	library->rule = found->rule;
	library->origin = directory_of(library->path);
	if (!library->origin)
		return USDTINFO_E_MEMORY;
	identify(found->image, library);
	/* What a damaged library needs is not known; that it is there, is. */
	struct usdtinfo_error err;
	int r = dynamic_load(found->image, &library->dynamic, &err);
	if (r == USDTINFO_E_MEMORY)
		return r;
	if (r == USDTINFO_E_SYSTEM && !libraries->trouble)
		libraries->trouble = err.sys_errno;
	if (is_same_file(libraries, library)) {
		library_deinit(library);
		libraries->count--;
	}
	return 0;
}

static int load_one(struct library_search *search, struct libraries *libraries,
                    size_t needed_by, struct text name)
{
	struct library_found found;
	int r = find(search, libraries, needed_by, name, &found);
	if (r < 0)
		return r;
	/* It may be in a place that was not looked at: nothing is known of it. */
	if (found.is_cut) {
		libraries->cut = CUT_PLACES;
		library_found_deinit(&found);
		return 0;
	}
	struct library *library = add(libraries, name.at);
	if (!library) {
		library_found_deinit(&found);
		return USDTINFO_E_MEMORY;
	}
	library->needed_by = needed_by;
	library->rejected = steal_ptr(found.rejected);
	r = r > 0 ? fill(libraries, library, &found) : 0;
	library_found_deinit(&found);
	library = &libraries->items[libraries->count - 1];
	/* What it names is kept; what was too much ends the search with the next name. */
	budget_take(&search->places, (library->dynamic.strings.bytes.left +
	                              library->dynamic.needed_count * sizeof(name)) /
	                                     LIBRARY_BYTES_PER_PLACE);
	return r;
}

/* The program is one of the list, too. */
static int load_name(struct library_search *search, struct libraries *libraries,
                     size_t needed_by, struct text name)
{
	if (is_loaded(libraries, name))
		return 0;
	if (libraries->count > LIBRARIES_MAX) {
		libraries->cut = CUT_LIBRARIES;
		return 0;
	}
	return load_one(search, libraries, needed_by, name);
}

static int load_all(struct library_search *search, struct libraries *libraries)
{
	size_t names = 0;
	for (size_t i = 0; i < libraries->count; i++) {
		/* The array moves as it grows: an item is looked up anew each time. */
		for (size_t n = 0; n < libraries->items[i].dynamic.needed_count; n++) {
			if (names++ == LIBRARY_NAMES_MAX)
				libraries->cut = CUT_NAMES;
			if (libraries->cut)
				return 0;
			int r = load_name(search, libraries, i,
			                  libraries->items[i].dynamic.needed[n]);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

/*
 * Return: the root of a program; what the search cannot read for other reasons than that it
 * is not there is remembered
 */
static struct root watch(const struct usdtinfo_image *image, struct libraries *libraries)
{
	struct root watched = *image->root;
	*libraries = (struct libraries){ 0 };
	watched.trouble = &libraries->trouble;
	return watched;
}

static int end_search(const struct usdtinfo_image *image, struct library_search *search,
                      struct libraries *libraries, int r, struct usdtinfo_error *err)
{
	if (search->lists.exhausted && !libraries->cut)
		libraries->cut = CUT_LISTS;
	library_search_close(search);
	root_note(image->root, libraries->trouble);
	return r < 0 ? fail_memory(err) : 0;
}

int libraries_load(const struct library_settings *settings, struct usdtinfo_image *image,
                   const char *path, struct libraries *ret, struct usdtinfo_error *err)
{
	struct library_search search;
	const struct root root = watch(image, ret);
	int r = add_program(&root, image, path, ret, err);
	if (r < 0)
		return r;
	r = library_search_open(&search, settings, &root, image, &ret->items[0].dynamic);
	if (r == 0)
		r = load_all(&search, ret);
	return end_search(image, &search, ret, r, err);
}

static int load_wanted(struct library_search *search, bool (*wanted)(const char *name),
                       struct libraries *libraries)
{
	for (size_t n = 0; n < libraries->items[0].dynamic.needed_count; n++) {
		struct text name = libraries->items[0].dynamic.needed[n];
		if (!wanted(name.at))
			continue;
		int r = load_name(search, libraries, 0, name);
		if (r < 0 || libraries->cut)
			return r;
	}
	return 0;
}

int libraries_load_direct(const struct library_settings *settings,
                          struct usdtinfo_image *image, const char *path,
                          bool (*wanted)(const char *name), struct libraries *ret,
                          struct usdtinfo_error *err)
{
	struct library_search search;
	bool any = false;
	const struct root root = watch(image, ret);
	int r = add_program(&root, image, path, ret, err);
	if (r < 0)
		return r;
	const struct dynamic *dynamic = &ret->items[0].dynamic;
	for (size_t n = 0; n < dynamic->needed_count && !any; n++)
		any = wanted(dynamic->needed[n].at);
	if (!any)
		return 0;
	r = library_search_open(&search, settings, &root, image, dynamic);
	if (r == 0)
		r = load_wanted(&search, wanted, ret);
	return end_search(image, &search, ret, r, err);
}

int libraries_load_named(const struct library_settings *settings,
                         struct usdtinfo_image *image, const char *path, const char *name,
                         struct libraries *ret, struct usdtinfo_error *err)
{
	struct library_search search;
	const struct root root = watch(image, ret);
	int r = add_program(&root, image, path, ret, err);
	if (r < 0)
		return r;
	r = library_search_open(&search, settings, &root, image, &ret->items[0].dynamic);
	if (r == 0)
		r = load_one(&search, ret, 0, text_of(name));
	return end_search(image, &search, ret, r, err);
}
