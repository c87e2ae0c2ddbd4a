/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The scan of a tree. Threads cut pieces off what is left (find/tree/tree_agenda.h), look at
 * them, and leave in them what they found. The caller's thread does the same, but visits
 * first what can be visited: by the list's order. How many pieces may wait to be visited is
 * the back-pressure: a slow visitor stops the others.
 */
#include "find/tree/tree.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "base/file.h"
#include "base/thread.h"
#include "find/tree/tree_scan.h"
#include "find/visit/visit.h"

#define PIECES_PER_WORKER 128
#define HELD_MOST         65536
#define DIRECTORIES_MOST  256

/* The lock is held for less than it takes to sleep. */
#ifdef PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP
#define SHORT_LOCK PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP
#else
#define SHORT_LOCK PTHREAD_MUTEX_INITIALIZER
#endif

/* Wait, with the lock, until nobody else opens files, and have as few open as can be. */
static void pause_others(struct scan *scan)
{
	scan->is_paused = true;
	while (scan->active)
		pthread_cond_wait(&scan->changed, &scan->lock);
	pool_spare(&scan->agenda.pool);
}

static void resume_others(struct scan *scan)
{
	scan->is_paused = false;
	pthread_cond_broadcast(&scan->work);
}

/* Descriptors lacked when the piece was looked at. */
static void look_again(struct scan *scan, struct piece *piece)
{
	pthread_mutex_lock(&scan->lock);
	pause_others(scan);
	scan_look(scan, piece, true);
	resume_others(scan);
	pthread_mutex_unlock(&scan->lock);
}

/* The same for a file; with the lock, which is given up meanwhile. */
static void look_again_at_file(struct scan *scan, struct piece *piece,
                               struct tree_file *file)
{
	struct pool *pool = &scan->agenda.pool;
	int fd = pool_pin(pool, piece->directory);
	const char *name = file->name;
	if (fd < 0 && file_is_crowded(errno))
		return;
	pthread_mutex_unlock(&scan->lock);
	tree_file_deinit(file);
	/* A directory that is gone, is so with all that was in it. */
	tree_file_look(scan->finder, piece->directory, fd, name, file);
	atomic_fetch_add(&scan->held, file->image != NULL);
	pthread_mutex_lock(&scan->lock);
	if (fd >= 0)
		pool_unpin(pool, piece->directory);
}

static void look_at_deferred(struct scan *scan, struct piece *piece,
                             struct tree_file *file)
{
	pthread_mutex_lock(&scan->lock);
	look_again_at_file(scan, piece, file);
	if (file->kind == TREE_FILE_DEFERRED) {
		pause_others(scan);
		look_again_at_file(scan, piece, file);
		resume_others(scan);
	}
	pthread_mutex_unlock(&scan->lock);
}

/* Return: whether this file was met by another of its names; or USDTINFO_E_MEMORY */
static int is_repeated(struct scan *scan, const struct tree_file *file)
{
	if (scan->options->all_links || !file->has_identity)
		return 0;
	return inode_set_add(&scan->seen, file->device, file->inode);
}

static int visit_object(void *context, const struct object *object)
{
	struct scan *scan = context;
	scan->counts.elf += object->image != NULL;
	scan->counts.probes += object->image ? object->image->probe_count : 0;
	return scan->visit(scan->context, object);
}

/* Of a member of an archive: like the files without probes it may be left out. */
static int visit_member(void *context, const struct object *object)
{
	struct scan *scan = context;
	if (tree_is_worth_visiting(scan->options, object->facts))
		return visit_object(context, object);
	scan->counts.elf += object->image != NULL;
	scan->counts.empty += object->image != NULL;
	return 0;
}

/* finder->visit_file() takes the image over. */
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
		return scan->finder->visit_file(scan->finder, image, visit_object, scan);
	case TREE_FILE_ARCHIVE:
		return scan->finder->visit_file(scan->finder, image, visit_member, scan);
	case TREE_FILE_DEFERRED: /* still */
	case TREE_FILE_UNREADABLE:
		return object_visit_failure(scan->finder, file->path.at, file->err,
		                            scan->visit, scan->context);
	case TREE_FILE_NO_MEMORY:
		break;
	}
	return USDTINFO_E_MEMORY;
}

static int visit_once(struct scan *scan, struct piece *piece, struct tree_file *file)
{
	if (file->kind == TREE_FILE_DEFERRED)
		look_at_deferred(scan, piece, file);
	int repeated = is_repeated(scan, file);
	if (repeated == 0)
		return visit_file(scan, file);
	usdtinfo_image_close(take_image(scan, file));
	return repeated < 0 ? repeated : 0;
}

