/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* liblzma, for the symbols in .gnu_debugdata. */
#include <lzma.h>

#include "lazy/stand_in.h"
#include "sonames.h"

/* clang-format off */
#define FUNCTIONS(F, P)                                                                  \
	F(lzma_ret, lzma_code, (lzma_stream *stream, lzma_action action),                \
	  (stream, action), LZMA_PROG_ERROR)                                             \
	P(void, lzma_end, (lzma_stream *stream), (stream))                               \
	F(lzma_ret, lzma_stream_decoder,                                                 \
	  (lzma_stream *stream, uint64_t limit, uint32_t flags), (stream, limit, flags), \
	  LZMA_PROG_ERROR)
/* clang-format on */

LOAD_LIBRARY(SONAME_LIBLZMA, FUNCTIONS)
LIBRARY_NOTE(SONAME_LIBLZMA, "lzma", "suggested", "symbols in .gnu_debugdata");
