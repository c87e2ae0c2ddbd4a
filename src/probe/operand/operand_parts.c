/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* What operands of every architecture are made of: registers, constants, displacements. */
#include <stdio.h>

#include "probe/operand/arch.h"

/* The number after a family's name: decimal, no more digits than needed. */
static bool register_number(struct text digits, unsigned *ret)
{
	if (!digits.size || digits.size > 2 || (digits.size > 1 && digits.at[0] == '0'))
		return false;
	unsigned number = 0;
	for (size_t i = 0; i < digits.size; i++) {
		if (digits.at[i] < '0' || digits.at[i] > '9')
			return false;
		number = number * 10 + (unsigned)(digits.at[i] - '0');
	}
	*ret = number;
	return true;
}

static bool row_matches(const struct register_row *row, struct text name,
                        unsigned *number_ret)
{
	size_t length = 0;
	for (; row->name[length]; length++)
		if (length == name.size || row->name[length] != name.at[length])
			return false;
	struct text digits = { name.at + length, name.size - length };
	if (!row->numbered)
		return !digits.size;
	return register_number(digits, number_ret) && *number_ret >= row->first &&
	       *number_ret <= row->last;
}

bool register_find(struct operand_job *job, const struct register_row *rows, size_t count,
                   struct text name, struct register_found *ret)
{
	for (size_t i = 0; i < count; i++) {
		const struct register_row *row = &rows[i];
		unsigned number = 0;
		if (!row_matches(row, name, &number))
			continue;

		struct text full = text_of(row->full);
		if (row->numbered) {
			char buf[16];
			int size = snprintf(buf, sizeof(buf), "%s%u", row->full,
			                    number - row->first + row->full_first);
			full = arena_text(job->arena, buf, (size_t)size);
			job->out_of_memory |= !full.at;
		}
		*ret = (struct register_found){
			.full = full,
			.class = row->class,
			.width = row->width ? row->width : job->context->word_size,
		};
		return full.at;
	}
	return false;
}

bool register_take(struct operand_job *job, struct cursor *cursor, char mark,
                   const struct register_row *rows, size_t count,
                   struct register_found *ret)
{
	struct cursor ahead = *cursor;
	if ((mark && !cursor_take(&ahead, mark)) ||
	    !register_find(job, rows, count, cursor_alnum(&ahead), ret))
		return false;
	*cursor = ahead;
	return true;
}

bool operand_set_register(struct operand_job *job, const struct register_found *reg)
{
	job->op->kind = USDTINFO_OPERAND_REGISTER;
	job->op->reg = reg->full;
	job->op->reg_shift = reg->shift;
	unsigned whole = reg->class == REGISTER_GENERAL ? job->context->word_size
	                                                : reg->width;
	job->op->reg_pair = reg->class != REGISTER_VECTOR && job->size > whole;
	return true;
}

bool operand_set_displacement(struct operand_job *job, const struct sum *sum)
{
	job->op->kind = USDTINFO_OPERAND_MEMORY;
	job->op->symbol = sum->symbol;
	job->op->relocation = sum->relocation;
	return wide_to_i64(sum->number, &job->op->displacement);
}

bool operand_set_immediate(struct operand_job *job, const struct sum *sum)
{
	if (!sum->symbol.at) {
		job->op->kind = USDTINFO_OPERAND_CONSTANT;
		job->constant = sum->number;
		return true;
	}
	job->op->kind = USDTINFO_OPERAND_ADDRESS;
	job->op->symbol = sum->symbol;
	job->op->relocation = sum->relocation;
	return wide_to_i64(sum->number, &job->op->displacement);
}

static bool take_digits(struct cursor *cursor)
{
	const char *start = cursor->at;
	while (cursor_peek(cursor) >= '0' && cursor_peek(cursor) <= '9')
		cursor->at++;
	return cursor->at != start;
}

bool operand_set_float(struct operand_job *job, struct cursor text)
{
	const char *start = text.at;
	if (!cursor_take(&text, '-'))
		cursor_take(&text, '+');
	if (!cursor_take_string(&text, "inf") && !cursor_take_string(&text, "nan")) {
		bool digits = take_digits(&text);
		if (cursor_take(&text, '.'))
			digits |= take_digits(&text);
		if (!digits)
			return false;
		if (cursor_take_string(&text, "e")) {
			if (!cursor_take(&text, '-'))
				cursor_take(&text, '+');
			if (!take_digits(&text))
				return false;
		}
	}
	if (!cursor_done(&text))
		return false;
	job->op->kind = USDTINFO_OPERAND_CONSTANT;
	job->op->value = arena_text(job->arena, start, (size_t)(text.at - start));
	job->out_of_memory |= !job->op->value.at;
	return job->op->value.at;
}
