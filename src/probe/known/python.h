/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The markers of CPython: what each version declares, compiles and really fires. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "probe/known/catalogue.h"

#define PYTHON_PROVIDER "python"

/* Versions are minor numbers of Python 3; a range is closed, to LATEST it is open. */
#define PYTHON_LATEST 255
struct python_range {
	unsigned char from, to; /* FROM 0: the range is empty */
};

struct python_marker {
	struct catalogue_probe probe;
	unsigned char declared; /* since which version Include/pydtrace.d has it */
	struct python_range
		compiled[2];      /* the versions whose --with-dtrace builds have it */
	struct python_range dead; /* those of them that do not fire it */
};

/* In the order of Include/pydtrace.d, which is that of the semaphores in .probes. */
extern const struct python_marker python_markers[];
extern const size_t python_marker_count;

/* The versions that the table speaks of; of later ones it is taken to hold still. */
#define PYTHON_FIRST_MARKED 6
#define PYTHON_LAST_MARKED  15

/* Return: the row of that name, or NULL */
const struct python_marker *python_marker_find(const char *name);
bool python_marker_is_declared(const struct python_marker *marker, unsigned minor);
bool python_marker_is_compiled(const struct python_marker *marker, unsigned minor);
bool python_marker_is_dead(const struct python_marker *marker, unsigned minor);
/*
 * python_declares_bytes - whether .probes has the size that some version's counters have
 *
 * Each declared marker has a counter of two bytes, fired or not: 9 in 3.6, 11 in 3.7, 12
 * from 3.8 on.
 */
bool python_declares_bytes(uint64_t size);
