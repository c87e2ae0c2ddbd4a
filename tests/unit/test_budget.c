/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Budgets: the last unit, and the one that is not there. */
#include "base/array.h"
#include "base/budget.h"
#include "debug/file/debug_reading.h"
#include "unit.h"

static const struct {
	uint64_t left, costs[3];
	size_t had; /* how many of the costs */
} cases[] = {
	{ 3, { 1, 1, 1 }, 3 },
	{ 2, { 1, 1, 1 }, 2 },
	{ 3, { 3, 0, 0 }, 3 },
	{ 2, { 3, 1, 0 }, 0 },
	{ 0, { 0, 0, 1 }, 2 },
	{ 10, { 9, 2, 1 }, 1 },
	{ UINT64_MAX, { UINT64_MAX, 0, 1 }, 2 },
	{ 5, { UINT64_MAX, 1, 1 }, 0 },
};

START_TEST(ends_at_the_limit)
{
	struct budget budget = { .left = cases[_i].left };
	size_t had = 0;
	for (size_t n = 0; n < ARRAY_SIZE(cases[_i].costs); n++) {
		bool enough = budget_take(&budget, cases[_i].costs[n]);
		/* What is spent stays so, but for what costs nothing. */
		if (enough && had == n)
			had++;
		ck_assert_int_eq(budget.exhausted, had <= n);
	}
	ck_assert_uint_eq(had, cases[_i].had);
}
END_TEST

/* Of debug files: what is too much for one leaves the rest to others. */
START_TEST(reads_debug_files)
{
	struct debug_reading reading = { 0 };
	ck_assert(!debug_reading_take(&reading, 1));
	debug_reading_add(&reading, 3);
	ck_assert_uint_eq(reading.left, DEBUG_READING_MAX + 3 * DEBUG_READING_RATIO);
	debug_reading_add(&reading, 1);
	ck_assert_uint_eq(reading.left, DEBUG_READING_MAX + 4 * DEBUG_READING_RATIO);
	ck_assert(!debug_reading_take(&reading, reading.left + 1));
	ck_assert(debug_reading_take(&reading, reading.left - 5));
	ck_assert(!debug_reading_take(&reading, 6));
	ck_assert(debug_reading_take(&reading, 5));
	ck_assert(!debug_reading_take(&reading, 1));
	debug_reading_add(&reading, UINT64_MAX);
	debug_reading_add(&reading, 1);
	ck_assert_uint_eq(reading.left, UINT64_MAX);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("budget");
	tcase_add_loop_test(tcase, ends_at_the_limit, 0, ARRAY_SIZE(cases));
	tcase_add_test(tcase, reads_debug_files);
	return unit_run("budget", tcase);
}
