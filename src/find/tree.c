/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The scan of a tree. Workers take numbered batches of files from the traversal, which is
 * theirs one at a time, look at them, and leave what they found in a ring; the caller's
 * thread visits the batches by number. The ring's size is the back-pressure: a slow visitor
 * stops the workers.
 */
#include "find/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "base/thread.h"
#include "find/inode_set.h"
#include "find/object_visit.h"
#include "find/tree_directory.h"
#include "find/tree_file.h"

#define BATCH_SIZE         32
#define BATCHES_PER_WORKER 4
#define HELD_MOST          65536

struct batch {
	enum batch_state {
		BATCH_FREE,
		BATCH_TAKEN,
		BATCH_READY
	} state;
	struct entry entries[BATCH_SIZE];
	struct tree_file files[BATCH_SIZE];
	size_t count;
};

struct scan {
	const struct finder *finder;
	const struct tree_options *options;
	object_visit visit;
	void *context;
	struct tree_counts counts;
	struct inode_set seen;
	/* Files that were found and wait, open, to be visited. */
	atomic_ulong held;
	unsigned long held_max;

	/* Of whoever takes a batch. */
	pthread_mutex_t traversal_lock;
	struct traversal traversal;
	uint64_t taken; /* batches */
	bool at_end;
	int failure; /* of the traversal: USDTINFO_E_MEMORY */

	/* Of the ring. */
	pthread_mutex_t ring_lock;
	pthread_cond_t ready, freed;
	struct batch *ring;
	size_t ring_size;
	uint64_t visited; /* batches */
	uint64_t total;   /* batches there will be; of use once finished */
	bool finished;    /* the traversal is at its end */
	bool stopped;     /* the visitor wants no more */
};

/* Fill a batch from the traversal. Return: false when there was nothing left. */
static bool fill(struct scan *scan, struct batch *batch)
{
	batch->count = 0;
	while (batch->count < BATCH_SIZE) {
		int r = traversal_next(&scan->traversal,
		                       batch->count ? &batch->entries[batch->count - 1]
		                                    : NULL,
		                       &batch->entries[batch->count]);
		if (r < 0)
			scan->failure = r;
		if (r <= 0) {
			scan->at_end = true;
			break;
		}
		batch->count++;
	}
	return batch->count > 0;
}

/* What is found stays open until it is visited, but not all that a process may open. */
static void look_at_all(struct scan *scan, struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		struct tree_file *file = &batch->files[i];
		tree_file_look(file, &batch->entries[i], scan->finder);
		if (file->image && atomic_fetch_add(&scan->held, 1) >= scan->held_max) {
			tree_file_defer(file);
			atomic_fetch_sub(&scan->held, 1);
		}
	}
}

static void let_go(struct scan *scan, struct tree_file *file)
{
	if (file->image)
		atomic_fetch_sub(&scan->held, 1);
	tree_file_deinit(file);
}

static void release(struct scan *scan, struct batch *batch)
{
	for (size_t i = 0; i < batch->count; i++) {
		let_go(scan, &batch->files[i]);
		entry_release(&batch->entries[i]);
	}
	batch->count = 0;
}

/* Return: whether this file was met by another of its names */
static int is_repeated(struct scan *scan, const struct tree_file *file)
{
	if (scan->options->all_links)
		return 0;
	return inode_set_add(&scan->seen, file->device, file->inode);
}

/* Of a member of an archive: like the files without probes it may be left out. */
static int visit_member(void *context, const struct object *object)
{
	struct scan *scan = context;
	bool is_empty = !tree_is_worth_visiting(scan->options, object->facts);
	scan->counts.elf += object->image != NULL;
	scan->counts.empty += is_empty && object->image;
	return is_empty ? 0 : scan->visit(scan->context, object);
}

/* object_visit_file() takes the image over. */
static struct usdtinfo_image *take_image(struct scan *scan, struct tree_file *file)
{
	if (file->image)
		atomic_fetch_sub(&scan->held, 1);
	return steal_ptr(file->image);
}

