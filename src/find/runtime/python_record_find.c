/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Where build records lie: in the standard library, among headers, in a build tree. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/path.h"
#include "find/linker/ld_platform.h"
#include "find/runtime/python_parts.h"

#define RECORD_SIZE_MAX ((size_t)8 << 20)
#define LEVELS_MAX      2 /* that a library can be below PREFIX/lib */

struct record_search {
	struct usdtinfo_python *python;
	const struct root *root;
	const char *triplet;
};

static bool is_done(const struct record_search *search)
{
	return search->python->record.with_dtrace != MAYBE_UNKNOWN ||
	       search->python->no_memory;
}

static void read_record(const struct record_search *search, const char *path)
{
	struct usdtinfo_python *python = search->python;
	_cleanup_(strbuf_deinit) struct strbuf content = { 0 };
	if (root_read(search->root, path, RECORD_SIZE_MAX, &content, NULL) < 0 ||
	    !content.at)
		return;
	python_parse_record(python, path_base(path), strbuf_text(&content));
	if (python->record.with_dtrace != MAYBE_UNKNOWN && !python->record.source.at)
		python->record.source = python_keep(python, path);
}

static void read_joined(const struct record_search *search, const char *directory,
                        const char *name)
{
	_cleanup_(freep) char *path = path_join(directory, name);
	if (!path)
		search->python->no_memory = true;
	else if (!is_done(search))
		read_record(search, path);
}

static const char *const starts[] = { "_sysconfig_vars", "_sysconfigdata",
	                              "build-details" };

static bool begins(const char *name, const char *start)
{
	return strncmp(name, start, strlen(start)) == 0;
}

/* Of several machines' and several builds' records in one directory, which is ours? */
static int score(const struct record_search *search, const char *name, const char *start)
{
	const char *flags = name + strlen(start);
	flags += *flags == '_';
	size_t size = strcspn(flags, "_.");
	bool is_debug = memchr(flags, 'd', size) != NULL && size <= 2;
	bool is_ours = search->triplet && strstr(name, search->triplet);
	return 2 * is_ours + (is_debug == (search->python->version.debug == MAYBE_YES));
}

/* What a name is held against. */
struct wanted_record {
	const struct record_search *search;
	const char *start;
};

static bool is_better(const void *context, const char *name, const char *best)
{
	const struct wanted_record *wanted = context;
	if (!begins(name, wanted->start) || !best)
		return begins(name, wanted->start);
	int gain = score(wanted->search, name, wanted->start) -
	           score(wanted->search, best, wanted->start);
	return gain ? gain > 0 : strcmp(name, best) < 0;
}

/* Return: the name of those that begin with @start that fits best, malloced; or NULL */
static char *first_name(const struct record_search *search, const char *directory,
                        const char *start)
{
	const struct wanted_record wanted = { search, start };
	return path_best_match(search->root, directory, is_better, &wanted);
}

static void read_first(const struct record_search *search, const char *directory,
                       const char *start)
{
	_cleanup_(freep) char *name = first_name(search, directory, start);
	if (name)
		read_joined(search, directory, name);
}

/* lib/python3.X: the data of sysconfig, then the Makefile of the development files. */
static void read_library(const struct record_search *search, const char *directory)
{
	for (size_t i = 0; i < ARRAY_SIZE(starts) && !is_done(search); i++)
		read_first(search, directory, starts[i]);
	_cleanup_(freep) char *name = is_done(search)
	                                      ? NULL
	                                      : first_name(search, directory, "config-");
	_cleanup_(freep) char *config = name ? path_noted(search->root,
	                                                  path_join(directory, name))
	                                     : NULL;
	if (config)
		read_joined(search, config, "Makefile");
}

/* Debian's header is in a directory of the machine's; the one elsewhere includes it. */
static void read_headers(const struct record_search *search, const char *prefix,
                         const char *name)
{
	const char *const machine[] = { search->triplet, NULL };
	for (size_t i = 0; i < ARRAY_SIZE(machine); i++) {
		_cleanup_(strbuf_deinit) struct strbuf path = { 0 };
		strbuf_addf(&path, "include/%s%s%s/pyconfig.h",
		            machine[i] ? machine[i] : "", machine[i] ? "/" : "", name);
		if (path.failed)
			root_note(search->root, ENOMEM);
		else
			read_joined(search, prefix, path.at);
	}
}

/* Names of the version's directory: "python3.13t", "python3.13". */
static void read_prefix(const struct record_search *search, const char *prefix)
{
	static const char *const libs[] = { "lib", "lib64", "lib32" };
	const struct python_version *version = &search->python->version;
	for (unsigned threaded = 2; threaded-- > 0 && !is_done(search);) {
		_cleanup_(strbuf_deinit) struct strbuf name = { 0 };
		if (threaded && version->free_threaded != MAYBE_YES)
			continue;
		strbuf_addf(&name, "python%u.%u%s", version->major, version->minor,
		            threaded ? "t" : "");
		if (name.failed)
			root_note(search->root, ENOMEM);
		for (size_t i = 0; i < ARRAY_SIZE(libs) && !name.failed; i++) {
			_cleanup_(freep) char *lib = path_noted(
				search->root, path_join(prefix, libs[i]));
			_cleanup_(freep) char *path =
				lib ? path_noted(search->root, path_join(lib, name.at))
				    : NULL;
			if (path && !is_done(search))
				read_library(search, path);
		}
		if (!name.failed && !is_done(search))
			read_headers(search, prefix, name.at);
	}
}

/* pybuilddir.txt names the directory of the data, beside pyconfig.h and Makefile. */
static void read_build_tree(const struct record_search *search, const char *directory)
{
	_cleanup_(strbuf_deinit) struct strbuf content = { 0 };
	_cleanup_(freep) char *file = path_noted(search->root,
	                                         path_join(directory, "pybuilddir.txt"));
	if (!file || root_read(search->root, file, 4096, &content, NULL) < 0 ||
	    !content.at)
		return;
	content.at[strcspn(content.at, "\r\n")] = '\0';
	_cleanup_(freep) char *data = path_noted(search->root,
	                                         path_join(directory, content.at));
	if (data)
		read_library(search, data);
	read_joined(search, directory, "pyconfig.h");
	read_joined(search, directory, "Makefile");
}

/*
 * PREFIX/bin/python3, PREFIX/lib/libpython3.so, PREFIX/lib/TRIPLET/libpython3.so. Any other
 * place has no prefix: further up stands some other Python's record.
 */
static bool is_below_prefix(const char *directory)
{
	static const char *const names[] = { "bin", "lib", "lib64", "lib32", "libx32" };
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(path_base(directory), names[i]) == 0)
			return true;
	}
	return false;
}

static void read_around(const struct record_search *search, const char *path)
{
	_cleanup_(freep) char *directory = path_noted(search->root, path_directory(path));
	if (directory)
		read_build_tree(search, directory);
	for (unsigned up = 0; up < LEVELS_MAX && directory && !is_done(search); up++) {
		bool is_last = is_below_prefix(directory);
		char *above = path_noted(search->root, path_directory(directory));
		free(directory);
		directory = above;
		if (above && is_last && search->python->version.major)
			read_prefix(search, above);
		if (is_last)
			break;
	}
}

void python_read_record(struct usdtinfo_python *python, const struct root *root,
                        const char *program, const char *object, const char *triplet)
{
	struct record_search search = { python, root, triplet };
	read_around(&search, program);
	if (!is_done(&search) && object && strcmp(object, program) != 0)
		read_around(&search, object);
}
