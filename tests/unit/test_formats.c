/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The formats, byte by byte, and the details that each asks of the walk. */
#include <string.h>

#include "base/array.h"
#include "captured.h"
#include "output/list/writer.h"
#include "sample.h"
#include "unit.h"

#include "config.h"

#define ALL (USDTINFO_DETAIL_PLACE | USDTINFO_DETAIL_SITE | USDTINFO_DETAIL_ARGUMENTS)
#define ROW "\tNT_STAPSDT (SystemTap probe descriptors)\n"
#define HEAD                                                                             \
	"\nDisplaying notes found in: .note.stapsdt\n"                                   \
	"  Owner                Data size \tDescription\n"
#define READELF_PROBES                                                                   \
	HEAD "  stapsdt              0x0000003f" ROW "    Provider: python\n"            \
	     "    Name: gc__start\n"                                                     \
	     "    Location: 0x00000000004371c3, Base: 0x0000000000630ce2, "              \
	     "Semaphore: 0x00000000008d6bf6\n"                                           \
	     "    Arguments: -4@%ebx\n"                                                  \
	     "  stapsdt              0x0000003f" ROW "    Provider: python\n"            \
	     "    Name: gc__done\n"                                                      \
	     "    Location: 0x00000000004371c3, Base: 0x0000000000630ce2, "              \
	     "Semaphore: 0x0000000000000000\n"                                           \
	     "    Arguments: \n"                                                         \
	     "    Adjusted: Location: 0x00000000004370c3, "                              \
	     "Semaphore: 0x0000000000000000 (base moved by -0x100)\n"
#define READELF_UNPLACED                                                                 \
	HEAD "  stapsdt              0x00000016" ROW "    Provider: p\\xff\n"            \
	     "    Name: a\\x09b\\c\\x0a\n"                                               \
	     "    Location: 0x00000008, Base: 0x00000000, Semaphore: 0x00000000\n"       \
	     "    Arguments: \n"
#define LONG_PROBES                                                                      \
	"\npython:gc__start\n"                                                           \
	"  location    0x4371c3, .text+0x171c3, file offset 0x371c3, nop 90\n"           \
	"  semaphore   0x8d6bf6, file offset 0x2d6bf6\n"                                 \
	"  arg0        -4@%ebx             int32 in rbx\n"                               \
	"  arg1        8@-8+sv(%rip)       uint64 at sv - 8, one of 0x4010, 0x4020, "    \
	"cannot be resolved\n"                                                           \
	"  arg2        1@$-56              uint8 constant 200\n"                         \
	"  arg3        %ah                 uint64 (size assumed) in rax from bit 8 and " \
	"a "                                                                             \
	"second register that the note does not name, cannot be resolved\n"              \
	"  arg4        8@$arr+12           uint64 address of arr + 12 = 0x404c\n"        \
	"  arg5        16f@?               long double not understood\n"                 \
	"\npython:gc__done\n"                                                            \
	"  location    0x4370c3, .text+0x171c3, file offset 0x371c3, nop 90\n"           \
	"  base moved  by -0x100: the note has location 0x4371c3\n"
#define LONG_UNPLACED                                                                    \
	"\np\\xff:a\\x09b\\c\\x0a\n"                                                     \
	"  location    .text.f+0x8, no bytes in the file\n"                              \
	"  semaphore   p_a_semaphore\n"                                                  \
	"\nwarning: no .stapsdt.base [base-missing]\n"

