/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The linkers' rules, one row a layout, each in a root of its own. */
#include "base/array.h"
#include "dynamic_elf.h"
#include "find/linker/library.h"
#include "unit.h"

#define OBJECTS 6
#define TEXTS   3

#define GLIBC "/lib64/ld-linux-x86-64.so.2"
#define MUSL  "/lib/ld-musl-x86_64.so.1"

struct object {
	const char *path;
	struct dynamic_elf elf;
};

/* objects[0] is the program. EXPECTED: "name=path:rule", separated by blanks. */
static const struct {
	const char *what;
	struct object objects[OBJECTS];
	struct tree_entry texts[TEXTS];
	const char *first, *library_path, *expected;
} cases[] = {
	{ "a default directory",
	  { { "bin/p", { { "liba.so" }, .interpreter = GLIBC } }, { "usr/lib/liba.so" } },
	  .expected = "liba.so=/usr/lib/liba.so:8" },
	{ "multiarch comes before lib",
	  { { "bin/p", { { "liba.so" } } },
	    { "usr/lib/liba.so" },
	    { "usr/lib/x86_64-linux-gnu/liba.so" } },
	  .expected = "liba.so=/usr/lib/x86_64-linux-gnu/liba.so:8" },
	{ "lib64",
	  { { "bin/p", { { "liba.so" } } }, { "usr/lib64/liba.so" } },
	  .expected = "liba.so=/usr/lib64/liba.so:8" },
	{ "another machine is passed over",
	  { { "bin/p", { { "liba.so" } } },
	    { "lib64/liba.so", { .machine = EM_AARCH64 } },
	    { "usr/lib/liba.so" } },
	  .expected = "liba.so=/usr/lib/liba.so:8" },
	{ "another class is passed over",
	  { { "bin/p", { { "liba.so" } } },
	    { "lib64/liba.so", { .is32 = true } },
	    { "usr/lib/liba.so" } },
	  .expected = "liba.so=/usr/lib/liba.so:8" },
	{ "a 32-bit program",
	  { { "bin/p", { { "liba.so" }, .machine = EM_386, .is32 = true } },
	    { "usr/lib/liba.so" },
	    { "usr/lib/i386-linux-gnu/liba.so", { .machine = EM_386, .is32 = true } } },
	  .expected = "liba.so=/usr/lib/i386-linux-gnu/liba.so:8" },
	{ "only another machine: not found",
	  { { "bin/p", { { "liba.so" } } }, { "lib64/liba.so", { .machine = EM_386 } } },
	  .expected = "liba.so=!/lib64/liba.so:10" },
	{ "RPATH before LD_LIBRARY_PATH",
	  { { "bin/p", { { "liba.so" }, .rpath = "/r" } },
	    { "r/liba.so" },
	    { "l/liba.so" } },
	  .library_path = "/l",
	  .expected = "liba.so=/r/liba.so:3" },
	{ "LD_LIBRARY_PATH before RUNPATH",
	  { { "bin/p", { { "liba.so" }, .runpath = "/r" } },
	    { "r/liba.so" },
	    { "l/liba.so" } },
	  .library_path = "/l",
	  .expected = "liba.so=/l/liba.so:4" },
	{ "RUNPATH makes RPATH void",
	  { { "bin/p", { { "liba.so" }, .rpath = "/old", .runpath = "/new" } },
	    { "old/liba.so" },
	    { "new/liba.so" } },
	  .expected = "liba.so=/new/liba.so:5" },
	{ "RPATH is inherited",
	  { { "bin/p", { { "liba.so" }, .rpath = "/r" } },
	    { "r/liba.so", { { "libb.so" } } },
	    { "r/libb.so" } },
	  .expected = "liba.so=/r/liba.so:3 libb.so=/r/libb.so:3" },
	{ "RUNPATH is not inherited",
	  { { "bin/p", { { "liba.so" }, .runpath = "/r" } },
	    { "r/liba.so", { { "libb.so" } } },
	    { "r/libb.so" } },
	  .expected = "liba.so=/r/liba.so:5 libb.so=-:10" },
	{ "RPATH is not inherited by what has RUNPATH",
	  { { "bin/p", { { "liba.so" }, .rpath = "/r" } },
	    { "r/liba.so", { { "libb.so" }, .runpath = "/nothing" } },
	    { "r/libb.so" } },
	  .expected = "liba.so=/r/liba.so:3 libb.so=-:10" },
	{ "$ORIGIN of a program behind a link",
	  { { "opt/app/bin/p", { { "liba.so" }, .runpath = "$ORIGIN/../lib" } },
	    { "opt/app/lib/liba.so" } },
	  .texts = { { "bin/p", .target = "/opt/app/bin/p" } },
	  .expected = "liba.so=/opt/app/bin/../lib/liba.so:5" },
	{ "${ORIGIN} among others, in RPATH",
	  { { "bin/p", { { "liba.so" }, .rpath = "/none:${ORIGIN}/../r:/lib" } },
	    { "r/liba.so" } },
	  .expected = "liba.so=/bin/../r/liba.so:3" },
	{ "$ORIGIN of a library is the directory that it was found in",
	  { { "bin/p", { { "liba.so" }, .runpath = "/l" } },
	    { "real/liba-1.so", { { "libb.so" }, .runpath = "$ORIGIN" } },
	    { "l/libb.so" } },
	  .texts = { { "l/liba.so", .target = "/real/liba-1.so" } },
	  .expected = "liba.so=/l/liba.so:5 libb.so=/l/libb.so:5" },
	{ "$ORIGIN and a slash in DT_NEEDED",
	  { { "opt/bin/p", { { "$ORIGIN/../lib/liba.so" } } }, { "opt/lib/liba.so" } },
	  .expected = "$ORIGIN/../lib/liba.so=/opt/bin/../lib/liba.so:2" },
	{ "an absolute DT_NEEDED",
	  { { "bin/p", { { "/opt/liba.so" } } }, { "opt/liba.so" } },
	  .expected = "/opt/liba.so=/opt/liba.so:2" },
	{ "$LIB is one of several",
	  { { "bin/p", { { "liba.so" }, .runpath = "/opt/$LIB" } },
	    { "opt/lib64/liba.so" } },
	  .expected = "liba.so=/opt/lib64/liba.so:5" },
	{ "$PLATFORM",
	  { { "bin/p", { { "liba.so" }, .runpath = "/opt/$PLATFORM" } },
	    { "opt/x86_64/liba.so" } },
	  .expected = "liba.so=/opt/x86_64/liba.so:5" },
	{ "what looks like a token",
	  { { "bin/p", { { "liba.so" }, .runpath = "/opt/${ORIGIN/$OTHER" } },
	    { "opt/${ORIGIN/$OTHER/liba.so" } },
	  .expected = "liba.so=/opt/${ORIGIN/$OTHER/liba.so:5" },
	{ "ld.so.conf where there is no cache",
	  { { "bin/p", { { "liba.so", "libb.so", "libc.so.6" } } },
	    { "opt/one/liba.so" },
	    { "opt/two/libb.so" },
	    { "opt/one/libc.so.6" } },
	  .texts = { { "etc/ld.so.conf",
	               .content =
	                       "# own\n include ld.so.conf.d/*.conf \n/opt/one/ # c\n" },
	             { "etc/ld.so.conf.d/b.conf", .content = "/opt/two\nhwcap 0 x\n" },
	             { "etc/ld.so.conf.d/.hidden.conf", .content = "/opt/three\n" } },
	  .expected = "liba.so=/opt/one/liba.so:7 libb.so=/opt/two/libb.so:7 "
	              "libc.so.6=/opt/one/libc.so.6:7" },
	{ "what ld.so.conf includes, in the order of names",
	  { { "bin/p", { { "liba.so", "libb.so" } } },
	    { "opt/one/liba.so" },
	    { "opt/two/liba.so" },
	    { "opt/two/libb.so" } },
	  .texts = { { "etc/ld.so.conf.d/20.conf", .content = "/opt/two\n" },
	             { "etc/ld.so.conf.d/10.conf", .content = "/opt/one\n" },
	             { "etc/ld.so.conf",
	               .content = "include none/*.conf\tld.so.conf.d/*.conf" } },
	  .expected = "liba.so=/opt/one/liba.so:7 libb.so=/opt/two/libb.so:7" },
	{ "musl: needed by the name of its C library",
	  { { "bin/p", { { "libc.so" } } },
	    { "lib/libc.so", { { "liba.so" } } },
	    { "usr/local/lib/liba.so" } },
	  .expected = "libc.so=/lib/libc.so:8 liba.so=/usr/local/lib/liba.so:8" },
	{ "ld.so.conf that includes itself",
	  { { "bin/p", { { "liba.so" } } }, { "opt/one/liba.so" } },
	  .texts = { { "etc/ld.so.conf",
	               .content = "include ld.so.conf\ninclude /etc/*.conf\n/opt/one" } },
	  .expected = "liba.so=/opt/one/liba.so:7" },
	{ "a cache that is none counts as absent",
	  { { "bin/p", { { "liba.so" } } }, { "opt/one/liba.so" } },
	  .texts = { { "etc/ld.so.cache", .content = "garbage" },
	             { "etc/ld.so.conf", .content = "/opt/one\n" } },
	  .expected = "liba.so=/opt/one/liba.so:7" },
	{ "DF_1_NODEFLIB",
	  { { "bin/p",
	      { { "liba.so", "libb.so" }, .runpath = "/r", .flags_1 = DF_1_NODEFLIB } },
	    { "r/liba.so" },
	    { "usr/lib/libb.so" } },
	  .expected = "liba.so=/r/liba.so:5 libb.so=-:10" },
	{ "levels of processors: what all can run first",
	  { { "bin/p", { { "liba.so", "libb.so" } } },
	    { "usr/lib/liba.so" },
	    { "usr/lib/glibc-hwcaps/x86-64-v3/liba.so" },
	    { "usr/lib/glibc-hwcaps/x86-64-v3/libb.so" },
	    { "usr/lib/glibc-hwcaps/x86-64-v2/libb.so" } },
	  .expected = "liba.so=/usr/lib/liba.so:8 "
	              "libb.so=/usr/lib/glibc-hwcaps/x86-64-v2/libb.so:8" },
	{ "the linker itself",
	  { { "bin/p", { { "ld-linux-x86-64.so.2" }, .interpreter = GLIBC } },
	    { "usr/lib64/ld-linux-x86-64.so.2" } },
	  .texts = { { "lib64", .target = "usr/lib64" } },
	  .expected = "ld-linux-x86-64.so.2=" GLIBC ":9" },
	{ "one object under two names",
	  { { "bin/p", { { "liba.so.1", "liba.so" } } },
	    { "lib64/liba.so.1.0", { .soname = "liba.so.1" } } },
	  .texts = { { "lib64/liba.so.1", .target = "liba.so.1.0" },
	             { "lib64/liba.so", .target = "liba.so.1.0" } },
	  .expected = "liba.so.1=/lib64/liba.so.1:8" },
	{ "needed by each other",
	  { { "bin/p", { { "liba.so" } } },
	    { "lib/liba.so", { { "libb.so" } } },
	    { "lib/libb.so", { { "liba.so", "libb.so" } } } },
	  .expected = "liba.so=/lib/liba.so:8 libb.so=/lib/libb.so:8" },
	{ "breadth first",
	  { { "bin/p", { { "liba.so", "libb.so" } } },
	    { "lib/liba.so", { { "libc.so.6" } } },
	    { "lib/libb.so" },
	    { "lib/libc.so.6" } },
	  .expected = "liba.so=/lib/liba.so:8 libb.so=/lib/libb.so:8 "
	              "libc.so.6=/lib/libc.so.6:8" },
	{ "a directory before all others",
	  { { "build/p", { { "liba.so" }, .rpath = "/usr/lib" } },
	    { "usr/lib/liba.so" },
	    { "build/liba.so" } },
	  .first = "/build",
	  .expected = "liba.so=/build/liba.so:1" },
	{ "relative and empty elements lead nowhere in another root",
	  { { "bin/p", { { "liba.so", "./libb.so" }, .runpath = ":lib::." } },
	    { "liba.so" },
	    { "libb.so" } },
	  .expected = "liba.so=-:10 ./libb.so=-:10" },
	{ "a loop of links",
	  { { "bin/p", { { "liba.so" } } } },
	  .texts = { { "lib/liba.so", .target = "/usr/lib/liba.so" },
	             { "usr/lib/liba.so", .target = "/lib/liba.so" } },
	  .expected = "liba.so=-:10" },
	{ "not ELF",
	  { { "bin/p", { { "liba.so" } } } },
	  .texts = { { "lib/liba.so", .content = "/* GNU ld script */" } },
	  .expected = "liba.so=!/lib/liba.so:10" },
	{ "musl: default directories in its own order",
	  { { "bin/p", { { "liba.so" }, .interpreter = MUSL } },
	    { "usr/local/lib/liba.so" },
	    { "usr/lib/liba.so" } },
	  .expected = "liba.so=/usr/local/lib/liba.so:8" },
	{ "musl: the path file, no ld.so.conf",
	  { { "bin/p", { { "liba.so", "libb.so" }, .interpreter = MUSL } },
	    { "opt/b/liba.so" },
	    { "usr/lib/libb.so" } },
	  .texts = { { "etc/ld-musl-x86_64.path", .content = "/opt/a\n/opt/b:/opt/c\n" },
	             { "etc/ld.so.conf", .content = "/usr/lib\n" } },
	  .expected = "liba.so=/opt/b/liba.so:7 libb.so=-:10" },
	{ "musl: RUNPATH is inherited, the library path comes first",
	  { { "bin/p",
	      { { "liba.so" }, .interpreter = MUSL, .runpath = "$ORIGIN/../r" } },
	    { "r/liba.so", { { "libb.so" } } },
	    { "r/libb.so" },
	    { "l/libb.so" } },
	  .library_path = "/l",
	  .expected = "liba.so=/bin/../r/liba.so:5 libb.so=/l/libb.so:4" },
	{ "musl: its linker is the C library",
	  { { "bin/p",
	      { { "libc.musl-x86_64.so.1", "libpthread.so.0" }, .interpreter = MUSL } },
	    { "lib/ld-musl-x86_64.so.1" } },
	  .expected = "libc.musl-x86_64.so.1=" MUSL ":9" },
	{ "musl: no tokens in DT_NEEDED",
	  { { "opt/p", { { "$ORIGIN/liba.so" }, .interpreter = MUSL } },
	    { "opt/liba.so" } },
	  .expected = "$ORIGIN/liba.so=-:10" },
};

