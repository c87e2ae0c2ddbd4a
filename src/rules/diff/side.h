/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What diff and check know of files: of each its place and its probes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "elf/object/facts.h"
#include "rules/set/set.h"

struct side_file {
	char *path; /* as it is shown */
	/*
	 * What pairs it with a file of another side: the path inside the directory, the
	 * member's name in the archive, the path that a listing has; "" for a plain file.
	 */
	char *key;
	enum usdtinfo_state state;
	unsigned word; /* bytes of an address; 0 when not known */
	struct set set;
};

/* Zero-initialise; release with side_deinit(). */
struct side {
	struct side_file *files;
	size_t count, room;
	bool is_listing; /* keys are paths of another time or place */
};

/* Return: a new file, owned by the side until the next call; NULL when memory ran out */
struct side_file *side_add(struct side *side, const struct file_facts *facts,
                           const char *key);
/*
 * side_prepare - sort the files by key, their probes by name; tell those of one key apart
 *
 * Return: 0 or USDTINFO_E_MEMORY.
 */
int side_prepare(struct side *side);
/*
 * side_relate - have keys of listings begin where those of the other side do
 *
 * Listings have whole paths: they lose what was in front of the directory, package or archive
 * that they were made of, as the other side's keys tell; those of two listings what all have
 * in common, as far as it differs. A file that is alone on both sides matches the other's.
 * To be called before side_prepare().
 *
 * Return: 0 or USDTINFO_E_MEMORY.
 */
int side_relate(struct side *one, struct side *other);
void side_deinit(struct side *side);
