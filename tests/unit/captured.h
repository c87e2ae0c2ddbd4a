/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* A stream whose output a test can look at. */
#pragma once

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "output/stream/stream.h"

struct captured {
	FILE *file;
	struct stream stream;
};

/* Return: a new one; captured_text() releases it */
static inline struct captured *captured_new(void)
{
	struct captured *captured = malloc(sizeof(*captured));
	ck_assert_ptr_nonnull(captured);
	captured->file = tmpfile();
	ck_assert_ptr_nonnull(captured->file);
	stream_init(&captured->stream, fileno(captured->file));
	return captured;
}

/* Return: all that was written, NUL-terminated; the caller frees it */
static inline char *captured_text(struct captured *captured, size_t *size_ret)
{
	ck_assert_int_eq(stream_flush(&captured->stream), 0);
	off_t size = lseek(captured->stream.fd, 0, SEEK_END);
	ck_assert_int_ge(size, 0);
	char *text = malloc((size_t)size + 1);
	ck_assert_ptr_nonnull(text);
	ck_assert_int_eq(pread(captured->stream.fd, text, (size_t)size, 0), size);
	text[size] = '\0';
	if (size_ret)
		*size_ret = (size_t)size;
	fclose(captured->file);
	free(captured);
	return text;
}
