/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Which program, or library, a directory stands for. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/path.h"
#include "find/runtime/python_parts.h"

static bool is_there(const struct root *root, const char *directory, const char *name)
{
	_cleanup_(freep) char *path = path_noted(root, path_join(directory, name));
	_cleanup_(freep) char *target = NULL;
	/* A link that leads nowhere is there, and is to be told of. */
	return path &&
	       (root_is_file(root, path) || root_readlink(root, path, &target, NULL) > 0);
}

char *path_best_match(const struct root *root, const char *directory,
                      name_chooser *is_better, const void *context)
{
	int fd;
	char *best = NULL;
	struct dirent *entry;
	if (root_open(root, directory, O_RDONLY | O_DIRECTORY, &fd, NULL) < 0)
		return NULL;
	DIR *dir = fdopendir(fd);
	if (!dir) {
		root_note(root, errno);
		close(fd);
		return NULL;
	}
	while (errno = 0, (entry = readdir(dir))) {
		if (!is_better(context, entry->d_name, best))
			continue;
		free(best);
		best = strdup(entry->d_name);
		if (!best)
			break;
	}
	if (errno) {
		root_note(root, errno);
		free(best);
		best = NULL;
	}
	closedir(dir);
	return best;
}

/* "python3.9" before "python3.10": numbers count as numbers. */
static bool is_later(const void *pattern, const char *name, const char *best)
{
	return fnmatch(pattern, name, 0) == 0 && (!best || strverscmp(name, best) > 0);
}

char *path_last_match(const struct root *root, const char *directory, const char *pattern)
{
	return path_best_match(root, directory, is_later, pattern);
}

/* Where the program is, or else the library; the first that is there. */
static const struct {
	const char *below;     /* of the directory */
	const char *pattern;   /* of the name: the latest version counts */
	const char *condition; /* a file that must stand in the directory; or NULL */
	const char *how;
} places[] = {
	{ "bin", "python3", "pyvenv.cfg", "virtual environment" },
	{ "bin", "python", "pyvenv.cfg", "virtual environment" },
	{ ".", "python", "pybuilddir.txt", "build tree" },
	{ ".", "python", "Makefile", "build tree" },
	{ "bin", "python3", NULL, "installation" },
	{ "bin", "python3.[0-9][0-9]", NULL, "installation" },
	{ "bin", "python3.[0-9]", NULL, "installation" },
	{ "bin", "python3.[0-9]*[td]", NULL, "installation" },
	{ "bin", "python", NULL, "installation" },
	{ "bin", "pypy3", NULL, "installation" },
	{ ".", "python3", NULL, "directory of programs" },
	{ "lib", "libpython3.*.so.*", NULL, "directory of libraries" },
	{ "lib64", "libpython3.*.so.*", NULL, "directory of libraries" },
	{ ".", "libpython3.*.so*", NULL, "directory of libraries" },
};

/* lib/TRIPLET/libpython3.11.so.1.0, in a package for Debian. */
static char *multiarch_library(const struct root *root, const char *directory)
{
	_cleanup_(freep) char *lib = path_noted(root, path_join(directory, "lib"));
	_cleanup_(freep) char *triplet = lib ? path_last_match(root, lib, "*-linux-*")
	                                     : NULL;
	_cleanup_(freep) char *below = triplet ? path_noted(root, path_join(lib, triplet))
	                                       : NULL;
	_cleanup_(freep) char *name = below ? path_last_match(root, below,
	                                                      "libpython3.*.so.*")
	                                    : NULL;
	return name ? path_noted(root, path_join(below, name)) : NULL;
}

char *python_locate_directory(struct usdtinfo_python *python, const struct root *root,
                              const char *directory, const char **how_ret)
{
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		if (places[i].condition &&
		    !is_there(root, directory, places[i].condition))
			continue;
		bool is_here = strcmp(places[i].below, ".") == 0;
		_cleanup_(freep) char *below = path_noted(
			root, is_here ? strdup(directory)
				      : path_join(directory, places[i].below));
		_cleanup_(freep) char *name = below ? path_last_match(root, below,
		                                                      places[i].pattern)
		                                    : NULL;
		if (!name || !is_there(root, below, name))
			continue;
		*how_ret = places[i].how;
		return path_noted(root, path_join(below, name));
	}
	*how_ret = "directory of libraries";
	char *found = multiarch_library(root, directory);
	_cleanup_(freep) char *usr = path_noted(root, path_join(directory, "usr/bin"));
	if (!found && usr && !root->directory && root_is_directory(root, usr))
		python_hint(python, "it looks like a root: try --root=%s", directory);
	return found;
}
