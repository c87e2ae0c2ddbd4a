/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Walking over archives made here: every form of name, tables, damage. */
#include "elf/container/archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "tree.h"
#include "unit.h"

/* A header: name, size, and what ends it. */
#define HEADER(name, size) name "0           0     0     100644  " size "`\n"

#define ARCHIVE "!<arch>\n"
#define THIN    "!<thin>\n"

static const struct {
	const char *name;
	const char *bytes;
	size_t size;
	const char *members; /* each followed by a space */
	const char *error;   /* NULL: it ends as it should */
} cases[] = {
#define ROW(name, bytes, members, error)                                                 \
	{                                                                                \
		name, bytes, sizeof(bytes) - 1, members, error                           \
	}
	ROW("no members", ARCHIVE, "", NULL),
	ROW("GNU name", ARCHIVE HEADER("a.o/            ", "2         ") "xx", "x(a.o) ",
	    NULL),
	ROW("System V name", ARCHIVE HEADER("a.o             ", "2         ") "xx",
	    "x(a.o) ", NULL),
	ROW("name with a space", ARCHIVE HEADER("a b.o/          ", "2         ") "xx",
	    "x(a b.o) ", NULL),
	ROW("odd size, padded",
	    ARCHIVE HEADER("a.o/            ",
	                   "1         ") "x\n" HEADER("b.o/            ", "0         "),
	    "x(a.o) x(b.o) ", NULL),
	ROW("odd size at the end, not padded",
	    ARCHIVE HEADER("a.o/            ", "1         ") "x", "x(a.o) ", NULL),
	ROW("GNU symbol tables and long names",
	    ARCHIVE HEADER("/               ", "4         ") "\0\0\0\0" HEADER(
		    "/SYM64/         ",
		    "2         ") "\0\0" HEADER("//              ",
	                                        "10        ") "one.o/\n2/\n" HEADER("/0  "
	                                                                            "    "
	                                                                            "    "
	                                                                            "   "
	                                                                            " ",
	                                                                            "0   "
	                                                                            "    "
	                                                                            "  ")
	            HEADER("/7              ", "0         "),
	    "x(one.o) x(2) ", NULL),
	ROW("long names that NULs end",
	    ARCHIVE HEADER("//              ", "8         ") "one.o\0t\0" HEADER(
		    "/6              ", "0         "),
	    "x(t) ", NULL),
	ROW("the last long name ends with its table",
	    ARCHIVE HEADER("//              ",
	                   "2         ") "ab" HEADER("/0              ", "0         "),
	    "x(ab) ", NULL),
	ROW("BSD names and symbol table",
	    ARCHIVE HEADER("#1/12           ", "14        ") "__.SYMDEF\0\0\0xx" HEADER(
		    "#1/4            ", "6         ") "ab\0\0xx",
	    "x(ab) ", NULL),
	ROW("BSD symbol table, short name",
	    ARCHIVE HEADER("__.SYMDEF       ", "0         ")
	            HEADER("__.SYMDEF SORTED", "0         ")
	                    HEADER("a.o             ", "0         "),
	    "x(a.o) ", NULL),
	ROW("thin: members have no bytes here",
	    THIN HEADER("//              ",
	                "4         ") "d/a/" HEADER("/0              ", "999       ")
	            HEADER("b.o/            ", "5         "),
	    "x[d/a] x[b.o] ", NULL),
	ROW("thin: member of an archive that is not there",
	    THIN HEADER("//              ", "12        ") "/nowhere/a/\n" HEADER(
		    "/0:8            ", "0         ")
	            HEADER("b.o/            ", "0         "),
	    "x[/nowhere/a] x[b.o] ", NULL),
	ROW("header cut", ARCHIVE HEADER("a.o/            ", "0         ") "b.o/",
	    "x(a.o) ", "damaged archive: it ends within a member's header at 0x44"),
	ROW("no header",
	    ARCHIVE HEADER("a.o/            ",
	                   "0         ") "???????????????????????????????????????????????"
	                                 "?????????????",
	    "x(a.o) ", "damaged archive: there is no member's header at 0x44"),
	ROW("size is no number", ARCHIVE HEADER("a.o/            ", "12x       "), "",
	    "damaged archive: the size of the member at 0x8 is no number"),
	ROW("size is negative", ARCHIVE HEADER("a.o/            ", "-1        "), "",
	    "damaged archive: the size of the member at 0x8 is no number"),
	ROW("size is missing", ARCHIVE HEADER("a.o/            ", "          "), "",
	    "damaged archive: the size of the member at 0x8 is no number"),
	ROW("size beyond the end", ARCHIVE HEADER("a.o/            ", "9999999999") "x",
	    "",
	    "damaged archive: the member at 0x8 has 9999999999 bytes, more than are left "
	    "of the file"),
	ROW("table of names beyond the end",
	    THIN HEADER("//              ", "99        ") "a/\n", "",
	    "damaged archive: the member at 0x8 has 99 bytes, more than are left of the "
	    "file"),
	ROW("long name without a table", ARCHIVE HEADER("/0              ", "0         "),
	    "", "damaged archive: the name of the member at 0x8 cannot be read"),
	ROW("long name beyond the table",
	    ARCHIVE HEADER("//              ",
	                   "2         ") "a\n" HEADER("/3              ", "0         "),
	    "", "damaged archive: the name of the member at 0x46 cannot be read"),
	ROW("long name's place is no number",
	    ARCHIVE HEADER("//              ",
	                   "2         ") "a\n" HEADER("/1z             ", "0         "),
	    "", "damaged archive: the name of the member at 0x46 cannot be read"),
	ROW("place in the other archive is no number",
	    THIN HEADER("//              ", "2         ") "a\n" HEADER("/0:             ",
	                                                               "0         "),
	    "", "damaged archive: the name of the member at 0x46 cannot be read"),
	ROW("BSD name longer than the member",
	    ARCHIVE HEADER("#1/9            ", "4         ") "abcd", "",
	    "damaged archive: the name of the member at 0x8 cannot be read"),
	ROW("BSD name's length is no number",
	    ARCHIVE HEADER("#1/x            ", "4         ") "abcd", "",
	    "damaged archive: the name of the member at 0x8 cannot be read"),
};

