/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* /proc/PID/maps names a library that was loaded without being needed, too. */
#include "find/python_process.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "find/needed.h"

static void closep(FILE **file)
{
	if (*file)
		fclose(*file);
}

/* Address, permissions, offset, device, inode, path: the path is what a slash begins. */
static int find_mapped(const char *name, char **ret, struct usdtinfo_error *err)
{
	_cleanup_(closep) FILE *maps = fopen(name, "re");
	_cleanup_(freep) char *line = NULL;
	size_t room = 0;
	if (!maps)
		return fail_errno(err, "cannot read its maps");
	while (getline(&line, &room, maps) > 0) {
		char *path = strchr(line, '/');
		if (!path)
			continue;
		path[strcspn(path, "\n")] = '\0';
		const char *base = strrchr(path, '/') + 1;
		/* The stub of the stable ABI holds nothing. */
		if (!is_libpython(base) || !strncmp(base, "libpython3.so", 13))
			continue;
		*ret = strdup(path);
		return *ret ? 1 : fail_memory(err);
	}
	return 0;
}

static int find_program(const char *name, char **ret, struct usdtinfo_error *err)
{
	char path[PATH_MAX];
	ssize_t size = readlink(name, path, sizeof(path) - 1);
	if (size < 0)
		return fail_errno(err, "cannot read what it runs");
	path[size] = '\0';
	*ret = strdup(path);
	return *ret ? 1 : fail_memory(err);
}

static bool is_deleted(const char *path)
{
	static const char mark[] = " (deleted)";
	size_t size = strlen(path), mark_size = strlen(mark);
	return size > mark_size && strcmp(path + size - mark_size, mark) == 0;
}

int python_process_open(const char *proc, const char *pid, struct python_process *process,
                        struct usdtinfo_error *err)
{
	char name[PATH_MAX];
	*process = (struct python_process){ .root = ROOT_HOST };
	if (snprintf(name, sizeof(name), "%s/%s/maps", proc, pid) >=
	    (int)sizeof(name) - 8)
		return fail(err, USDTINFO_E_ARGUMENT, "no such process");
	char *last = strrchr(name, '/') + 1;
	int r = find_mapped(name, &process->path, err);
	strcpy(last, "exe");
	if (r == 0)
		r = find_program(name, &process->path, err);
	if (r > 0 && is_deleted(process->path))
		r = fail(err, USDTINFO_E_ARGUMENT,
		         "the file that it runs was deleted or replaced");
	strcpy(last, "root");
	if (r > 0)
		r = root_init(&process->root, name, err);
	if (r < 0)
		python_process_close(process);
	return r;
}

void python_process_close(struct python_process *process)
{
	if (process->path)
		root_deinit(&process->root);
	free(process->path);
	*process = (struct python_process){ .root = ROOT_HOST };
}