static int visit_file(struct scan *scan, struct tree_file *file)
{
	struct usdtinfo_image *image = take_image(scan, file);
	switch (file->kind) {
	case TREE_FILE_OTHER:
		return 0;
	case TREE_FILE_EMPTY:
		scan->counts.elf += file->objects;
		scan->counts.empty += file->objects;
		return 0;
	case TREE_FILE_OBJECT:
		scan->counts.elf++;
		return object_visit_file(scan->finder, image, scan->visit, scan->context);
	case TREE_FILE_ARCHIVE:
		return object_visit_file(scan->finder, image, visit_member, scan);
	case TREE_FILE_DEFERRED: /* still */
	case TREE_FILE_UNREADABLE:
		return object_visit_failure(scan->finder, file->path.at, &file->err,
		                            scan->visit, scan->context);
	case TREE_FILE_NO_MEMORY:
		break;
	}
	return USDTINFO_E_MEMORY;
}

static int visit_once(struct scan *scan, struct tree_file *file, struct entry *entry)
{
	if (file->kind == TREE_FILE_DEFERRED) {
		tree_file_deinit(file);
		tree_file_look(file, entry, scan->finder);
		atomic_fetch_add(&scan->held, file->image != NULL);
	}
	int repeated = file->has_identity ? is_repeated(scan, file) : 0;
	if (repeated != 0)
		return repeated < 0 ? repeated : 0;
	return visit_file(scan, file);
}

static void tell_progress(struct scan *scan, const struct batch *batch)
{
	const struct tree_options *options = scan->options;
	if (!options->progress || batch->count == 0)
		return;
	_cleanup_(strbuf_deinit) struct strbuf path = { 0 };
	directory_path(batch->entries[0].directory, NULL, &path);
	if (!path.failed)
		options->progress(options->progress_data, &scan->counts,
		                  strbuf_text(&path));
}

/* Visit a batch's files and let them go. Return: as object_visit. */
static int visit_batch(struct scan *scan, struct batch *batch)
{
	int r = 0;
	tell_progress(scan, batch);
	for (size_t i = 0; i < batch->count && r == 0; i++) {
		const volatile sig_atomic_t *interrupted = scan->options->interrupted;
		scan->counts.files += batch->entries[i].name != NULL;
		r = interrupted && *interrupted
		            ? 1
		            : visit_once(scan, &batch->files[i], &batch->entries[i]);
	}
	release(scan, batch);
	return r;
}

/* ---- with workers ---------------------------------------------------------------- */

/* Wait for a free place in the ring. Return: NULL when the scan is over. */
static struct batch *wait_for_place(struct scan *scan, uint64_t number)
{
	struct batch *batch = &scan->ring[number % scan->ring_size];
	pthread_mutex_lock(&scan->ring_lock);
	while (batch->state != BATCH_FREE && !scan->stopped)
		pthread_cond_wait(&scan->freed, &scan->ring_lock);
	bool stopped = scan->stopped;
	if (!stopped)
		batch->state = BATCH_TAKEN;
	pthread_mutex_unlock(&scan->ring_lock);
	return stopped ? NULL : batch;
}

static void set_state(struct scan *scan, struct batch *batch, enum batch_state state,
                      pthread_cond_t *tell)
{
	pthread_mutex_lock(&scan->ring_lock);
	batch->state = state;
	pthread_cond_broadcast(tell);
	pthread_mutex_unlock(&scan->ring_lock);
}

/* The traversal gives no more: the visitor need not wait for further batches. */
static void finish(struct scan *scan)
{
	scan->at_end = true;
	pthread_mutex_lock(&scan->ring_lock);
	scan->total = scan->taken;
	scan->finished = true;
	pthread_cond_broadcast(&scan->ready);
	pthread_mutex_unlock(&scan->ring_lock);
}

/* Take the next batch of files. Return: NULL when there is none. */
static struct batch *take_batch(struct scan *scan)
{
	pthread_mutex_lock(&scan->traversal_lock);
	struct batch *batch = scan->at_end ? NULL : wait_for_place(scan, scan->taken);
	if (batch && !fill(scan, batch)) {
		set_state(scan, batch, BATCH_FREE, &scan->freed);
		batch = NULL;
	}
	if (batch)
		scan->taken++;
	if (!batch || scan->at_end)
		finish(scan);
	pthread_mutex_unlock(&scan->traversal_lock);
	return batch;
}

