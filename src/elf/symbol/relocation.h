/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Relocations of the note and debug sections of relocatable objects. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "elf/object/strings.h"

struct usdtinfo_image;
struct usdtinfo_error;
struct contents;

/* A word of a section that the linker will set to symbol + addend. */
struct relocation {
	uint64_t offset; /* in the section */
	uint64_t value;  /* of the symbol, in its section, + addend; modulo the word */
	uint32_t symbol; /* index in the symbol table; 0: none */
	uint32_t
		section; /* that the symbol is defined in; 0: undefined, absolute, common */
};

/* Of one section, sorted by offset. Zero-initialise; release with relocations_deinit(). */
struct relocations {
	struct relocation *items;
	size_t count, room;
	struct strings names; /* of the symbols */
	size_t symtab;        /* section of the symbols */
	uint64_t unknown; /* how many were left out for want of a row for their type */
	struct {
		uint32_t type;
		uint64_t offset;
	} first_unknown;
	uint64_t
		damaged; /* how many name no place or symbol; or tables that cannot be read */
	char damage[120]; /* what is wrong with the first */
};

/*
 * image_relocate - apply the relocations of a section to its contents
 * @section: index of the section
 * @layout: an address for each section of the object; NULL puts all of them at 0
 * @contents: as read; made the owner of a copy if there is anything to write
 * @ret: gets what was found, to be released in every case; NULL: nobody asks
 *
 * What a static linker would do with the sections at these addresses; readelf shows notes
 * as with all at 0. Damage, and types that the machine's rows lack, are told in the result; the words
 * concerned stay as stored. To be called for ET_REL only: in linked files such sections are
 * leftovers (--emit-relocs).
 *
 * Return: 0, USDTINFO_E_SYSTEM or USDTINFO_E_MEMORY.
 */
int image_relocate(struct usdtinfo_image *image, size_t section, const uint64_t *layout,
                   struct contents *contents, struct relocations *ret,
                   struct usdtinfo_error *err);

/* Return: the relocation of the word at @offset, or NULL; logarithmic */
const struct relocation *relocations_find(const struct relocations *relocations,
                                          uint64_t offset);

/*
 * relocation_target - what the word will point to, to people
 *
 * The symbol's name, or that of the one variable which begins there: assemblers name the
 * section for a local one. For a place without a name the section's with the offset in it
 * ("." names are no C identifiers, so they cannot be mistaken): ".probes+0x2".
 *
 * Return: false when memory ran out or there is no name at all; *@out is as it was then.
 */
bool relocation_target(struct usdtinfo_image *image,
                       const struct relocations *relocations,
                       const struct relocation *relocation, struct strbuf *out);

void relocations_deinit(struct relocations *relocations);
