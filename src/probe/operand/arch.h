/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * What an architecture brings to the understanding of operands, and the tools that its file
 * works with: a cursor over the text, sums of numbers and a symbol, tables of registers.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/text.h"
#include "probe/operand/operand.h"
#include "probe/operand/wide.h"

/* The rest of an operand's text. */
struct cursor {
	const char *at, *end;
};

/* One operand being read. */
struct operand_job {
	const struct operand_context *context;
	unsigned
		dialect; /* what the architecture's dialect() said of all arguments together */
	uint64_t size; /* of the argument, in bytes */
	bool is_float;
	bool dollar_symbols; /* a symbol may begin with $, since no register can stand here */
	struct arena *arena;
	struct operand *op;   /* kind UNKNOWN and all else zero at first */
	struct wide constant; /* CONSTANT, unless op->value is set already */
	bool out_of_memory;
};

struct arch {
	unsigned machines[4]; /* e_machine; 0 ends them */
	/*
	 * Return: true when @text was understood to its end and job->op filled; what is in
	 * job->op is thrown away otherwise
	 */
	bool (*parse)(struct operand_job *job, struct cursor text);
	/* May be NULL. Return: which syntax a whole argument string shows; 0: none */
	unsigned (*dialect)(const struct operand_context *context, struct text arguments);
	/* Set where DIALECT is. Return: whether an operand means another thing in each syntax */
	bool (*is_ambiguous)(struct cursor text);
};

extern const struct arch arch_aarch64;
extern const struct arch arch_arm;
extern const struct arch arch_loongarch;
extern const struct arch arch_mips;
extern const struct arch arch_ppc;
extern const struct arch arch_riscv;
extern const struct arch arch_s390;
extern const struct arch arch_sparc;
extern const struct arch arch_x86;

/* Return: NULL for a machine whose operands are not understood */
const struct arch *arch_find(unsigned machine);

/* ---- cursor ---------------------------------------------------------------------- */

static inline bool cursor_done(const struct cursor *cursor)
{
	return cursor->at == cursor->end;
}

/* Return: the next byte, 0 at the end */
static inline unsigned char cursor_peek(const struct cursor *cursor)
{
	return cursor_done(cursor) ? 0 : (unsigned char)*cursor->at;
}

static inline bool cursor_take(struct cursor *cursor, char c)
{
	if (cursor_done(cursor) || *cursor->at != c)
		return false;
	cursor->at++;
	return true;
}

void cursor_skip_spaces(struct cursor *cursor);
/* The same as cursor_take(), with spaces allowed before and after. */
bool cursor_take_spaced(struct cursor *cursor, char c);
/* @string where it is next; the case of ASCII letters does not matter. */
bool cursor_take_string(struct cursor *cursor, const char *string);
/* Letters and digits; empty when there are none. Not NUL-terminated. */
struct text cursor_alnum(struct cursor *cursor);
/*
 * An unsigned number as assemblers write it: 10, 0x1f, 017. Takes nothing and returns false
 * when there is none, or more than 128 bits, or a letter hangs on to it.
 */
bool cursor_number(struct cursor *cursor, struct wide *ret);
/* A number that fits @max. */
bool cursor_small(struct cursor *cursor, unsigned max, unsigned *ret);
/* For tables of short names, most of which differ in the first letters: no call for those. */
static inline bool text_is(struct text text, const char *string)
{
	size_t i = 0;
	while (i < text.size && string[i] && string[i] == text.at[i])
		i++;
	return i == text.size && !string[i];
}

/* ---- sums ------------------------------------------------------------------------ */

/* Numbers and at most one symbol, added: "-8+3+1", "40+CheckpointStats@GOTOFF". */
struct sum {
	struct wide number;
	struct text symbol; /* NULL: none */
	struct text
		relocation; /* what followed the symbol's @, in upper case; NULL: none */
};

