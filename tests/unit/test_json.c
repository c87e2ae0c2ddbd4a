/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The JSON emitter: escaping, numbers, layout. */
#include <string.h>

#include "base/array.h"
#include "captured.h"
#include "output/stream/json.h"
#include "unit.h"

static const struct {
	const char *what;
	struct text text;
	const char *json; /* the members of an object, compact */
} texts[] = {
	{ "plain", { "gc__start", 9 }, "\"k\":\"gc__start\"" },
	{ "empty", { "", 0 }, "\"k\":\"\"" },
	{ "not known", { NULL, 0 }, "\"k\":null" },
	{ "quote, backslash", { "\"\\/", 3 }, "\"k\":\"\\\"\\\\/\"" },
	{ "C0 with letters", { "\b\f\n\r\t", 5 }, "\"k\":\"\\b\\f\\n\\r\\t\"" },
	{ "other C0", { "\001\033\037", 3 }, "\"k\":\"\\u0001\\u001b\\u001f\"" },
	{ "NUL inside", { "a\0b", 3 }, "\"k\":\"a\\u0000b\"" },
	{ "DEL", { "\177", 1 }, "\"k\":\"\\u007f\"" },
	{ "C1: CSI", { "\xc2\x9b", 2 }, "\"k\":\"\\u009b\"" },
	{ "no-break space is a character", { "\xc2\xa0", 2 }, "\"k\":\"\xc2\xa0\"" },
	{ "line separators", { "\u2028\u2029", 6 }, "\"k\":\"\\u2028\\u2029\"" },
	{ "right-to-left override", { "\u202e", 3 }, "\"k\":\"\\u202e\"" },
	{ "isolate", { "\u2066", 3 }, "\"k\":\"\\u2066\"" },
	{ "byte order mark", { "\ufeff", 3 }, "\"k\":\"\\ufeff\"" },
	{ "tag, a surrogate pair", { "\U000e0001", 4 }, "\"k\":\"\\udb40\\udc01\"" },
	{ "two bytes", { "\u00e9", 2 }, "\"k\":\"\u00e9\"" },
	{ "three bytes", { "\u20ac", 3 }, "\"k\":\"\u20ac\"" },
	{ "four bytes", { "\U0001f40d", 4 }, "\"k\":\"\U0001f40d\"" },
	{ "lone continuation",
	  { "a\x80z", 3 },
	  "\"k\":\"a\ufffdz\",\"k_hex\":\"61807a\"" },
	{ "cut sequence",
	  { "\xe2\x82", 2 },
	  "\"k\":\"\ufffd\ufffd\",\"k_hex\":\"e282\"" },
	{ "overlong slash",
	  { "\xc0\xaf", 2 },
	  "\"k\":\"\ufffd\ufffd\",\"k_hex\":\"c0af\"" },
	{ "surrogate",
	  { "\xed\xa0\x80", 3 },
	  "\"k\":\"\ufffd\ufffd\ufffd\",\"k_hex\":\"eda080\"" },
	{ "beyond U+10FFFF",
	  { "\xf4\x90\x80\x80", 4 },
	  "\"k\":\"\ufffd\ufffd\ufffd\ufffd\",\"k_hex\":\"f4908080\"" },
	{ "bad byte and escape",
	  { "\033\xff", 2 },
	  "\"k\":\"\\u001b\ufffd\",\"k_hex\":\"1bff\"" },
};

START_TEST(escapes_text)
{
	struct captured *captured = captured_new();
	struct json json;
	json_init(&json, &captured->stream, JSON_COMPACT);
	json_begin(&json, '{');
	json_text_literal(&json, "k", texts[_i].text);
	json_end(&json, '}');
	char *text = captured_text(captured, NULL);
	size_t size = strlen(texts[_i].json);
	ck_assert_msg(strlen(text) == size + 3 &&
	                      memcmp(text + 1, texts[_i].json, size) == 0,
	              "%s: %s", texts[_i].what, text);
	free(text);
}
END_TEST

static const struct {
	int64_t value;
	const char *decimal, *hex;
} numbers[] = {
	{ 0, "0", "\"0x0\"" },
	{ 255, "255", "\"0xff\"" },
	{ -256, "-256", "\"-0x100\"" },
	{ INT64_MAX, "9223372036854775807", "\"0x7fffffffffffffff\"" },
	{ INT64_MIN, "-9223372036854775808", "\"-0x8000000000000000\"" },
};

START_TEST(writes_signed)
{
	struct captured *captured = captured_new();
	struct json json;
	json_init(&json, &captured->stream, JSON_COMPACT);
	json_begin(&json, '[');
	json_signed(&json, numbers[_i].value);
	json_signed_hex(&json, numbers[_i].value);
	json_end(&json, ']');
	char *text = captured_text(captured, NULL);
	char expected[100];
	snprintf(expected, sizeof(expected), "[%s,%s]\n", numbers[_i].decimal,
	         numbers[_i].hex);
	ck_assert_str_eq(text, expected);
	free(text);
}
END_TEST

static const struct {
	const char *what;
	enum json_style style;
	const char *text;
} layouts[] = {
	{ "compact", JSON_COMPACT,
	  "{\"a\":[],\"b\":[1,true],\"c\":{\"d\":null,\"e\":[\"0x10\",{}]},\"f\":"
	  "\"00ff\"}\n"
	  "{}\n" },
	{ "pretty", JSON_PRETTY,
	  "{\n"
	  "  \"a\": [],\n"
	  "  \"b\": [\n"
	  "    1,\n"
	  "    true\n"
	  "  ],\n"
	  "  \"c\": {\"d\": null, \"e\": [\"0x10\", {}]},\n"
	  "  \"f\": \"00ff\"\n"
	  "}\n"
	  "{}\n" },
};

START_TEST(lays_out)
{
	struct captured *captured = captured_new();
	struct json json;
	json_init(&json, &captured->stream, layouts[_i].style);
	json_begin(&json, '{');
	json_key_literal(&json, "a");
	json_begin(&json, '[');
	json_end(&json, ']');
	json_key_literal(&json, "b");
	json_begin(&json, '[');
	json_unsigned(&json, 1);
	json_bool(&json, true);
	json_end(&json, ']');
	json_key_literal(&json, "c");
	json_begin_line(&json, '{');
	json_key_literal(&json, "d");
	json_null(&json);
	json_key_literal(&json, "e");
	json_begin(&json, '[');
	json_hex(&json, 16);
	json_begin_line(&json, '{');
	json_end(&json, '}');
	json_end(&json, ']');
	json_end(&json, '}');
	json_key_literal(&json, "f");
	json_bytes(&json, "\0\xff", 2);
	json_end(&json, '}');
	json_begin(&json, '{');
	json_end(&json, '}');
	char *text = captured_text(captured, NULL);
	ck_assert_msg(strcmp(text, layouts[_i].text) == 0, "%s:\n%s", layouts[_i].what,
	              text);
	free(text);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("json");
	tcase_add_loop_test(tcase, escapes_text, 0, ARRAY_SIZE(texts));
	tcase_add_loop_test(tcase, writes_signed, 0, ARRAY_SIZE(numbers));
	tcase_add_loop_test(tcase, lays_out, 0, ARRAY_SIZE(layouts));
	return unit_run("json", tcase);
}
