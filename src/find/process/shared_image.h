/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* One image for each file that is mapped, however many processes map it. */
#pragma once

#include "find/process/live.h"
#include "find/process/process.h"
#include "usdtinfo.h"

/* Read-only once it is had, but for the image, which one thread may use. */
struct shared_image {
	struct usdtinfo_image *image; /* surveyed; NULL: it could not be opened */
	struct usdtinfo_error err;    /* why not */
	struct live_place *places;    /* of its probes, in note order */
	size_t place_count;
	bool was_visited; /* the visiting thread's to use */
};

struct image_cache;

/* Return: NULL when memory ran out; release with image_cache_free(), after its users. */
struct image_cache *image_cache_new(void);
void image_cache_free(struct image_cache *cache);

/*
 * image_cache_file - the image of the file that is mapped; any thread may ask
 * @mappings, @count: of one file
 * @shared_ret: belongs to the cache
 * @device_differs_ret: as in struct mapped_file
 *
 * The device and inode of a mapping name the file for as long as it is held open here; where
 * they do not (btrfs has one device for many trees of inodes) the file is opened, and known
 * again by what stat(2) says of it: device, inode, size, time.
 *
 * Return: 0; what process_open_file() returns.
 */
int image_cache_file(struct image_cache *cache, struct process *process,
                     const struct mapping *const *mappings, size_t count,
                     struct shared_image **shared_ret, bool *device_differs_ret,
                     struct usdtinfo_error *err);

/*
 * image_cache_memory - the image of an object that lies in memory only: [vdso]
 *
 * Return: 0; USDTINFO_E_SYSTEM when it cannot be read; USDTINFO_E_MEMORY.
 */
int image_cache_memory(struct image_cache *cache, const struct memory *memory,
                       const struct mapping *mapping, struct shared_image **shared_ret,
                       struct usdtinfo_error *err);
