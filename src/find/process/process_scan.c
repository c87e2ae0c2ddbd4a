/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* From mappings to files, from files to loaded objects, from those to states of probes. */
#include "find/process/process_scan.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "find/process/loaded.h"

/* Of a look at a process whose objects come and go. */
#define ATTEMPTS 3

/* What a look goes by. */
struct process_look {
	struct process_scan *scan;
	struct image_cache *cache;
	struct memory *memory;
	size_t runtimes_max;
};

static int compare_files(const struct mapping *a, const struct mapping *b)
{
	if (a->inode != b->inode)
		return a->inode < b->inode ? -1 : 1;
	if (a->major != b->major)
		return a->major < b->major ? -1 : 1;
	if (a->minor != b->minor)
		return a->minor < b->minor ? -1 : 1;
	return a->path.at == b->path.at ? 0 : text_compare(a->path, b->path);
}

static int compare_mappings(const void *a, const void *b)
{
	const struct mapping *x = *(const struct mapping *const *)a;
	const struct mapping *y = *(const struct mapping *const *)b;
	int order = compare_files(x, y);
	return order ? order : (x->start > y->start) - (x->start < y->start);
}

/* Whether a file can be a loaded object: data that is merely mapped need not be opened. */
static bool may_be_loaded(const struct mapping *const *mappings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (mappings[i]->executable || mappings[i]->offset != mappings[0]->offset)
			return true;
	return false;
}

static struct process_object *add_object(struct process_scan *scan,
                                         const struct mapping *mapping)
{
	if (!array_grow(&scan->objects, &scan->room, scan->count + 1,
	                sizeof(*scan->objects)))
		return NULL;
	struct process_object *object = &scan->objects[scan->count++];
	*object = (struct process_object){
		.path = mapping->path.at,
		.mapping = mapping,
		.start = mapping->start,
	};
	return object;
}

/*
 * The first mapping that a loader makes is of the whole extent; the part with the semaphores
 * takes its place some calls later. Until then other bytes of the file are there.
 */
static bool is_loaded(const struct maps *maps, const struct process_object *object,
                      size_t index, const struct probe_runtime *runtime)
{
	const struct mapping *mapping = maps_find(maps, runtime->semaphore.value);
	const struct segment *segment = segments_find(
		&object->shared->image->segments,
		object->shared->places[index].semaphore.value);
	return !mapping || mapping->writable || !segment || !(segment->flags & PF_W);
}

static void look_at_probe(const struct process_object *object, const struct maps *maps,
                          struct memory *memory, size_t index, struct probe_runtime *ret)
{
	const struct usdtinfo_image *image = object->shared->image;
	const struct live_object live = {
		.machine = image->header.e_machine,
		.big_endian = image->big_endian,
		.address_size = image->address_size,
		.bias = object->bias,
	};
	live_look(memory, &live, &object->shared->places[index], ret);
	if (ret->state != USDTINFO_PROBE_ARMED || !ret->semaphore.known ||
	    is_loaded(maps, object, index, ret))
		return;
	ret->state = USDTINFO_PROBE_UNKNOWN;
	ret->reason = text_of("the object is only partly loaded");
}

/* Look at each probe of an object. */
static int look_live(const struct process_look *look, struct process_object *object)
{
	const struct shared_image *shared = object->shared;
	object->is_beyond = shared->place_count >
	                    look->runtimes_max - look->scan->runtime_count;
	if (!shared->place_count || object->is_beyond)
		return 0;
	look->scan->runtime_count += shared->place_count;
	object->runtimes = calloc(shared->place_count, sizeof(*object->runtimes));
	if (!object->runtimes)
		return USDTINFO_E_MEMORY;
	object->runtime_count = shared->place_count;
	for (size_t i = 0; i < shared->place_count; i++)
		look_at_probe(object, &look->scan->process.maps, look->memory, i,
		              &object->runtimes[i]);
	return 0;
}

static int add_loaded(const struct process_look *look, const struct mapping *mapping,
                      struct shared_image *shared, bool device_differs, uint64_t bias)
{
	const struct segments *segments = &shared->image->segments;
	struct process_object *object = add_object(look->scan, mapping);
	if (!object)
		return USDTINFO_E_MEMORY;
	object->shared = shared;
	object->device_differs = device_differs;
	object->bias = bias;
	if (segments->count)
		object->start = segments->items[0].address + bias;
	return look_live(look, object);
}

