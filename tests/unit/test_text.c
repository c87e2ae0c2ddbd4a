/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Text: UTF-8 by its rules, escaping that leaves a terminal alone, growing strings. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "unit.h"

static const struct {
	const char *bytes;
	size_t size;
	const char *escaped;
} escapes[] = {
	{ "", 0, "" },
	{ "gc__start", 9, "gc__start" },
	{ "a b\\c\"d", 7, "a b\\c\"d" },
	{ "\x1b[31m", 5, "\\x1b[31m" },
	{ "a\0b", 3, "a\\x00b" },
	{ "\n\t\r", 3, "\\x0a\\x09\\x0d" },
	{ "\x7f", 1, "\\x7f" },
	{ "\xc3\xa9", 2, "\xc3\xa9" },
	{ "\xe2\x82\xac", 3, "\xe2\x82\xac" },
	{ "\xf0\x9f\x98\x80", 4, "\xf0\x9f\x98\x80" },
	{ "\xc3", 1, "\\xc3" },
	{ "\xc3(", 2, "\\xc3(" },
	{ "\x80\xbf", 2, "\\x80\\xbf" },
	{ "\xc0\xaf", 2, "\\xc0\\xaf" },                   /* overlong slash */
	{ "\xe0\x80\xaf", 3, "\\xe0\\x80\\xaf" },          /* overlong slash */
	{ "\xed\xa0\x80", 3, "\\xed\\xa0\\x80" },          /* surrogate */
	{ "\xf4\x90\x80\x80", 4, "\\xf4\\x90\\x80\\x80" }, /* beyond U+10FFFF */
	{ "\xc2\x9b"
	  "31m",
	  5, "\\xc2\\x9b31m" },                            /* CSI of C1 */
	{ "\xe2\x80\xae", 3, "\\xe2\\x80\\xae" },          /* right-to-left override */
	{ "\xe2\x80\xa8", 3, "\\xe2\\x80\\xa8" },          /* line separator */
	{ "\xe2\x80\x8b", 3, "\\xe2\\x80\\x8b" },          /* zero width space */
	{ "\xc2\xad", 2, "\\xc2\\xad" },                   /* soft hyphen */
	{ "\xef\xb8\x8f", 3, "\\xef\\xb8\\x8f" },          /* variation selector */
	{ "\xef\xbf\xbe", 3, "\\xef\\xbf\\xbe" },          /* no character */
	{ "\xef\xbf\xbd", 3, "\xef\xbf\xbd" },             /* U+FFFD is one */
	{ "\xef\xbb\xbf", 3, "\\xef\\xbb\\xbf" },          /* byte order mark */
	{ "\xf3\xa0\x80\x81", 4, "\\xf3\\xa0\\x80\\x81" }, /* tag character */
};

START_TEST(escapes_what_steers)
{
	struct strbuf out = { 0 };
	struct text text = { escapes[_i].bytes, escapes[_i].size };
	text_escape(text, &out);
	strbuf_add_char(&out, '.');
	out.at[out.size - 1] = '\0';
	ck_assert_str_eq(out.at, escapes[_i].escaped);
	ck_assert_msg(text_is_plain(text) == (strcmp(out.at, escapes[_i].bytes) == 0 &&
	                                      strlen(escapes[_i].bytes) == text.size),
	              "'%s': plain and escaped disagree", escapes[_i].escaped);
	strbuf_deinit(&out);
}
END_TEST

START_TEST(every_byte_alone)
{
	char byte = (char)_i;
	struct text text = { &byte, 1 };
	ck_assert_int_eq(text_is_utf8(text), _i < 0x80);
	ck_assert_int_eq(text_is_plain(text), _i >= 0x20 && _i < 0x7f);
}
END_TEST

static const struct {
	const char *a, *b;
	int order;
} orders[] = {
	{ "", "", 0 },    { "a", "", 1 },           { "a", "b", -1 },
	{ "ab", "a", 1 }, { "a\x7f", "a\x80", -1 }, { "b", "aa", 1 },
};

START_TEST(orders_bytewise)
{
	int order = text_compare(text_of(orders[_i].a), text_of(orders[_i].b));
	ck_assert_int_eq((order > 0) - (order < 0), orders[_i].order);
	ck_assert_int_eq(text_equal(text_of(orders[_i].a), text_of(orders[_i].b)),
	                 orders[_i].order == 0);
}
END_TEST

START_TEST(buffer_grows)
{
	struct strbuf buf = { 0 };
	ck_assert_str_eq(strbuf_text(&buf).at, "");
	for (int i = 0; i < 1000; i++)
		strbuf_addf(&buf, "%d,", i % 10);
	ck_assert_uint_eq(buf.size, 2000);
	ck_assert_uint_eq(strlen(buf.at), 2000);
	strbuf_clear(&buf);
	ck_assert_uint_eq(buf.size, 0);
	strbuf_add(&buf, "x", 0);
	ck_assert_str_eq(buf.at, "");
	strbuf_deinit(&buf);
	ck_assert_ptr_null(buf.at);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("text");
	tcase_add_loop_test(tcase, escapes_what_steers, 0, ARRAY_SIZE(escapes));
	tcase_add_loop_test(tcase, every_byte_alone, 0, 256);
	tcase_add_loop_test(tcase, orders_bytewise, 0, ARRAY_SIZE(orders));
	tcase_add_test(tcase, buffer_grows);
	return unit_run("text", tcase);
}
