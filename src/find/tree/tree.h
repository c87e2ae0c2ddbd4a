/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Directory trees: every file is looked at by several threads, and what is found is visited
 * by the caller's thread alone, in one order whatever the number of threads: by path
 * component, bytewise.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "find/visit/visit.h"

/* What has been looked at; the names are those of the progress line. */
struct tree_counts {
	uint64_t files;  /* of any kind */
	uint64_t elf;    /* objects among them, and among the members of archives */
	uint64_t probes; /* in those that were visited */
	uint64_t empty;  /* objects without probes that were not visited */
};

/* How to go over a tree; a part of struct finder. */
struct tree_options {
	unsigned workers;      /* threads that look at files; 0 counts as 1 */
	bool one_file_system;  /* directories of another device are passed over */
	bool all_links;        /* a file that has several names is visited by each */
	bool visit_empty;      /* visit objects without any probe, too */
	bool packages;         /* open packages and compressed files, too */
	char *const *excluded; /* globs on whole paths; fnmatch(3) without flags */
	size_t excluded_count;
	/* Called now and then with the directory that was reached. May be NULL. */
	void (*progress)(void *data, const struct tree_counts *counts,
	                 struct text directory);
	void *progress_data;
	struct tree_counts *counts; /* added to; may be NULL */
};

/*
 * find_tree - visit the objects and archives in a directory and below
 * @path: what the files' paths begin with
 * @fd: the directory, open for reading; taken over
 *
 * Symbolic links are not followed. Devices, FIFOs and sockets are not opened. What is no
 * ELF file and no archive is passed over in silence, as is what vanishes meanwhile and,
 * unless they are wanted, packages; what cannot be read is visited with a diagnostic.
 *
 * Return: what the last visit returned; 1 when interrupted; USDTINFO_E_MEMORY.
 */
int find_tree(const struct finder *finder, const char *path, int fd, object_visit visit,
              void *context);