static void *work(void *data)
{
	struct scan *scan = data;
	struct batch *batch;
	while ((batch = take_batch(scan))) {
		look_at_all(scan, batch);
		set_state(scan, batch, BATCH_READY, &scan->ready);
	}
	return NULL;
}

/* The next batch in order, once it is ready. Return: NULL when there is none. */
static struct batch *wait_for_batch(struct scan *scan)
{
	struct batch *batch = &scan->ring[scan->visited % scan->ring_size];
	pthread_mutex_lock(&scan->ring_lock);
	while (batch->state != BATCH_READY &&
	       !(scan->finished && scan->visited == scan->total))
		pthread_cond_wait(&scan->ready, &scan->ring_lock);
	bool is_ready = batch->state == BATCH_READY;
	pthread_mutex_unlock(&scan->ring_lock);
	return is_ready ? batch : NULL;
}

static int visit_in_order(struct scan *scan)
{
	struct batch *batch;
	int r = 0;
	while (r == 0 && (batch = wait_for_batch(scan))) {
		r = visit_batch(scan, batch);
		scan->visited++;
		set_state(scan, batch, BATCH_FREE, &scan->freed);
	}
	pthread_mutex_lock(&scan->ring_lock);
	scan->stopped = true;
	pthread_cond_broadcast(&scan->freed);
	pthread_mutex_unlock(&scan->ring_lock);
	return r;
}

static int scan_with_threads(struct scan *scan, unsigned workers)
{
	_cleanup_(freep) pthread_t *threads = calloc(workers, sizeof(*threads));
	scan->ring_size = (size_t)workers * BATCHES_PER_WORKER;
	scan->ring = calloc(scan->ring_size, sizeof(*scan->ring));
	if (!threads || !scan->ring)
		return USDTINFO_E_MEMORY;
	unsigned started = 0;
	while (started < workers && thread_start(&threads[started], work, scan) == 0)
		started++;
	int r = started ? visit_in_order(scan) : USDTINFO_E_MEMORY;
	for (unsigned i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	for (size_t i = 0; i < scan->ring_size; i++)
		release(scan, &scan->ring[i]);
	return r;
}

/* ---- without --------------------------------------------------------------------- */

static int scan_alone(struct scan *scan)
{
	scan->ring = calloc(1, sizeof(*scan->ring));
	if (!scan->ring)
		return USDTINFO_E_MEMORY;
	int r = 0;
	while (r == 0 && !scan->at_end && fill(scan, scan->ring)) {
		look_at_all(scan, scan->ring);
		r = visit_batch(scan, scan->ring);
	}
	return r;
}

/* Besides these there are directories, and one file for each worker. */
static unsigned long most_held(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur > HELD_MOST * 4)
		return HELD_MOST;
	return (unsigned long)limit.rlim_cur / 4;
}

static void add_counts(const struct scan *scan)
{
	struct tree_counts *counts = scan->options->counts;
	if (!counts)
		return;
	counts->files += scan->counts.files;
	counts->elf += scan->counts.elf;
	counts->empty += scan->counts.empty;
}

int find_tree(const struct finder *finder, const char *path, int fd, object_visit visit,
              void *context)
{
	const struct tree_options *options = finder->tree;
	struct scan scan = {
		.finder = finder,
		.options = options,
		.visit = visit,
		.context = context,
		.held_max = most_held(),
		.traversal_lock = PTHREAD_MUTEX_INITIALIZER,
		.ring_lock = PTHREAD_MUTEX_INITIALIZER,
		.ready = PTHREAD_COND_INITIALIZER,
		.freed = PTHREAD_COND_INITIALIZER,
	};
	struct usdtinfo_error err;
	int r = traversal_begin(&scan.traversal, options, path, fd, &err);
	if (r == USDTINFO_E_SYSTEM)
		r = object_visit_failure(finder, path, &err, visit, context);
	if (r == 0)
		r = options->workers > 1 ? scan_with_threads(&scan, options->workers)
		                         : scan_alone(&scan);
	if (r == 0)
		r = scan.failure;
	traversal_end(&scan.traversal);
	inode_set_deinit(&scan.seen);
	free(scan.ring);
	add_counts(&scan);
	return r;
}
