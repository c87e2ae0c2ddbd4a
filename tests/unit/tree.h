/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* A directory tree for a test: made from a table, gone afterwards. */
#pragma once

#include <check.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* PATH ending in a slash is a directory; TARGET makes a link, CONTENT a file. */
struct tree_entry {
	const char *path, *target, *content;
};

/* Directories above @path are made as needed. */
static inline void tree_parents(const char *path)
{
	char above[PATH_MAX];
	snprintf(above, sizeof(above), "%s", path);
	for (char *at = strchr(above + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		mkdir(above, 0755);
		*at = '/';
	}
}

static inline void tree_write(const char *path, const void *bytes, size_t size)
{
	tree_parents(path);
	FILE *file = fopen(path, "w");
	ck_assert_msg(file != NULL, "cannot write %s", path);
	ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
	ck_assert_int_eq(fclose(file), 0);
}

static inline void tree_add(const char *root, const struct tree_entry *entry)
{
	char path[PATH_MAX];
	ck_assert_int_lt(snprintf(path, sizeof(path), "%s/%s", root, entry->path),
	                 PATH_MAX);
	tree_parents(path);
	if (entry->target)
		ck_assert_msg(symlink(entry->target, path) == 0, "cannot link %s", path);
	else if (path[strlen(path) - 1] != '/')
		tree_write(path, entry->content ? entry->content : "",
		           entry->content ? strlen(entry->content) : 0);
}

/* Return: the new directory, to be given to tree_remove() */
static inline char *tree_make(const struct tree_entry *entries, size_t count)
{
	const char *above = getenv("TMPDIR");
	char *root = NULL;
	ck_assert_int_gt(
		asprintf(&root, "%s/usdtinfo-test-XXXXXX", above ? above : "/tmp"), 0);
	ck_assert_ptr_nonnull(mkdtemp(root));
	for (size_t i = 0; i < count; i++)
		tree_add(root, &entries[i]);
	return root;
}

static inline int tree_drop(const char *path, const struct stat *st, int type,
                            struct FTW *walk)
{
	(void)st, (void)type, (void)walk;
	return remove(path);
}

static inline void tree_remove(char *root)
{
	nftw(root, tree_drop, 16, FTW_DEPTH | FTW_PHYS);
	free(root);
}
