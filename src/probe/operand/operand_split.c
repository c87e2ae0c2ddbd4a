/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Splitting an argument string. Operands hold spaces ("[sp, 12]") and @ ("f@GOTPCREL"), so
 * what separates is the size in front of the next one ("-4@"); only where there are no sizes
 * at all, as in hand-written assembly, do spaces separate, and none inside brackets.
 */
#include "probe/operand/operand_split.h"

#include <limits.h>

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* How a byte changes the depth of nesting. */
static const short nesting[UCHAR_MAX + 1] = {
	['('] = 1,
	['['] = 1,
	[')'] = -1,
	[']'] = -1,
};

/*
 * Brackets that do not pair up say nothing about which spaces are inside. Return: whether
 * there are some that do
 */
static bool brackets_balance(struct text text)
{
	ptrdiff_t depth = 0;
	bool any = false;
	for (size_t i = 0; i < text.size; i++) {
		short change = nesting[(unsigned char)text.at[i]];
		if (!change)
			continue;
		any = true;
		depth += change;
		if (depth < 0)
			return false;
	}
	return any && depth == 0;
}

bool size_prefix_take(struct text text, struct size_prefix *ret)
{
	struct size_prefix prefix = { 0 };
	size_t i = 0;
	if (i < text.size && text.at[i] == '-') {
		prefix.is_signed = true;
		i++;
	}
	size_t digits = i;
	uint64_t size = 0;
	for (; i < text.size && text.at[i] >= '0' && text.at[i] <= '9'; i++) {
		size = size * 10 + (unsigned)(text.at[i] - '0');
		prefix.too_large |= size > UINT32_MAX;
		size = prefix.too_large ? UINT32_MAX : size;
	}
	prefix.size = (uint32_t)size;
	if (i == digits)
		return false;
	if (i < text.size && text.at[i] == 'f') {
		prefix.is_float = true;
		i++;
	}
	if (i == text.size || text.at[i] != '@')
		return false;
	prefix.length = i + 1;
	*ret = prefix;
	return true;
}

void splitter_init(struct splitter *splitter, struct text text)
{
	*splitter = (struct splitter){ .rest = text, .nests = brackets_balance(text) };
	while (splitter->rest.size &&
	       is_space(splitter->rest.at[splitter->rest.size - 1]))
		splitter->rest.size--;
}

static bool starts_sized(struct text text, size_t at)
{
	struct size_prefix unused;
	return size_prefix_take((struct text){ text.at + at, text.size - at }, &unused);
}

/*
 * Where the piece that starts at 0 ends: in front of a size, or, when the piece has none of
 * its own, at any space.
 */
static size_t piece_end(const struct splitter *splitter)
{
	struct text rest = splitter->rest;
	bool sized = starts_sized(rest, 0);
	size_t depth = 0;
	for (size_t i = 1; i < rest.size; i++) {
		ptrdiff_t change = nesting[(unsigned char)rest.at[i - 1]];
		if (splitter->nests)
			depth += (size_t)change;
		if (depth || !is_space(rest.at[i]))
			continue;
		if (!sized || (i + 1 < rest.size && starts_sized(rest, i + 1)))
			return i;
	}
	return rest.size;
}

bool splitter_next(struct splitter *splitter, struct text *ret)
{
	struct text *rest = &splitter->rest;
	while (rest->size && is_space(*rest->at)) {
		rest->at++;
		rest->size--;
	}
	/* A lone ":" is how some producers write that there is none. */
	if (!rest->size || (rest->size == 1 && *rest->at == ':' && !splitter->started))
		return false;
	splitter->started = true;

	size_t end = piece_end(splitter);
	*ret = (struct text){ rest->at, end };
	rest->at += end;
	rest->size -= end;
	while (ret->size && is_space(ret->at[ret->size - 1]))
		ret->size--;
	return true;
}
