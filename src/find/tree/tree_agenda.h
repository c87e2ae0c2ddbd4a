/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * What is under way and left of a tree, as a list in the order of paths: pieces of work, and
 * between them what was not cut into pieces yet. A directory is a piece until it is read;
 * then what it holds comes in its place. So several directories can be read at a time, and
 * the first that may be visited is always the first of the list.
 *
 * One thread at a time, but for the contents of a piece that was taken.
 */
#pragma once

#include "find/tree/tree_file.h"
#include "find/tree/tree_pool.h"

struct piece {
	enum piece_state {
		PIECE_REST, /* names of DIRECTORY from FIRST on, not cut into pieces yet */
		PIECE_TAKEN, /* being looked at */
		PIECE_READY, /* to be visited */
	} state;
	struct piece *next;
	struct directory *directory; /* one use of it */
	size_t first, count;         /* of its names, all of files */
	const char
		*enters;  /* a directory in it, to be read before; NULL: none, or done */
	bool may_enter;   /* until it has entered, or could not; the list's */
	bool is_deferred; /* not looked at, for want of descriptors */
	bool no_memory;
	struct tree_file *files; /* those looked at that are to be visited */
	size_t file_count, file_room;
};

struct agenda {
	struct piece *head;
	size_t pieces; /* without rests */
	/* Before this place of the list there is no rest, nor can one come to be there. */
	struct piece **settled;
	struct pool pool;
	struct directory *top;
	struct directory *reached; /* of the piece that was dropped last; NULL at first */
};

/*
 * agenda_begin - the whole of a tree
 * @top: that was read; taken over
 * @fd: the same, open; taken over
 * @descriptors: how many directories stay open that nobody needs right now
 *
 * Return: 0 or USDTINFO_E_MEMORY. End it with agenda_end() in any case.
 */
int agenda_begin(struct agenda *agenda, struct directory *top, int fd,
                 size_t descriptors);
/*
 * agenda_take - cut off the first piece of what is left
 * @piece_ret: NULL when nothing is left to be cut; its directory is not pinned
 *
 * Return: 0 or USDTINFO_E_MEMORY.
 */
int agenda_take(struct agenda *agenda, struct piece **piece_ret);
/* Return: whether agenda_take() would find something */
bool agenda_has_rest(struct agenda *agenda);
/* Return: whether nothing can be visited before something more is cut off */
bool agenda_is_stuck(const struct agenda *agenda);
/*
 * agenda_enter - put what a directory holds in the place of the piece that enters it
 * @directory: that was read, below the piece's, which is pinned; taken over
 * @fd: the same, open; taken over, pinned in the place of the piece's
 *
 * Its first files become the piece's. Return: 0 or USDTINFO_E_MEMORY.
 */
int agenda_enter(struct agenda *agenda, struct piece *piece, struct directory *directory,
                 int fd);
/* Return: the first of the list, if it is ready; NULL otherwise. It stays where it is. */
struct piece *agenda_ready(const struct agenda *agenda);
/* Take the first of the list off and release it. */
void agenda_drop(struct agenda *agenda);
/* Release all that is left. Nobody may have a piece. */
void agenda_end(struct agenda *agenda);
