/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* A directory of a tree: its names, sorted, and the path that leads to it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "usdtinfo.h"

struct tree_options;

struct name {
	const char *at;     /* in the directory's block of names */
	unsigned char type; /* DT_REG, DT_DIR */
};

/*
 * A directory that was read. It stays in memory while anything below it is under way, for
 * paths; whether it is open, and how long, is the pool's (find/tree/tree_pool.h).
 */
struct directory {
	unsigned users;
	struct directory *parent; /* NULL: the top */
	char *own_name;           /* within the parent; of the top, its path */
	struct strbuf block;      /* the names, each ended by NUL */
	struct name *names;       /* in bytewise order */
	size_t count, room;

	/* Of the pool. */
	int fd;         /* -1: closed */
	unsigned pins;  /* who needs it open now */
	bool is_wanted; /* it will be needed later, too */
	struct directory *older, *newer, *below;
};

/*
 * directory_new - a directory without names, closed, with one use
 * @parent: a use of it, taken over on success; NULL for the top
 *
 * Return: the directory, for directory_release(); NULL when memory ran out.
 */
struct directory *directory_new(struct directory *parent, const char *name);
/*
 * directory_read - read and sort the names of files and directories
 * @fd: the directory, open for reading; where it stands then is not defined
 * @options: whose globs leave names out
 *
 * Return: 0; USDTINFO_E_SYSTEM, with what was read until then kept; USDTINFO_E_MEMORY.
 */
int directory_read(struct directory *directory, int fd,
                   const struct tree_options *options, struct usdtinfo_error *err);

/* Uses are counted without a lock: one thread at a time. */
struct directory *directory_use(struct directory *directory);
/* Drop one use; the last frees the directory, and so on up. NULL is ignored. */
void directory_release(struct directory *directory);

/* The path of a directory, or of @name in it, appended to @path. */
void directory_path(const struct directory *directory, const char *name,
                    struct strbuf *path);