static struct usdtinfo_image *open_bytes(FILE *file, const void *bytes, size_t size)
{
	struct usdtinfo_image *image = NULL;
	struct usdtinfo_error err = { 0 };
	ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
	ck_assert_int_eq(fflush(file), 0);
	int r = image_open_fd(&root_host, "x", fileno(file), IMAGE_ARCHIVE, &image, &err);
	ck_assert_msg(r == 0, "%s", err.text);
	ck_assert(image->is_archive);
	return image;
}

START_TEST(members)
{
	struct archive archive;
	struct strbuf labels = { 0 };
	struct usdtinfo_error err = { 0 };
	FILE *file = tmpfile();
	archive_begin(&archive, open_bytes(file, cases[_i].bytes, cases[_i].size));
	int r;
	strbuf_add_string(&labels, "");
	while ((r = archive_next(&archive, &err)) > 0) {
		struct usdtinfo_image *image;
		strbuf_addf(&labels, "%s ", archive.label.at);
		ck_assert_int_lt(archive_open_member(&archive, &image, NULL), 0);
	}
	ck_assert_msg(r == (cases[_i].error ? USDTINFO_E_DAMAGED : 0), "%s: %s",
	              cases[_i].name, err.text);
	ck_assert_msg(strcmp(labels.at, cases[_i].members) == 0, "%s: '%s'",
	              cases[_i].name, labels.at);
	if (cases[_i].error)
		ck_assert_str_eq(err.text, cases[_i].error);
	archive_end(&archive);
	strbuf_deinit(&labels);
	fclose(file);
}
END_TEST

/* A name that never ends must not be looked through to the end for each member. */
START_TEST(endless_name)
{
	static char bytes[8 + 60 + 10000 + 60];
	memset(bytes, 'a', sizeof(bytes));
	memcpy(bytes, ARCHIVE HEADER("//              ", "10000     "), 68);
	memcpy(bytes + 10068, HEADER("/0              ", "0         "), 60);
	struct archive archive;
	struct usdtinfo_error err = { 0 };
	FILE *file = tmpfile();
	archive_begin(&archive, open_bytes(file, bytes, sizeof(bytes)));
	ck_assert_int_eq(archive_next(&archive, &err), USDTINFO_E_DAMAGED);
	ck_assert_str_eq(err.text, "damaged archive: the name of the member at 0x2754 "
	                           "cannot be read");
	archive_end(&archive);
	fclose(file);
}
END_TEST

/* Members of other archives, of which thin.a, itself thin, holds the names and places. */
#define NAMES(at)                                                                        \
	THIN HEADER("//              ",                                                  \
	            "20        ") "inner.a/\nother.a/\n\n\n" HEADER(at, "2         ")
#define MEMBER(name) ARCHIVE HEADER(name, "2         ") "xx"
#define NESTED_MAX   3

