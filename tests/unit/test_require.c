/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Requirements: signatures, near names, what is refused. */
#include "rules/check/require.h"

#include "base/array.h"
#include "rules/set/nearest.h"
#include "unit.h"

static const struct {
	const char *wanted, *signature;
	unsigned word;
	bool matches;
} signatures[] = {
	{ "", "", 8, true },
	{ "", "int32", 8, false },
	{ "int32", "", 8, false },
	{ "*", "", 8, false },
	{ "int32", "int32", 8, true },
	{ "int32", "int64", 8, false },
	{ "int32", "uint32", 8, false },
	{ "int32,int64", "int32", 8, false },
	{ "int32", "int32,int64", 8, false },
	{ "int32,*", "int32,bytes24", 8, true },
	{ "ptr", "uint64", 8, true },
	{ "ptr", "uint32", 8, false },
	{ "ptr", "int64", 8, false },
	{ "ptr", "uint32", 4, true },
	{ "ptr", "uint64", 4, false },
	{ "ptr,ptr", "uint32,uint64", 0, true },
	{ "long double,float", "long double,float", 8, true },
	{ "bytes24", "bytes240", 8, false },
};

START_TEST(compares_signatures)
{
	ck_assert_msg(signature_matches(signatures[_i].wanted,
	                                text_of(signatures[_i].signature),
	                                signatures[_i].word) == signatures[_i].matches,
	              "'%s' and '%s'", signatures[_i].wanted, signatures[_i].signature);
}
END_TEST

static const struct {
	const char *a, *b;
	size_t limit, distance;
} distances[] = {
	{ "", "", 0, 0 },
	{ "", "abc", 3, 3 },
	{ "abc", "", 2, 3 },
	{ "start", "start", 2, 0 },
	{ "start", "strat", 2, 2 },
	{ "start", "starts", 2, 1 },
	{ "start", "tart", 2, 1 },
	{ "kitten", "sitting", 5, 3 },
	{ "kitten", "sitting", 2, 3 },
	{ "abcdef", "uvwxyz", 3, 4 },
};

START_TEST(measures_names)
{
	size_t found = edit_distance(text_of(distances[_i].a), text_of(distances[_i].b),
	                             distances[_i].limit);
	ck_assert_msg(found == distances[_i].distance, "'%s' and '%s': %zu",
	              distances[_i].a, distances[_i].b, found);
}
END_TEST

START_TEST(nearest_first_and_once)
{
	static const char *const names[] = { "worker", "work", "unlike", "wor",
		                             "wrok",   "wor",  "zork" };
	struct nearest nearest = { .wanted = text_of("app:work") };
	struct strbuf out = { 0 };
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		nearest_look(&nearest, text_of("app"), text_of(names[i]));
	nearest_look(&nearest, text_of("quite-different"), text_of("work"));
	ck_assert_uint_eq(nearest.count, NEAREST_MAX);
	ck_assert_str_eq(nearest.found[0].name.at, "work");
	ck_assert_str_eq(nearest.found[1].name.at, "wor");
	ck_assert_str_eq(nearest.found[2].name.at, "zork");
	nearest_add(&nearest, &out);
	ck_assert_str_eq(out.at, "; nearest: app:work");
	strbuf_deinit(&out);
}
END_TEST

static const struct {
	enum require_kind kind;
	const char *text;
	bool good;
} texts[] = {
	{ REQUIRE_PROBES, "app:work", true },
	{ REQUIRE_PROBES, "app:work=0", true },
	{ REQUIRE_PROBES, "app:work=18446744073709551615", true },
	{ REQUIRE_PROBES, "app:work=18446744073709551616", false },
	{ REQUIRE_PROBES, "app:work=", false },
	{ REQUIRE_PROBES, "=2", false },
	{ REQUIRE_PROBES, "", false },
	{ REQUIRE_NONE, "*", true },
	{ REQUIRE_NONE, "app:", false },
	{ REQUIRE_MIN, "7", true },
	{ REQUIRE_MIN, "", false },
	{ REQUIRE_MIN, "+7", false },
	{ REQUIRE_MIN, "7x", false },
	{ REQUIRE_ARGUMENTS, "work=", true },
	{ REQUIRE_ARGUMENTS, "work=int8,long double,bytes3,*", true },
	{ REQUIRE_ARGUMENTS, "work", false },
	{ REQUIRE_ARGUMENTS, "work=int", false },
	{ REQUIRE_ARGUMENTS, "work=bytes3x", false },
	{ REQUIRE_ARGUMENTS, "work=,", false },
};

START_TEST(reads_requirements)
{
	struct requirement requirement;
	struct usdtinfo_error err;
	int r = requirement_parse(texts[_i].kind, texts[_i].text, &requirement, &err);
	ck_assert_msg((r == 0) == texts[_i].good, "'%s'", texts[_i].text);
	if (r == 0)
		requirement_deinit(&requirement);
	else
		ck_assert_int_eq(r, USDTINFO_E_ARGUMENT);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("require");
	tcase_add_loop_test(tcase, compares_signatures, 0, ARRAY_SIZE(signatures));
	tcase_add_loop_test(tcase, measures_names, 0, ARRAY_SIZE(distances));
	tcase_add_test(tcase, nearest_first_and_once);
	tcase_add_loop_test(tcase, reads_requirements, 0, ARRAY_SIZE(texts));
	return unit_run("require", tcase);
}
