/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* From stored addresses to where a probe really is: base, segments, file offsets. */
#pragma once

#include "elf/object/image.h"
#include "elf/symbol/relocation.h"
#include "probe/note/probe.h"

enum adjust_flaw {
	ADJUST_LOCATION_UNMAPPED = 1
	                           << 0, /* in no executable segment (ET_REL: section) */
	ADJUST_SEMAPHORE_UNMAPPED =
		1 << 1,            /* in no writable segment with bytes in the file */
	ADJUST_FELL_BACK = 1 << 2, /* the stored location is mapped, the moved one not */
};

/*
 * adjust - set location, semaphore and base_delta from the stored values
 *
 * When prelink or objcopy moves a file, .stapsdt.base moves along and the notes, which are
 * not allocated, keep what was linked (SystemTap wiki, UserSpaceProbeImplementation). The
 * rule: delta = address of .stapsdt.base - base in the note, where both are known; the same
 * delta goes to a semaphore that is not 0; all modulo the address width.
 *
 * Return: enum adjust_flaw, ored.
 */
unsigned adjust(const struct usdtinfo_image *image, struct usdtinfo_probe *probe);

/* Where the words of a note of a relocatable object are. */
struct place {
	const struct relocations *relocations; /* of the note's section */
	uint64_t descriptor_offset;            /* in that section */
	struct strbuf *counter; /* holds what probe->semaphore_symbol borrows */
};

/*
 * adjust_relocatable - the same for a relocatable object (ET_REL)
 *
 * Nothing has an address there: location and semaphore stay unknown; section,
 * section_offset and semaphore_symbol are set from the relocations of the note's words.
 *
 * Return: enum adjust_flaw, ored.
 */
unsigned adjust_relocatable(struct usdtinfo_image *image, const struct place *place,
                            struct usdtinfo_probe *probe);

/* Set file offsets, section and section offset from the adjusted addresses. */
void adjust_places(struct usdtinfo_image *image, struct usdtinfo_probe *probe);
