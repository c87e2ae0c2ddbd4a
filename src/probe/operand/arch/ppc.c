/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* PowerPC, 32 and 64 bits: a bare number is a register, i5 the constant 5. */
#include <elf.h>

#include "probe/operand/arch.h"

static const struct register_row registers[] = {
	NUMBERED("", 0, 31, "r", 0, REGISTER_GENERAL, 0),
	NUMBERED("r", 0, 31, "r", 0, REGISTER_GENERAL, 0),
	NUMBERED("f", 0, 31, "f", 0, REGISTER_FLOAT, 8),
	NUMBERED("v", 0, 31, "v", 0, REGISTER_VECTOR, 16),
	NUMBERED("vs", 0, 63, "vs", 0, REGISTER_VECTOR, 16),
	NUMBERED("cr", 0, 7, "cr", 0, REGISTER_VECTOR, 4),
	NAMED("sp", "r1", REGISTER_GENERAL, 0),
	NAMED("lr", "lr", REGISTER_GENERAL, 0),
	NAMED("ctr", "ctr", REGISTER_GENERAL, 0),
};

static bool take_register(struct operand_job *job, struct cursor *cursor,
                          struct register_found *ret)
{
	struct cursor ahead = *cursor;
	cursor_take(&ahead, '%');
	if (!register_find(job, registers, ARRAY_SIZE(registers), cursor_alnum(&ahead),
	                   ret))
		return false;
	*cursor = ahead;
	return true;
}

static bool take_general(struct operand_job *job, struct cursor *cursor,
                         struct register_found *ret)
{
	return take_register(job, cursor, ret) && ret->class == REGISTER_GENERAL;
}

/* As a base, 0 is the number and not the register (Power ISA, "(RA|0)"). */
static void set_base(struct operand_job *job, struct register_found *reg)
{
	if (text_is(reg->full, "r0"))
		reg->full = text_of("zero");
	operand_set_base(job, reg);
}

static bool parse_displaced(struct operand_job *job, struct cursor text)
{
	struct register_found base;
	struct sum sum = { 0 };
	if (!sum_take(job, &text, &sum) || !cursor_take(&text, '(') ||
	    !take_general(job, &text, &base) || !cursor_take(&text, ')') ||
	    !cursor_done(&text))
		return false;
	set_base(job, &base);
	return operand_set_displacement(job, &sum);
}

static bool parse(struct operand_job *job, struct cursor text)
{
	struct register_found reg, index;
	struct cursor ahead = text;
	if (take_register(job, &ahead, &reg)) {
		if (cursor_done(&ahead))
			return operand_set_register(job, &reg);
		if (reg.class == REGISTER_GENERAL && cursor_take_spaced(&ahead, ',')) {
			if (!take_general(job, &ahead, &index) || !cursor_done(&ahead))
				return false;
			set_base(job, &reg);
			operand_set_index(job, &index, 1);
			return operand_set_displacement(job, &(struct sum){ 0 });
		}
	}
	ahead = text;
	if (cursor_take(&ahead, 'i') && !cursor_at_symbol(&ahead)) {
		struct sum sum = { 0 };
		return sum_take(job, &ahead, &sum) && cursor_done(&ahead) &&
		       operand_set_immediate(job, &sum);
	}
	return parse_displaced(job, text);
}

const struct arch arch_ppc = {
	.machines = { EM_PPC64, EM_PPC },
	.parse = parse,
};
