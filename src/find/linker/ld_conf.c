/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Files are read from a queue, so that includes nest without recursion. */
#include "find/linker/ld_conf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"

int directories_add(struct directories *list, const char *path, size_t size)
{
	if (!array_grow(&list->items, &list->room, list->count + 1, sizeof(*list->items)))
		return USDTINFO_E_MEMORY;
	char *copy = strndup(path, size);
	if (!copy)
		return USDTINFO_E_MEMORY;
	list->items[list->count++] = copy;
	return 0;
}

void directories_deinit(struct directories *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
	*list = (struct directories){ 0 };
}

static int by_string(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct list_reading {
	const struct root *root;
	struct budget *budget;
	struct directories *list;
	struct directories files; /* read, or still to be read */
};

/* A pattern of many stars costs as many steps as it has bytes, for each byte of a name. */
static bool pay_match(struct budget *budget, const char *pattern, const char *name)
{
	return budget_take(budget, 1 + (uint64_t)strlen(pattern) * strlen(name) / 256);
}

/* Add the files of @directory that match, in the order of glob(3) in the C locale. */
static int add_matches(struct list_reading *reading, const char *directory,
                       const char *pattern)
{
	const struct root *root = reading->root;
	struct directories *files = &reading->files;
	int fd, r = 0;
	if (root_open(root, directory, O_RDONLY | O_DIRECTORY, &fd, NULL) < 0)
		return 0;
	DIR *dir = fdopendir(fd);
	if (!dir) {
		root_note(root, errno);
		close(fd);
		return 0;
	}
	size_t first = files->count;
	struct dirent *entry;
	while (errno = 0, r == 0 && (entry = readdir(dir)) &&
	                          pay_match(reading->budget, pattern, entry->d_name)) {
		_cleanup_(strbuf_deinit) struct strbuf path = { 0 };
		if (fnmatch(pattern, entry->d_name, FNM_PERIOD) != 0)
			continue;
		if (files->count == LD_CONF_FILES_MAX) {
			reading->budget->exhausted = true;
			break;
		}
		strbuf_addf(&path, "%s/%s", directory, entry->d_name);
		r = path.failed ? USDTINFO_E_MEMORY
		                : directories_add(files, path.at, path.size);
	}
	root_note(root, errno);
	closedir(dir);
	if (files->count > first)
		qsort(files->items + first, files->count - first, sizeof(*files->items),
		      by_string);
	return r;
}

/* @pattern is relative to the directory of @conf, unless it is absolute. */
static int include(struct list_reading *reading, const char *conf, const char *pattern,
                   size_t size)
{
	_cleanup_(strbuf_deinit) struct strbuf path = { 0 };
	if (*pattern != '/')
		strbuf_add(&path, conf, (size_t)(strrchr(conf, '/') - conf) + 1);
	strbuf_add(&path, pattern, size);
	if (path.failed)
		return USDTINFO_E_MEMORY;
	char *slash = strrchr(path.at, '/');
	*slash = '\0';
	return add_matches(reading, slash == path.at ? "/" : path.at, slash + 1);
}

static int read_includes(struct list_reading *reading, const char *conf,
                         const char *patterns)
{
	static const char blanks[] = " \t";
	int r = 0;
	for (const char *at = patterns; r == 0;) {
		at += strspn(at, blanks);
		size_t size = strcspn(at, blanks);
		if (size == 0 || !budget_take(reading->budget, 1))
			break;
		r = include(reading, conf, at, size);
		at += size;
	}
	return r;
}

static bool is_word(const char *line, const char *word)
{
	size_t size = strlen(word);
	return strncmp(line, word, size) == 0 &&
	       (line[size] == ' ' || line[size] == '\t');
}

static int read_line(struct list_reading *reading, const char *conf, char *line)
{
	line[strcspn(line, "#")] = '\0';
	line += strspn(line, " \t\r");
	if (is_word(line, "include"))
		return read_includes(reading, conf, line + strlen("include"));
	/* "DIRECTORY=TYPE" was for libc5; ldconfig warns of relative paths and goes on. */
	if (is_word(line, "hwcap") || *line != '/')
		return 0;
	size_t size = strcspn(line, "=");
	while (size > 1 && strchr(" \t\r/", line[size - 1]))
		size--;
	return directories_add(reading->list, line, size);
}

static int read_file(struct list_reading *reading, const char *path)
{
	_cleanup_(strbuf_deinit) struct strbuf content = { 0 };
	struct usdtinfo_error err = { 0 };
	int r = root_read(reading->root, path, LD_CONF_SIZE_MAX, &content, &err);
	reading->budget->exhausted |= err.sys_errno == EFBIG;
	if (r < 0 || !content.at)
		return r == USDTINFO_E_MEMORY ? r : 0;
	r = 0;
	for (char *line = content.at, *next; r == 0 && line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (!budget_take(reading->budget, 1 + strlen(line) / 64))
			break;
		r = read_line(reading, path, line);
	}
	return r;
}

int ld_conf_read(const struct root *root, const char *path, struct budget *budget,
                 struct directories *list)
{
	struct list_reading reading = { root, budget, list, { 0 } };
	struct directories *files = &reading.files;
	int r = directories_add(files, path, strlen(path));
	/* A file that includes itself ends at the limit. */
	for (size_t i = 0; r == 0 && i < files->count; i++) {
		bool seen = false;
		for (size_t n = 0; n < i && !seen; n++)
			seen = strcmp(files->items[n], files->items[i]) == 0;
		if (!seen)
			r = read_file(&reading, files->items[i]);
	}
	directories_deinit(files);
	return r;
}

int musl_path_read(const struct root *root, const char *path, struct budget *budget,
                   struct directories *list)
{
	_cleanup_(strbuf_deinit) struct strbuf content = { 0 };
	struct usdtinfo_error err = { 0 };
	int r = root_read(root, path, LD_CONF_SIZE_MAX, &content, &err);
	budget->exhausted |= err.sys_errno == EFBIG;
	if (r < 0)
		return r == USDTINFO_E_MEMORY ? r : 0;
	for (const char *at = content.at; at && *at && budget_take(budget, 1);) {
		size_t size = strcspn(at, "\n:");
		if (*at == '/' && directories_add(list, at, size) < 0)
			return USDTINFO_E_MEMORY;
		at += size + (at[size] != '\0');
	}
	return 1;
}
