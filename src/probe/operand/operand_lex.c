/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Words, numbers and sums, as every assembler writes them. */
#include <string.h>

#include "probe/operand/arch.h"

/* By hand, because <ctype.h> follows the locale. */
static bool is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static unsigned char lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + ('a' - 'A')) : c;
}

static bool is_letter(unsigned char c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

/* Assemblers take every byte above ASCII as part of a name. */
static bool is_symbol_start(unsigned char c)
{
	return is_letter(c) || c == '_' || c == '.' || c >= 0x80;
}

static bool is_symbol(unsigned char c)
{
	return is_symbol_start(c) || is_digit(c) || c == '$';
}

void cursor_skip_spaces(struct cursor *cursor)
{
	while (cursor_peek(cursor) == ' ' || cursor_peek(cursor) == '\t')
		cursor->at++;
}

bool cursor_take_spaced(struct cursor *cursor, char c)
{
	struct cursor ahead = *cursor;
	cursor_skip_spaces(&ahead);
	if (!cursor_take(&ahead, c))
		return false;
	cursor_skip_spaces(&ahead);
	*cursor = ahead;
	return true;
}

bool cursor_take_string(struct cursor *cursor, const char *string)
{
	struct cursor ahead = *cursor;
	for (; *string; string++) {
		if (lower(cursor_peek(&ahead)) != lower((unsigned char)*string))
			return false;
		ahead.at++;
	}
	*cursor = ahead;
	return true;
}

struct text cursor_alnum(struct cursor *cursor)
{
	const char *start = cursor->at;
	while (is_letter(cursor_peek(cursor)) || is_digit(cursor_peek(cursor)))
		cursor->at++;
	return (struct text){ start, (size_t)(cursor->at - start) };
}

static unsigned digit_value(unsigned char c)
{
	if (is_digit(c))
		return c - '0';
	return is_letter(c) ? lower(c) - 'a' + 10u : 99;
}

bool cursor_number(struct cursor *cursor, struct wide *ret)
{
	struct cursor ahead = *cursor;
	if (!is_digit(cursor_peek(&ahead)))
		return false;

	unsigned base = 10;
	if (cursor_take_string(&ahead, "0x"))
		base = 16;
	else if (cursor_peek(&ahead) == '0')
		base = 8;

	struct wide number = { { 0 } };
	const char *start = ahead.at;
	for (; digit_value(cursor_peek(&ahead)) < base; ahead.at++)
		if (!wide_append_digit(&number, base, digit_value(cursor_peek(&ahead))))
			return false;
	if (ahead.at == start || is_symbol(cursor_peek(&ahead)))
		return false;
	*cursor = ahead;
	*ret = number;
	return true;
}

bool cursor_small(struct cursor *cursor, unsigned max, unsigned *ret)
{
	struct cursor ahead = *cursor;
	struct wide number;
	int64_t value;
	if (!cursor_number(&ahead, &number) || !wide_to_i64(number, &value) ||
	    value < 0 || value > (int64_t)max)
		return false;
	*cursor = ahead;
	*ret = (unsigned)value;
	return true;
}

bool cursor_at_symbol(const struct cursor *cursor)
{
	return is_symbol_start(cursor_peek(cursor)) || cursor_peek(cursor) == '"';
}

/* A copy in the arena, because texts end in a NUL. */
static bool keep(struct operand_job *job, const char *at, size_t size, struct text *ret)
{
	*ret = arena_text(job->arena, at, size);
	job->out_of_memory |= !ret->at;
	return ret->at;
}

static bool take_symbol(struct operand_job *job, struct cursor *cursor, struct text *ret)
{
	/* LLVM and newer gas quote names of other characters than the usual. */
	if (cursor_take(cursor, '"')) {
		const char *quote = memchr(cursor->at, '"',
		                           (size_t)(cursor->end - cursor->at));
		if (!quote || quote == cursor->at)
			return false;
		const char *start = cursor->at;
		cursor->at = quote + 1;
		return keep(job, start, (size_t)(quote - start), ret);
	}
	const char *start = cursor->at;
	if (job->dollar_symbols)
		cursor_take(cursor, '$');
	if (!is_symbol_start(cursor_peek(cursor)))
		return false;
	while (is_symbol(cursor_peek(cursor)))
		cursor->at++;
	return keep(job, start, (size_t)(cursor->at - start), ret);
}

struct text relocation_name(struct operand_job *job, struct text name)
{
	struct text copy;
	if (!keep(job, name.at, name.size, &copy))
		return copy;
	char *at = (char *)(uintptr_t)copy.at;
	for (size_t i = 0; i < copy.size; i++)
		if (at[i] >= 'a' && at[i] <= 'z')
			at[i] = (char)(at[i] - ('a' - 'A'));
	return copy;
}

/* "@GOTOFF"; PowerPC has several in a row ("@toc@l"), kept together. */
static bool take_relocation(struct operand_job *job, struct cursor *cursor,
                            struct text *ret)
{
	const char *start = cursor->at;
	do {
		struct text word = cursor_alnum(cursor);
		if (!word.size)
			return false;
	} while (cursor_take(cursor, '@'));
	*ret = relocation_name(job, (struct text){ start, (size_t)(cursor->at - start) });
	return ret->at;
}

bool sum_take_term(struct operand_job *job, struct cursor *cursor, bool negative,
                   struct sum *sum)
{
	struct wide number;
	if (cursor_number(cursor, &number))
		sum->number = wide_add(sum->number,
		                       negative ? wide_negate(number) : number);
	else if (negative || sum->symbol.at || !take_symbol(job, cursor, &sum->symbol))
		return false;
	/* GCC for PowerPC puts the operator behind the whole sum: "sv+4@l". */
	if (!sum->symbol.at || sum->relocation.at || !cursor_take(cursor, '@'))
		return true;
	return take_relocation(job, cursor, &sum->relocation);
}

bool sum_take(struct operand_job *job, struct cursor *cursor, struct sum *sum)
{
	bool negative = cursor_take(cursor, '-');
	if (!negative)
		cursor_take(cursor, '+');
	do {
		if (!sum_take_term(job, cursor, negative, sum))
			return false;
		negative = cursor_peek(cursor) == '-';
	} while (cursor_take(cursor, '-') || cursor_take(cursor, '+'));
	return true;
}
