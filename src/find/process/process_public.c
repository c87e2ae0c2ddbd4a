/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Processes and runtime states in the public header. */
#include <stdlib.h>

#include "base/error.h"
#include "find/process/process_scan.h"
#include "probe/walk.h"

struct usdtinfo_process {
	struct process_scan scan;
	struct image_cache *cache;
};

int usdtinfo_process_open(const char *proc, uint64_t pid,
                          struct usdtinfo_process **process_ret,
                          struct usdtinfo_error *err)
{
	if (!process_ret)
		return fail(err, USDTINFO_E_ARGUMENT, "no result given");
	struct usdtinfo_process *process = calloc(1, sizeof(*process));
	if (!process)
		return fail_memory(err);
	process->cache = image_cache_new();
	if (!process->cache) {
		free(process);
		return fail_memory(err);
	}
	int r = process_scan(&process->scan, proc ? proc : "/proc", pid, process->cache,
	                     PROCESS_RUNTIMES_MAX);
	if (r < 0) {
		if (err)
			*err = process->scan.err;
		usdtinfo_process_close(process);
		return r;
	}
	*process_ret = process;
	return 0;
}

void usdtinfo_process_close(struct usdtinfo_process *process)
{
	if (!process)
		return;
	process_scan_deinit(&process->scan);
	image_cache_free(process->cache);
	free(process);
}

const char *usdtinfo_process_command(const struct usdtinfo_process *process)
{
	return process->scan.process.command ? process->scan.process.command : "";
}

const char *usdtinfo_process_memory_reason(const struct usdtinfo_process *process)
{
	return process->scan.memory_reason;
}

size_t usdtinfo_process_object_count(const struct usdtinfo_process *process)
{
	return process->scan.count;
}

static const struct process_object *object_at(const struct usdtinfo_process *process,
                                              size_t index)
{
	return index < process->scan.count ? &process->scan.objects[index] : NULL;
}

const char *usdtinfo_process_object_path(const struct usdtinfo_process *process,
                                         size_t index)
{
	const struct process_object *object = object_at(process, index);
	return object ? object->path : NULL;
}

struct usdtinfo_image *
usdtinfo_process_object_image(const struct usdtinfo_process *process, size_t index,
                              uint64_t *bias_ret, struct usdtinfo_error *err)
{
	const struct process_object *object = object_at(process, index);
	if (!object || !object->shared) {
		if (!object)
			fail(err, USDTINFO_E_ARGUMENT, "there is no such object");
		else if (err)
			*err = object->err;
		return NULL;
	}
	if (bias_ret)
		*bias_ret = object->bias;
	return object->shared->image;
}

int usdtinfo_process_walk_open(const struct usdtinfo_process *process, size_t index,
                               unsigned details, struct usdtinfo_walk **walk_ret,
                               struct usdtinfo_error *err)
{
	const struct process_object *object = object_at(process, index);
	if (!object || !object->shared || !walk_ret)
		return fail(err, USDTINFO_E_ARGUMENT,
		            "there is no such object, or its file could not be opened");
	int r = usdtinfo_walk_open(object->shared->image, details, walk_ret, err);
	if (r < 0)
		return r;
	(*walk_ret)->runtimes = object->runtimes;
	(*walk_ret)->runtime_count = object->runtime_count;
	return 0;
}

enum usdtinfo_probe_state usdtinfo_probe_state(const struct usdtinfo_probe *probe,
                                               const char **reason_ret)
{
	if (reason_ret)
		*reason_ret = probe->runtime.reason.at;
	return probe->runtime.state;
}

static bool give(struct maybe_u64 value, uint64_t *ret)
{
	if (value.known)
		*ret = value.value;
	return value.known;
}

bool usdtinfo_probe_runtime_location(const struct usdtinfo_probe *probe, uint64_t *ret)
{
	return give(probe->runtime.location, ret);
}

bool usdtinfo_probe_runtime_semaphore(const struct usdtinfo_probe *probe, uint64_t *ret)
{
	return give(probe->runtime.semaphore, ret);
}

bool usdtinfo_probe_semaphore_value(const struct usdtinfo_probe *probe, uint64_t *ret)
{
	return give(probe->runtime.semaphore_value, ret);
}

size_t usdtinfo_probe_runtime_bytes(const struct usdtinfo_probe *probe,
                                    const unsigned char **bytes_ret)
{
	if (probe->runtime.size && bytes_ret)
		*bytes_ret = probe->runtime.bytes;
	return probe->runtime.size;
}
