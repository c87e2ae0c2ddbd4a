/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* [PROVIDER:]NAME globs, in which "-" and "__" are one. */
#include <string.h>

#include "base/array.h"
#include "rules/set/match.h"
#include "unit.h"

static const struct {
	const char *pattern, *provider, *name;
	bool matches;
} cases[] = {
	{ "gc__start", "python", "gc__start", true },
	{ "gc-start", "python", "gc__start", true },
	{ "gc__start", "python", "gc-start", true },
	{ "gc_start", "python", "gc__start", false },
	{ "gc", "python", "gc__start", false },
	{ "gc*", "python", "gc__start", true },
	{ "*-start", "python", "gc__start", true },
	{ "?c-s*", "python", "gc__start", true },
	{ "", "", "", false },
	{ "python:gc__start", "python", "gc__start", true },
	{ "Python:gc__start", "python", "gc__start", false },
	{ "py*:*", "python", "gc__start", true },
	{ "py*:*", "perl", "sub", false },
	{ "python:audit", "pythonx", "audit", false },
	{ "*:a:b", "x", "a:b", true },
	{ "[gh]c__start", "python", "gc__start", true },
	{ "[a-c]x", "p", "bx", true },
	{ "[a-c]x", "p", "dx", false },
	{ "[!a]x", "p", "bx", true },
	{ "[]x]y", "p", "]y", true },
	{ "a[__]b", "p", "a_b", true },
	{ "[[:alpha:]]-b", "p", "a__b", true },
	{ "[unclosed", "p", "[unclosed", true },
	{ "[[:alpha:]]:n", "p", "n", true },
	{ "[a:n", "[a", "n", true },
	{ "a\\*b", "p", "a*b", true },
	{ "a\\*b", "p", "axb", false },
	{ ".hidden", "p", ".hidden", true },
	{ "*", "p", ".hidden", true },
	{ "*", "p", "a/b", true },
	{ "a___b", "p", "a-_b", true },
};

START_TEST(matches_whole_names)
{
	struct match match = { 0 };
	struct usdtinfo_error err = { 0 };
	int r = match_add(&match, cases[_i].pattern, &err);
	if (*cases[_i].pattern == '\0') {
		ck_assert_int_eq(r, USDTINFO_E_ARGUMENT);
		ck_assert_str_ne(err.text, "");
		return;
	}
	ck_assert_int_eq(r, 0);
	bool matches = match_probe(&match, text_of(cases[_i].provider),
	                           text_of(cases[_i].name));
	ck_assert_msg(matches == cases[_i].matches, "'%s' on %s:%s", cases[_i].pattern,
	              cases[_i].provider, cases[_i].name);
	match_deinit(&match);
}
END_TEST

START_TEST(any_of_several)
{
	struct match match = { 0 };
	ck_assert(match_probe(&match, text_of("p"), text_of("n")));
	ck_assert_int_eq(match_add(&match, "a", NULL), 0);
	ck_assert_int_eq(match_add(&match, "b", NULL), 0);
	ck_assert(match_probe(&match, text_of("p"), text_of("a")));
	ck_assert(match_probe(&match, text_of("p"), text_of("b")));
	ck_assert(!match_probe(&match, text_of("p"), text_of("c")));
	match_deinit(&match);
}
END_TEST

static const char *const refused[] = { "", ":", "p:", ":n" };

START_TEST(refuses_empty_parts)
{
	struct match match = { 0 };
	ck_assert_msg(match_add(&match, refused[_i], NULL) == USDTINFO_E_ARGUMENT, "'%s'",
	              refused[_i]);
	match_deinit(&match);
}
END_TEST

START_TEST(enormous_names)
{
	static char name[100001];
	struct match match = { 0 };
	memset(name, '_', sizeof(name) - 1);
	ck_assert_int_eq(match_add(&match, "-*", NULL), 0);
	ck_assert(match_probe(&match, text_of("p"), text_of(name)));
	match_deinit(&match);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("match");
	tcase_add_loop_test(tcase, matches_whole_names, 0, ARRAY_SIZE(cases));
	tcase_add_test(tcase, any_of_several);
	tcase_add_loop_test(tcase, refuses_empty_parts, 0, ARRAY_SIZE(refused));
	tcase_add_test(tcase, enormous_names);
	return unit_run("match", tcase);
}
