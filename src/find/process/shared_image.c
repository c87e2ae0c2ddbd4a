/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Images by file, opened by whoever asks first; the others wait for that. */
#include "find/process/shared_image.h"

#include <pthread.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "probe/survey.h"
#include "probe/walk.h"

/* The kernel's is two to four pages; no other object is read from memory. */
#define MEMORY_IMAGE_MAX (1u << 20)
/* Of these how many are compared with another. */
#define MEMORY_IMAGES_MAX 64

struct cached {
	struct shared_image shared;
	bool ready;
	struct stat st;        /* of a file */
	uint32_t major, minor; /* of its mappings, where they tell it from all others */
	int fd;                /* -1: in memory */
	unsigned char *bytes;  /* in memory */
	size_t size;
	struct cached *next;
};

struct image_cache {
	pthread_mutex_t lock;
	pthread_cond_t ready;
	void *by_mapping, *by_stat; /* of entries */
	struct cached *files, *in_memory;
};

struct image_cache *image_cache_new(void)
{
	struct image_cache *cache = calloc(1, sizeof(*cache));
	if (!cache)
		return NULL;
	pthread_mutex_init(&cache->lock, NULL);
	pthread_cond_init(&cache->ready, NULL);
	return cache;
}

static void entry_free(struct cached *entry)
{
	usdtinfo_image_close(entry->shared.image);
	if (entry->fd >= 0)
		close(entry->fd);
	free(entry->shared.places);
	free(entry->bytes);
	free(entry);
}

static void entries_free(struct cached *entry)
{
	while (entry) {
		struct cached *next = entry->next;
		entry_free(entry);
		entry = next;
	}
}

static void keep_item(void *item)
{
	(void)item;
}

void image_cache_free(struct image_cache *cache)
{
	if (!cache)
		return;
	tdestroy(cache->by_mapping, keep_item);
	tdestroy(cache->by_stat, keep_item);
	entries_free(cache->files);
	entries_free(cache->in_memory);
	pthread_cond_destroy(&cache->ready);
	pthread_mutex_destroy(&cache->lock);
	free(cache);
}

#define ORDER(a, b)                                                                      \
	if ((a) != (b))                                                                  \
	return (a) < (b) ? -1 : 1

static int compare_mapping(const void *a, const void *b)
{
	const struct cached *x = a, *y = b;
	ORDER(x->st.st_ino, y->st.st_ino);
	ORDER(x->major, y->major);
	ORDER(x->minor, y->minor);
	return 0;
}

static int compare_stat(const void *a, const void *b)
{
	const struct cached *x = a, *y = b;
	ORDER(x->st.st_ino, y->st.st_ino);
	ORDER(x->st.st_dev, y->st.st_dev);
	ORDER(x->st.st_size, y->st.st_size);
	ORDER(x->st.st_mtim.tv_sec, y->st.st_mtim.tv_sec);
	ORDER(x->st.st_mtim.tv_nsec, y->st.st_mtim.tv_nsec);
	return 0;
}

/* ---- filling an entry: by one thread, without the lock ---- */

static void keep_place(struct usdtinfo_image *image, const struct usdtinfo_probe *probe,
                       struct live_place *place)
{
	*place = (struct live_place){ probe->location, probe->semaphore, probe->site };
	if (probe->file_offset.known)
		place->size = image_peek(image, probe->file_offset.value, place->bytes,
		                         sizeof(place->bytes));
}

static int compare_addresses(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	ORDER(*x, *y);
	return 0;
}

/*
 * A nop with a longer one behind it may be one site, to be probed at either; or two, where
 * the second has a note of its own.
 */
static int part_neighbours(struct shared_image *shared, struct usdtinfo_error *err)
{
	_cleanup_(freep) uint64_t *known = malloc(shared->place_count * sizeof(*known));
	size_t count = 0;
	if (!known)
		return fail_memory(err);
	for (size_t i = 0; i < shared->place_count; i++)
		if (shared->places[i].location.known)
			known[count++] = shared->places[i].location.value;
	qsort(known, count, sizeof(*known), compare_addresses);
	for (size_t i = 0; i < shared->place_count; i++) {
		struct live_place *place = &shared->places[i];
		uint64_t next = place->location.value + 1;
		if (!place->size || !live_has_second_nop(place->site) ||
		    !bsearch(&next, known, count, sizeof(*known), compare_addresses))
			continue;
		place->site = USDTINFO_SITE_NOP;
		place->size = 1;
	}
	return 0;
}

static int keep_places(struct shared_image *shared, struct usdtinfo_error *err)
{
	struct usdtinfo_walk *walk = NULL;
	const struct usdtinfo_probe *probe;
	size_t room = 0;
	int r = usdtinfo_walk_open(shared->image, USDTINFO_DETAIL_SITE, &walk, err);
	while (r >= 0 && (r = usdtinfo_walk_next(walk, &probe, err)) > 0) {
		if (!array_grow(&shared->places, &room, shared->place_count + 1,
		                sizeof(*shared->places))) {
			r = fail_memory(err);
			break;
		}
		keep_place(shared->image, probe, &shared->places[shared->place_count++]);
	}
	usdtinfo_walk_close(walk);
	return r == 0 && shared->place_count ? part_neighbours(shared, err) : r;
}

