/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The library's functions on a Python. */
#include <stdlib.h>

#include "base/error.h"
#include "find/python.h"

int usdtinfo_python_open(const char *asked, const char *root, const char *library_path,
                         struct usdtinfo_python **python_ret, struct usdtinfo_error *err)
{
	struct root inside;
	if (!python_ret)
		return fail(err, USDTINFO_E_ARGUMENT, "no result given");
	int r = root_init(&inside, root, err);
	if (r < 0)
		return r;
	struct python_settings settings = { .root = &inside,
		                            .search_path = root ? NULL : getenv("PATH"),
		                            .library_path = library_path };
	r = python_examine(&settings, asked, python_ret, err);
	root_deinit(&inside);
	return r;
}

void usdtinfo_python_close(struct usdtinfo_python *python)
{
	if (!python)
		return;
	diagnostics_deinit(&python->diagnostics);
	free(python->hops);
	free(python->markers);
	free(python->objects);
	arena_deinit(&python->arena);
	free(python);
}

enum usdtinfo_python_verdict usdtinfo_python_verdict(const struct usdtinfo_python *python)
{
	return python->verdict;
}

const char *usdtinfo_python_reason(const struct usdtinfo_python *python)
{
	return python->reason.at;
}

const char *usdtinfo_python_path(const struct usdtinfo_python *python)
{
	return python->path.at;
}

const char *usdtinfo_python_object(const struct usdtinfo_python *python)
{
	return python->object.at;
}

const char *usdtinfo_python_version(const struct usdtinfo_python *python)
{
	return python->version.text.at;
}

int usdtinfo_python_with_dtrace(const struct usdtinfo_python *python)
{
	return python->record.with_dtrace;
}

size_t usdtinfo_python_marker_count(const struct usdtinfo_python *python)
{
	return python->marker_count;
}

const char *usdtinfo_python_marker(const struct usdtinfo_python *python, size_t index,
                                   enum usdtinfo_python_status *status_ret,
                                   uint64_t *probes_ret)
{
	if (index >= python->marker_count)
		return NULL;
	const struct python_marker_found *marker = &python->markers[index];
	if (status_ret)
		*status_ret = marker->status;
	if (probes_ret)
		*probes_ret = marker->probes;
	return marker->name.at;
}
