/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/*
 * Values of saved listings with a json-c whose strict mode refuses each byte that is not ASCII,
 * as that of version 0.18 does in strings, whatever the version is that is linked.
 */
#include <dlfcn.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/array.h"
#include "lazy/json_c_types.h"
#include "output/saved/read_input.h"
#include "unit.h"

static int flags;
static bool refused;
static unsigned strict_pieces;

#define REAL(name)                                                                       \
	__typeof__(&name) real;                                                          \
	*(void **)&real = dlsym(RTLD_NEXT, #name)

void json_tokener_set_flags(struct json_tokener *tokener, int wanted)
{
	REAL(json_tokener_set_flags);
	flags = wanted;
	real(tokener, wanted);
}

struct json_object *json_tokener_parse_ex(struct json_tokener *tokener, const char *text,
                                          int size)
{
	REAL(json_tokener_parse_ex);
	bool is_strict = (flags & JSON_TOKENER_STRICT) != 0;
	strict_pieces += is_strict;
	for (int i = 0; is_strict && i < size; i++)
		refused |= (text[i] & 0x80) != 0;
	return real(tokener, text, size);
}

enum json_tokener_error json_tokener_get_error(struct json_tokener *tokener)
{
	REAL(json_tokener_get_error);
	return refused ? json_tokener_error_parse_string : real(tokener);
}

static struct usdtinfo_image *image_of(const char *text)
{
	struct usdtinfo_image *image = NULL;
	int fd = memfd_create("listing", MFD_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	ck_assert_int_eq(
		image_open_fd(&root_host, "listing", fd, IMAGE_OPERAND, &image, NULL), 0);
	return image;
}

/* The value is written again in json-c's plain form; NULL: the JSON is broken. */
static const struct {
	const char *text, *value;
} cases[] = {
	{ "{\"a\": [\"b\", 1]} ", "{\"a\":[\"b\",1]}" },
	{ "{\"a\": \"\u00e9\"} ", "{\"a\":\"\u00e9\"}" },
	{ "{\"\u00e9\u20ac\": \"x\U0001f600y\"} ",
	  "{\"\u00e9\u20ac\":\"x\U0001f600y\"}" },
	{ "{\"a\": \"\\u00e9\u00e9\\\"\u00e9\"} ", "{\"a\":\"\u00e9\u00e9\\\"\u00e9\"}" },
	{ "{\"a\": 18446744073709551615, \"b\": -9223372036854775808} ",
	  "{\"a\":18446744073709551615,\"b\":-9223372036854775808}" },
	{ "{\"a\": \"18446744073709551616\"} ", "{\"a\":\"18446744073709551616\"}" },
	{ "{\"a\": 1844674407370955161.6} ", "{\"a\":1844674407370955161.6}" },
	{ "{\"a\": \"\xc3\"} ", NULL },
	{ "{\"a\": \u00e9} ", NULL },
	{ "{\"a\": 1\u00e9} ", NULL },
	{ "{\"a\": 1.\u00e9} ", NULL },
	{ "{\u00e9\"a\": 1} ", NULL },
	{ "{\"a\": tr\u00e9ue} ", NULL },
	{ "{\"a\": \"\u00e9\n\"} ", NULL },
	{ "{\"\u00e9\n\": 1} ", NULL },
	{ "{\"a\": '\u00e9'} ", NULL },
	{ "{\"a\": [\"\u00e9\",]} ", NULL },
	{ "{\"a\": \"\u00e9\", /* \u00e9 */ \"b\": 1} ", NULL },
	{ "{\"a\": \"\u00e9\", \"b\": 018} ", NULL },
	{ "{\"a\": \"\u00e9\", \"b\": TRUE} ", NULL },
	{ "{\"a\": 18446744073709551616} ", NULL },
	{ "{\"a\": [-9223372036854775809, 1]} ", NULL },
};

START_TEST(value)
{
	static struct input input;
	struct usdtinfo_image *image = image_of(cases[_i].text);
	struct json_object *found = NULL;
	refused = false;
	ck_assert(input_init(&input, image));
	bool read = input_value(&input, &found);
	ck_assert_msg(!refused, "'%s': strict mode got a byte that is not ASCII",
	              cases[_i].text);
	if (!cases[_i].value) {
		ck_assert_msg(!read, "'%s' is taken", cases[_i].text);
		ck_assert_ptr_nonnull(strstr(input.reason, "broken JSON"));
	} else {
		ck_assert_msg(read, "'%s': %s", cases[_i].text, input.reason);
		ck_assert_str_eq(json_object_to_json_string_ext(
					 found, JSON_C_TO_STRING_PLAIN |
							JSON_C_TO_STRING_NOSLASHESCAPE),
		                 cases[_i].value);
	}
	ck_assert_uint_gt(strict_pieces, 0);
	if (found)
		json_object_put(found);
	input_deinit(&input);
	usdtinfo_image_close(image);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("values");
	tcase_add_loop_test(tcase, value, 0, ARRAY_SIZE(cases));
	return unit_run("read_input", tcase);
}
