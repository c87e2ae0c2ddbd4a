/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* PT_LOAD segments: from link-time addresses to file offsets. */
#pragma once

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct segment {
	uint64_t address, offset, file_size, memory_size;
	uint32_t flags; /* PF_X, PF_W, PF_R */
	size_t order;   /* in the file; segments_add() counts */
};

/* PT_LOADs by address. Zero-initialise; release with segments_deinit(). */
struct segments {
	struct segment *items;
	uint64_t *reach; /* for each: the highest end of it and all before it */
	size_t count, room;
};

/* Return: false when memory ran out */
bool segments_add(struct segments *segments, const struct segment *segment);
/* To be called once, after the last segments_add(). Return: false when memory ran out */
bool segments_sort(struct segments *segments);
void segments_deinit(struct segments *segments);

/*
 * segments_find - the segment whose memory image holds @address
 *
 * Return: NULL when none does. Where hostile headers overlap, the one that starts last,
 * which is the one that a loader maps over the others.
 */
const struct segment *segments_find(const struct segments *segments, uint64_t address);

/*
 * segment_offset - file offset of @address, which segments_find() gave this segment for
 *
 * Return: false when the address lies in the zero-filled tail (past p_filesz).
 */
bool segment_offset(const struct segment *segment, uint64_t address, uint64_t *ret);
