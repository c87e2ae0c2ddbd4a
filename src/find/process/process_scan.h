/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* A look at one process: each object that it has loaded, each probe as it is right now. */
#pragma once

#include "find/process/live.h"
#include "find/process/memory.h"
#include "find/process/process.h"
#include "find/process/shared_image.h"

/*
 * Probes of one process that are looked at. Its objects are bounded by their files, but
 * nothing keeps a process from loading one again and again.
 */
#define PROCESS_RUNTIMES_MAX ((size_t)1 << 20)

/* An object, once for each time that it is loaded. */
struct process_object {
	struct shared_image *shared;    /* NULL: the file could not be opened */
	const char *path;               /* as maps has it; borrowed from there */
	const struct mapping *mapping;  /* one of its mappings */
	struct usdtinfo_error err;      /* with no image: why */
	bool device_differs;            /* as in struct mapped_file */
	uint64_t start;                 /* the lowest address */
	uint64_t bias;                  /* added to link-time addresses, modulo 2^64 */
	struct probe_runtime *runtimes; /* of the image's probes, in note order */
	size_t runtime_count;
	bool is_beyond; /* the limit: there are none */
};

/* Zero-initialise; release with process_scan_deinit(). */
struct process_scan {
	struct process process;
	struct usdtinfo_error err;      /* when the process could not be looked at: why */
	struct process_object *objects; /* by address */
	size_t count, room;
	size_t runtime_count;      /* of all objects */
	const char *memory_reason; /* static: why memory cannot be read; NULL: it can */
};

/*
 * process_scan - look
 * @proc: the directory that is /proc
 * @cache: lives longer than what is filled
 * @runtimes_max: probes to look at; the objects that are left have no runtimes
 *
 * Return: 0, or what process_open() returned, which is in scan->err, too. Objects that cannot
 * be opened are no failure.
 */
int process_scan(struct process_scan *scan, const char *proc, uint64_t pid,
                 struct image_cache *cache, size_t runtimes_max);
void process_scan_deinit(struct process_scan *scan);

/*
 * process_recheck - look once more at what was found armed, or not known
 * @memory: of the process, as the first look used it
 *
 * Return: whether all of it holds; the states that do not are made unknown
 */
bool process_recheck(struct process_scan *scan, struct memory *memory);
