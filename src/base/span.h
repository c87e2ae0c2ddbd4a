/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Spans: bytes of a file with their end, from which takers never run past it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct span {
	const unsigned char *at;
	size_t left;
};

/* Each taker returns false, and takes nothing, when too little is left. */
bool span_skip(struct span *span, size_t size);
bool span_take(struct span *span, size_t size, struct span *ret);
bool span_u16(struct span *span, bool big_endian, uint16_t *ret);
bool span_u32(struct span *span, bool big_endian, uint32_t *ret);
bool span_u64(struct span *span, bool big_endian, uint64_t *ret);
/* An address of @bytes (4 or 8) bytes, zero-extended. */
bool span_address(struct span *span, unsigned bytes, bool big_endian, uint64_t *ret);
/* Up to and over the next NUL; false when there is none. */
bool span_cstr(struct span *span, struct text *ret);
