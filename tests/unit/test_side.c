/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Which files of a saved listing are held against which of another operand. */
#include <string.h>

#include "base/array.h"
#include "rules/diff/side.h"
#include "unit.h"

#define FILES_MOST 4

struct keys {
	bool is_listing;
	const char *files[FILES_MOST];
};

static const struct {
	const char *what;
	struct keys old, new;
	size_t pairs;
} cases[] = {
	{ "one file each", { true, { "/a/b" } }, { false, { "" } }, 1 },
	{ "a directory",
	  { true, { "build/lib/a", "build/bin/b" } },
	  { false, { "lib/a", "bin/b" } },
	  2 },
	{ "whose files share another",
	  { true, { "build/lib/a", "build/lib/b" } },
	  { false, { "lib/a", "lib/b" } },
	  2 },
	{ "that lost files since",
	  { true, { "build/lib/a", "build/lib/b", "build/lib/c" } },
	  { false, { "lib/c" } },
	  1 },
	{ "that has more now",
	  { true, { "build/lib/a" } },
	  { false, { "bin/x", "lib/a", "lib/b" } },
	  1 },
	{ "made within it",
	  { true, { "lib/a", "lib/b" } },
	  { false, { "lib/a", "lib/b" } },
	  2 },
	{ "the other way round",
	  { false, { "lib/a", "lib/b" } },
	  { true, { "/old/lib/a", "/old/lib/b" } },
	  2 },
	{ "where most are found",
	  { true, { "x/lib/lib/a", "x/lib/lib/b", "x/lib/lib/c" } },
	  { false, { "lib/a", "lib/b", "a" } },
	  2 },
	{ "an archive",
	  { true, { "lib/libx.a(a.o)", "lib/libx.a(b.o)" } },
	  { false, { "a.o", "b.o" } },
	  2 },
	{ "a thin one",
	  { true, { "x.a[d/a.o]", "x.a[d/b.o]" } },
	  { false, { "d/a.o", "d/b.o" } },
	  2 },
	{ "archives in a directory",
	  { true, { "out/x.a(a.o)", "out/x.a(b.o)" } },
	  { false, { "x.a(a.o)", "x.a(b.o)" } },
	  2 },
	{ "a package",
	  { true, { "/tmp/x.deb//usr/lib/a", "/tmp/x.deb//usr/lib/b" } },
	  { false, { "usr/lib/a", "usr/lib/b" } },
	  2 },
	{ "nothing in common", { true, { "x/a", "x/b" } }, { false, { "c", "d" } }, 0 },
	{ "nothing now", { true, { "x/a", "x/b" } }, { false, { NULL } }, 0 },
	{ "nothing then", { true, { NULL } }, { false, { "a", "b" } }, 0 },
	{ "two listings of two places",
	  { true, { "v1/a", "v1/b" } },
	  { true, { "/v2/a", "/v2/b" } },
	  2 },
	{ "two of one place",
	  { true, { "v/lib/a", "v/lib/b" } },
	  { true, { "v/lib/a", "v/bin/c" } },
	  1 },
	{ "two directories", { false, { "a", "b" } }, { false, { "b", "c" } }, 1 },
};

static struct side fill(const struct keys *keys)
{
	struct side side = { .is_listing = keys->is_listing };
	for (size_t i = 0; i < FILES_MOST && keys->files[i]; i++) {
		const struct file_facts facts = { .path = text_of(keys->files[i]) };
		ck_assert_ptr_nonnull(side_add(&side, &facts, keys->files[i]));
	}
	return side;
}

static size_t count_pairs(const struct side *one, const struct side *other)
{
	size_t pairs = 0;
	for (size_t i = 0; i < one->count; i++)
		for (size_t k = 0; k < other->count; k++)
			pairs += strcmp(one->files[i].key, other->files[k].key) == 0;
	return pairs;
}

START_TEST(pairs)
{
	struct side old = fill(&cases[_i].old), new = fill(&cases[_i].new);
	ck_assert_int_eq(side_relate(&old, &new), 0);
	ck_assert_int_eq(side_prepare(&old), 0);
	ck_assert_int_eq(side_prepare(&new), 0);
	size_t found = count_pairs(&old, &new);
	ck_assert_msg(found == cases[_i].pairs, "%s: %zu pairs", cases[_i].what, found);
	side_deinit(&old);
	side_deinit(&new);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("side");
	tcase_add_loop_test(tcase, pairs, 0, ARRAY_SIZE(cases));
	return unit_run("side", tcase);
}
