/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * The directories of a tree that are open. Those that are needed later may be closed
 * meanwhile, so that neither a deep tree nor a small limit of descriptors ends a scan: a
 * directory is then opened again, from the nearest above it that is open.
 *
 * One thread at a time.
 */
#pragma once

#include <stddef.h>

#include "find/tree/tree_directory.h"

struct pool {
	struct directory *oldest, *newest;
	size_t count, most;
};

/* @most: how many stay open that nobody needs right now. Holds nothing yet. */
void pool_init(struct pool *pool, size_t most);
/* Take over @fd, which was opened for @directory, with a pin. The top is never closed. */
void pool_add(struct pool *pool, struct directory *directory, int fd);
/*
 * pool_pin - have @directory open until pool_unpin()
 *
 * Return: its descriptor, the pool's; or -1, with errno.
 */
int pool_pin(struct pool *pool, struct directory *directory);
/* Drop a pin. With the last the directory is closed, unless it is wanted later. */
void pool_unpin(struct pool *pool, struct directory *directory);
/* Close all that nobody needs right now, for want of descriptors. */
void pool_spare(struct pool *pool);
/* Close the rest, pinned or not. */
void pool_deinit(struct pool *pool);

/*
 * open_directory_in - open the directory @name in @fd, never following it
 *
 * Return: as openat().
 */
int open_directory_in(int fd, const char *name);
