/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* AArch64. */
#include <elf.h>

#include "probe/operand/arch.h"

static const struct register_row registers[] = {
	NUMBERED("x", 0, 30, "x", 0, REGISTER_GENERAL, 8),
	NUMBERED("w", 0, 30, "x", 0, REGISTER_GENERAL, 4),
	NAMED("sp", "sp", REGISTER_GENERAL, 8),
	NAMED("wsp", "sp", REGISTER_GENERAL, 4),
	NAMED("xzr", "xzr", REGISTER_GENERAL, 8),
	NAMED("wzr", "xzr", REGISTER_GENERAL, 4),
	NAMED("fp", "x29", REGISTER_GENERAL, 8),
	NAMED("lr", "x30", REGISTER_GENERAL, 8),
	NAMED("ip0", "x16", REGISTER_GENERAL, 8),
	NAMED("ip1", "x17", REGISTER_GENERAL, 8),
	NUMBERED("v", 0, 31, "v", 0, REGISTER_VECTOR, 16),
	NUMBERED("q", 0, 31, "q", 0, REGISTER_VECTOR, 16),
	NUMBERED("d", 0, 31, "d", 0, REGISTER_VECTOR, 8),
	NUMBERED("s", 0, 31, "s", 0, REGISTER_VECTOR, 4),
	NUMBERED("h", 0, 31, "h", 0, REGISTER_VECTOR, 2),
	NUMBERED("b", 0, 31, "b", 0, REGISTER_VECTOR, 1),
	NUMBERED("z", 0, 31, "z", 0, REGISTER_VECTOR, 16),
	NUMBERED("p", 0, 15, "p", 0, REGISTER_VECTOR, 2),
};

/* How an index register is widened and shifted. */
static const struct {
	const char *name;
	enum usdtinfo_extend extend;
} extensions[] = {
	{ "lsl", USDTINFO_EXTEND_NONE },    { "sxtx", USDTINFO_EXTEND_NONE },
	{ "uxtx", USDTINFO_EXTEND_NONE },   { "sxtw", USDTINFO_EXTEND_SIGN32 },
	{ "uxtw", USDTINFO_EXTEND_ZERO32 },
};

static bool take_register(struct operand_job *job, struct cursor *cursor,
                          struct register_found *ret)
{
	return register_take(job, cursor, '\0', registers, ARRAY_SIZE(registers), ret);
}

/* ", lsl #3" behind an index register; without a number the shift is 0. */
static bool take_extension(struct operand_job *job, struct cursor *cursor,
                           unsigned *scale_ret)
{
	struct text name = cursor_alnum(cursor);
	for (size_t i = 0; i < ARRAY_SIZE(extensions); i++) {
		if (!text_is(name, extensions[i].name))
			continue;
		unsigned shift = 0;
		cursor_skip_spaces(cursor);
		bool hash = cursor_take(cursor, '#');
		if ((hash || cursor_peek(cursor) != ']') &&
		    !cursor_small(cursor, 4, &shift))
			return false;
		job->op->index_extend = extensions[i].extend;
		*scale_ret = 1u << shift;
		return true;
	}
	return false;
}

/* ":lo12:sym+4", the low bits of an address whose page is in the base register. */
static bool take_lo12(struct operand_job *job, struct cursor *cursor, struct sum *sum)
{
	struct text name;
	if (!cursor_take(cursor, ':'))
		return false;
	const char *start = cursor->at;
	while (cursor_alnum(cursor).size || cursor_take(cursor, '_'))
		;
	name = (struct text){ start, (size_t)(cursor->at - start) };
	if (!name.size || !cursor_take(cursor, ':') || !sum_take(job, cursor, sum))
		return false;
	if (!sum->symbol.at || sum->relocation.at)
		return false;
	sum->relocation = relocation_name(job, name);
	return sum->relocation.at;
}

static bool take_offset(struct operand_job *job, struct cursor *cursor, struct sum *sum)
{
	struct register_found reg;
	if (!take_register(job, cursor, &reg)) {
		cursor_take(cursor, '#');
		if (cursor_peek(cursor) == ':')
			return take_lo12(job, cursor, sum);
		return sum_take(job, cursor, sum) && !sum->symbol.at;
	}
	if (reg.class != REGISTER_GENERAL || text_is(reg.full, "sp"))
		return false;
	unsigned scale = 1;
	if (cursor_take_spaced(cursor, ',') && !take_extension(job, cursor, &scale))
		return false;
	operand_set_index(job, &reg, scale);
	return (reg.width == 4) == (job->op->index_extend != USDTINFO_EXTEND_NONE);
}

static bool parse_memory(struct operand_job *job, struct cursor *cursor)
{
	struct register_found reg;
	struct sum sum = { 0 };
	cursor_skip_spaces(cursor);
	if (!take_register(job, cursor, &reg) || reg.class != REGISTER_GENERAL ||
	    reg.width != 8)
		return false;
	job->op->base = reg.full;
	if (cursor_take_spaced(cursor, ',') && !take_offset(job, cursor, &sum))
		return false;
	return cursor_take_spaced(cursor, ']') && cursor_done(cursor) &&
	       operand_set_displacement(job, &sum);
}

static bool parse(struct operand_job *job, struct cursor text)
{
	struct register_found reg;
	struct cursor ahead = text;
	if (cursor_take(&text, '['))
		return parse_memory(job, &text);
	if (take_register(job, &ahead, &reg)) {
		/* An arrangement ("v0.2d") says how to look at it, not which register. */
		if (reg.class == REGISTER_VECTOR && cursor_take(&ahead, '.'))
			cursor_alnum(&ahead);
		return cursor_done(&ahead) && operand_set_register(job, &reg);
	}

	struct sum sum = { 0 };
	cursor_take(&text, '#');
	ahead = text;
	if (sum_take(job, &ahead, &sum) && cursor_done(&ahead))
		return operand_set_immediate(job, &sum);
	return job->is_float && operand_set_float(job, text);
}

const struct arch arch_aarch64 = {
	.machines = { EM_AARCH64 },
	.parse = parse,
};
