/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Streams: what they write, in what pieces, and which error they remember. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "base/array.h"
#include "captured.h"
#include "output/stream/stream.h"
#include "unit.h"

static const struct {
	uint64_t value;
	unsigned digits;
	const char *text;
} hexes[] = {
	{ 0, 0, "0" },
	{ 0, 8, "00000000" },
	{ 0x1f, 0, "1f" },
	{ 0x1f, 8, "0000001f" },
	{ 0x1f, 16, "000000000000001f" },
	{ 0x123456789, 8, "123456789" },
	{ UINT64_MAX, 0, "ffffffffffffffff" },
	{ 1, 99, "0000000000000001" },
};

START_TEST(writes_hex)
{
	struct captured *captured = captured_new();
	stream_hex(&captured->stream, hexes[_i].value, hexes[_i].digits);
	char *text = captured_text(captured, NULL);
	ck_assert_str_eq(text, hexes[_i].text);
	free(text);
}
END_TEST

static const struct {
	uint64_t value;
	const char *text;
} decimals[] = {
	{ 0, "0" },
	{ 9, "9" },
	{ 10, "10" },
	{ UINT64_MAX, "18446744073709551615" },
};

START_TEST(writes_decimal)
{
	struct captured *captured = captured_new();
	stream_decimal(&captured->stream, decimals[_i].value);
	char *text = captured_text(captured, NULL);
	ck_assert_str_eq(text, decimals[_i].text);
	free(text);
}
END_TEST

static const struct {
	const char *what;
	struct text text;
	const char *shown;
} escapes[] = {
	{ "plain", { "gc__start", 9 }, "gc__start" },
	{ "empty", { "", 0 }, "" },
	{ "not known", { NULL, 0 }, "" },
	{ "UTF-8", { "\xc3\xa9", 2 }, "\xc3\xa9" },
	{ "escape", { "a\033[31mb", 7 }, "a\\x1b[31mb" },
	{ "NUL inside", { "a\0b", 3 }, "a\\x00b" },
	{ "not UTF-8", { "a\xffz", 3 }, "a\\xffz" },
	{ "C1", { "\xc2\x9b", 2 }, "\\xc2\\x9b" },
};

START_TEST(writes_escaped)
{
	struct captured *captured = captured_new();
	stream_escaped(&captured->stream, escapes[_i].text);
	char *text = captured_text(captured, NULL);
	ck_assert_msg(strcmp(text, escapes[_i].shown) == 0, "%s: '%s'", escapes[_i].what,
	              text);
	free(text);
}
END_TEST

/* Around the buffer's size and its multiples, in pieces of every kind. */
static const size_t sizes[] = {
	0, 1, 65535, 65536, 65537, 131071, 131072, 131073, 500000,
};

START_TEST(keeps_every_byte)
{
	size_t size = sizes[_i];
	for (size_t lead = 0; lead < 3; lead++) {
		struct captured *captured = captured_new();
		char *bytes = malloc(size + 1);
		ck_assert_ptr_nonnull(bytes);
		for (size_t i = 0; i < size; i++)
			bytes[i] = (char)('a' + i % 23);
		for (size_t i = 0; i < lead; i++)
			stream_char(&captured->stream, '-');
		stream_write(&captured->stream, bytes, size);
		stream_printf(&captured->stream, "%c%s", '+', "end");
		size_t written;
		char *text = captured_text(captured, &written);
		ck_assert_uint_eq(written, lead + size + 4);
		ck_assert_msg(memcmp(text + lead, bytes, size) == 0,
		              "%zu bytes after %zu", size, lead);
		ck_assert_str_eq(text + lead + size, "+end");
		free(bytes);
		free(text);
	}
}
END_TEST

START_TEST(formats_long_text)
{
	struct captured *captured = captured_new();
	stream_printf(&captured->stream, "%0*d", 3000, 7);
	size_t size;
	char *text = captured_text(captured, &size);
	ck_assert_uint_eq(size, 3000);
	ck_assert_int_eq(text[2999], '7');
	free(text);
}
END_TEST

START_TEST(remembers_the_first_error)
{
	int fd = open("/dev/full", O_WRONLY);
	ck_assert_int_ge(fd, 0);
	struct stream *stream = malloc(sizeof(*stream));
	ck_assert_ptr_nonnull(stream);
	stream_init(stream, fd);
	ck_assert_int_eq(stream_flush(stream), 0);
	stream_string(stream, "lost");
	ck_assert_int_eq(stream->error, 0);
	ck_assert_int_eq(stream_flush(stream), ENOSPC);
	/* A later failure has another reason, which is not the one that counts. */
	close(fd);
	stream_string(stream, "lost");
	ck_assert_int_eq(stream_flush(stream), ENOSPC);
	free(stream);
}
END_TEST

START_TEST(sees_a_reader_that_left)
{
	int ends[2];
	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(pipe(ends), 0);
	close(ends[0]);
	struct stream *stream = malloc(sizeof(*stream));
	ck_assert_ptr_nonnull(stream);
	stream_init(stream, ends[1]);
	stream_string(stream, "unread");
	ck_assert_int_eq(stream_flush(stream), EPIPE);
	close(ends[1]);
	free(stream);
}
END_TEST

static void *drain(void *data)
{
	static char bytes[1000];
	size_t *total = data;
	int fd = (int)*total;
	*total = 0;
	for (ssize_t size; (size = read(fd, bytes, sizeof(bytes))) > 0;)
		*total += (size_t)size;
	return NULL;
}

/* A pipe takes less than it is offered, and a non-blocking one refuses in between. */
START_TEST(goes_on_after_short_writes)
{
	int ends[2];
	ck_assert_int_eq(pipe(ends), 0);
	if (_i)
		ck_assert_int_eq(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
	struct stream *stream = malloc(sizeof(*stream));
	ck_assert_ptr_nonnull(stream);
	stream_init(stream, ends[1]);
	size_t total = (size_t)ends[0];
	pthread_t reader;
	ck_assert_int_eq(pthread_create(&reader, NULL, drain, &total), 0);
	for (int i = 0; i < 100000; i++)
		stream_string(stream, "0123456789");
	ck_assert_int_eq(stream_flush(stream), 0);
	close(ends[1]);
	ck_assert_int_eq(pthread_join(reader, NULL), 0);
	ck_assert_uint_eq(total, 1000000);
	close(ends[0]);
	free(stream);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("stream");
	tcase_add_loop_test(tcase, writes_hex, 0, ARRAY_SIZE(hexes));
	tcase_add_loop_test(tcase, writes_decimal, 0, ARRAY_SIZE(decimals));
	tcase_add_loop_test(tcase, writes_escaped, 0, ARRAY_SIZE(escapes));
	tcase_add_loop_test(tcase, keeps_every_byte, 0, ARRAY_SIZE(sizes));
	tcase_add_test(tcase, formats_long_text);
	tcase_add_test(tcase, remembers_the_first_error);
	tcase_add_test(tcase, sees_a_reader_that_left);
	tcase_add_loop_test(tcase, goes_on_after_short_writes, 0, 2);
	return unit_run("stream", tcase);
}
