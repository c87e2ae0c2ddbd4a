/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Traits: what of a file, a probe or an argument makes tracing tools differ. The table of
 * tools (probe/tracer/tracers.h) says which of them each tool stumbles over.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "elf/object/facts.h"
#include "elf/object/image.h"
#include "probe/note/probe.h"

enum trait {
	/* of the file */
	TRAIT_RELOCATABLE,
	TRAIT_CLASS_32,
	TRAIT_BASE_MISSING,   /* no .stapsdt.base */
	TRAIT_BASE_ZERO,      /* .stapsdt.base is there, this note records base 0 */
	TRAIT_BASE_MOVED,     /* addresses were corrected by a delta */
	TRAIT_BASE_AT_ZERO,   /* .stapsdt.base has no address, this note records one */
	TRAIT_BASE_LOST,      /* no .stapsdt.base, but the note records one */
	TRAIT_PROBES_SECTION, /* there is a section .probes */
	TRAIT_SECTION_ORDER, /* not: code, .probes, .note.stapsdt, in this order of headers */
	TRAIT_WIDE_IN_FILE, /* some argument in the file is larger than 8 bytes */
	/* of the note */
	TRAIT_NOTE_ALLOCATED, /* its section is loaded (SHF_ALLOC) */
	TRAIT_NOTE_LATER,     /* not in the first .note.stapsdt section */
	TRAIT_NOTE_ELSEWHERE, /* in a section of another name, or found by segment */
	TRAIT_NOTE_MIXED, /* other notes than probes, or broken ones, are in its section */
	TRAIT_NOTE_TRAILING, /* bytes after the arguments, be it padding */
	TRAIT_NOTE_OPEN,     /* the arguments lack their NUL */
	/* of the place */
	TRAIT_LOCATION_UNMAPPED, /* no byte of an executable segment in the file */
	TRAIT_LOCATION_LOW, /* as stored it is in front of the first section with code */
	TRAIT_BASE_APART, /* code and base lie at different distances from their offsets */
	TRAIT_THUMB,
	TRAIT_SEMAPHORE,
	TRAIT_SEMAPHORE_ODD,
	TRAIT_SEMAPHORE_UNMAPPED, /* no two bytes of a writable segment in the file */
	TRAIT_SEMAPHORE_SHARED,   /* another probe at this site has another semaphore */
	/* of the names */
	TRAIT_PROVIDER_EMPTY,
	TRAIT_NAME_EMPTY,
	TRAIT_NAME_COLON,  /* in provider or name, as are the next ones */
	TRAIT_NAME_HYPHEN, /* and nothing worse */
	TRAIT_NAME_ODD,    /* bytes other than letters, digits, _, -, and no : */
	/* of the arguments together */
	TRAIT_ARGUMENTS,        /* there are any */
	TRAIT_ARGUMENTS_MANY,   /* more than 12 */
	TRAIT_ARGUMENTS_SPACED, /* spaces in front, behind, or two in a row */
	TRAIT_ARGUMENTS_MERGED, /* see merges_with_next() */
	/* of one argument: its size */
	TRAIT_ARG_FLOAT,
	TRAIT_ARG_SIZE_ODD, /* not 1, 2, 4 or 8 bytes */
	TRAIT_ARG_SIZE_NONE,
	/* and its operand; one of these, but for those marked + */
	TRAIT_ARG_REGISTER,
	TRAIT_ARG_REGISTER_BYTE, /* + x86: %r8b to %r15b */
	TRAIT_ARG_REGISTER_HIGH, /* x86: %ah */
	TRAIT_ARG_REGISTER_PAIR,
	TRAIT_ARG_REGISTER_OTHER, /* vector, floating point, segment */
	TRAIT_ARG_CONSTANT,
	TRAIT_ARG_CONSTANT_BASE, /* + written in another base than ten */
	TRAIT_ARG_CONSTANT_SIGN, /* + signed and negative, but written without a - */
	TRAIT_ARG_MEMORY,        /* base register and displacement */
	TRAIT_ARG_MEMORY_PLAIN,  /* + no displacement is written */
	TRAIT_ARG_MEMORY_SPACE,  /* + with a space inside: "[x6, 32]" */
	TRAIT_ARG_MEMORY_STACK,  /* + the base is the stack pointer */
	TRAIT_ARG_INDEX,         /* base and index registers */
	TRAIT_ARG_INDEX_ALONE,   /* + without a base register */
	TRAIT_ARG_ABSOLUTE,      /* memory at a number */
	TRAIT_ARG_SYMBOL,        /* memory at a symbol that the file's tables hold */
	TRAIT_ARG_SYMBOL_INDEX,  /* memory at such a symbol and an index */
	TRAIT_ARG_SYMBOL_BASE,   /* such a symbol through a register: GOTOFF, LO12 */
	TRAIT_ARG_AMBIGUOUS,     /* memory at one of several symbols of that name */
	TRAIT_ARG_UNRESOLVABLE,  /* a symbol or label that they do not hold; GOT, TLS */
	TRAIT_ARG_SUM, /* + a displacement of more terms than number and symbol */
	TRAIT_ARG_SYMBOL_MINUS, /* + a number subtracted from the symbol */
	TRAIT_ARG_AT,           /* + an @ in the operand */
	TRAIT_ARG_INTEL,        /* + x86: in Intel's syntax */
	TRAIT_ARG_SEGMENT,      /* x86: %fs:, %gs: */
	TRAIT_ARG_ADDRESS,      /* the value is a symbol's address */
	TRAIT_ARG_UNKNOWN,      /* not understood here */
	TRAITS
};
_Static_assert(TRAITS <= 64, "traits are a word of bits");

#define TRAIT(name) (1ull << TRAIT_##name)

/* What the argument traits of several arguments cannot have in common. */
#define TRAITS_OF_ARGUMENT (~0ull << TRAIT_ARG_FLOAT)

/* What is the same for every probe of an image, and what only the image can tell. */
struct file_traits {
	uint64_t traits;
	bool foreign_notes; /* NOTE_MIXED is for notes of others */
	bool has_base;
	uint64_t base_address, base_offset; /* of .stapsdt.base */
	uint64_t code_address; /* of the first section with code; 0 where there is none */
	uint64_t first_area;   /* section index of the first .note.stapsdt */
};

/* @image: NULL when there is only a saved listing; then less is known */
void file_traits(struct usdtinfo_image *image, const struct file_facts *facts,
                 struct file_traits *ret);
/* Traits of the file, note, place and names; places must have been worked out. */
uint64_t probe_traits(struct usdtinfo_image *image, const struct file_traits *file,
                      const struct usdtinfo_probe *probe);
/* @machine: e_machine */
uint64_t argument_traits(unsigned machine, const struct usdtinfo_argument *argument);
