/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The walk over notes and the descriptor of a probe, on bytes written out by hand. */
#include <string.h>

#include "base/array.h"
#include "elf/object/notes.h"
#include "probe/note/descriptor.h"
#include "unit.h"

#define BYTES(literal)                                                                   \
	{                                                                                \
		(const unsigned char *)(literal), sizeof(literal) - 1                    \
	}
#define OWNER "stapsdt\0"
/* Header words of a note with an owner of eight bytes and a descriptor of four. */
#define LITTLE "\x08\0\0\0\x04\0\0\0\x03\0\0\0"
#define BIG    "\0\0\0\x08\0\0\0\x04\0\0\0\x03"

static const struct {
	const char *what;
	struct span area;
	uint64_t alignment;
	bool big_endian;
	int notes;      /* how many come out */
	bool is_broken; /* and whether the walk ends in a complaint */
} walks[] = {
	{ "nothing", BYTES(""), 4, false, 0, false },
	{ "one", BYTES(LITTLE OWNER "abcd"), 4, false, 1, false },
	{ "one, big-endian", BYTES(BIG OWNER "abcd"), 4, true, 1, false },
	{ "one in the other byte order", BYTES(BIG OWNER "abcd"), 4, false, 0, true },
	{ "two", BYTES(LITTLE OWNER "abcd" LITTLE OWNER "abcd"), 4, false, 2, false },
	{ "zeros behind", BYTES(LITTLE OWNER "abcd\0\0\0\0\0\0"), 4, false, 1, false },
	{ "stray bytes behind", BYTES(LITTLE OWNER "abcd\0\1\0"), 4, false, 1, true },
	{ "header cut", BYTES("\x08\0\0\0\x04\0\0\0\x03\0\0"), 4, false, 0, true },
	{ "owner past the end", BYTES("\xff\0\0\0\x04\0\0\0\x03\0\0\0" OWNER), 4, false,
	  0, true },
	{ "owner enormous", BYTES("\xff\xff\xff\xff\x04\0\0\0\x03\0\0\0" OWNER), 4, false,
	  0, true },
	{ "descriptor past the end", BYTES(LITTLE OWNER "abc"), 4, false, 0, true },
	{ "descriptor enormous",
	  BYTES("\x08\0\0\0\xff\xff\xff\xff\x03\0\0\0" OWNER "abcd"), 4, false, 0, true },
	{ "last padding missing", BYTES("\x08\0\0\0\x03\0\0\0\x03\0\0\0" OWNER "abc"), 4,
	  false, 1, false },
	{ "owner without NUL", BYTES("\x07\0\0\0\x04\0\0\0\x03\0\0\0stapsdt\0abcd"), 4,
	  false, 1, false },
	{ "padded to eight",
	  BYTES(LITTLE OWNER "\0\0\0\0abcd\0\0\0\0" LITTLE OWNER "\0\0\0\0abcd\0\0\0\0"),
	  8, false, 2, false },
	{ "alignment 1 means 4", BYTES(LITTLE OWNER "abcd" LITTLE OWNER "abcd"), 1, false,
	  2, false },
	{ "alignment 16 means 4", BYTES(LITTLE OWNER "abcd" LITTLE OWNER "abcd"), 16,
	  false, 2, false },
};

START_TEST(walks_notes)
{
	struct note_walk walk;
	struct note note;
	const char *reason = NULL;
	int r, count = 0;
	note_walk_init(&walk, walks[_i].area, walks[_i].alignment, walks[_i].big_endian);
	while ((r = note_walk_next(&walk, &note, &reason)) > 0) {
		count++;
		ck_assert_msg(text_equal(note.owner, text_of("stapsdt")), "%s: owner",
		              walks[_i].what);
		ck_assert_msg(note.type == 3, "%s: type %u", walks[_i].what, note.type);
		ck_assert_msg(memcmp(note.descriptor.at, "abcd", note.descriptor.left) ==
		                      0,
		              "%s: descriptor", walks[_i].what);
	}
	ck_assert_msg(count == walks[_i].notes, "%s: %d notes", walks[_i].what, count);
	ck_assert_msg((r < 0) == walks[_i].is_broken, "%s: ends with %d", walks[_i].what,
	              r);
	ck_assert_msg((r < 0) == (reason != NULL), "%s: reason", walks[_i].what);
	ck_assert_int_eq(note_walk_next(&walk, &note, &reason), 0);
}
END_TEST

static const struct {
	const char *what;
	struct span area;
	uint64_t declared;
	unsigned alignment;
} alignments[] = {
	{ "4 as declared", BYTES(LITTLE OWNER "abcd"), 4, 4 },
	{ "8 as declared", BYTES(LITTLE OWNER "\0\0\0\0abcd\0\0\0\0"), 8, 8 },
	{ "declared 8, padded to 4", BYTES(LITTLE OWNER "abcd" LITTLE OWNER "abcd"), 8,
	  4 },
	{ "broken either way", BYTES("\xff\0\0\0"), 8, 8 },
	{ "odd", BYTES(LITTLE OWNER "abcd"), 2, 4 },
};

