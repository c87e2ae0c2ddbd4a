/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Where separate debug info is, by the rules that gdb and elfutils share: build-id
 * directories, .gnu_debuglink, .gnu_debugaltlink. Nothing here opens a socket or keeps a
 * cache, whatever the environment says; see debug_download.h for what does.
 */
#pragma once

#include "base/diagnostic.h"
#include "debug/file/debug_file.h"
#include "debug/file/debug_reading.h"

/* The directory of every distribution; inside the root. */
#define DEBUG_DIRECTORY "/usr/lib/debug"

/* All borrowed. Where else to look is inside the root of the image. */
struct debug_search {
	/* The user's own, looked at first; on this host, whatever the root is. */
	char *const *directories;
	size_t directory_count;
	bool download; /* ask the servers of DEBUGINFOD_URLS for what is not found */
	struct debug_reading *reading;
};

/*
 * debug_find - open the file that has the debug info of @image
 * @own: the image as a debug file
 * @diagnostics: told of files that are there and do not belong to the image
 *
 * Only a file with the image's build-id, or with the checksum that the image's debug link
 * records, is taken. Return: NULL when there is none.
 */
struct debug_file *debug_find(const struct debug_search *search,
                              struct usdtinfo_image *image, struct debug_file *own,
                              struct diagnostics *diagnostics);

/*
 * debug_find_main - the other way round: the file that @image is the debug file of
 *
 * Beside it, without its ".debug", with the same build-id. NULL: none.
 */
struct debug_file *debug_find_main(const struct debug_search *search,
                                   struct usdtinfo_image *image);

/*
 * debug_find_alternate - give a file with DWARF its DWZ supplementary file
 * @image: that the file has the DWARF of
 *
 * Where there is none to be had, references to it lead nowhere; libdw does not look for it.
 */
void debug_find_alternate(const struct debug_search *search, struct usdtinfo_image *image,
                          struct debug_file *file, struct diagnostics *diagnostics);