/*
 * sum_take - a sum where it is next, added to *@sum
 *
 * Return: false when there is none, two symbols, a symbol subtracted, or no memory. Then
 * the operand cannot be understood.
 */
bool sum_take(struct operand_job *job, struct cursor *cursor, struct sum *sum);
/* One term with its sign already taken. */
bool sum_take_term(struct operand_job *job, struct cursor *cursor, bool negative,
                   struct sum *sum);
/* Return: whether the next byte can begin a symbol */
bool cursor_at_symbol(const struct cursor *cursor);

/* ---- what operands are made of ----------------------------------------------------- */

/* CONSTANT, or ADDRESS where the sum has a symbol. */
bool operand_set_immediate(struct operand_job *job, const struct sum *sum);
/* The sum becomes displacement, symbol and relocation of a MEMORY operand. */
bool operand_set_displacement(struct operand_job *job, const struct sum *sum);
/*
 * operand_set_float - CONSTANT from a literal such as 1.5e+0, kept as written
 *
 * Return: false when the rest of the text is no such literal.
 */
bool operand_set_float(struct operand_job *job, struct cursor text);
/* An upper-case copy, as operand.relocation has it. */
struct text relocation_name(struct operand_job *job, struct text name);

/* ---- registers ------------------------------------------------------------------- */

enum register_class {
	REGISTER_GENERAL,
	REGISTER_FLOAT,
	REGISTER_VECTOR, /* wide registers whose name never means a pair */
};

/*
 * One name, or a numbered family of them. NAMED: @name is called @full.
 * NUMBERED: @name followed by @first to @last is called @full followed by the number, less
 * @first and plus @full_first.
 */
struct register_row {
	const char *name;
	const char *full;
	enum register_class class;
	unsigned width; /* bytes; 0: the word size */
	bool numbered;
	unsigned first, last, full_first;
};

#define NAMED(name_, full_, class_, width_)                                              \
	{                                                                                \
		.name = (name_), .full = (full_), .class = (class_), .width = (width_)   \
	}
#define NUMBERED(name_, first_, last_, full_, full_first_, class_, width_)               \
	{                                                                                \
		.name = (name_), .full = (full_), .class = (class_), .width = (width_),  \
		.numbered = true, .first = (first_), .last = (last_),                    \
		.full_first = (full_first_)                                              \
	}

struct register_found {
	struct text full; /* static or in the arena */
	enum register_class class;
	unsigned width, shift; /* bytes; lowest bit */
};

/* Return: false when no row has that name, or when memory ran out */
bool register_find(struct operand_job *job, const struct register_row *rows, size_t count,
                   struct text name, struct register_found *ret);
/* The same for what is next, behind @mark unless that is NUL; takes nothing in vain. */
bool register_take(struct operand_job *job, struct cursor *cursor, char mark,
                   const struct register_row *rows, size_t count,
                   struct register_found *ret);
/* REGISTER; a pair where the argument is larger than the register. */
bool operand_set_register(struct operand_job *job, const struct register_found *reg);

/* ---- load-store machines -------------------------------------------------------------- */

/* A register where one is next, whatever marks it there; takes nothing when there is none. */
typedef bool register_taker(struct operand_job *job, struct cursor *cursor,
                            struct register_found *ret);

/* "%lo(sym+4)", relocation operators as MIPS, RISC-V, SPARC and LoongArch write them. */
bool sum_take_operator(struct operand_job *job, struct cursor *cursor, struct sum *sum);
/* The base of a MEMORY operand; a register that always reads as zero is none. */
void operand_set_base(struct operand_job *job, const struct register_found *reg);
/* Likewise the index. */
void operand_set_index(struct operand_job *job, const struct register_found *reg,
                       unsigned scale);
/* A register, "8(reg)", "%lo(sym)(reg)", or an immediate. */
bool operand_parse_displaced(struct operand_job *job, struct cursor text,
                             register_taker *take_register);
