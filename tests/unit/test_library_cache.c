/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Libraries that ld.so.cache names: its order, levels of processors, what is passed over. */
#include "base/array.h"
#include "dynamic_elf.h"
#include "find/linker/library.h"
#include "unit.h"

#define ROWS 6

#define V2 "/usr/lib/glibc-hwcaps/x86-64-v2/"
#define V3 "/usr/lib/glibc-hwcaps/x86-64-v3/"

/* FILES are there; CACHE is what the cache has of liba.so, in its order. */
static const struct {
	const char *what;
	const char *cache[ROWS], *files[ROWS];
	uint64_t flags_1;
	const char *expected; /* NULL: not found */
	enum library_rule rule;
} cases[] = {
	{ "a directory that no rule has",
	  { "/opt/liba.so" },
	  { "opt/liba.so" },
	  .expected = "/opt/liba.so",
	  .rule = LIBRARY_CACHE },
	{ "the first that is there",
	  { "/opt/one/liba.so", "/opt/two/liba.so", "/opt/three/liba.so" },
	  { "opt/two/liba.so", "opt/three/liba.so" },
	  .expected = "/opt/two/liba.so",
	  .rule = LIBRARY_CACHE },
	{ "what every processor can run comes first",
	  { V3 "liba.so", V2 "liba.so", "/usr/lib/liba.so" },
	  { V3 "liba.so", V2 "liba.so", "usr/lib/liba.so" },
	  .expected = "/usr/lib/liba.so",
	  .rule = LIBRARY_CACHE },
	{ "and of levels the lowest",
	  { V3 "liba.so", V2 "liba.so" },
	  { V3 "liba.so", V2 "liba.so" },
	  .expected = V2 "liba.so",
	  .rule = LIBRARY_CACHE },
	{ "a level that is none is not taken",
	  { "/opt/glibc-hwcaps/x86-64-v2b/liba.so", "/opt/glibc-hwcaps/power9/liba.so" },
	  { "opt/glibc-hwcaps/x86-64-v2b/liba.so", "opt/glibc-hwcaps/power9/liba.so" },
	  .rule = LIBRARY_NOT_FOUND },
	{ "without the default directories",
	  { "/usr/lib/liba.so", "/usr/lib/x86_64-linux-gnu/liba.so",
	    "/usr/lib/more/liba.so" },
	  { "usr/lib/liba.so", "usr/lib/x86_64-linux-gnu/liba.so",
	    "usr/lib/more/liba.so" },
	  .flags_1 = DF_1_NODEFLIB,
	  .expected = "/usr/lib/more/liba.so",
	  .rule = LIBRARY_CACHE },
	{ "a cache that is out of date",
	  { "/opt/liba.so" },
	  { "usr/lib/liba.so" },
	  .expected = "/usr/lib/liba.so",
	  .rule = LIBRARY_DEFAULT },
	{ "ld.so.conf is not read beside a cache",
	  { "/opt/gone/liba.so" },
	  { "conf/liba.so" },
	  .rule = LIBRARY_NOT_FOUND },
};

struct cache {
	unsigned char bytes[8192];
	size_t entries, strings;
};

static void put_u32(struct cache *cache, size_t at, size_t value)
{
	for (int i = 0; i < 4; i++)
		cache->bytes[at + (size_t)i] = (unsigned char)(value >> 8 * i);
}

static size_t put_string(struct cache *cache, const char *string)
{
	size_t at = cache->strings, size = strlen(string) + 1;
	ck_assert_uint_le(at + size, sizeof(cache->bytes));
	memcpy(cache->bytes + at, string, size);
	cache->strings += size;
	return at;
}

static void put_entry(struct cache *cache, const char *name, const char *path)
{
	size_t at = 48 + 24 * cache->entries++;
	put_u32(cache, at, 0x0303);
	put_u32(cache, at + 4, put_string(cache, name));
	put_u32(cache, at + 8, put_string(cache, path));
}

