/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* 128-bit integers: reading, cutting to size, decimal. */
#include <string.h>

#include "base/array.h"
#include "probe/operand/wide.h"
#include "unit.h"

static bool read_decimal(const char *text, struct wide *ret)
{
	struct wide wide = { { 0 } };
	bool negative = *text == '-';
	for (text += negative; *text; text++)
		if (!wide_append_digit(&wide, 10, (unsigned)(*text - '0')))
			return false;
	*ret = negative ? wide_negate(wide) : wide;
	return true;
}

static const struct {
	const char *text;
	unsigned size;
	bool is_signed;
	const char *expected;
} fits[] = {
	{ "0", 1, true, "0" },
	{ "200", 1, true, "-56" },
	{ "-56", 1, false, "200" },
	{ "127", 1, true, "127" },
	{ "128", 1, true, "-128" },
	{ "256", 1, false, "0" },
	{ "65535", 2, true, "-1" },
	{ "-1", 3, false, "16777215" },
	{ "2147483648", 4, true, "-2147483648" },
	{ "-1", 4, false, "4294967295" },
	{ "-1", 5, false, "1099511627775" },
	{ "-1", 8, false, "18446744073709551615" },
	{ "9223372036854775808", 8, true, "-9223372036854775808" },
	{ "-9223372036854775809", 8, true, "9223372036854775807" },
	{ "-1", 16, false, "340282366920938463463374607431768211455" },
	{ "170141183460469231731687303715884105728", 16, true,
	  "-170141183460469231731687303715884105728" },
	{ "18446744073709551616", 16, true, "18446744073709551616" },
	{ "18446744073709551616", 8, true, "0" },
};

START_TEST(fits_size)
{
	struct wide wide;
	char buf[WIDE_DECIMAL_SIZE];
	ck_assert(read_decimal(fits[_i].text, &wide));
	wide = wide_fit(wide, fits[_i].size, fits[_i].is_signed);
	const char *got = wide_format(wide, fits[_i].is_signed, buf);
	ck_assert_msg(strcmp(got, fits[_i].expected) == 0,
	              "%s in %u bytes gives %s, not %s", fits[_i].text, fits[_i].size,
	              got, fits[_i].expected);
}
END_TEST

static const struct {
	const char *text;
	bool fits;
	int64_t value;
} narrows[] = {
	{ "0", true, 0 },
	{ "-1", true, -1 },
	{ "9223372036854775807", true, INT64_MAX },
	{ "-9223372036854775808", true, INT64_MIN },
	/* What an assembler takes for a 64-bit word written without its sign. */
	{ "18446744073709551615", true, -1 },
	{ "18446744073709551616", false, 0 },
	{ "-9223372036854775809", false, 0 },
};

START_TEST(narrows_to_64)
{
	struct wide wide;
	int64_t value = 42;
	ck_assert(read_decimal(narrows[_i].text, &wide));
	bool fit = wide_to_i64(wide, &value);
	ck_assert_msg(fit == narrows[_i].fits, "%s", narrows[_i].text);
	ck_assert_int_eq(value, fit ? narrows[_i].value : 42);
}
END_TEST

START_TEST(refuses_more_than_128_bits)
{
	struct wide wide;
	ck_assert(read_decimal("340282366920938463463374607431768211455", &wide));
	ck_assert(!read_decimal("340282366920938463463374607431768211456", &wide));
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("wide");
	tcase_add_loop_test(tcase, fits_size, 0, ARRAY_SIZE(fits));
	tcase_add_loop_test(tcase, narrows_to_64, 0, ARRAY_SIZE(narrows));
	tcase_add_test(tcase, refuses_more_than_128_bits);
	return unit_run("wide", tcase);
}
