/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Lines of maps, as the kernel writes them and as it would not. */
#include <string.h>

#include "base/array.h"
#include "find/process/maps.h"
#include "unit.h"

static const struct {
	const char *line; /* without its newline */
	struct mapping mapping;
	const char *path; /* NULL: none */
} good[] = {
	{ "00400000-0041f000 r--p 00000000 fe:00 248056                     /usr/bin/x",
	  { .start = 0x400000,
	    .end = 0x41f000,
	    .major = 0xfe,
	    .inode = 248056,
	    .readable = true },
	  "/usr/bin/x" },
	{ "7fc832f28000-7fc83307e000 r-xp 00026000 08:10 332835 /lib/libc.so.6",
	  { .start = 0x7fc832f28000,
	    .end = 0x7fc83307e000,
	    .offset = 0x26000,
	    .major = 8,
	    .minor = 0x10,
	    .inode = 332835,
	    .readable = true,
	    .executable = true },
	  "/lib/libc.so.6" },
	{ "10-20 rw-s 0 0:1 18446744073709551600 /dev/zero (deleted)",
	  { .start = 0x10,
	    .end = 0x20,
	    .minor = 1,
	    .inode = 18446744073709551600u,
	    .readable = true,
	    .writable = true,
	    .shared = true },
	  "/dev/zero (deleted)" },
	{ "10-20 ---p 00000000 00:00 0", { .start = 0x10, .end = 0x20 }, NULL },
	{ "10-20 ---p 00000000 00:00 0 ", { .start = 0x10, .end = 0x20 }, NULL },
	{ "10-20 r-xp 0 00:00 0    [vdso]",
	  { .start = 0x10, .end = 0x20, .readable = true, .executable = true },
	  "[vdso]" },
	{ "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]",
	  { .start = 0xffffffffff600000, .end = 0xffffffffff601000, .executable = true },
	  "[vsyscall]" },
	{ "10-20 r--p 0 0:0 5 /a b  c",
	  { .start = 0x10, .end = 0x20, .inode = 5, .readable = true },
	  "/a b  c" },
	{ "10-20 r--p 0 0:0 5 /a\\012b\\012",
	  { .start = 0x10, .end = 0x20, .inode = 5, .readable = true },
	  "/a\nb\n" },
	{ "10-20 r--p 0 0:0 5 /a\\0112\\",
	  { .start = 0x10, .end = 0x20, .inode = 5, .readable = true },
	  "/a\\0112\\" },
};

static const char *const bad[] = {
	"",
	" ",
	"10",
	"10-",
	"10-20",
	"10-20 r--p",
	"10-20 r--p 0 0:0",
	"10-20 r--p 0 0:0 ",
	"10-20 r--p 0 0:0 x",
	"10-20 r--p 0 00 5 /x",
	"10-20 r-p 0 0:0 5 /x",
	"20-10 r--p 0 0:0 5 /x",
	"10-10 r--p 0 0:0 5 /x",
	"g0-20 r--p 0 0:0 5 /x",
	"10 - 20 r--p 0 0:0 5 /x",
	"10000000000000000-20 r--p 0 0:0 5 /x",
	"10-20 r--p 0 100000000:0 5 /x",
	"10-20 r--p 0 0:0 99999999999999999999 /x",
};

static void fill(struct maps *maps, const char *text)
{
	*maps = (struct maps){ 0 };
	strbuf_add_string(&maps->bytes, text);
}

