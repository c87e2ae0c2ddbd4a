/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The library's functions on a Python. */
#include <stdlib.h>

#include "base/error.h"
#include "find/runtime/python.h"
#include "find/runtime/python_process.h"

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

int usdtinfo_python_open_process(const char *proc, uint64_t pid,
                                 struct usdtinfo_python **python_ret,
                                 struct usdtinfo_error *err)
{
	if (!python_ret)
		return fail(err, USDTINFO_E_ARGUMENT, "no result given");
	return python_examine_process(proc ? proc : "/proc", pid, false, python_ret, err);
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

const char *usdtinfo_python_home(const struct usdtinfo_python *python)
{
	return python->environment.at;
}

const char *usdtinfo_python_version(const struct usdtinfo_python *python)
{
	return python->version.text.at;
}

int usdtinfo_python_free_threaded(const struct usdtinfo_python *python)
{
	return python->version.free_threaded;
}

int usdtinfo_python_debug(const struct usdtinfo_python *python)
{
	return python->version.debug;
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

const char *usdtinfo_python_hint(const struct usdtinfo_python *python)
{
	return python->hint.at;
}

const char *usdtinfo_python_build_id(const struct usdtinfo_python *python)
{
	return python->build_id.at;
}

size_t usdtinfo_python_hop_count(const struct usdtinfo_python *python)
{
	return python->hop_count;
}

const char *usdtinfo_python_hop(const struct usdtinfo_python *python, size_t index,
                                const char **how_ret)
{
	if (index >= python->hop_count)
		return NULL;
	if (how_ret)
		*how_ret = python->hops[index].how;
	return python->hops[index].path.at;
}

const char *usdtinfo_python_record(const struct usdtinfo_python *python, int *agrees_ret)
{
	if (agrees_ret)
		*agrees_ret = python->record.agrees;
	return python->record.source.at;
}

const char *usdtinfo_python_config_args(const struct usdtinfo_python *python)
{
	return python->record.config_args.at;
}

size_t usdtinfo_python_diagnostic_count(const struct usdtinfo_python *python)
{
	return python->diagnostics.count;
}

enum usdtinfo_severity usdtinfo_python_diagnostic(const struct usdtinfo_python *python,
                                                  size_t index, const char **code_ret,
                                                  const char **message_ret)
{
	static const struct diagnostic none;
	const struct diagnostic *found = index < python->diagnostics.count
	                                         ? &python->diagnostics.items[index]
	                                         : &none;
	if (code_ret)
		*code_ret = found->code.at;
	if (message_ret)
		*message_ret = found->message.at;
	return found->severity;
}

const char *usdtinfo_python_marker_arguments_text(const struct usdtinfo_python *python,
                                                  size_t index)
{
	return index < python->marker_count ? python->markers[index].arguments.at : NULL;
}

size_t usdtinfo_python_marker_argument_count(const struct usdtinfo_python *python,
                                             size_t index)
{
	if (index >= python->marker_count)
		return 0;
	const struct python_marker_found *marker = &python->markers[index];
	return marker->row && marker->names_are_sure ? marker->row->probe.argument_count
	                                             : 0;
}

const char *usdtinfo_python_marker_argument(const struct usdtinfo_python *python,
                                            size_t index, size_t number,
                                            const char **c_type_ret)
{
	if (number >= usdtinfo_python_marker_argument_count(python, index))
		return NULL;
	const struct catalogue_argument *argument =
		&python->markers[index].row->probe.arguments[number];
	if (c_type_ret)
		*c_type_ret = argument->c_type;
	return argument->name;
}
