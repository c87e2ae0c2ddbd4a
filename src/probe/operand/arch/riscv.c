/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* RISC-V, 32 and 64 bits: registers by their ABI names. */
#include <elf.h>

#include "probe/operand/arch.h"

static const struct register_row registers[] = {
	NUMBERED("a", 0, 7, "a", 0, REGISTER_GENERAL, 0),
	NUMBERED("s", 0, 11, "s", 0, REGISTER_GENERAL, 0),
	NUMBERED("t", 0, 6, "t", 0, REGISTER_GENERAL, 0),
	NAMED("sp", "sp", REGISTER_GENERAL, 0),
	NAMED("fp", "s0", REGISTER_GENERAL, 0),
	NAMED("ra", "ra", REGISTER_GENERAL, 0),
	NAMED("gp", "gp", REGISTER_GENERAL, 0),
	NAMED("tp", "tp", REGISTER_GENERAL, 0),
	NAMED("zero", "zero", REGISTER_GENERAL, 0),
	NAMED("x0", "zero", REGISTER_GENERAL, 0),
	NAMED("x1", "ra", REGISTER_GENERAL, 0),
	NAMED("x2", "sp", REGISTER_GENERAL, 0),
	NAMED("x3", "gp", REGISTER_GENERAL, 0),
	NAMED("x4", "tp", REGISTER_GENERAL, 0),
	NUMBERED("x", 5, 7, "t", 0, REGISTER_GENERAL, 0),
	NUMBERED("x", 8, 9, "s", 0, REGISTER_GENERAL, 0),
	NUMBERED("x", 10, 17, "a", 0, REGISTER_GENERAL, 0),
	NUMBERED("x", 18, 27, "s", 2, REGISTER_GENERAL, 0),
	NUMBERED("x", 28, 31, "t", 3, REGISTER_GENERAL, 0),
	NUMBERED("fa", 0, 7, "fa", 0, REGISTER_FLOAT, 8),
	NUMBERED("fs", 0, 11, "fs", 0, REGISTER_FLOAT, 8),
	NUMBERED("ft", 0, 11, "ft", 0, REGISTER_FLOAT, 8),
	NUMBERED("f", 0, 7, "ft", 0, REGISTER_FLOAT, 8),
	NUMBERED("f", 8, 9, "fs", 0, REGISTER_FLOAT, 8),
	NUMBERED("f", 10, 17, "fa", 0, REGISTER_FLOAT, 8),
	NUMBERED("f", 18, 27, "fs", 2, REGISTER_FLOAT, 8),
	NUMBERED("f", 28, 31, "ft", 8, REGISTER_FLOAT, 8),
	NUMBERED("v", 0, 31, "v", 0, REGISTER_VECTOR, 16),
};

static bool take_register(struct operand_job *job, struct cursor *cursor,
                          struct register_found *ret)
{
	return register_take(job, cursor, '\0', registers, ARRAY_SIZE(registers), ret);
}

static bool parse(struct operand_job *job, struct cursor text)
{
	return operand_parse_displaced(job, text, take_register);
}

const struct arch arch_riscv = {
	.machines = { EM_RISCV },
	.parse = parse,
};