static void fill(struct cached *entry, const char *name)
{
	struct shared_image *shared = &entry->shared;
	struct usdtinfo_error *err = &shared->err;
	/* Each process that has it loaded has a root of its own: see visit_loaded(). */
	const struct root *root = &root_host;
	int r = entry->bytes
	                ? image_open_memory(root, name, entry->bytes, entry->size,
	                                    &shared->image, err)
	                : image_open_fd(root, name, entry->fd, 0, &shared->image, err);
	if (r < 0)
		return;
	image_survey(shared->image);
	if (usdtinfo_image_probe_count(shared->image) && keep_places(shared, err) < 0) {
		usdtinfo_image_close(shared->image);
		shared->image = NULL;
	}
}

/* ---- finding and making entries ---- */

static struct cached *find(void *const *tree, const struct cached *key,
                           int (*compare)(const void *, const void *))
{
	struct cached **found = tfind(key, tree, compare);
	return found ? *found : NULL;
}

static void wait_for(struct image_cache *cache, const struct cached *entry)
{
	while (!entry->ready)
		pthread_cond_wait(&cache->ready, &cache->lock);
}

/* With the lock held. Takes over @file's descriptor unless it fails. */
static struct cached *add(struct image_cache *cache, const struct mapped_file *file,
                          const struct mapping *mapping)
{
	struct cached *entry = calloc(1, sizeof(*entry));
	if (!entry)
		return NULL;
	*entry = (struct cached){ .st = file->st,
		                  .major = mapping->major,
		                  .minor = mapping->minor,
		                  .fd = file->fd };
	if (!tsearch(entry, &cache->by_stat, compare_stat)) {
		free(entry);
		return NULL;
	}
	/* Without a place there it is only opened again. */
	if (major(file->st.st_dev) == mapping->major &&
	    minor(file->st.st_dev) == mapping->minor)
		tsearch(entry, &cache->by_mapping, compare_mapping);
	entry->next = cache->files;
	cache->files = entry;
	return entry;
}

static struct cached *find_mapped(struct image_cache *cache,
                                  const struct mapping *mapping)
{
	struct cached key = { .st.st_ino = mapping->inode,
		              .major = mapping->major,
		              .minor = mapping->minor };
	pthread_mutex_lock(&cache->lock);
	struct cached *entry = find(&cache->by_mapping, &key, compare_mapping);
	if (entry)
		wait_for(cache, entry);
	pthread_mutex_unlock(&cache->lock);
	return entry;
}

int image_cache_file(struct image_cache *cache, struct process *process,
                     const struct mapping *const *mappings, size_t count,
                     struct shared_image **shared_ret, bool *device_differs_ret,
                     struct usdtinfo_error *err)
{
	struct mapped_file file;
	struct cached *entry = find_mapped(cache, mappings[0]);
	*device_differs_ret = false;
	if (entry) {
		*shared_ret = &entry->shared;
		return 0;
	}
	int r = process_open_file(process, mappings, count, &file, err);
	if (r < 0)
		return r;
	*device_differs_ret = file.device_differs;
	struct cached key = { .st = file.st };
	pthread_mutex_lock(&cache->lock);
	entry = find(&cache->by_stat, &key, compare_stat);
	bool is_first = !entry;
	if (is_first) {
		entry = add(cache, &file, mappings[0]);
	} else {
		wait_for(cache, entry);
	}
	pthread_mutex_unlock(&cache->lock);
	if (!is_first || !entry)
		close(file.fd);
	if (!entry)
		return fail_memory(err);
	if (is_first) {
		fill(entry, mappings[0]->path.at);
		pthread_mutex_lock(&cache->lock);
		entry->ready = true;
		pthread_cond_broadcast(&cache->ready);
		pthread_mutex_unlock(&cache->lock);
	}
	*shared_ret = &entry->shared;
	return 0;
}

/*
 * There is one, or one for each kind of process: two on x86-64. A process may have changed its
 * own, so that only the last ones are compared with the next.
 */
static struct cached *find_bytes(const struct image_cache *cache,
                                 const unsigned char *bytes, size_t size)
{
	unsigned looked_at = 0;
	for (struct cached *entry = cache->in_memory;
	     entry && looked_at++ < MEMORY_IMAGES_MAX; entry = entry->next)
		if (entry->size == size && memcmp(entry->bytes, bytes, size) == 0)
			return entry;
	return NULL;
}

int image_cache_memory(struct image_cache *cache, const struct memory *memory,
                       const struct mapping *mapping, struct shared_image **shared_ret,
                       struct usdtinfo_error *err)
{
	if (mapping->end - mapping->start > MEMORY_IMAGE_MAX)
		return fail(err, USDTINFO_E_SYSTEM, "too large for an object in memory");
	size_t size = (size_t)(mapping->end - mapping->start);
	if (memory->fd < 0)
		return fail(err, USDTINFO_E_SYSTEM, "%s", memory->reason.at);
	_cleanup_(freep) unsigned char *bytes = malloc(size);
	if (!bytes)
		return fail_memory(err);
	if (!memory_read(memory, mapping->start, bytes, size))
		return fail(err, USDTINFO_E_SYSTEM, "cannot be read from memory");
	pthread_mutex_lock(&cache->lock);
	struct cached *entry = find_bytes(cache, bytes, size);
	if (!entry && (entry = calloc(1, sizeof(*entry)))) {
		*entry = (struct cached){ .fd = -1,
			                  .bytes = steal_ptr(bytes),
			                  .size = size,
			                  .next = cache->in_memory };
		fill(entry, mapping->path.at);
		entry->ready = true;
		cache->in_memory = entry;
	}
	pthread_mutex_unlock(&cache->lock);
	if (!entry)
		return fail_memory(err);
	*shared_ret = &entry->shared;
	return 0;
}
