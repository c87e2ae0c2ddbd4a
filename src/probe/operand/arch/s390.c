/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* s390 and s390x: displacement(index,base). */
#include <elf.h>

#include "probe/operand/arch.h"

static const struct register_row registers[] = {
	NUMBERED("r", 0, 15, "r", 0, REGISTER_GENERAL, 0),
	NUMBERED("f", 0, 15, "f", 0, REGISTER_FLOAT, 8),
	NUMBERED("v", 0, 31, "v", 0, REGISTER_VECTOR, 16),
	NUMBERED("a", 0, 15, "a", 0, REGISTER_VECTOR, 4),
};

static bool take_register(struct operand_job *job, struct cursor *cursor,
                          struct register_found *ret)
{
	return register_take(job, cursor, '%', registers, ARRAY_SIZE(registers), ret);
}

/* In an address %r0 stands for zero, whatever it holds (Principles of Operation). */
static bool take_address_register(struct operand_job *job, struct cursor *cursor,
                                  struct register_found *ret)
{
	if (!take_register(job, cursor, ret) || ret->class != REGISTER_GENERAL)
		return false;
	if (text_is(ret->full, "r0"))
		ret->full = text_of("zero");
	return true;
}

/*
 * A displacement: a sum, or the distance of two labels into a literal pool, which only the
 * assembler knew; as a symbol that no table holds it leaves the operand unresolvable.
 */
static bool take_displacement(struct operand_job *job, struct cursor *cursor,
                              struct sum *sum)
{
	struct cursor ahead = *cursor;
	if (sum_take(job, &ahead, sum)) {
		*cursor = ahead;
		return true;
	}
	*sum = (struct sum){ 0 };
	struct sum first = { 0 }, second = { 0 };
	const char *start = cursor->at;
	if (!sum_take_term(job, cursor, false, &first) || !cursor_take(cursor, '-') ||
	    !sum_take_term(job, cursor, false, &second))
		return false;
	if (!first.symbol.at || !second.symbol.at)
		return false;
	sum->symbol = arena_text(job->arena, start, (size_t)(cursor->at - start));
	job->out_of_memory |= !sum->symbol.at;
	return sum->symbol.at;
}

/* "(%r1,%r11)", "(,%r11)", "(%r11)", after the opening parenthesis. */
static bool take_registers(struct operand_job *job, struct cursor *cursor)
{
	struct register_found index, base;
	bool has_index = take_address_register(job, cursor, &index);
	if (!cursor_take(cursor, ',')) {
		if (!has_index)
			return false;
		operand_set_base(job, &index);
		return cursor_take(cursor, ')');
	}
	if (!take_address_register(job, cursor, &base))
		return false;
	if (has_index)
		operand_set_index(job, &index, 1);
	operand_set_base(job, &base);
	return cursor_take(cursor, ')');
}

static bool parse(struct operand_job *job, struct cursor text)
{
	struct register_found reg;
	if (cursor_peek(&text) == '%')
		return take_register(job, &text, &reg) && cursor_done(&text) &&
		       operand_set_register(job, &reg);

	struct sum sum = { 0 };
	if (cursor_peek(&text) != '(' && !take_displacement(job, &text, &sum))
		return false;
	if (cursor_done(&text))
		return operand_set_immediate(job, &sum);
	return cursor_take(&text, '(') && take_registers(job, &text) &&
	       cursor_done(&text) && operand_set_displacement(job, &sum);
}

const struct arch arch_s390 = {
	.machines = { EM_S390,
	              0xa390 }, /* the second from before the number was assigned */
	.parse = parse,
};
