/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The two layouts of ld.so.cache, alone and together, in both byte orders, torn apart. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "find/linker/ld_cache.h"
#include "unit.h"
#include "usdtinfo.h"

struct bytes {
	unsigned char at[4096];
	size_t size;
	bool big;
};

static void put_u32(struct bytes *bytes, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		bytes->at[bytes->size++] = (unsigned char)(value >>
		                                           8 * (bytes->big ? 3 - i : i));
}

static void put(struct bytes *bytes, const void *data, size_t size)
{
	memcpy(bytes->at + bytes->size, data, size);
	bytes->size += size;
}

static void put_zeros(struct bytes *bytes, size_t size)
{
	memset(bytes->at + bytes->size, 0, size);
	bytes->size += size;
}

static const struct {
	const char *name, *path;
} rows[] = {
	{ "libpython3.11.so.1.0", "/usr/lib/libpython3.11.so.1.0" },
	{ "libb.so", "/usr/lib64/glibc-hwcaps/x86-64-v3/libb.so" },
	{ "libb.so", "/usr/lib64/libb.so" },
	{ "liba.so", "/usr/lib/liba.so" },
};

static void put_strings(struct bytes *bytes)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		put(bytes, rows[i].name, strlen(rows[i].name) + 1);
		put(bytes, rows[i].path, strlen(rows[i].path) + 1);
	}
}

/* Entries that point at the strings, which begin at @strings. */
static void put_entries(struct bytes *bytes, size_t strings, size_t extra)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		put_u32(bytes, 0x0303);
		put_u32(bytes, (uint32_t)strings);
		strings += strlen(rows[i].name) + 1;
		put_u32(bytes, (uint32_t)strings);
		strings += strlen(rows[i].path) + 1;
		put_zeros(bytes, extra);
	}
}

static void put_new(struct bytes *bytes, unsigned char flags)
{
	put(bytes, "glibc-ld.so.cache1.1", 20);
	put_u32(bytes, ARRAY_SIZE(rows));
	put_u32(bytes, 1000);
	put(bytes, &flags, 1);
	put_zeros(bytes, 19);
	put_entries(bytes, 48 + 24 * ARRAY_SIZE(rows), 12);
	put_strings(bytes);
}

static void put_old(struct bytes *bytes, unsigned count)
{
	put(bytes, "ld.so-1.7.0\0", 12);
	put_u32(bytes, count);
}

static void make_new(struct bytes *bytes)
{
	put_new(bytes, 0);
}

static void make_new_marked(struct bytes *bytes)
{
	put_new(bytes, bytes->big ? 3 : 2);
}

static void make_old(struct bytes *bytes)
{
	put_old(bytes, ARRAY_SIZE(rows));
	put_entries(bytes, 0, 0);
	put_strings(bytes);
}

static void make_both(struct bytes *bytes)
{
	put_old(bytes, 2);
	put_zeros(bytes, 24);
	put_new(bytes, 0);
}

static void make_both_odd(struct bytes *bytes)
{
	put_old(bytes, 1);
	put_zeros(bytes, 16);
	put_new(bytes, 0);
}

static const struct {
	const char *what;
	void (*make)(struct bytes *bytes);
	bool big, asked_big;
} layouts[] = {
	{ "new", make_new, false, false },
	{ "new, big-endian", make_new, true, true },
	{ "new, marked little-endian", make_new_marked, false, true },
	{ "new, marked big-endian", make_new_marked, true, false },
	{ "old", make_old, false, false },
	{ "old, big-endian", make_old, true, true },
	{ "new after old", make_both, false, false },
	{ "new after old, an odd count", make_both_odd, true, true },
};

static struct bytes make(int i)
{
	struct bytes bytes = { .big = layouts[i].big };
	layouts[i].make(&bytes);
	return bytes;
}

START_TEST(finds_names)
{
	struct bytes bytes = make(_i);
	struct ld_cache cache;
	size_t count;
	int r = ld_cache_parse(&cache, (struct span){ bytes.at, bytes.size },
	                       layouts[_i].asked_big);
	ck_assert_msg(r == 0, "%s: refused", layouts[_i].what);
	const struct ld_cache_entry *found = ld_cache_find(&cache, text_of("libb.so"),
	                                                   &count);
	ck_assert_msg(found && count == 2, "%s: %zu of libb.so", layouts[_i].what, count);
	ck_assert_str_eq(found[0].path.at, rows[1].path);
	ck_assert_str_eq(found[1].path.at, rows[2].path);
	found = ld_cache_find(&cache, text_of(rows[0].name), &count);
	ck_assert_msg(found && count == 1, "%s: %s", layouts[_i].what, rows[0].name);
	ck_assert_str_eq(found->path.at, rows[0].path);
	ck_assert_ptr_null(ld_cache_find(&cache, text_of("libb.s"), &count));
	ck_assert_uint_eq(count, 0);
	ld_cache_deinit(&cache);
}
END_TEST

/* On the heap, so that a sanitizer sees each byte beyond the end. */
static int parse_copy(const struct bytes *bytes, size_t size, bool big)
{
	unsigned char *copy = malloc(size ? size : 1);
	struct ld_cache cache;
	size_t count;
	memcpy(copy, bytes->at, size);
	int r = ld_cache_parse(&cache, (struct span){ copy, size }, big);
	if (r == 0)
		ld_cache_find(&cache, text_of("libb.so"), &count);
	ld_cache_deinit(&cache);
	free(copy);
	return r;
}

START_TEST(survives_damage)
{
	struct bytes bytes = make(_i);
	for (size_t size = 0; size < bytes.size; size++)
		parse_copy(&bytes, size, layouts[_i].asked_big);
	ck_assert_int_eq(parse_copy(&bytes, 16, layouts[_i].asked_big),
	                 USDTINFO_E_DAMAGED);
	ck_assert_int_eq(parse_copy(&bytes, 14, layouts[_i].asked_big),
	                 USDTINFO_E_DAMAGED);
	for (size_t at = 0; at < bytes.size; at++) {
		unsigned char kept = bytes.at[at];
		bytes.at[at] = (unsigned char)(kept ^ 0xff);
		parse_copy(&bytes, bytes.size, layouts[_i].asked_big);
		bytes.at[at] = kept;
	}
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("ld_cache");
	tcase_add_loop_test(tcase, finds_names, 0, ARRAY_SIZE(layouts));
	tcase_add_loop_test(tcase, survives_damage, 0, ARRAY_SIZE(layouts));
	return unit_run("ld_cache", tcase);
}