/*
 * Whether what lies at the start of a file is no ELF object, as far as memory tells: memory
 * that is shared by name, or code made at run time, need not be complained of.
 */
static bool is_no_object(const struct memory *memory,
                         const struct mapping *const *mappings, size_t count)
{
	char magic[4];
	if (memory->fd < 0)
		return false;
	for (size_t i = 0; i < count; i++)
		if (mappings[i]->offset == 0 &&
		    memory_read(memory, mappings[i]->start, magic, sizeof(magic)))
			return memcmp(magic, "\177ELF", sizeof(magic)) != 0;
	return true;
}

static int add_failure(const struct process_look *look, const struct mapping *mapping,
                       const struct usdtinfo_error *err)
{
	struct process_object *object = add_object(look->scan, mapping);
	if (!object)
		return USDTINFO_E_MEMORY;
	object->err = *err;
	return 0;
}

/* All mappings of one file. */
static int add_file(const struct process_look *look,
                    const struct mapping *const *mappings, size_t count)
{
	struct shared_image *shared;
	struct usdtinfo_error err;
	bool device_differs;
	if (!may_be_loaded(mappings, count))
		return 0;
	int r = image_cache_file(look->cache, &look->scan->process, mappings, count,
	                         &shared, &device_differs, &err);
	if (r == 0 && !shared->image) {
		err = shared->err;
		r = err.code;
	}
	if (r == USDTINFO_E_NOT_ELF || r == USDTINFO_E_ARCHIVE)
		return 0;
	if (r == USDTINFO_E_MEMORY)
		return r;
	if (r < 0)
		return is_no_object(look->memory, mappings, count)
		               ? 0
		               : add_failure(look, mappings[0], &err);
	uint64_t *biases;
	size_t times;
	r = loaded_biases(shared->image, mappings, count, &biases, &times, &err);
	for (size_t i = 0; r == 0 && i < times; i++)
		r = add_loaded(look, mappings[0], shared, device_differs, biases[i]);
	free(biases);
	return r;
}

static int add_vdso(const struct process_look *look, const struct mapping *mapping)
{
	struct shared_image *shared;
	struct usdtinfo_error err;
	int r = image_cache_memory(look->cache, look->memory, mapping, &shared, &err);
	if (r == USDTINFO_E_MEMORY)
		return r;
	/* It never has probes: what memory may not be read for is told of those that have. */
	if (r < 0 && look->memory->fd < 0 && !look->memory->failed)
		return 0;
	if (r < 0)
		return add_failure(look, mapping, &err);
	if (r == 0 && !shared->image && shared->err.code == USDTINFO_E_MEMORY)
		return USDTINFO_E_MEMORY;
	if (!shared->image)
		return 0;
	const struct segments *segments = &shared->image->segments;
	uint64_t address = segments->count ? segments->items[0].address : 0;
	return add_loaded(look, mapping, shared, false, mapping->start - address);
}

static int add_files(const struct process_look *look)
{
	const struct maps *maps = &look->scan->process.maps;
	const struct mapping **sorted = malloc((maps->count + 1) * sizeof(*sorted));
	size_t count = 0;
	int r = 0;
	if (!sorted)
		return USDTINFO_E_MEMORY;
	for (size_t i = 0; r == 0 && i < maps->count; i++) {
		const struct mapping *mapping = &maps->items[i];
		if (mapping->inode && mapping->path.at)
			sorted[count++] = mapping;
		else if (text_equal(mapping->path, text_of("[vdso]")))
			r = add_vdso(look, mapping);
	}
	qsort(sorted, count, sizeof(*sorted), compare_mappings);
	for (size_t i = 0, next; r == 0 && i < count; i = next) {
		next = i + 1;
		while (next < count && compare_files(sorted[i], sorted[next]) == 0)
			next++;
		r = add_file(look, sorted + i, next - i);
	}
	free(sorted);
	return r;
}

static int compare_objects(const void *a, const void *b)
{
	const struct process_object *x = a, *y = b;
	return (x->start > y->start) - (x->start < y->start);
}

/* ---- a second look ---- */

/*
 * Mappings and memory are read one after the other, and objects come and go meanwhile: half of
 * the bytes of one that is being loaded are another part of its file, and look like a count or
 * like a patch. What is idle needs no second look: nothing else looks like it.
 */
