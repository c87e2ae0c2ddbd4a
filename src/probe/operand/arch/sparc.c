/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* SPARC, 32 and 64 bits. Displacements from %fp and %sp include the 64-bit stack bias. */
#include <elf.h>

#include "probe/operand/arch.h"

static const struct register_row registers[] = {
	NAMED("g0", "zero", REGISTER_GENERAL, 0),
	NUMBERED("g", 1, 7, "g", 1, REGISTER_GENERAL, 0),
	NAMED("o6", "sp", REGISTER_GENERAL, 0),
	NUMBERED("o", 0, 7, "o", 0, REGISTER_GENERAL, 0),
	NUMBERED("l", 0, 7, "l", 0, REGISTER_GENERAL, 0),
	NAMED("i6", "fp", REGISTER_GENERAL, 0),
	NUMBERED("i", 0, 7, "i", 0, REGISTER_GENERAL, 0),
	NAMED("sp", "sp", REGISTER_GENERAL, 0),
	NAMED("fp", "fp", REGISTER_GENERAL, 0),
	NAMED("y", "y", REGISTER_GENERAL, 4),
	/* A double's name is that of its first half, which settles the second. */
	NUMBERED("f", 0, 63, "f", 0, REGISTER_VECTOR, 8),
	NUMBERED("d", 0, 62, "d", 0, REGISTER_VECTOR, 8),
	NUMBERED("q", 0, 60, "q", 0, REGISTER_VECTOR, 16),
};

static bool take_register(struct operand_job *job, struct cursor *cursor,
                          struct register_found *ret)
{
	return register_take(job, cursor, '%', registers, ARRAY_SIZE(registers), ret);
}

/* What stands behind the base: "+%g2", "-32", "+%lo(sym+4)". */
static bool take_offset(struct operand_job *job, struct cursor *cursor, struct sum *sum)
{
	struct cursor ahead = *cursor;
	if (cursor_take(&ahead, '+') && cursor_peek(&ahead) == '%') {
		struct register_found reg;
		*cursor = ahead;
		if (!take_register(job, cursor, &reg))
			return sum_take_operator(job, cursor, sum);
		operand_set_index(job, &reg, 1);
		return reg.class == REGISTER_GENERAL;
	}
	return sum_take(job, cursor, sum);
}

static bool parse_memory(struct operand_job *job, struct cursor *cursor)
{
	struct register_found reg;
	struct sum sum = { 0 };
	if (take_register(job, cursor, &reg)) {
		operand_set_base(job, &reg);
		if (reg.class != REGISTER_GENERAL)
			return false;
		if (cursor_peek(cursor) != ']' && !take_offset(job, cursor, &sum))
			return false;
	} else if (!sum_take(job, cursor, &sum)) {
		return false;
	}
	return cursor_take(cursor, ']') && cursor_done(cursor) &&
	       operand_set_displacement(job, &sum);
}

static bool parse(struct operand_job *job, struct cursor text)
{
	struct register_found reg;
	struct sum sum = { 0 };
	if (cursor_take(&text, '['))
		return parse_memory(job, &text);
	if (take_register(job, &text, &reg)) {
		if (text_is(reg.full, "zero"))
			reg.full = text_of("g0");
		return cursor_done(&text) && operand_set_register(job, &reg);
	}
	return sum_take(job, &text, &sum) && cursor_done(&text) &&
	       operand_set_immediate(job, &sum);
}

const struct arch arch_sparc = {
	.machines = { EM_SPARCV9, EM_SPARC, EM_SPARC32PLUS },
	.parse = parse,
};
