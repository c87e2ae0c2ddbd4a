/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The set of distinct provider:name. */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "output/stream/name_set.h"
#include "unit.h"

static const struct {
	const char *provider, *name;
} added[] = {
	{ "b", "x" }, { "b", "x" },  { "a", "y" },       { "b", "x" },
	{ "a", "" },  { "", "a" },   { "\xff", "\x01" }, { "B", "x" },
	{ "a", "y" }, { "a:", "z" }, { "a", ":z" },
};

static void collect(struct text name, void *data)
{
	strbuf_add(data, name.at, name.size);
	strbuf_add_char(data, '\n');
}

START_TEST(sorts_by_bytes)
{
	struct name_set set = { 0 };
	struct strbuf all = { 0 };
	for (size_t i = 0; i < ARRAY_SIZE(added); i++)
		ck_assert(name_set_add(&set, text_of(added[i].provider),
		                       text_of(added[i].name)));
	ck_assert_uint_eq(set.count, 7);
	name_set_each(&set, collect, &all);
	ck_assert_str_eq(all.at, ":a\nB:x\na:\na::z\na:y\nb:x\n\xff:\x01\n");
	strbuf_deinit(&all);
	name_set_deinit(&set);
}
END_TEST

static void count(struct text name, void *data)
{
	++*(size_t *)data;
}

START_TEST(holds_many)
{
	struct name_set set = { 0 };
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 20000; i++) {
			char name[16];
			snprintf(name, sizeof(name), "%d", i);
			ck_assert(name_set_add(&set, text_of("p"), text_of(name)));
		}
	}
	size_t seen = 0;
	name_set_each(&set, count, &seen);
	ck_assert_uint_eq(set.count, 20000);
	ck_assert_uint_eq(seen, 20000);
	name_set_deinit(&set);
}
END_TEST

START_TEST(may_be_empty)
{
	struct name_set set = { 0 };
	size_t seen = 0;
	name_set_each(&set, count, &seen);
	ck_assert_uint_eq(seen, 0);
	name_set_deinit(&set);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("name_set");
	tcase_add_test(tcase, sorts_by_bytes);
	tcase_add_test(tcase, holds_many);
	tcase_add_test(tcase, may_be_empty);
	return unit_run("name_set", tcase);
}
