/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* MIPS, with the register names of its ABI: o32, n32 or n64. */
#include <elf.h>

#include "probe/operand/arch.h"

/* What all ABIs agree on. */
static const struct register_row common[] = {
	NAMED("0", "zero", REGISTER_GENERAL, 0),
	NAMED("1", "at", REGISTER_GENERAL, 0),
	NUMBERED("", 2, 3, "v", 0, REGISTER_GENERAL, 0),
	NUMBERED("", 4, 7, "a", 0, REGISTER_GENERAL, 0),
	NUMBERED("", 16, 23, "s", 0, REGISTER_GENERAL, 0),
	NUMBERED("", 24, 25, "t", 8, REGISTER_GENERAL, 0),
	NUMBERED("", 26, 27, "k", 0, REGISTER_GENERAL, 0),
	NAMED("28", "gp", REGISTER_GENERAL, 0),
	NAMED("29", "sp", REGISTER_GENERAL, 0),
	NAMED("30", "fp", REGISTER_GENERAL, 0),
	NAMED("31", "ra", REGISTER_GENERAL, 0),
	NAMED("zero", "zero", REGISTER_GENERAL, 0),
	NAMED("at", "at", REGISTER_GENERAL, 0),
	NUMBERED("v", 0, 1, "v", 0, REGISTER_GENERAL, 0),
	NUMBERED("a", 0, 3, "a", 0, REGISTER_GENERAL, 0),
	NUMBERED("s", 0, 7, "s", 0, REGISTER_GENERAL, 0),
	NUMBERED("t", 8, 9, "t", 8, REGISTER_GENERAL, 0),
	NUMBERED("k", 0, 1, "k", 0, REGISTER_GENERAL, 0),
	NAMED("gp", "gp", REGISTER_GENERAL, 0),
	NAMED("sp", "sp", REGISTER_GENERAL, 0),
	NAMED("fp", "fp", REGISTER_GENERAL, 0),
	NAMED("s8", "fp", REGISTER_GENERAL, 0),
	NAMED("ra", "ra", REGISTER_GENERAL, 0),
	NAMED("hi", "hi", REGISTER_GENERAL, 0),
	NAMED("lo", "lo", REGISTER_GENERAL, 0),
	NUMBERED("f", 0, 31, "f", 0, REGISTER_FLOAT, 8),
	NUMBERED("w", 0, 31, "w", 0, REGISTER_VECTOR, 16),
};

static const struct register_row o32[] = {
	NUMBERED("", 8, 15, "t", 0, REGISTER_GENERAL, 0),
	NUMBERED("t", 0, 7, "t", 0, REGISTER_GENERAL, 0),
};

static const struct register_row n32_n64[] = {
	NUMBERED("", 8, 11, "a", 4, REGISTER_GENERAL, 0),
	NUMBERED("", 12, 15, "t", 0, REGISTER_GENERAL, 0),
	NUMBERED("a", 4, 7, "a", 4, REGISTER_GENERAL, 0),
	NUMBERED("t", 0, 3, "t", 0, REGISTER_GENERAL, 0),
};

static bool find(struct operand_job *job, struct text name, struct register_found *ret)
{
	if (register_find(job, common, ARRAY_SIZE(common), name, ret))
		return true;
	const struct operand_context *context = job->context;
	if (context->elf_class == 64 || context->elf_flags & EF_MIPS_ABI2)
		return register_find(job, n32_n64, ARRAY_SIZE(n32_n64), name, ret);
	return register_find(job, o32, ARRAY_SIZE(o32), name, ret);
}

static bool take_register(struct operand_job *job, struct cursor *cursor,
                          struct register_found *ret)
{
	struct cursor ahead = *cursor;
	if (!cursor_take(&ahead, '$') || !find(job, cursor_alnum(&ahead), ret))
		return false;
	*cursor = ahead;
	return true;
}

static bool parse(struct operand_job *job, struct cursor text)
{
	return operand_parse_displaced(job, text, take_register);
}

const struct arch arch_mips = {
	.machines = { EM_MIPS, EM_MIPS_RS3_LE },
	.parse = parse,
};