static bool is_same_mapping(const struct mapping *a, const struct mapping *b)
{
	if (!a || !b)
		return a == b;
	/* Anonymous ones grow and are joined. */
	return a->inode == b->inode && a->major == b->major && a->minor == b->minor &&
	       a->writable == b->writable && a->executable == b->executable &&
	       (!a->inode || a->start - a->offset == b->start - b->offset);
}

static bool is_same_there(const struct maps *before, const struct maps *now,
                          struct maybe_u64 address)
{
	return !address.known || is_same_mapping(maps_find(before, address.value),
	                                         maps_find(now, address.value));
}

static bool holds(const struct maps *before, const struct maps *now,
                  const struct probe_runtime *first, const struct probe_runtime *second)
{
	return first->state == second->state &&
	       text_equal(first->reason, second->reason) &&
	       is_same_there(before, now, first->location) &&
	       is_same_there(before, now, first->semaphore);
}

static bool recheck_object(const struct process_scan *scan, struct memory *memory,
                           const struct maps *now, struct process_object *object)
{
	bool all_hold = true;
	for (size_t i = 0; i < object->runtime_count; i++) {
		struct probe_runtime *first = &object->runtimes[i], second;
		if (first->state == USDTINFO_PROBE_IDLE)
			continue;
		look_at_probe(object, now, memory, i, &second);
		if (holds(&scan->process.maps, now, first, &second))
			continue;
		all_hold = false;
		first->state = USDTINFO_PROBE_UNKNOWN;
		first->reason = text_of("what is loaded changed while it was looked at");
	}
	return all_hold;
}

static bool all_are_idle(const struct process_scan *scan)
{
	for (size_t i = 0; i < scan->count; i++) {
		const struct process_object *object = &scan->objects[i];
		for (size_t k = 0; k < object->runtime_count; k++)
			if (object->runtimes[k].state != USDTINFO_PROBE_IDLE)
				return false;
	}
	return true;
}

bool process_recheck(struct process_scan *scan, struct memory *memory)
{
	struct maps now = { 0 };
	bool all_hold = true;
	if (memory->fd < 0 || all_are_idle(scan))
		return true;
	memory->pages[MEMORY_SITES].size = memory->pages[MEMORY_SEMAPHORES].size = 0;
	/* What has ended meanwhile is told of by whoever asks next. */
	if (process_read_maps(&scan->process, &now, NULL) == 0)
		for (size_t i = 0; i < scan->count; i++)
			all_hold &= recheck_object(scan, memory, &now, &scan->objects[i]);
	maps_deinit(&now);
	return all_hold;
}

/* @holds_ret: whether a second look found the same */
static int scan_once(struct process_scan *scan, const char *proc, uint64_t pid,
                     struct image_cache *cache, size_t runtimes_max, bool *holds_ret)
{
	*scan = (struct process_scan){ 0 };
	int r = process_open(&scan->process, proc, pid, &scan->err);
	if (r < 0)
		return r;
	struct memory *memory = malloc(sizeof(*memory));
	if (!memory)
		return fail_memory(&scan->err);
	process_open_memory(&scan->process, proc, memory);
	scan->memory_reason = memory->reason.at;
	r = add_files(&(struct process_look){ scan, cache, memory, runtimes_max });
	*holds_ret = r < 0 || process_recheck(scan, memory);
	process_close_memory(memory);
	free(memory);
	if (r < 0)
		return fail_memory(&scan->err);
	if (scan->count)
		qsort(scan->objects, scan->count, sizeof(*scan->objects),
		      compare_objects);
	/* What was found missing of a process that has ended since says nothing. */
	if (process_is_there(&scan->process))
		return 0;
	r = fail(&scan->err, USDTINFO_E_SYSTEM, "the process has ended");
	scan->err.sys_errno = ESRCH;
	return r;
}

int process_scan(struct process_scan *scan, const char *proc, uint64_t pid,
                 struct image_cache *cache, size_t runtimes_max)
{
	for (int attempt = 1;; attempt++) {
		bool holds = true;
		int r = scan_once(scan, proc, pid, cache, runtimes_max, &holds);
		if (holds || attempt == ATTEMPTS)
			return r;
		process_scan_deinit(scan);
	}
}

void process_scan_deinit(struct process_scan *scan)
{
	for (size_t i = 0; i < scan->count; i++)
		free(scan->objects[i].runtimes);
	free(scan->objects);
	process_deinit(&scan->process);
	*scan = (struct process_scan){ .process = { .fd = -1, .root = ROOT_HOST } };
}