static void check_mapping(const struct mapping *got, size_t i)
{
	const struct mapping *want = &good[i].mapping;
	const char *line = good[i].line;
	ck_assert_msg(got->start == want->start && got->end == want->end &&
	                      got->offset == want->offset,
	              "'%s': addresses", line);
	ck_assert_msg(got->major == want->major && got->minor == want->minor &&
	                      got->inode == want->inode,
	              "'%s': file", line);
	ck_assert_msg(got->readable == want->readable &&
	                      got->writable == want->writable &&
	                      got->executable == want->executable &&
	                      got->shared == want->shared,
	              "'%s': permissions", line);
	ck_assert_msg(text_equal(got->path, text_of(good[i].path)) &&
	                      !got->path.at == !good[i].path,
	              "'%s': path '%s'", line, got->path.at);
	const char *code = strstr(line, "\\012");
	ck_assert_msg(!got->written.at == !code, "'%s': whether it is decoded", line);
	ck_assert_msg(!code || strcmp(got->written.at, strchr(line, '/')) == 0,
	              "'%s': written '%s'", line, got->written.at);
}

START_TEST(one_line)
{
	for (int newline = 0; newline < 2; newline++) {
		struct maps maps;
		struct usdtinfo_error err;
		fill(&maps, good[_i].line);
		if (newline)
			strbuf_add_char(&maps.bytes, '\n');
		ck_assert_msg(maps_parse(&maps, &err) == 0, "'%s': %s", good[_i].line,
		              err.text);
		ck_assert_uint_eq(maps.count, 1);
		check_mapping(&maps.items[0], (size_t)_i);
		maps_deinit(&maps);
	}
}
END_TEST

START_TEST(all_lines)
{
	struct maps maps = { 0 };
	struct usdtinfo_error err;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		strbuf_addf(&maps.bytes, "%s\n", good[i].line);
	ck_assert_int_eq(maps_parse(&maps, &err), 0);
	ck_assert_uint_eq(maps.count, ARRAY_SIZE(good));
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		check_mapping(&maps.items[i], i);
	maps_deinit(&maps);
}
END_TEST

START_TEST(by_address)
{
	struct maps maps = { 0 };
	ck_assert_ptr_null(maps_find(&maps, 0));
	fill(&maps,
	     "10-20 r--p 0 0:0 5 /a\n20-30 r--p 0 0:0 6 /b\n40-50 r--p 0 0:0 7 /c\n");
	ck_assert_int_eq(maps_parse(&maps, NULL), 0);
	for (uint64_t at = 0; at < 0x60; at++) {
		const struct mapping *found = maps_find(&maps, at);
		const char *want = at < 0x10   ? NULL
		                   : at < 0x20 ? "/a"
		                   : at < 0x30 ? "/b"
		                   : at < 0x40 ? NULL
		                   : at < 0x50 ? "/c"
		                               : NULL;
		ck_assert_msg(!found == !want, "0x%x", (unsigned)at);
		ck_assert_msg(!found || strcmp(found->path.at, want) == 0, "0x%x",
		              (unsigned)at);
	}
	maps_deinit(&maps);
}
END_TEST

START_TEST(no_line)
{
	struct maps maps = { 0 };
	ck_assert_int_eq(maps_parse(&maps, NULL), 0);
	ck_assert_uint_eq(maps.count, 0);
	maps_deinit(&maps);
}
END_TEST

START_TEST(not_a_line)
{
	struct maps maps;
	struct usdtinfo_error err;
	fill(&maps, good[0].line);
	strbuf_addf(&maps.bytes, "\n%s\n%s\n", bad[_i], good[1].line);
	int r = maps_parse(&maps, &err);
	ck_assert_msg(r == USDTINFO_E_DAMAGED, "'%s': %d", bad[_i], r);
	ck_assert_msg(err.offset == strlen(good[0].line) + 1, "'%s': at %d", bad[_i],
	              (int)err.offset);
	ck_assert_uint_eq(maps.count, 1);
	maps_deinit(&maps);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("maps");
	tcase_add_loop_test(tcase, one_line, 0, ARRAY_SIZE(good));
	tcase_add_test(tcase, all_lines);
	tcase_add_test(tcase, by_address);
	tcase_add_test(tcase, no_line);
	tcase_add_loop_test(tcase, not_a_line, 0, ARRAY_SIZE(bad));
	return unit_run("maps", tcase);
}
