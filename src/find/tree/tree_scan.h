/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* One scan of a tree: what its threads share, and how they look at it. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

#include "find/tree/inode_set.h"
#include "find/tree/tree_agenda.h"

struct scan {
	const struct finder *finder;
	const struct tree_options *options;
	object_visit visit;
	void *context;
	dev_t device; /* of the top */
	/* Of the caller, who visits. */
	struct tree_counts counts; /* but for files */
	struct inode_set seen;
	/* Files that were found and wait, open, to be visited. */
	atomic_ulong held;
	unsigned long held_max;

	pthread_mutex_t lock; /* of what follows */
	struct agenda agenda;
	size_t pieces_max;
	uint64_t files;  /* in pieces that were dropped */
	unsigned active; /* pieces being looked at */
	bool is_paused;  /* for want of descriptors: the caller works alone */
	bool is_over;
	bool no_memory;
	pthread_cond_t changed; /* for the caller */
	pthread_cond_t work;    /* for the others: there may be something to take */
};

/* Drop the first of the list, which was visited; with the lock. */
void scan_drop(struct scan *scan);
/* Look at what may be taken until the scan is over; a thread's function. @data: the scan */
void *scan_work(void *data);
/* Return: whether a piece may be taken now. With the lock, as all below. */
bool scan_may_take(struct scan *scan);
/* Take a piece and look at it. The lock is given up meanwhile. */
void scan_advance(struct scan *scan);
/*
 * scan_look - look at a piece that is the caller's
 * @is_last_try: descriptors that lack are an error, and no reason to look again later
 *
 * The lock is given up meanwhile.
 */
void scan_look(struct scan *scan, struct piece *piece, bool is_last_try);
/* Return: whether the scan is to end. Needs no lock. */
bool scan_is_interrupted(const struct scan *scan);
