/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The lines of /proc/PID/maps: proc_pid_maps(5). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "usdtinfo.h"

struct mapping {
	uint64_t start, end; /* addresses in the process */
	uint64_t offset;     /* in the file */
	uint32_t major, minor;
	uint64_t inode; /* 0: no file */
	bool readable, writable, executable, shared;
	/*
	 * As the kernel writes it, newlines decoded; not known for anonymous memory. A file
	 * without a name any more ends in " (deleted)"; so may the name of one that has one.
	 */
	struct text path;
	/* Where that decoded something: as the kernel writes it, which may be the name, too. */
	struct text written;
};

/* Zero-initialise; release with maps_deinit(). Paths borrow from it. */
struct maps {
	struct strbuf bytes;
	struct arena names;    /* that were decoded */
	struct mapping *items; /* by address, as the kernel gives them */
	size_t count, room;
};

/*
 * maps_parse - take maps->bytes, which it changes, apart
 *
 * Return: 0; USDTINFO_E_DAMAGED with the place of a line that is not understood, the
 * mappings before it being there; USDTINFO_E_MEMORY.
 */
int maps_parse(struct maps *maps, struct usdtinfo_error *err);
void maps_deinit(struct maps *maps);
/* Return: the mapping that holds @address, or NULL */
const struct mapping *maps_find(const struct maps *maps, uint64_t address);