static const struct {
	const char *what, *format;
	struct output_options options;
	unsigned details; /* asked of the walk */
	const char *text;
} cases[] = {
	{ "one file", "readelf", { 0 }, 0, READELF_PROBES READELF_UNPLACED },
	{ "several files",
	  "readelf",
	  { .show_file_names = true },
	  0,
	  "\nFile: /usr/bin/prog\n" READELF_PROBES "\nFile: a\\x1b.o\n" READELF_UNPLACED
	  "\nFile: README\\xff\n" },
	{ "a tree",
	  "readelf",
	  { .show_file_names = true, .hide_empty_files = true },
	  0,
	  "\nFile: /usr/bin/prog\n" READELF_PROBES
	  "\nFile: a\\x1b.o\n" READELF_UNPLACED },
	{ "never in colour",
	  "readelf",
	  { .color = true },
	  0,
	  READELF_PROBES READELF_UNPLACED },
	{ "blocks",
	  "long",
	  { 0 },
	  ALL,
	  "/usr/bin/prog: x86_64, 64-bit little-endian, exec, build-id "
	  "aabb01\n" LONG_PROBES "\na\\x1b.o: ppc, 32-bit big-endian, rel\n" LONG_UNPLACED
	  "\nREADME\\xff: no ELF file\n" },
	{ "blocks of a tree",
	  "long",
	  { .hide_empty_files = true, .details = USDTINFO_DETAIL_SOURCE },
	  ALL | USDTINFO_DETAIL_SOURCE,
	  "/usr/bin/prog: x86_64, 64-bit little-endian, exec, build-id "
	  "aabb01\n" LONG_PROBES
	  "\na\\x1b.o: ppc, 32-bit big-endian, rel\n" LONG_UNPLACED },
	{ "names",
	  "names",
	  { 0 },
	  0,
	  "python:gc__done\npython:gc__start\np\\xff:a\\x09b\\c\\x0a\n" },
	{ "default columns",
	  "tsv",
	  { 0 },
	  USDTINFO_DETAIL_PLACE,
	  "PROVIDER\tNAME\tLOCATION\tSEMAPHORE\tARGS\n"
	  "python\tgc__start\t0x4371c3\t0x8d6bf6\t-4@%ebx\n"
	  "python\tgc__done\t0x4370c3\t\t\n"
	  "p\\xff\ta\\tb\\\\c\\n\t.text.f+0x8\tp_a_semaphore\t\n" },
	{ "columns asked for",
	  "tsv",
	  { .columns = "path,delta,location_raw,base,semaphore_raw,note,machine,class,"
	               "buildid",
	    .no_headings = true },
	  0,
	  "/usr/bin/"
	  "prog\t0x0\t0x4371c3\t0x630ce2\t0x8d6bf6\t0x66a5bc\tx86_64\t64\taabb01\n"
	  "/usr/bin/prog\t-0x100\t0x4371c3\t0x630ce2\t\t0x66a5bc\tx86_64\t64\taabb01\n"
	  "a\\x1b.o\t0x0\t0x8\t0x0\t\t0x40\tppc\t32\t\n" },
	{ "columns of all details",
	  "tsv",
	  { .columns = "offset,semoffset,section,secoffset,site,sitebytes,argc,types" },
	  ALL,
	  "OFFSET\tSEMOFFSET\tSECTION\tSECOFFSET\tSITE\tSITEBYTES\tARGC\tTYPES\n"
	  "0x371c3\t0x2d6bf6\t.text\t0x171c3\tnop\t90\t6\t"
	  "int32,uint64,uint8,uint64,uint64,long double\n"
	  "0x371c3\t\t.text\t0x171c3\tnop\t90\t0\t\n"
	  "\t\t.text.f\t0x8\tunavailable\t\t0\t\n" },
#if HAVE_SMARTCOLS
	{ "table",
	  "table",
	  { .show_file_names = true },
	  USDTINFO_DETAIL_PLACE,
	  "PATH          PROVIDER NAME            LOCATION     SEMAPHORE ARGS\n"
	  "/usr/bin/prog python   gc__start       0x4371c3      0x8d6bf6 -4@%ebx\n"
	  "/usr/bin/prog python   gc__done        0x4370c3               \n"
	  "a\\x1b.o       p\\xff    a\\x09b\\c\\x0a .text.f+0x8 p_a_semaphore \n" },
	{ "table without headings",
	  "table",
	  { .columns = "name,argc", .no_headings = true },
	  USDTINFO_DETAIL_ARGUMENTS,
	  "gc__start       6\ngc__done        0\na\\x09b\\c\\x0a    0\n" },
#endif
};

