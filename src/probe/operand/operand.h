/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Arguments and their operands: from the text of a note to what each names.
 *
 * The front end splits the argument string and reads the sizes; what stands behind the @ is
 * assembler syntax, and one file an architecture (src/probe/arch_*.c) understands it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "usdtinfo.h"

/*
 * An operand. Register names are those of the full register; texts are static or live in
 * the arena of struct arguments.
 */
struct operand {
	enum usdtinfo_operand_kind kind;
	struct text reg;    /* REGISTER */
	unsigned reg_shift; /* REGISTER: lowest bit used: 8 for %ah; else 0 */
	bool reg_pair; /* REGISTER: low half of a pair whose other half is not recorded */
	struct text
		value; /* CONSTANT: decimal, normalised to the argument's size and sign */
	struct text base;    /* MEMORY */
	struct text index;   /* MEMORY */
	struct text segment; /* MEMORY: x86 segment register */
	unsigned scale;      /* MEMORY: 1, 2, 4... with an index, 0 without */
	enum usdtinfo_extend index_extend;
	bool index_subtracted; /* ARM's [r1, -r2] */
	int64_t displacement;  /* MEMORY, ADDRESS */
	struct text symbol;    /* MEMORY, ADDRESS */
	struct text
		relocation; /* upper-case operator: "GOTOFF", "GOTPCREL", "TPOFF", "LO12" */
	/*
	 * sym(%rip) and its kin: the register is no part of the address, and base is not known.
	 * Without a symbol base is that register, and the address cannot be told.
	 */
	bool pc_relative;
	/*
	 * Link-time address of symbol and displacement, once symbols are resolved. To it go
	 * the index and, in an operand without a relocation, the base. Under a relocation
	 * operator (GOTOFF, LO12) the base only holds the part that the operator leaves out.
	 */
	struct maybe_u64 address;
	/* Addresses of several symbols of that name; none unless it is ambiguous. */
	uint64_t *candidates;
	size_t candidate_count;
};

enum name_source {
	NAME_SOURCE_NONE,
	NAME_SOURCE_DWARF,
	NAME_SOURCE_DEFINITIONS,
	NAME_SOURCE_CATALOGUE,
};

/* What may be an argument's name, but is not sure. */
struct name_candidate {
	struct text name, c_type;
};

struct usdtinfo_argument {
	uint64_t number;
	struct text raw;
	uint64_t size;      /* bytes */
	bool size_declared; /* false: the note gave none, this is the word size */
	bool is_signed, is_float;
	struct text type;
	struct operand operand;
	bool resolvable;
	struct text name, c_type, name_source;
	struct name_candidate *candidates;
	size_t candidate_count;
};

/* The arguments of one probe at a time, in storage that is kept from one to the next. */
struct arch;

struct arguments {
	struct usdtinfo_argument *items;
	size_t count, room;
	struct arena arena;      /* texts of the items; emptied by arguments_parse() */
	unsigned machine;        /* whose operands were parsed last, */
	const struct arch *arch; /* and its parser; NULL: none */
};

/* What the front end and the architectures need to know of the object. */
struct operand_context {
	unsigned machine;   /* e_machine */
	unsigned elf_class; /* 32 or 64 */
	uint32_t elf_flags; /* e_flags */
	unsigned word_size; /* bytes of a general register: 8 for x32 and n32 too */
	/* The syntax that the object's other arguments show, as operand_dialect() says; 0: none. */
	unsigned dialect;
};

/*
 * operand_dialect - which of a machine's syntaxes an argument string shows
 *
 * On x86 "-4@5" is memory at 5 in AT&T syntax and the constant 5 in Intel's. A compiler writes
 * all of an object's operands in one syntax, so that what one string leaves open another of the
 * object shows.
 *
 * Return: the machine's number for it; 0 where the string shows none. *@open_ret: whether it
 * could be read in several ways.
 */
unsigned operand_dialect(const struct operand_context *context, struct text text,
                         bool *open_ret);
/* Return: how many arguments of a string that shows no syntax mean another thing in each */
uint64_t operand_count_ambiguous(const struct operand_context *context, struct text text);

/*
 * arguments_parse - take an argument string apart
 * @text: as the note has it; need not be valid in any way
 *
 * What is not understood becomes an argument of kind UNKNOWN in its place, so that none is
 * ever renumbered. Symbols are named, not looked up: see arguments_resolve().
 *
 * Return: 0 or USDTINFO_E_MEMORY.
 */
int arguments_parse(struct arguments *arguments, const struct operand_context *context,
                    struct text text, struct usdtinfo_error *err);
void arguments_deinit(struct arguments *arguments);

struct usdtinfo_image;

struct operand_context operand_context(const struct usdtinfo_image *image);

/*
 * arguments_resolve - look up the operands' symbols in the image
 *
 * Sets address and resolvable where a name has one address, candidates where it has several.
 * In a relocatable object nothing has an address.
 *
 * Return: 0 or USDTINFO_E_MEMORY.
 */
int arguments_resolve(struct arguments *arguments, struct usdtinfo_image *image,
                      struct usdtinfo_error *err);
