/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The traversal of directories: file after file in order, one thread at a time. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/text.h"
#include "find/tree.h"
#include "usdtinfo.h"

struct name {
	const char *at;     /* in the directory's block of names */
	unsigned char type; /* DT_REG, DT_DIR */
};

/*
 * A directory that was read. It stays in memory while anything below it is under way, for
 * paths; it stays open only while files in it are to be opened, so that a deep tree does
 * not take a descriptor for each level.
 */
struct directory {
	atomic_uint users, fd_users;
	struct directory *parent; /* NULL: the top */
	char *own_name;           /* within the parent; of the top, its path */
	int fd;
	bool held;                /* the traversal's own use of FD is not given up */
	struct strbuf block;      /* the names, each ended by NUL */
	struct name *names;       /* in bytewise order */
	size_t count, room, next; /* NEXT is the first that was not handed out */
};

/* Something to be looked at: a file, or a directory that could not be read. */
struct entry {
	struct directory *directory; /* a use of it is the entry's */
	bool shares; /* that use is the one of the entry before, which is released with it */
	const char *name;          /* NULL: the directory itself, with ERR */
	struct usdtinfo_error err; /* set only then */
};

struct traversal {
	const struct tree_options *options;
	struct directory *current; /* NULL: at the end */
	dev_t device;              /* of the top */
	struct strbuf path;        /* for globs: of the current directory, and a name */
	size_t prefix;             /* of it, slash included; 0: it is another's */
};

/* Takes over @fd. Return: 0 or USDTINFO_E_MEMORY, USDTINFO_E_SYSTEM. */
int traversal_begin(struct traversal *traversal, const struct tree_options *options,
                    const char *path, int fd, struct usdtinfo_error *err);
/*
 * traversal_next - the next file, or directory that cannot be read
 * @before: an entry that will be released together with this one; or NULL
 *
 * Return: 1 with an entry, to be released; 0 at the end; USDTINFO_E_MEMORY.
 */
int traversal_next(struct traversal *traversal, const struct entry *before,
                   struct entry *entry_ret);
void traversal_end(struct traversal *traversal);

void entry_release(struct entry *entry);
/* The path of a directory, or of @name in it, appended to @path. */
void directory_path(const struct directory *directory, const char *name,
                    struct strbuf *path);
