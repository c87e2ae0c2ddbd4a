/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* An output stream: a buffer in front of a descriptor, which remembers its first error.
 */
#include "output/stream/stream.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/digits.h"

void stream_init(struct stream *stream, int fd)
{
	stream->fd = fd;
	stream->error = 0;
	stream->used = 0;
}

/* A descriptor that another process made non-blocking is waited for, not given up. */
static bool write_can_go_on(int fd, int error)
{
	if (error == EINTR)
		return true;
	if (error != EAGAIN && error != EWOULDBLOCK)
		return false;
	struct pollfd ready = { .fd = fd, .events = POLLOUT };
	return poll(&ready, 1, -1) >= 0 || errno == EINTR;
}

static void write_all(struct stream *stream, const char *at, size_t size)
{
	while (size > 0 && !stream->error) {
		ssize_t written = write(stream->fd, at, size);
		if (written < 0) {
			int error = errno;
			if (!write_can_go_on(stream->fd, error))
				stream->error = error;
			continue;
		}
		at += written;
		size -= (size_t)written;
	}
}

int stream_flush(struct stream *stream)
{
	write_all(stream, stream->buf, stream->used);
	stream->used = 0;
	return stream->error;
}

void stream_write_slowly(struct stream *stream, const void *bytes, size_t size)
{
	stream_flush(stream);
	if (size > sizeof(stream->buf)) {
		write_all(stream, bytes, size);
		return;
	}
	memcpy(stream->buf, bytes, size);
	stream->used = size;
}

void stream_string(struct stream *stream, const char *string)
{
	stream_write(stream, string, strlen(string));
}

void stream_hex(struct stream *stream, uint64_t value, unsigned digits)
{
	unsigned least = digits < 16 ? digits : 16;
	stream_take(stream, put_hex(stream_room(stream, DIGITS_MAX), value, least));
}

void stream_decimal(struct stream *stream, uint64_t value)
{
	stream_take(stream, put_decimal(stream_room(stream, DIGITS_MAX), value));
}

void stream_printf(struct stream *stream, const char *fmt, ...)
{
	char small[512];
	va_list args;
	va_start(args, fmt);
	int size = vsnprintf(small, sizeof(small), fmt, args);
	va_end(args);
	if (size < 0) {
		if (!stream->error)
			stream->error = errno;
		return;
	}
	if ((size_t)size < sizeof(small)) {
		stream_write(stream, small, (size_t)size);
		return;
	}
	char *large = NULL;
	va_start(args, fmt);
	size = vasprintf(&large, fmt, args);
	va_end(args);
	if (size < 0) {
		if (!stream->error)
			stream->error = ENOMEM;
		return;
	}
	stream_write(stream, large, (size_t)size);
	free(large);
}

void stream_strbuf(struct stream *stream, const struct strbuf *buf)
{
	if (buf->failed && !stream->error)
		stream->error = ENOMEM;
	stream_text(stream, strbuf_text(buf));
}

/* Of texts that are copied as they are looked at. */
#define PLAIN_MAX 4096

void stream_escaped(struct stream *stream, struct text text)
{
	if (text.size <= PLAIN_MAX) {
		char *at = stream_room(stream, PLAIN_MAX);
		if (!ascii_copy(at, text.at, text.size, bytes_unprintable)) {
			stream_take(stream, at + text.size);
			return;
		}
	}
	if (text_is_plain(text)) {
		stream_text(stream, text);
		return;
	}
	struct strbuf escaped = { 0 };
	text_escape(text, &escaped);
	stream_strbuf(stream, &escaped);
	strbuf_deinit(&escaped);
}