START_TEST(finds_alignment)
{
	unsigned alignment = notes_alignment(alignments[_i].area, alignments[_i].declared,
	                                     false);
	ck_assert_msg(alignment == alignments[_i].alignment, "%s: %u",
	              alignments[_i].what, alignment);
}
END_TEST

#define ADDRESSES8                                                                       \
	"\1\0\0\0\0\0\0\x80"                                                             \
	"\2\0\0\0\0\0\0\0"                                                               \
	"\3\0\0\0\0\0\0\0"
#define ADDRESSES4                                                                       \
	"\1\0\0\0"                                                                       \
	"\2\0\0\0"                                                                       \
	"\3\0\0\0"
#define ADDRESSES4_BIG                                                                   \
	"\0\0\0\1"                                                                       \
	"\0\0\0\2"                                                                       \
	"\0\0\0\3"

static const struct {
	const char *what;
	struct span bytes;
	unsigned address_size;
	bool big_endian;
	enum descriptor_flaw flaw;
	uint64_t location;
	const char *provider, *name, *arguments;
	size_t argument_size;
} descriptors[] = {
	{ "64-bit", BYTES(ADDRESSES8 "p\0n\0-4@%edi\0"), 8, false, DESCRIPTOR_SOUND,
	  0x8000000000000001, "p", "n", "-4@%edi", 7 },
	{ "32-bit", BYTES(ADDRESSES4 "p\0n\0\0"), 4, false, DESCRIPTOR_SOUND, 1, "p", "n",
	  "", 0 },
	{ "big-endian", BYTES(ADDRESSES4_BIG "p\0n\0\0"), 4, true, DESCRIPTOR_SOUND, 1,
	  "p", "n", "", 0 },
	{ "empty names", BYTES(ADDRESSES4 "\0\0\0"), 4, false, DESCRIPTOR_SOUND, 1, "",
	  "", "", 0 },
	{ "zeros behind", BYTES(ADDRESSES4 "p\0n\0a\0\0\0\0"), 4, false, DESCRIPTOR_SOUND,
	  1, "p", "n", "a", 1 },
	{ "bytes behind", BYTES(ADDRESSES4 "p\0n\0a\0\0x"), 4, false,
	  DESCRIPTOR_TRAILING_BYTES, 1, "p", "n", "a", 1 },
	{ "arguments without end", BYTES(ADDRESSES4 "p\0n\0abc"), 4, false,
	  DESCRIPTOR_NOT_TERMINATED, 1, "p", "n", "abc", 3 },
	{ "no arguments at all", BYTES(ADDRESSES4 "p\0n\0"), 4, false,
	  DESCRIPTOR_NOT_TERMINATED, 1, "p", "n", "", 0 },
	{ "name without end", BYTES(ADDRESSES4 "p\0n"), 4, false, DESCRIPTOR_MALFORMED, 0,
	  NULL, NULL, NULL, 0 },
	{ "provider without end", BYTES(ADDRESSES4 "p"), 4, false, DESCRIPTOR_MALFORMED,
	  0, NULL, NULL, NULL, 0 },
	{ "addresses cut", BYTES("\1\0\0\0\2\0\0\0\3\0\0"), 4, false,
	  DESCRIPTOR_MALFORMED, 0, NULL, NULL, NULL, 0 },
	{ "nothing", BYTES(""), 8, false, DESCRIPTOR_MALFORMED, 0, NULL, NULL, NULL, 0 },
};

START_TEST(reads_descriptors)
{
	struct descriptor descriptor;
	descriptor_read(descriptors[_i].bytes, descriptors[_i].address_size,
	                descriptors[_i].big_endian, &descriptor);
	ck_assert_msg(descriptor.flaw == descriptors[_i].flaw, "%s: flaw %d",
	              descriptors[_i].what, descriptor.flaw);
	ck_assert_msg((descriptor.reason == NULL) ==
	                      (descriptor.flaw == DESCRIPTOR_SOUND),
	              "%s: reason", descriptors[_i].what);
	if (descriptor.flaw == DESCRIPTOR_MALFORMED)
		return;
	ck_assert_uint_eq(descriptor.location, descriptors[_i].location);
	ck_assert_uint_eq(descriptor.base, 2);
	ck_assert_uint_eq(descriptor.semaphore, 3);
	ck_assert_str_eq(descriptor.provider.at, descriptors[_i].provider);
	ck_assert_str_eq(descriptor.name.at, descriptors[_i].name);
	ck_assert_uint_eq(descriptor.arguments.size, descriptors[_i].argument_size);
	ck_assert_int_eq(memcmp(descriptor.arguments.at, descriptors[_i].arguments,
	                        descriptor.arguments.size),
	                 0);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("notes");
	tcase_add_loop_test(tcase, walks_notes, 0, ARRAY_SIZE(walks));
	tcase_add_loop_test(tcase, finds_alignment, 0, ARRAY_SIZE(alignments));
	tcase_add_loop_test(tcase, reads_descriptors, 0, ARRAY_SIZE(descriptors));
	return unit_run("notes", tcase);
}
