/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Open directories, the one that was opened last at the end of a list. */
#include "find/tree/tree_pool.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"

int open_directory_in(int fd, const char *name)
{
	return openat(fd, name,
	              O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK |
	                      O_NOCTTY);
}

void pool_init(struct pool *pool, size_t most)
{
	*pool = (struct pool){ .most = most };
}

static void append(struct pool *pool, struct directory *directory, int fd)
{
	directory->fd = fd;
	directory->older = pool->newest;
	directory->newer = NULL;
	*(pool->newest ? &pool->newest->newer : &pool->oldest) = directory;
	pool->newest = directory;
	pool->count++;
}

static void shut(struct pool *pool, struct directory *directory)
{
	close(directory->fd);
	directory->fd = -1;
	*(directory->older ? &directory->older->newer : &pool->oldest) = directory->newer;
	*(directory->newer ? &directory->newer->older : &pool->newest) = directory->older;
	pool->count--;
}

/*
 * Close the oldest that nobody needs, until no more than @most are open: those are the
 * furthest up, and needed last.
 */
static void shrink(struct pool *pool, size_t most)
{
	struct directory *next;
	for (struct directory *at = pool->oldest; at && pool->count > most; at = next) {
		next = at->newer;
		if (!at->pins && at->parent)
			shut(pool, at);
	}
}

void pool_add(struct pool *pool, struct directory *directory, int fd)
{
	append(pool, directory, fd);
	directory->pins++;
	shrink(pool, pool->most);
}

static int open_below(struct pool *pool, const struct directory *above, const char *name)
{
	int fd = open_directory_in(above->fd, name);
	if (fd < 0 && file_is_crowded(errno)) {
		pool_spare(pool);
		fd = open_directory_in(above->fd, name);
	}
	return fd;
}

/*
 * Open and pin a directory, and what is closed on the way down to it. Of the way, what is
 * wanted later stays open: a scan that comes back up through a deep tree goes down once for
 * each POOL->most levels.
 */
static int reopen(struct pool *pool, struct directory *directory)
{
	struct directory *at = directory;
	for (directory->below = NULL; at->fd < 0; at = at->parent)
		at->parent->below = at;
	at->pins++;
	while (at->below) {
		struct directory *below = at->below;
		int fd = open_below(pool, at, below->own_name);
		int failure = errno;
		if (fd >= 0)
			pool_add(pool, below, fd);
		pool_unpin(pool, at);
		errno = failure;
		if (fd < 0)
			return -1;
		at = below;
	}
	return at->fd;
}

int pool_pin(struct pool *pool, struct directory *directory)
{
	if (directory->fd < 0)
		return reopen(pool, directory);
	directory->pins++;
	return directory->fd;
}

void pool_unpin(struct pool *pool, struct directory *directory)
{
	if (--directory->pins == 0 && !directory->is_wanted && directory->parent)
		shut(pool, directory);
}

void pool_spare(struct pool *pool)
{
	shrink(pool, 0);
}

void pool_deinit(struct pool *pool)
{
	while (pool->oldest)
		shut(pool, pool->oldest);
}