START_TEST(writes)
{
	struct captured *captured = captured_new();
	struct usdtinfo_error err;
	const struct writer_ops *ops = writer_find(cases[_i].format);
	ck_assert_ptr_nonnull(ops);
	struct writer *writer = writer_open(ops, &captured->stream, &cases[_i].options,
	                                    &err);
	ck_assert_msg(writer, "%s: %s", cases[_i].what, err.text);
	ck_assert_msg(writer->details == cases[_i].details, "%s: details %#x",
	              cases[_i].what, writer->details);
	sample_write(writer);
	writer_close(writer);
	char *text = captured_text(captured, NULL);
	ck_assert_msg(strcmp(text, cases[_i].text) == 0, "%s, %s: expected\n%s\ngot\n%s",
	              cases[_i].format, cases[_i].what, cases[_i].text, text);
	free(text);
}
END_TEST

/* What stays of a text without its colours. */
static void drop_sgr(char *text)
{
	char *to = text;
	for (const char *from = text; *from;) {
		if (*from == '\033') {
			from += strcspn(from, "m") + 1;
			continue;
		}
		*to++ = *from++;
	}
	*to = '\0';
}

static const char *const colored[] = {
	"long",
#if HAVE_SMARTCOLS
	"table",
#endif
};

START_TEST(color_adds_nothing_else)
{
	char *texts[2];
	const struct writer_ops *ops = writer_find(colored[_i]);
	for (int color = 0; color < 2; color++) {
		struct captured *captured = captured_new();
		struct output_options options = { .color = color };
		struct usdtinfo_error err;
		struct writer *writer = writer_open(ops, &captured->stream, &options,
		                                    &err);
		ck_assert_ptr_nonnull(writer);
		sample_write(writer);
		writer_close(writer);
		texts[color] = captured_text(captured, NULL);
	}
	ck_assert_msg(!strchr(texts[0], '\033'), "%s: colour unasked", colored[_i]);
	ck_assert_msg(strchr(texts[1], '\033'), "%s: no colour", colored[_i]);
	drop_sgr(texts[1]);
	ck_assert_str_eq(texts[0], texts[1]);
	free(texts[0]);
	free(texts[1]);
}
END_TEST

static const char *const with_columns[] = { "table", "tsv" };

START_TEST(refuses_unknown_columns)
{
	struct captured *captured = captured_new();
	struct output_options options = { .columns = "NAME,WRONG" };
	struct usdtinfo_error err = { 0 };
	ck_assert_ptr_null(writer_open(writer_find(with_columns[_i]), &captured->stream,
	                               &options, &err));
	ck_assert_int_eq(err.code, USDTINFO_E_ARGUMENT);
	ck_assert_int_ne(err.text[0], '\0');
	free(captured_text(captured, NULL));
}
END_TEST

/* A note that no section holds: readelf names the range of the segment. */
START_TEST(readelf_names_a_segment)
{
	struct captured *captured = captured_new();
	struct output_options options = { 0 };
	struct usdtinfo_error err;
	struct file_facts file = sample_exec();
	struct usdtinfo_probe probe = sample_probe(0);
	probe.note_section = (struct text){ 0 };
	struct writer *writer = writer_open(writer_find("readelf"), &captured->stream,
	                                    &options, &err);
	ck_assert_ptr_nonnull(writer);
	writer->ops->file_begin(writer, &file);
	writer->ops->probe(writer, &file, &probe);
	writer_close(writer);
	char *text = captured_text(captured, NULL);
	static const char heading[] = "\nDisplaying notes found at file offset "
				      "0x0066a5a0 with length 0x00000080:\n";
	ck_assert_msg(strncmp(text, heading, sizeof(heading) - 1) == 0, "%s", text);
	free(text);
}
END_TEST

START_TEST(finds_no_other)
{
	ck_assert_ptr_null(writer_find(""));
	ck_assert_ptr_null(writer_find("JSON"));
	for (const struct writer_ops *const *ops = writers; *ops; ops++)
		ck_assert_ptr_eq(writer_find((*ops)->name), *ops);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("formats");
	tcase_add_loop_test(tcase, writes, 0, ARRAY_SIZE(cases));
	tcase_add_loop_test(tcase, color_adds_nothing_else, 0, ARRAY_SIZE(colored));
	tcase_add_loop_test(tcase, refuses_unknown_columns, !HAVE_SMARTCOLS,
	                    ARRAY_SIZE(with_columns));
	tcase_add_test(tcase, readelf_names_a_segment);
	tcase_add_test(tcase, finds_no_other);
	return unit_run("formats", tcase);
}
