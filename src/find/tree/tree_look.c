/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Looking at the pieces of a tree: what each thread of a scan does. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "base/file.h"
#include "find/tree/tree_scan.h"

static bool is_elsewhere(const struct scan *scan, int fd)
{
	struct stat st;
	return scan->options->one_file_system && fstat(fd, &st) == 0 &&
	       st.st_dev != scan->device;
}

bool scan_is_interrupted(const struct scan *scan)
{
	const volatile sig_atomic_t *interrupted = scan->finder->interrupted;
	return interrupted && *interrupted;
}

/* Somebody may wait for what was put into the list, or for what can be visited now. */
static void tell_all(struct scan *scan)
{
	pthread_cond_signal(&scan->changed);
	pthread_cond_signal(&scan->work);
}

static void keep(struct piece *piece, struct tree_file *file)
{
	if (array_grow(&piece->files, &piece->file_room, piece->file_count + 1,
	               sizeof(*piece->files))) {
		piece->files[piece->file_count++] = *file;
		return;
	}
	tree_file_deinit(file);
	piece->no_memory = true;
}

/*
 * What is said of the directory @name in that of @piece, or NULL: of that itself, which
 * could not be opened: nothing if it is gone, and nothing before it was tried for the last
 * time if descriptors lack.
 */
static void fail_directory(struct piece *piece, const char *name, int failure,
                           bool is_last_try)
{
	struct tree_file file;
	struct usdtinfo_error err;
	if (failure == ENOENT || failure == ELOOP || failure == ENOTDIR)
		return;
	if (file_is_crowded(failure) && !is_last_try) {
		piece->is_deferred = true;
		piece->enters = name;
		return;
	}
	errno = failure;
	fail_errno(&err, "cannot open directory");
	tree_file_fail(piece->directory, name, &err, &file);
	keep(piece, &file);
}

static int open_directory(struct scan *scan, int parent_fd, const char *name)
{
	int fd = open_directory_in(parent_fd, name);
	if (fd >= 0 || !file_is_crowded(errno))
		return fd;
	pthread_mutex_lock(&scan->lock);
	pool_spare(&scan->agenda.pool);
	pthread_mutex_unlock(&scan->lock);
	return open_directory_in(parent_fd, name);
}

/* Return: @fd, which is taken over, now that of the piece's directory; or -1 */
static int read_directory(struct scan *scan, struct piece *piece, const char *name,
                          int fd)
{
	struct usdtinfo_error err;
	struct tree_file file;
	struct directory *directory = directory_new(piece->directory, name);
	if (!directory) {
		piece->no_memory = true;
		close(fd);
		return -1;
	}
	int r = directory_read(directory, fd, scan->options, &err);
	if (r == USDTINFO_E_SYSTEM) {
		tree_file_fail(piece->directory, name, &err, &file);
		keep(piece, &file);
	}
	pthread_mutex_lock(&scan->lock);
	if (agenda_enter(&scan->agenda, piece, directory, fd) < 0 ||
	    r == USDTINFO_E_MEMORY)
		piece->no_memory = true;
	tell_all(scan);
	pthread_mutex_unlock(&scan->lock);
	return fd;
}

/* Return: the descriptor of the directory that the piece entered; or -1 */
static int enter(struct scan *scan, struct piece *piece, int parent_fd, bool is_last_try)
{
	const char *name = steal_ptr(piece->enters);
	int fd = open_directory(scan, parent_fd, name);
	if (fd < 0) {
		fail_directory(piece, name, errno, is_last_try);
		return -1;
	}
	if (is_elsewhere(scan, fd)) {
		close(fd);
		return -1;
	}
	return read_directory(scan, piece, name, fd);
}

static void look_at_file(struct scan *scan, struct piece *piece, int fd, const char *name)
{
	struct tree_file file;
	tree_file_look(scan->finder, piece->directory, fd, name, &file);
	/* What is found stays open until it is visited, but not all that a process may. */
	if (file.image && atomic_fetch_add(&scan->held, 1) >= scan->held_max) {
		tree_file_defer(&file);
		atomic_fetch_sub(&scan->held, 1);
	}
	if (file.kind == TREE_FILE_OTHER)
		tree_file_deinit(&file);
	else
		keep(piece, &file);
}

void scan_look(struct scan *scan, struct piece *piece, bool is_last_try)
{
	struct pool *pool = &scan->agenda.pool;
	int fd = pool_pin(pool, piece->directory);
	bool is_pinned = fd >= 0;
	if (!is_pinned)
		fail_directory(piece, piece->enters, errno, is_last_try);
	pthread_mutex_unlock(&scan->lock);
	if (is_pinned && piece->enters)
		fd = enter(scan, piece, fd, is_last_try);
	for (size_t i = 0; fd >= 0 && i < piece->count && !scan_is_interrupted(scan); i++)
		look_at_file(scan, piece, fd,
		             piece->directory->names[piece->first + i].at);
	pthread_mutex_lock(&scan->lock);
	if (is_pinned)
		pool_unpin(pool, piece->directory);
}

bool scan_may_take(struct scan *scan)
{
	struct agenda *agenda = &scan->agenda;
	return !scan->is_over && !scan->is_paused && !scan->no_memory &&
	       (agenda->pieces < scan->pieces_max || agenda_is_stuck(agenda)) &&
	       agenda_has_rest(agenda);
}

static void drop_first(struct scan *scan)
{
	scan->files += agenda_ready(&scan->agenda)->count;
	agenda_drop(&scan->agenda);
}

/*
 * Most pieces hold nothing to visit: who has looked at one, drops it. Then the first of the
 * list is never ready without something to visit, and nobody drops it but who visits it.
 */
static void drop_empty(struct scan *scan)
{
	const struct piece *piece;
	while ((piece = agenda_ready(&scan->agenda)) && !piece->file_count &&
	       !piece->is_deferred && !piece->no_memory)
		drop_first(scan);
}

void scan_drop(struct scan *scan)
{
	drop_first(scan);
	drop_empty(scan);
}

void scan_advance(struct scan *scan)
{
	struct piece *piece;
	if (agenda_take(&scan->agenda, &piece) < 0) {
		scan->no_memory = true;
		return;
	}
	scan->active++;
	if (scan_may_take(scan))
		pthread_cond_signal(&scan->work);
	scan_look(scan, piece, false);
	scan->active--;
	piece->state = PIECE_READY;
	drop_empty(scan);
	pthread_cond_signal(&scan->changed);
}

void *scan_work(void *data)
{
	struct scan *scan = data;
	pthread_mutex_lock(&scan->lock);
	while (!scan->is_over) {
		if (scan_may_take(scan))
			scan_advance(scan);
		else
			pthread_cond_wait(&scan->work, &scan->lock);
	}
	pthread_mutex_unlock(&scan->lock);
	return NULL;
}
