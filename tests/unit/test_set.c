/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Probes gathered: order, runs, texts that are kept once. */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "rules/set/set.h"
#include "unit.h"

static struct usdtinfo_probe probe_of(const char *provider, const char *name,
                                      uint64_t location)
{
	return (struct usdtinfo_probe){
		.provider = text_of(provider),
		.name = text_of(name),
		.arguments_text = text_of("-4@%edi"),
		.location = known_u64(location),
	};
}

static const struct {
	const char *provider, *name;
	uint64_t location;
	size_t file;
} coming[] = {
	{ "b", "x", 16, 0 }, { "a", "y", 32, 0 }, { "a", "x", 48, 0 },
	{ "a", "x", 16, 1 }, { "a", "x", 16, 0 }, { "a", "xx", 0, 0 },
	{ "", "z", 1, 0 },   { "a", "x", 16, 0 },
};
/* What comes where, by its place above. */
static const size_t by_name[] = { 6, 4, 7, 2, 3, 5, 1, 0 };
static const size_t by_site[] = { 5, 6, 4, 7, 0, 1, 2, 3 };

static void fill(struct set *set)
{
	struct usdtinfo_error err;
	for (size_t i = 0; i < ARRAY_SIZE(coming); i++) {
		struct usdtinfo_probe probe = probe_of(coming[i].provider, coming[i].name,
		                                       coming[i].location);
		ck_assert_int_eq(set_add(set, &probe, coming[i].file, &err), 0);
	}
}

START_TEST(sorts)
{
	struct set set = { 0 };
	fill(&set);
	set_sort(&set);
	for (size_t i = 0; i < set.count; i++)
		ck_assert_uint_eq(set.items[i].index, by_name[i]);
	ck_assert_uint_eq(set_name_run(&set, 0), 1);
	ck_assert_uint_eq(set_name_run(&set, 1), 4);
	ck_assert_uint_eq(set_name_run(&set, 7), 1);
	set_sort_by_site(&set);
	for (size_t i = 0; i < set.count; i++)
		ck_assert_uint_eq(set.items[i].index, by_site[i]);
	ck_assert_uint_eq(set_site_run(&set, 2), 3);
	ck_assert_uint_eq(set_site_run(&set, 7), 1);
	set_deinit(&set);
}
END_TEST

START_TEST(keeps_texts_once)
{
	struct set set = { 0 };
	struct usdtinfo_error err;
	char name[16];
	for (unsigned i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "n%u", i % 1000);
		struct usdtinfo_probe probe = probe_of("p", name, i);
		ck_assert_int_eq(set_add(&set, &probe, 0, &err), 0);
		/* What was handed over may go. */
		memset(name, 'x', sizeof(name));
	}
	ck_assert_uint_eq(set.text_count, 1000 + 3);
	ck_assert_ptr_eq(set.items[7].name.at, set.items[2007].name.at);
	ck_assert_str_eq(set.items[2007].name.at, "n7");
	set_clear(&set);
	ck_assert_uint_eq(set.count, 0);
	set_deinit(&set);
}
END_TEST

START_TEST(signs)
{
	struct usdtinfo_argument arguments[] = {
		{ .type = text_of("int32") },
		{ .type = text_of("double") },
		{ .type = text_of("bytes24") },
	};
	struct usdtinfo_probe probe = probe_of("p", "n", 0);
	struct strbuf out = { 0 };
	set_signature(&probe, &out);
	ck_assert_uint_eq(out.size, 0);
	probe.arguments = arguments;
	probe.argument_count = 3;
	set_signature(&probe, &out);
	ck_assert_str_eq(out.at, "int32,double,bytes24");
	strbuf_deinit(&out);
}
END_TEST

/* Probes of relocatable objects are at places of sections, others nowhere. */
START_TEST(tells_sites)
{
	struct set_probe a = { .section = text_of(".text"), .location = known_u64(4) };
	struct set_probe b = a, nowhere = { 0 };
	ck_assert(set_same_site(&a, &b));
	b.section = text_of(".text.x");
	ck_assert(!set_same_site(&a, &b));
	b = a;
	b.file = 1;
	ck_assert(!set_same_site(&a, &b));
	ck_assert(!set_same_site(&nowhere, &nowhere));
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("set");
	tcase_add_test(tcase, sorts);
	tcase_add_test(tcase, keeps_texts_once);
	tcase_add_test(tcase, signs);
	tcase_add_test(tcase, tells_sites);
	return unit_run("set", tcase);
}
