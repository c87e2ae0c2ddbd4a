/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The walk over ELF notes: bounded, byte order of the file, any owner. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "base/text.h"

struct note {
	uint32_t type;
	struct text owner; /* without trailing NULs; AT[SIZE] need not be NUL */
	struct span descriptor;
	uint64_t offset; /* of its header, from the start of the area */
};

struct note_walk {
	struct span left;
	uint64_t offset;    /* of LEFT, from the start of the area */
	unsigned alignment; /* 4 or 8 */
	bool big_endian;
};

/*
 * note_walk_init - start over an area of notes
 * @alignment: as the section or segment declares it: 8 pads names and descriptors to 8,
 *             everything else to 4 (System V gABI, and what binutils and libelf do)
 */
void note_walk_init(struct note_walk *walk, struct span area, uint64_t alignment,
                    bool big_endian);

/*
 * note_walk_next - the next note, whoever owns it
 * @reason_ret: set to a static text when -1 is returned
 *
 * The last note may lack its tail padding. Zeros after the last note are padding.
 *
 * Return: 1 with a note, 0 at the end, -1 when what stands at walk->offset is no note; the
 * walk has ended then too.
 */
int note_walk_next(struct note_walk *walk, struct note *ret, const char **reason_ret);

/*
 * notes_alignment - the alignment at which an area really is a row of notes
 *
 * Some producers declare 8 and pad to 4. Return: 4 if the area walks cleanly at 4 and does
 * not as declared, else the declared one.
 */
unsigned notes_alignment(struct span area, uint64_t declared, bool big_endian);