static void write_cache(const char *top, struct cache *cache)
{
	char path[PATH_MAX];
	memcpy(cache->bytes, "glibc-ld.so.cache1.1", 20);
	put_u32(cache, 20, cache->entries);
	cache->bytes[28] = 2; /* little-endian */
	snprintf(path, sizeof(path), "%s/etc/ld.so.cache", top);
	tree_write(path, cache->bytes, cache->strings);
}

static void write_object(const char *top, const char *name, const struct dynamic_elf *elf)
{
	char path[PATH_MAX];
	snprintf(path, sizeof(path), "%s/%s", top, name + (*name == '/'));
	dynamic_elf_write(path, elf);
}

/* The program in the root, which needs liba.so alone. */
static struct libraries load(struct root *root)
{
	struct usdtinfo_image *image;
	struct libraries libraries;
	struct library_settings settings = { 0 };
	ck_assert_int_eq(image_open(root, "/bin/p", 0, &image, NULL), 0);
	ck_assert_int_eq(libraries_load(&settings, image, "/bin/p", &libraries, NULL), 0);
	usdtinfo_image_close(image);
	ck_assert_uint_eq(libraries.count, 2);
	return libraries;
}

static void check(const char *what, const char *top, const char *expected,
                  enum library_rule rule)
{
	struct root root;
	ck_assert_int_eq(root_init(&root, top, NULL), 0);
	struct libraries libraries = load(&root);
	const char *path = libraries.items[1].path;
	ck_assert_msg(path ? expected && strcmp(path, expected) == 0 : !expected,
	              "%s: %s, not %s", what, path, expected);
	ck_assert_msg(libraries.items[1].rule == rule, "%s: %s", what,
	              library_rule_name(libraries.items[1].rule));
	libraries_deinit(&libraries);
	root_deinit(&root);
}

START_TEST(finds_libraries)
{
	static const struct dynamic_elf library;
	struct dynamic_elf program = { { "liba.so" }, .flags_1 = cases[_i].flags_1 };
	struct cache cache = { .strings = 1024 };
	const struct tree_entry conf = { "etc/ld.so.conf", .content = "/conf\n" };
	char *top = tree_make(&conf, 1);
	write_object(top, "bin/p", &program);
	for (size_t i = 0; i < ROWS && cases[_i].files[i]; i++)
		write_object(top, cases[_i].files[i], &library);
	put_entry(&cache, "libb.so", "/opt/libb.so");
	for (size_t i = 0; i < ROWS && cases[_i].cache[i]; i++)
		put_entry(&cache, "liba.so", cases[_i].cache[i]);
	write_cache(top, &cache);
	check(cases[_i].what, top, cases[_i].expected, cases[_i].rule);
	tree_remove(top);
}
END_TEST

/* One name any number of times: only so many are tried. */
START_TEST(limits_what_is_tried)
{
	static const struct dynamic_elf program = { { "liba.so" } }, library;
	for (unsigned before = 63; before <= 64; before++) {
		struct cache cache = { .strings = 4096 };
		char *top = tree_make(NULL, 0);
		write_object(top, "bin/p", &program);
		write_object(top, "opt/liba.so", &library);
		for (unsigned i = 0; i < before; i++)
			put_entry(&cache, "liba.so", "/no/liba.so");
		put_entry(&cache, "liba.so", "/opt/liba.so");
		write_cache(top, &cache);
		if (before < 64)
			check("the last that is tried", top, "/opt/liba.so",
			      LIBRARY_CACHE);
		else
			check("one that is not", top, NULL, LIBRARY_NOT_FOUND);
		tree_remove(top);
	}
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("library_cache");
	tcase_add_loop_test(tcase, finds_libraries, 0, ARRAY_SIZE(cases));
	tcase_add_test(tcase, limits_what_is_tried);
	return unit_run("library_cache", tcase);
}