static void add_expected(struct strbuf *out, const struct library *library)
{
	strbuf_addf(out, "%s%s=%s%s:%d", out->size ? " " : "", library->name,
	            library->path       ? ""
	            : library->rejected ? "!"
	                                : "",
	            library->path       ? library->path
	            : library->rejected ? library->rejected
	                                : "-",
	            library->rule);
}

static void load(struct root *root, const char *path, int i, uint64_t places,
                 struct libraries *ret)
{
	struct library_settings settings = { .first = cases[i].first,
		                             .library_path = cases[i].library_path,
		                             .places = places };
	struct usdtinfo_image *image;
	struct usdtinfo_error err = { 0 };
	ck_assert_msg(image_open(root, path, 0, &image, &err) == 0, "%s: %s",
	              cases[i].what, err.text);
	int r = libraries_load(&settings, image, path, ret, &err);
	ck_assert_msg(r == 0, "%s: %s", cases[i].what, err.text);
	usdtinfo_image_close(image);
}

/* With one place less than it takes the list ends, and is no other as far as it goes. */
static void check_places(struct root *root, const char *path, int i)
{
	for (uint64_t places = 1;; places++) {
		struct libraries libraries;
		_cleanup_(strbuf_deinit) struct strbuf got = { 0 };
		load(root, path, i, places, &libraries);
		for (size_t n = 1; n < libraries.count; n++)
			add_expected(&got, &libraries.items[n]);
		const char *text = got.at ? got.at : "", *cut = libraries.cut;
		libraries_deinit(&libraries);
		ck_assert_msg(strncmp(cases[i].expected, text, strlen(text)) == 0,
		              "%s: %s", cases[i].what, text);
		ck_assert_msg(cut ? strstr(cut, "places") != NULL
		                  : strcmp(cases[i].expected, text) == 0,
		              "%s: %s", cases[i].what, cut);
		if (!cut)
			return;
		ck_assert_uint_lt(places, 1000);
	}
}

