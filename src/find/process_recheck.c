/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Mappings and memory are read one after the other, and objects come and go meanwhile: half of
 * the bytes of one that is being loaded are another part of its file, and look like a count or
 * like a patch. What is idle needs no second look: nothing else looks like it.
 */
#include "find/process_scan.h"

#include "base/error.h"

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
		process_object_look(object, now, memory, i, &second);
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
