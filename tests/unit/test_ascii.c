/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Texts of every small size with every byte at every place; numbers as digits. */
#include <inttypes.h>
#include <stdio.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/digits.h"
#include "unit.h"

#define SIZE_MAX_TRIED 26
#define GUARD          '\x5a'

static bool is_printable(unsigned char c)
{
	return c >= 0x20 && c < 0x7f;
}

START_TEST(finds_each_byte)
{
	size_t size = (size_t)_i;
	char from[SIZE_MAX_TRIED], to[SIZE_MAX_TRIED + 2];
	for (size_t place = 0; place < size; place++) {
		for (int byte = 0; byte < 256; byte++) {
			memset(from, 'a', sizeof(from));
			memset(to, GUARD, sizeof(to));
			from[place] = (char)byte;
			bool found = ascii_copy(to + 1, from, size, bytes_unprintable);
			ck_assert_msg(found != is_printable((unsigned char)byte),
			              "byte 0x%02x at %zu of %zu", byte, place, size);
			ck_assert_msg(memcmp(to + 1, from, size) == 0,
			              "0x%02x at %zu of %zu is copied", byte, place,
			              size);
			ck_assert_msg(to[0] == GUARD && to[size + 1] == GUARD,
			              "no byte beside the %zu is touched", size);
		}
	}
}
END_TEST

START_TEST(finds_one_byte)
{
	for (unsigned place = 0; place < 8; place++) {
		for (unsigned byte = 0; byte < 256; byte++) {
			uint64_t word = EACH_BYTE(0x21) ^ (uint64_t)(0x21 ^ byte)
			                                          << (8 * place);
			ck_assert_msg(!bytes_equal(word, '"') == (byte != '"'),
			              "byte 0x%02x at %u", byte, place);
		}
	}
}
END_TEST

static const uint64_t numbers[] = {
	0,
	1,
	9,
	10,
	15,
	16,
	99,
	100,
	255,
	256,
	0x9abc,
	0xdeadbeef,
	0xffffffff,
	1ull << 32,
	0xabcdef0,
	INT64_MAX,
	1ull << 63,
	UINT64_MAX,
	0x0a0f0a0f,
	4096,
	999999999,
	1000000000,
	0xfedcba9876543210,
};

START_TEST(writes_digits)
{
	for (unsigned least = 0; least <= 16; least++) {
		char want[64], got[64] = { 0 };
		snprintf(want, sizeof(want), "%0*" PRIx64, (int)least, numbers[_i]);
		*put_hex(got, numbers[_i], least) = '\0';
		ck_assert_str_eq(got, want);
	}
	char want[64], got[64] = { 0 };
	snprintf(want, sizeof(want), "%" PRIu64, numbers[_i]);
	*put_decimal(got, numbers[_i]) = '\0';
	ck_assert_str_eq(got, want);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("ascii");
	tcase_add_loop_test(tcase, finds_each_byte, 0, SIZE_MAX_TRIED);
	tcase_add_test(tcase, finds_one_byte);
	tcase_add_loop_test(tcase, writes_digits, 0, (int)ARRAY_SIZE(numbers));
	return unit_run("ascii", tcase);
}
