/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Paths as texts: nothing here looks at a file. */
#include "base/path.h"

#include <string.h>

#include "base/text.h"

char *path_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return strdup(".");
	while (slash > path && slash[-1] == '/')
		slash--;
	return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

char *path_join(const char *directory, const char *name)
{
	struct strbuf path = { 0 };
	size_t size = strlen(directory);
	strbuf_add(&path, directory, size);
	if (size && directory[size - 1] != '/')
		strbuf_add_char(&path, '/');
	strbuf_add_string(&path, name);
	if (path.failed) {
		strbuf_deinit(&path);
		return NULL;
	}
	return path.at;
}

const char *path_base(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}
