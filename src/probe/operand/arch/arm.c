/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* ARM and Thumb. Where a name is a register's and could be a symbol's, it is the register. */
#include <elf.h>

#include "probe/operand/arch.h"

static const struct register_row registers[] = {
	NUMBERED("r", 0, 12, "r", 0, REGISTER_GENERAL, 4),
	NAMED("r13", "sp", REGISTER_GENERAL, 4),
	NAMED("r14", "lr", REGISTER_GENERAL, 4),
	NAMED("r15", "pc", REGISTER_GENERAL, 4),
	NAMED("sp", "sp", REGISTER_GENERAL, 4),
	NAMED("lr", "lr", REGISTER_GENERAL, 4),
	NAMED("pc", "pc", REGISTER_GENERAL, 4),
	NAMED("ip", "r12", REGISTER_GENERAL, 4),
	NAMED("fp", "r11", REGISTER_GENERAL, 4),
	NAMED("sl", "r10", REGISTER_GENERAL, 4),
	NAMED("sb", "r9", REGISTER_GENERAL, 4),
	/* The names of the APCS. */
	NUMBERED("a", 1, 4, "r", 0, REGISTER_GENERAL, 4),
	NUMBERED("v", 1, 8, "r", 4, REGISTER_GENERAL, 4),
	NUMBERED("s", 0, 31, "s", 0, REGISTER_VECTOR, 4),
	NUMBERED("d", 0, 31, "d", 0, REGISTER_VECTOR, 8),
	NUMBERED("q", 0, 15, "q", 0, REGISTER_VECTOR, 16),
};

static bool take_register(struct operand_job *job, struct cursor *cursor,
                          struct register_found *ret)
{
	struct cursor ahead = *cursor;
	if (!register_find(job, registers, ARRAY_SIZE(registers), cursor_alnum(&ahead),
	                   ret))
		return false;
	/* "r0_backup", "sp.1" are symbols. */
	if (cursor_at_symbol(&ahead) || cursor_peek(&ahead) == '$')
		return false;
	*cursor = ahead;
	return true;
}

/* ", lsl #2"; other shifts than to the left have no scale. */
static bool take_shift(struct cursor *cursor, unsigned *scale_ret)
{
	unsigned shift;
	if (!cursor_take_string(cursor, "lsl"))
		return false;
	cursor_skip_spaces(cursor);
	cursor_take(cursor, '#');
	if (!cursor_small(cursor, 31, &shift))
		return false;
	*scale_ret = 1u << shift;
	return true;
}

static bool take_offset(struct operand_job *job, struct cursor *cursor, struct sum *sum)
{
	struct register_found reg;
	struct cursor ahead = *cursor;
	bool subtracted = cursor_take(&ahead, '-');
	if (!subtracted)
		cursor_take(&ahead, '+');
	if (take_register(job, &ahead, &reg)) {
		unsigned scale = 1;
		*cursor = ahead;
		if (reg.class != REGISTER_GENERAL ||
		    (cursor_take_spaced(cursor, ',') && !take_shift(cursor, &scale)))
			return false;
		operand_set_index(job, &reg, scale);
		job->op->index_subtracted = subtracted;
		return true;
	}
	cursor_take(cursor, '#');
	return sum_take(job, cursor, sum) && !sum->symbol.at;
}

static bool parse_memory(struct operand_job *job, struct cursor *cursor)
{
	struct register_found reg;
	struct sum sum = { 0 };
	cursor_skip_spaces(cursor);
	if (!take_register(job, cursor, &reg) || reg.class != REGISTER_GENERAL)
		return false;
	operand_set_base(job, &reg);
	/* What the program counter reads as depends on the instruction, which is not there. */
	job->op->pc_relative = text_is(reg.full, "pc");
	if (cursor_take_spaced(cursor, ',') && !take_offset(job, cursor, &sum))
		return false;
	return cursor_take_spaced(cursor, ']') && cursor_done(cursor) &&
	       operand_set_displacement(job, &sum);
}

static bool parse(struct operand_job *job, struct cursor text)
{
	struct register_found reg;
	struct sum sum = { 0 };
	if (cursor_take(&text, '['))
		return parse_memory(job, &text);
	struct cursor ahead = text;
	if (take_register(job, &ahead, &reg) && cursor_done(&ahead))
		return operand_set_register(job, &reg);

	cursor_take(&text, '#');
	ahead = text;
	if (!sum_take(job, &ahead, &sum) || !cursor_done(&ahead))
		return job->is_float && operand_set_float(job, text);
	/* No address is a floating-point value: the label is that of a literal. */
	if (job->is_float && sum.symbol.at)
		return operand_set_displacement(job, &sum);
	return operand_set_immediate(job, &sum);
}

const struct arch arch_arm = {
	.machines = { EM_ARM },
	.parse = parse,
};
