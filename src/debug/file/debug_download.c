/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Debug files from the servers of DEBUGINFOD_URLS, through libdebuginfod. */
#include "debug/file/debug_download.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "lazy/library.h"

/*
 * The library is not linked: it would bring an HTTP client into every run of a program that
 * hardly ever needs one. Its interface is debuginfod_find_debuginfo(3).
 */
#define LIBRARY "libdebuginfod.so.1"

struct client;
struct debuginfod {
	struct client *(*begin)(void);
	int (*find)(struct client *client, const unsigned char *build_id, int size,
	            char **path);
	void (*end)(struct client *client);
};

LIBRARY_NOTE(LIBRARY, "debuginfod", "suggested", "debug files from servers");

static int load(struct debuginfod *library, struct usdtinfo_error *err)
{
	static const char *const names[] = {
		"debuginfod_begin",
		"debuginfod_find_debuginfo",
		"debuginfod_end",
	};
	return library_load(LIBRARY, names, ARRAY_SIZE(names), library, err);
}

struct debug_file *debug_download(const char *build_id, const struct root *object_root,
                                  struct diagnostics *diagnostics)
{
	struct debuginfod library;
	struct debug_file *file = NULL;
	struct usdtinfo_error err;
	if (load(&library, &err) < 0) {
		diagnose(diagnostics, DIAG_DEBUG_DOWNLOAD_FAILED,
		         LIBRARY " is not usable: %s", err.text);
		return NULL;
	}
	/* It stays loaded: its HTTP client does not survive being taken away. */
	struct client *client = library.begin();
	if (!client) {
		diagnose(diagnostics, DIAG_DEBUG_DOWNLOAD_FAILED,
		         "debuginfod: cannot be set up");
		return NULL;
	}
	_cleanup_(freep) char *path = NULL;
	/* Size 0: the build-id is written in hexadecimal. */
	int fd = library.find(client, (const unsigned char *)build_id, 0, &path);
	if (fd < 0)
		diagnose(diagnostics, DIAG_DEBUG_DOWNLOAD_FAILED,
		         "debuginfod: no debug file for build-id %s: %s", build_id,
		         strerror(-fd));
	else if (debug_file_open(fd, &root_host, path ? path : "debuginfod", object_root,
	                         &file, &err) < 0)
		diagnose(diagnostics, DIAG_DEBUG_DOWNLOAD_FAILED,
		         "debuginfod: what came for build-id %s: %s", build_id, err.text);
	library.end(client);
	return file;
}