static const struct {
	const char *name;
	const char *thin, *inner, *other; /* NULL: no such file */
	/* Of each member: how its label ends, and what opening it says, after its path. */
	struct {
		const char *label, *error;
	} members[NESTED_MAX];
} nested[] = {
	{ "a member of another",
	  NAMES("/0:8            "),
	  MEMBER("a.o/            "),
	  NULL,
	  { { "/inner.a(a.o)]", "not an ELF file" } } },
	{ "of two others",
	  NAMES("/0:8            ") HEADER("/9:8            ", "2         ")
	          HEADER("/0:8            ", "2         "),
	  MEMBER("a.o/            "),
	  MEMBER("b.o/            "),
	  { { "/inner.a(a.o)]", "not an ELF file" },
	    { "/other.a(b.o)]", "not an ELF file" },
	    { "/inner.a(a.o)]", "not an ELF file" } } },
	{ "of one that is not there, and of one that is",
	  NAMES("/0:8            ") HEADER("/9:8            ", "2         "),
	  NULL,
	  MEMBER("b.o/            "),
	  { { "thin.a[inner.a]", "No such file or directory" },
	    { "/other.a(b.o)]", "not an ELF file" } } },
	{ "of what is no archive",
	  NAMES("/0:8            "),
	  "text",
	  NULL,
	  { { "thin.a[inner.a]", "inner.a: not an ELF file" } } },
	{ "at a place that has none",
	  NAMES("/0:6            "),
	  MEMBER("a.o/            "),
	  NULL,
	  { { "thin.a[inner.a]", "there is no member's header at 0x6" } } },
	{ "at the end",
	  NAMES("/0:70           "),
	  MEMBER("a.o/            "),
	  NULL,
	  { { "thin.a[inner.a]", "there is no member at 0x46 of inner.a" } } },
	{ "a table, which is no member",
	  NAMES("/0:8            "),
	  MEMBER("//              "),
	  NULL,
	  { { "thin.a[inner.a]", "there is no member at 0x8 of inner.a" } } },
	{ "of one that has it from a third",
	  NAMES("/0:88           "),
	  NAMES("/9:8            "),
	  MEMBER("b.o/            "),
	  { { "thin.a[inner.a]", "there is no member at 0x58 of inner.a" } } },
};

static void add_file(const char *top, const char *name, const char *content)
{
	const struct tree_entry entry = { name, .content = content };
	if (content)
		tree_add(top, &entry);
}

static void check_member(struct archive *archive, int i, size_t at)
{
	const char *label = nested[i].members[at].label;
	const char *error = nested[i].members[at].error;
	struct usdtinfo_image *image;
	struct usdtinfo_error err = { 0 };
	ck_assert_msg(label != NULL, "%s: %s, one too many", nested[i].name,
	              archive->label.at);
	size_t size = strlen(label), whole = archive->label.size;
	ck_assert_msg(whole >= size &&
	                      strcmp(archive->label.at + whole - size, label) == 0,
	              "%s: %s", nested[i].name, archive->label.at);
	ck_assert_int_lt(archive_open_member(archive, &image, &err), 0);
	ck_assert_msg(strstr(err.text, error) || strstr(strerror(err.sys_errno), error),
	              "%s: %s: %s", nested[i].name, archive->label.at, err.text);
}

START_TEST(members_of_others)
{
	char *top = tree_make(NULL, 0);
	struct root root;
	struct archive archive;
	struct usdtinfo_image *image;
	struct usdtinfo_error err = { 0 };
	size_t count = 0;
	add_file(top, "thin.a", nested[_i].thin);
	add_file(top, "inner.a", nested[_i].inner);
	add_file(top, "other.a", nested[_i].other);
	ck_assert_int_eq(root_init(&root, top, NULL), 0);
	ck_assert_int_eq(image_open(&root, "/thin.a", IMAGE_ARCHIVE, &image, NULL), 0);
	archive_begin(&archive, image);
	int r;
	while ((r = archive_next(&archive, &err)) > 0)
		check_member(&archive, _i, count++);
	ck_assert_msg(r == 0, "%s: %s", nested[_i].name, err.text);
	ck_assert(count == NESTED_MAX || !nested[_i].members[count].label);
	archive_end(&archive);
	root_deinit(&root);
	tree_remove(top);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("archive");
	tcase_add_loop_test(tcase, members_of_others, 0, ARRAY_SIZE(nested));
	tcase_add_loop_test(tcase, members, 0, ARRAY_SIZE(cases));
	tcase_add_test(tcase, endless_name);
	return unit_run("archive", tcase);
}
