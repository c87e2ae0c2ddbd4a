/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* One file of a tree, looked at by a worker: one open, one small read, mostly no more. */
#pragma once

#include <sys/types.h>

#include "base/text.h"
#include "elf/object/image.h"
#include "find/tree/tree.h"
#include "find/tree/tree_directory.h"

struct tree_file {
	enum {
		TREE_FILE_OTHER, /* neither object nor archive, or gone */
		TREE_FILE_EMPTY, /* an object, or an archive of some, with nothing to show */
		TREE_FILE_OBJECT,     /* surveyed */
		TREE_FILE_ARCHIVE,    /* or package */
		TREE_FILE_DEFERRED,   /* to be looked at again, for want of descriptors */
		TREE_FILE_UNREADABLE, /* see err; a directory, too */
		TREE_FILE_NO_MEMORY,
	} kind;
	const char *name;             /* in its directory; NULL: that itself */
	struct usdtinfo_image *image; /* OBJECT, ARCHIVE */
	struct strbuf path;           /* OBJECT, ARCHIVE, DEFERRED, UNREADABLE */
	uint64_t objects;             /* EMPTY: that were looked at */
	bool has_identity;            /* device and inode are known */
	dev_t device;
	ino_t inode;
	struct usdtinfo_error *err; /* UNREADABLE; NULL: none, or not now */
};

/*
 * tree_file_look - open a file and see what it is
 * @directory_fd: of @directory
 * @name: in it; lives longer than @file
 * @file_ret: for tree_file_deinit()
 */
void tree_file_look(const struct finder *finder, const struct directory *directory,
                    int directory_fd, const char *name, struct tree_file *file_ret);
/*
 * tree_file_fail - a directory that cannot be opened or read
 * @name: in @directory; NULL: that itself
 * @file_ret: for tree_file_deinit()
 */
void tree_file_fail(const struct directory *directory, const char *name,
                    const struct usdtinfo_error *err, struct tree_file *file_ret);
void tree_file_deinit(struct tree_file *file);
/* Close what was found, to be looked at again after tree_file_deinit(). */
void tree_file_defer(struct tree_file *file);
/* Return: whether an object is visited, given what was found in it */
bool tree_is_worth_visiting(const struct tree_options *options,
                            const struct file_facts *facts);