static void check_case(int i, struct root *root)
{
	const char *path = cases[i].texts[0].path;
	if (!path || !cases[i].texts[0].target || strcmp(path, "bin/p") != 0)
		path = cases[i].objects[0].path;
	_cleanup_(strbuf_deinit) struct strbuf absolute = { 0 };
	strbuf_addf(&absolute, "/%s", path);
	struct libraries libraries;
	load(root, absolute.at, i, 0, &libraries);
	_cleanup_(strbuf_deinit) struct strbuf got = { 0 };
	for (size_t n = 1; n < libraries.count; n++)
		add_expected(&got, &libraries.items[n]);
	ck_assert_msg(strcmp(got.at ? got.at : "", cases[i].expected) == 0, "%s: %s",
	              cases[i].what, got.at);
	ck_assert_ptr_null(libraries.cut);
	libraries_deinit(&libraries);
	check_places(root, absolute.at, i);
}

START_TEST(finds_libraries)
{
	char *top = tree_make(cases[_i].texts, 0);
	for (size_t n = 0; n < OBJECTS && cases[_i].objects[n].path; n++) {
		_cleanup_(strbuf_deinit) struct strbuf path = { 0 };
		strbuf_addf(&path, "%s/%s", top, cases[_i].objects[n].path);
		dynamic_elf_write(path.at, &cases[_i].objects[n].elf);
	}
	for (size_t n = 0; n < TEXTS && cases[_i].texts[n].path; n++)
		tree_add(top, &cases[_i].texts[n]);
	struct root root;
	ck_assert_int_eq(root_init(&root, top, NULL), 0);
	check_case(_i, &root);
	root.in_kernel = false;
	check_case(_i, &root);
	root_deinit(&root);
	tree_remove(top);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("library");
	tcase_add_loop_test(tcase, finds_libraries, 0, ARRAY_SIZE(cases));
	return unit_run("library", tcase);
}
