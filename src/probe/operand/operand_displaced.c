/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The shape that load-store machines share: registers, immediates, displacement(base). */
#include "probe/operand/arch.h"

bool sum_take_operator(struct operand_job *job, struct cursor *cursor, struct sum *sum)
{
	if (!cursor_take(cursor, '%'))
		return false;
	const char *start = cursor->at;
	while (cursor_alnum(cursor).size || cursor_take(cursor, '_'))
		;
	struct text name = { start, (size_t)(cursor->at - start) };
	if (!name.size || !cursor_take(cursor, '('))
		return false;

	job->dollar_symbols = true;
	bool ok = sum_take(job, cursor, sum);
	job->dollar_symbols = false;
	if (!ok || !sum->symbol.at || sum->relocation.at || !cursor_take(cursor, ')'))
		return false;
	sum->relocation = relocation_name(job, name);
	return sum->relocation.at;
}

static bool reads_as_zero(const struct register_found *reg)
{
	return text_is(reg->full, "zero") || text_is(reg->full, "xzr");
}

void operand_set_base(struct operand_job *job, const struct register_found *reg)
{
	if (!reads_as_zero(reg))
		job->op->base = reg->full;
}

void operand_set_index(struct operand_job *job, const struct register_found *reg,
                       unsigned scale)
{
	if (reads_as_zero(reg))
		return;
	job->op->index = reg->full;
	job->op->scale = scale;
}

bool operand_parse_displaced(struct operand_job *job, struct cursor text,
                             register_taker *take_register)
{
	struct register_found reg;
	struct cursor ahead = text;
	if (take_register(job, &ahead, &reg) && cursor_done(&ahead))
		return operand_set_register(job, &reg);

	struct sum sum = { 0 };
	if (cursor_peek(&text) == '%') {
		if (!sum_take_operator(job, &text, &sum))
			return false;
		if (cursor_peek(&text) == '+' && !sum_take(job, &text, &sum))
			return false;
	} else if (cursor_peek(&text) != '(' && !sum_take(job, &text, &sum)) {
		return false;
	} else if (cursor_done(&text)) {
		return operand_set_immediate(job, &sum);
	}
	if (!cursor_take(&text, '(') || !take_register(job, &text, &reg) ||
	    reg.class != REGISTER_GENERAL || !cursor_take(&text, ')') ||
	    !cursor_done(&text))
		return false;
	operand_set_base(job, &reg);
	return operand_set_displacement(job, &sum);
}
