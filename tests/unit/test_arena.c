/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The arena: pieces apart and aligned, stable, reusable. */
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "unit.h"

static const size_t sizes[] = { 0, 1, 7, 8, 16, 100, 4095, 4096, 4097, 100000, 3000000 };

START_TEST(gives_pieces_apart)
{
	struct arena arena = { 0 };
	unsigned char *pieces[20];
	size_t size = sizes[_i];
	for (size_t n = 0; n < ARRAY_SIZE(pieces); n++) {
		pieces[n] = arena_take(&arena, size);
		ck_assert_ptr_nonnull(pieces[n]);
		ck_assert_uint_eq((uintptr_t)pieces[n] % _Alignof(max_align_t), 0);
		memset(pieces[n], (int)n, size);
		for (size_t m = 0; m < n; m++)
			ck_assert_ptr_ne(pieces[m], pieces[n]);
	}
	for (size_t n = 0; size && n < ARRAY_SIZE(pieces); n++) {
		ck_assert_uint_eq(pieces[n][0], n);
		ck_assert_uint_eq(pieces[n][size - 1], n);
	}
	arena_deinit(&arena);
	ck_assert_ptr_null(arena.blocks);
}
END_TEST

START_TEST(refuses_what_cannot_be)
{
	struct arena arena = { 0 };
	ck_assert_ptr_null(arena_take(&arena, SIZE_MAX));
	ck_assert_ptr_null(arena_text(&arena, "", SIZE_MAX).at);
	ck_assert_ptr_nonnull(arena_take(&arena, 1));
	arena_deinit(&arena);
}
END_TEST

START_TEST(copies_text)
{
	struct arena arena = { 0 };
	struct text text = arena_text(&arena, "a\0bc", 4);
	ck_assert_uint_eq(text.size, 4);
	ck_assert_mem_eq(text.at, "a\0bc", 5);
	struct text empty = arena_text(&arena, NULL, 0);
	ck_assert_ptr_nonnull(empty.at);
	ck_assert_uint_eq(empty.size, 0);
	ck_assert_int_eq(empty.at[0], '\0');
	arena_deinit(&arena);
}
END_TEST

START_TEST(reuses_one_block)
{
	struct arena arena = { 0 };
	arena_clear(&arena);
	for (int round = 0; round < 3; round++) {
		for (int n = 0; n < 1000; n++)
			ck_assert_ptr_nonnull(arena_take(&arena, 40));
		arena_clear(&arena);
	}
	struct arena_block *kept = arena.blocks;
	ck_assert_ptr_nonnull(arena_take(&arena, 40));
	ck_assert_ptr_eq(arena.blocks, kept);
	arena_deinit(&arena);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("arena");
	tcase_add_loop_test(tcase, gives_pieces_apart, 0, ARRAY_SIZE(sizes));
	tcase_add_test(tcase, refuses_what_cannot_be);
	tcase_add_test(tcase, copies_text);
	tcase_add_test(tcase, reuses_one_block);
	return unit_run("arena", tcase);
}