/* With the lock, which is given up meanwhile. */
static void tell_progress(struct scan *scan)
{
	const struct tree_options *options = scan->options;
	_cleanup_(strbuf_deinit) struct strbuf path = { 0 };
	if (!options->progress || !scan->agenda.reached)
		return;
	struct tree_counts counts = scan->counts;
	counts.files = scan->files;
	directory_path(scan->agenda.reached, NULL, &path);
	pthread_mutex_unlock(&scan->lock);
	if (!path.failed)
		options->progress(options->progress_data, &counts, strbuf_text(&path));
	pthread_mutex_lock(&scan->lock);
}

/* Return: as object_visit */
static int visit_piece(struct scan *scan, struct piece *piece)
{
	int r = 0;
	if (piece->is_deferred)
		look_again(scan, piece);
	for (size_t i = 0; i < piece->file_count && r == 0; i++)
		r = scan_is_interrupted(scan) ? 1
		                              : visit_once(scan, piece, &piece->files[i]);
	return r == 0 && piece->no_memory ? USDTINFO_E_MEMORY : r;
}

static int visit_all(struct scan *scan)
{
	int r = 0;
	pthread_mutex_lock(&scan->lock);
	while (r == 0) {
		tell_progress(scan);
		struct piece *piece = agenda_ready(&scan->agenda);
		if (scan_is_interrupted(scan)) {
			r = 1;
		} else if (piece) {
			pthread_mutex_unlock(&scan->lock);
			r = visit_piece(scan, piece);
			pthread_mutex_lock(&scan->lock);
			scan_drop(scan);
			pthread_cond_signal(&scan->work);
		} else if (scan_may_take(scan)) {
			scan_advance(scan);
		} else if (scan->active) {
			pthread_cond_wait(&scan->changed, &scan->lock);
		} else {
			break;
		}
	}
	if (r == 0 && scan->no_memory)
		r = USDTINFO_E_MEMORY;
	scan->is_over = true;
	pthread_cond_broadcast(&scan->work);
	pthread_mutex_unlock(&scan->lock);
	return r;
}

static int scan_tree(struct scan *scan)
{
	unsigned others = scan->options->workers > 1 ? scan->options->workers - 1 : 0;
	_cleanup_(freep) pthread_t *threads = calloc(others + 1, sizeof(*threads));
	if (!threads)
		return USDTINFO_E_MEMORY;
	unsigned started = 0;
	scan->pieces_max = PIECES_PER_WORKER * ((size_t)others + 1);
	while (started < others && thread_start(&threads[started], scan_work, scan) == 0)
		started++;
	int r = visit_all(scan);
	for (unsigned i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	return r;
}

/* Return: how many descriptors may be kept for one purpose of several, at most @most */
static unsigned long share_of_descriptors(unsigned long most)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur / 4 > most)
		return most;
	return (unsigned long)limit.rlim_cur / 4;
}

static void add_counts(const struct scan *scan)
{
	struct tree_counts *counts = scan->options->counts;
	if (!counts)
		return;
	counts->files += scan->files;
	counts->elf += scan->counts.elf;
	counts->probes += scan->counts.probes;
	counts->empty += scan->counts.empty;
}

/* Return: as object_visit, for what cannot be read of the top */
static int begin(struct scan *scan, const char *path, int fd)
{
	struct usdtinfo_error err;
	struct stat st;
	struct directory *top = directory_new(NULL, path);
	if (!top) {
		close(fd);
		return USDTINFO_E_MEMORY;
	}
	if (fstat(fd, &st) == 0)
		scan->device = st.st_dev;
	int r = directory_read(top, fd, scan->options, &err);
	int begun = agenda_begin(&scan->agenda, top, fd,
	                         share_of_descriptors(DIRECTORIES_MOST));
	if (r == USDTINFO_E_SYSTEM)
		r = object_visit_failure(scan->finder, path, &err, scan->visit,
		                         scan->context);
	return begun < 0 ? begun : r;
}

int find_tree(const struct finder *finder, const char *path, int fd, object_visit visit,
              void *context)
{
	struct scan scan = {
		.finder = finder,
		.options = finder->tree,
		.visit = visit,
		.context = context,
		.held_max = share_of_descriptors(HELD_MOST),
		.lock = SHORT_LOCK,
		.changed = PTHREAD_COND_INITIALIZER,
		.work = PTHREAD_COND_INITIALIZER,
	};
	int r = begin(&scan, path, fd);
	if (r == 0)
		r = scan_tree(&scan);
	agenda_end(&scan.agenda);
	inode_set_deinit(&scan.seen);
	add_counts(&scan);
	return r;
}
