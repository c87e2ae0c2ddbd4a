/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Processes as places where objects are found. */
#pragma once

#include "find/visit/visit.h"

struct process_finder {
	const char *proc;     /* the directory that is /proc */
	const uint64_t *pids; /* in this order; NULL: all but this one, by number */
	size_t count;
	unsigned threads;    /* 0: as many as there are processors */
	size_t runtimes_max; /* probes of one process to look at; 0: PROCESS_RUNTIMES_MAX */
	/* Visit each file once, by a path that leads there from here; facts say where none does. */
	bool for_tracers;
};

/* What became of them. */
struct process_tally {
	uint64_t seen;   /* looked at */
	uint64_t denied; /* of all: not ours to look at */
};

/*
 * find_processes - visit each object that each process has loaded
 * @tally_ret: filled, also when a visit ended the search; may be NULL
 *
 * A process that was named and cannot be looked at is visited as an object that could not be
 * opened; one among all that is gone, a zombie or of the kernel is passed over. A file is
 * opened once; several threads look, and visits are made by the calling one.
 *
 * Return: what the last visit returned, USDTINFO_E_MEMORY, or USDTINFO_E_SYSTEM with @err
 * when processes cannot be listed.
 */
int find_processes(const struct process_finder *finder, object_visit visit, void *context,
                   struct process_tally *tally_ret, struct usdtinfo_error *err);
