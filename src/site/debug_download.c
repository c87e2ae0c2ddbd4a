/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Debug files from the servers of DEBUGINFOD_URLS, through libdebuginfod. */
#include "site/debug_download.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/*
 * The library is not linked: it would bring an HTTP client into every run of a program that
 * hardly ever needs one. Its interface is debuginfod_find_debuginfo(3).
 */
#define LIBRARY "libdebuginfod.so.1"

struct client;
struct library {
	void *handle;
	struct client *(*begin)(void);
	int (*find)(struct client *client, const unsigned char *build_id, int size,
	            char **path);
	void (*end)(struct client *client);
};

static bool load(struct library *library)
{
	library->handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (!library->handle)
		return false;
	*(void **)&library->begin = dlsym(library->handle, "debuginfod_begin");
	*(void **)&library->find = dlsym(library->handle, "debuginfod_find_debuginfo");
	*(void **)&library->end = dlsym(library->handle, "debuginfod_end");
	return library->begin && library->find && library->end;
}

struct debug_file *debug_download(const char *build_id, struct diagnostics *diagnostics)
{
	struct library library = { 0 };
	struct debug_file *file = NULL;
	if (!load(&library)) {
		diagnose(diagnostics, DIAG_DEBUG_DOWNLOAD_FAILED,
		         LIBRARY " is not usable: %s", dlerror());
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
	struct usdtinfo_error err;
	if (fd < 0)
		diagnose(diagnostics, DIAG_DEBUG_DOWNLOAD_FAILED,
		         "debuginfod: no debug file for build-id %s: %s", build_id,
		         strerror(-fd));
	else if (debug_file_open(fd, path ? path : "debuginfod", &file, &err) < 0)
		diagnose(diagnostics, DIAG_DEBUG_DOWNLOAD_FAILED,
		         "debuginfod: what came for build-id %s: %s", build_id, err.text);
	library.end(client);
	return file;
}
