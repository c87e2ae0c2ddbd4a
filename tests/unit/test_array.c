/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* array_grow(): room, contents, overflow; and searching what is sorted. */
#include <stdint.h>

#include "base/array.h"
#include "unit.h"

START_TEST(grows_and_keeps)
{
	int *items = NULL;
	size_t room = 0;
	for (size_t n = 0; n < 1000; n++) {
		ck_assert(array_grow(&items, &room, n + 1, sizeof(*items)));
		ck_assert_uint_ge(room, n + 1);
		items[n] = (int)n;
	}
	for (int n = 0; n < 1000; n++)
		ck_assert_int_eq(items[n], n);
	free(items);
}
END_TEST

START_TEST(leaves_enough_room_alone)
{
	char *items = NULL;
	size_t room = 0;
	ck_assert(array_grow(&items, &room, 3, 1));
	char *before = items;
	size_t room_before = room;
	ck_assert(array_grow(&items, &room, room_before, 1));
	ck_assert_ptr_eq(items, before);
	ck_assert_uint_eq(room, room_before);
	ck_assert(array_grow(&items, &room, 0, 1));
	ck_assert_ptr_eq(items, before);
	free(items);
}
END_TEST

static const struct {
	const char *what;
	size_t count, item;
} overflows[] = {
	{ "count alone", SIZE_MAX, 1 },
	{ "count times item", SIZE_MAX / 8 + 2, 8 },
	{ "rounding up", SIZE_MAX / 2 + 2, 1 },
	{ "more than a pointer difference", (size_t)PTRDIFF_MAX, 2 },
};

START_TEST(refuses_overflow)
{
	int *items = NULL;
	size_t room = 0;
	ck_assert(array_grow(&items, &room, 4, sizeof(*items)));
	int *before = items;
	ck_assert_msg(!array_grow(&items, &room, overflows[_i].count, overflows[_i].item),
	              "'%s' accepted", overflows[_i].what);
	ck_assert_ptr_eq(items, before);
	ck_assert_uint_eq(room, 4);
	free(items);
}
END_TEST

/* Every number of items, none of which, some of which and all of which are the same. */
START_TEST(searches)
{
	static const uint64_t kinds[][6] = {
		{ 1, 3, 5, 7, 9, 11 },
		{ 3, 3, 3, 3, 3, 3 },
		{ 0, 0, 3, 3, 3, UINT64_MAX },
	};
	struct {
		char before;
		uint64_t key;
	} items[6];
	for (size_t n = 0; n < ARRAY_SIZE(kinds) * 7; n++) {
		const uint64_t *kind = kinds[n / 7];
		size_t count = n % 7;
		for (size_t i = 0; i < count; i++)
			items[i].key = kind[i];
		for (uint64_t key = UINT64_MAX; key != 13; key++) {
			size_t upto = 0, below = 0;
			for (size_t i = 0; i < count; i++) {
				upto += kind[i] <= key;
				below += kind[i] < key;
			}
			ck_assert_uint_eq(array_upto(items, count, key, key), upto);
			ck_assert_uint_eq(array_below(items, count, key, key), below);
		}
	}
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("array");
	tcase_add_test(tcase, grows_and_keeps);
	tcase_add_test(tcase, searches);
	tcase_add_test(tcase, leaves_enough_room_alone);
	tcase_add_loop_test(tcase, refuses_overflow, 0, ARRAY_SIZE(overflows));
	return unit_run("array", tcase);
}
