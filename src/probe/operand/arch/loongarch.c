/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* LoongArch: memory is "$t5, 0", without brackets. */
#include "elf/object/machine.h"
#include "probe/operand/arch.h"

static const struct register_row registers[] = {
	NAMED("zero", "zero", REGISTER_GENERAL, 0),
	NAMED("ra", "ra", REGISTER_GENERAL, 0),
	NAMED("tp", "tp", REGISTER_GENERAL, 0),
	NAMED("sp", "sp", REGISTER_GENERAL, 0),
	NUMBERED("a", 0, 7, "a", 0, REGISTER_GENERAL, 0),
	NUMBERED("v", 0, 1, "a", 0, REGISTER_GENERAL, 0),
	NUMBERED("t", 0, 8, "t", 0, REGISTER_GENERAL, 0),
	NAMED("fp", "fp", REGISTER_GENERAL, 0),
	NAMED("s9", "fp", REGISTER_GENERAL, 0),
	NUMBERED("s", 0, 8, "s", 0, REGISTER_GENERAL, 0),
	NAMED("r0", "zero", REGISTER_GENERAL, 0),
	NAMED("r1", "ra", REGISTER_GENERAL, 0),
	NAMED("r2", "tp", REGISTER_GENERAL, 0),
	NAMED("r3", "sp", REGISTER_GENERAL, 0),
	NUMBERED("r", 4, 11, "a", 0, REGISTER_GENERAL, 0),
	NUMBERED("r", 12, 20, "t", 0, REGISTER_GENERAL, 0),
	NAMED("r21", "r21", REGISTER_GENERAL, 0),
	NAMED("r22", "fp", REGISTER_GENERAL, 0),
	NUMBERED("r", 23, 31, "s", 0, REGISTER_GENERAL, 0),
	NUMBERED("fa", 0, 7, "fa", 0, REGISTER_FLOAT, 8),
	NUMBERED("ft", 0, 15, "ft", 0, REGISTER_FLOAT, 8),
	NUMBERED("fs", 0, 7, "fs", 0, REGISTER_FLOAT, 8),
	NUMBERED("f", 0, 7, "fa", 0, REGISTER_FLOAT, 8),
	NUMBERED("f", 8, 23, "ft", 0, REGISTER_FLOAT, 8),
	NUMBERED("f", 24, 31, "fs", 0, REGISTER_FLOAT, 8),
	NUMBERED("vr", 0, 31, "vr", 0, REGISTER_VECTOR, 16),
	NUMBERED("xr", 0, 31, "xr", 0, REGISTER_VECTOR, 32),
};

static bool take_register(struct operand_job *job, struct cursor *cursor,
                          struct register_found *ret)
{
	return register_take(job, cursor, '$', registers, ARRAY_SIZE(registers), ret);
}

static bool parse(struct operand_job *job, struct cursor text)
{
	struct register_found reg;
	struct sum sum = { 0 };
	if (!take_register(job, &text, &reg))
		return sum_take(job, &text, &sum) && cursor_done(&text) &&
		       operand_set_immediate(job, &sum);
	if (cursor_done(&text))
		return operand_set_register(job, &reg);

	if (reg.class != REGISTER_GENERAL || !cursor_take_spaced(&text, ','))
		return false;
	operand_set_base(job, &reg);
	if (take_register(job, &text, &reg)) {
		if (reg.class != REGISTER_GENERAL)
			return false;
		operand_set_index(job, &reg, 1);
	} else if (cursor_peek(&text) == '%') {
		if (!sum_take_operator(job, &text, &sum))
			return false;
	} else if (!sum_take(job, &text, &sum)) {
		return false;
	}
	return cursor_done(&text) && operand_set_displacement(job, &sum);
}

const struct arch arch_loongarch = {
	.machines = { EM_LOONGARCH },
	.parse = parse,
};
