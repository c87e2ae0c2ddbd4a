/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Bounded reads. */
#include "base/span.h"

#include <endian.h>
#include <string.h>

static void advance(struct span *span, size_t size)
{
	span->at += size;
	span->left -= size;
}

bool span_take(struct span *span, size_t size, struct span *ret)
{
	if (size > span->left)
		return false;
	*ret = (struct span){ span->at, size };
	if (size)
		advance(span, size);
	return true;
}

bool span_skip(struct span *span, size_t size)
{
	struct span skipped;
	return span_take(span, size, &skipped);
}

/* The note's fields are aligned to 4 at best, whatever their size: copy their bytes. */
bool span_u16(struct span *span, bool big_endian, uint16_t *ret)
{
	uint16_t value;
	if (span->left < sizeof(value))
		return false;
	memcpy(&value, span->at, sizeof(value));
	advance(span, sizeof(value));
	*ret = big_endian ? be16toh(value) : le16toh(value);
	return true;
}

bool span_u32(struct span *span, bool big_endian, uint32_t *ret)
{
	uint32_t value;
	if (span->left < sizeof(value))
		return false;
	memcpy(&value, span->at, sizeof(value));
	advance(span, sizeof(value));
	*ret = big_endian ? be32toh(value) : le32toh(value);
	return true;
}

bool span_u64(struct span *span, bool big_endian, uint64_t *ret)
{
	uint64_t value;
	if (span->left < sizeof(value))
		return false;
	memcpy(&value, span->at, sizeof(value));
	advance(span, sizeof(value));
	*ret = big_endian ? be64toh(value) : le64toh(value);
	return true;
}

bool span_address(struct span *span, unsigned bytes, bool big_endian, uint64_t *ret)
{
	uint32_t value;
	if (bytes == sizeof(uint64_t))
		return span_u64(span, big_endian, ret);
	if (!span_u32(span, big_endian, &value))
		return false;
	*ret = value;
	return true;
}

bool span_cstr(struct span *span, struct text *ret)
{
	const unsigned char *nul = span->left ? memchr(span->at, '\0', span->left) : NULL;
	if (!nul)
		return false;
	*ret = (struct text){ (const char *)span->at, (size_t)(nul - span->at) };
	return span_skip(span, ret->size + 1);
}
