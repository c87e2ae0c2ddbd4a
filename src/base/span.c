/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Bounded reads. */
#include "base/span.h"

#include <string.h>

bool span_take(struct span *span, size_t size, struct span *ret)
{
	if (size > span->left)
		return false;
	*ret = (struct span){ span->at, size };
	if (size) {
		span->at += size;
		span->left -= size;
	}
	return true;
}

bool span_skip(struct span *span, size_t size)
{
	struct span skipped;
	return span_take(span, size, &skipped);
}

/* The note's fields are aligned to 4 at best, whatever their size: take them bytewise. */
static bool take_number(struct span *span, size_t size, bool big_endian, uint64_t *ret)
{
	struct span bytes;
	if (!span_take(span, size, &bytes))
		return false;
	uint64_t value = 0;
	for (size_t i = 0; i < size; i++)
		value = value << 8 | bytes.at[big_endian ? i : size - 1 - i];
	*ret = value;
	return true;
}

bool span_u16(struct span *span, bool big_endian, uint16_t *ret)
{
	uint64_t value;
	if (!take_number(span, sizeof(*ret), big_endian, &value))
		return false;
	*ret = (uint16_t)value;
	return true;
}

bool span_u32(struct span *span, bool big_endian, uint32_t *ret)
{
	uint64_t value;
	if (!take_number(span, sizeof(*ret), big_endian, &value))
		return false;
	*ret = (uint32_t)value;
	return true;
}

bool span_u64(struct span *span, bool big_endian, uint64_t *ret)
{
	return take_number(span, sizeof(*ret), big_endian, ret);
}

bool span_address(struct span *span, unsigned bytes, bool big_endian, uint64_t *ret)
{
	return take_number(span, bytes, big_endian, ret);
}

bool span_cstr(struct span *span, struct text *ret)
{
	const unsigned char *nul = span->left ? memchr(span->at, '\0', span->left) : NULL;
	if (!nul)
		return false;
	*ret = (struct text){ (const char *)span->at, (size_t)(nul - span->at) };
	return span_skip(span, ret->size + 1);
}
