/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* An output stream: a buffer in front of a descriptor, which remembers its first error.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

struct stream {
	int fd;
	int error; /* errno of the first write that failed; later output is dropped */
	size_t used;
	char buf[1 << 16];
};

/* @fd stays the caller's. Nothing to release; flush before the stream goes. */
void stream_init(struct stream *stream, int fd);
/* For what does not fit: see stream_write(). */
void stream_write_slowly(struct stream *stream, const void *bytes, size_t size);
void stream_string(struct stream *stream, const char *string);
/* Lower-case hex, zero-filled to @digits (0: as many as needed), without 0x. */
void stream_hex(struct stream *stream, uint64_t value, unsigned digits);
void stream_decimal(struct stream *stream, uint64_t value);
__attribute__((format(printf, 2, 3))) void stream_printf(struct stream *stream,
                                                         const char *fmt, ...);
/* Text as text_escape() makes it safe for a terminal. */
void stream_escaped(struct stream *stream, struct text text);
/* What was gathered; where that failed, the stream fails, too. */
void stream_strbuf(struct stream *stream, const struct strbuf *buf);
/* Return: 0, or the errno that the stream remembers */
int stream_flush(struct stream *stream);

/*
 * stream_room - where the next @size bytes go, at most the buffer's size
 *
 * For many small pieces that belong together: write them there, then stream_take() them.
 */
static inline char *stream_room(struct stream *stream, size_t size)
{
	if (size > sizeof(stream->buf) - stream->used)
		stream_flush(stream);
	return stream->buf + stream->used;
}

/* What was written from stream_room() on ends at @end. */
static inline void stream_take(struct stream *stream, const char *end)
{
	stream->used = (size_t)(end - stream->buf);
}

static inline void stream_write(struct stream *stream, const void *bytes, size_t size)
{
	if (size > sizeof(stream->buf) - stream->used) {
		stream_write_slowly(stream, bytes, size);
		return;
	}
	memcpy(stream->buf + stream->used, bytes, size);
	stream->used += size;
}

static inline void stream_text(struct stream *stream, struct text text)
{
	if (text.size)
		stream_write(stream, text.at, text.size);
}

static inline void stream_char(struct stream *stream, char c)
{
	stream_write(stream, &c, 1);
}

static inline void stream_spaces(struct stream *stream, size_t count)
{
	while (count-- > 0)
		stream_char(stream, ' ');
}

/* A string literal, whose length the compiler knows. */
#define stream_literal(stream, literal)                                                  \
	stream_write((stream), "" literal, sizeof(literal) - 1)
