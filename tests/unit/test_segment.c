/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Addresses to segments to file offsets. */
#include <inttypes.h>

#include "base/array.h"
#include "elf/object/segment.h"
#include "unit.h"

/* Text a page away from its offset, as lld and mold lay it out; data with a .bss tail. */
static const struct segment layout[] = {
	{ 0x3000, 0x2000, 0x100, 0x800, PF_R | PF_W },
	{ 0x0, 0x0, 0x600, 0x600, PF_R },
	{ 0x1600, 0x600, 0x400, 0x400, PF_R | PF_X },
	{ 0xfffffffffffff000, 0x5000, 0x1000, 0x1000, PF_R },
};

static const struct {
	uint64_t address;
	bool found, in_file;
	uint64_t offset;
} lookups[] = {
	{ 0x0, true, true, 0x0 },
	{ 0x5ff, true, true, 0x5ff },
	{ 0x600, false, false, 0 },
	{ 0x15ff, false, false, 0 },
	{ 0x1600, true, true, 0x600 },
	{ 0x19ff, true, true, 0x9ff },
	{ 0x1a00, false, false, 0 },
	{ 0x3000, true, true, 0x2000 },
	{ 0x30ff, true, true, 0x20ff },
	{ 0x3100, true, false, 0 },
	{ 0x37ff, true, false, 0 },
	{ 0x3800, false, false, 0 },
	{ 0xfffffffffffff000, true, true, 0x5000 },
	{ 0xfffffffffffffffe, true, true, 0x5ffe },
};

START_TEST(finds_segments)
{
	struct segments segments = { 0 };
	for (size_t i = 0; i < ARRAY_SIZE(layout); i++)
		ck_assert(segments_add(&segments, &layout[i]));
	ck_assert(segments_sort(&segments));
	const struct segment *segment = segments_find(&segments, lookups[_i].address);
	ck_assert_msg((segment != NULL) == lookups[_i].found, "0x%" PRIx64 ": found",
	              lookups[_i].address);
	uint64_t offset = 0;
	bool in_file = segment && segment_offset(segment, lookups[_i].address, &offset);
	ck_assert_msg(in_file == lookups[_i].in_file, "0x%" PRIx64 ": in the file",
	              lookups[_i].address);
	ck_assert_uint_eq(offset, lookups[_i].offset);
	segments_deinit(&segments);
}
END_TEST

/* A header may say that a segment's bytes are where no file reaches. */
START_TEST(offsets_do_not_wrap_around)
{
	static const struct segment far = { 0x1000, UINT64_MAX - 0xf, 0x100, 0x100,
		                            PF_X };
	uint64_t offset = 0;
	ck_assert(segment_offset(&far, 0x100f, &offset));
	ck_assert_uint_eq(offset, UINT64_MAX);
	ck_assert(!segment_offset(&far, 0x1010, &offset));
	ck_assert_uint_eq(offset, UINT64_MAX);
}
END_TEST

START_TEST(overlap_goes_to_the_later)
{
	struct segments segments = { 0 };
	ck_assert(segments_add(&segments,
	                       &(struct segment){ 0x1000, 0, 0x3000, 0x3000, PF_R }));
	ck_assert(segments_add(&segments,
	                       &(struct segment){ 0x2000, 0x9000, 0x10, 0x10, PF_X }));
	ck_assert(segments_sort(&segments));
	ck_assert_uint_eq(segments_find(&segments, 0x2008)->offset, 0x9000);
	ck_assert_uint_eq(segments_find(&segments, 0x2010)->offset, 0);
	ck_assert_ptr_null(segments_find(&segments, 0x4000));
	segments_deinit(&segments);
}
END_TEST

START_TEST(many_overlaps_end)
{
	struct segments segments = { 0 };
	for (uint64_t i = 0; i < 60000; i++)
		ck_assert(segments_add(&segments, &(struct segment){ i, i, 1, 1, PF_X }));
	ck_assert(segments_add(&segments,
	                       &(struct segment){ 0, 7, UINT64_MAX, UINT64_MAX, PF_R }));
	ck_assert(segments_sort(&segments));
	for (uint64_t i = 0; i < 60000; i++)
		ck_assert_ptr_nonnull(segments_find(&segments, i));
	/* The enormous one starts too far back to be looked for. */
	ck_assert_ptr_null(segments_find(&segments, 70000));
	segments_deinit(&segments);
}
END_TEST

START_TEST(nothing_in_nothing)
{
	struct segments segments = { 0 };
	ck_assert(segments_sort(&segments));
	ck_assert_ptr_null(segments_find(&segments, 0));
	segments_deinit(&segments);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("segment");
	tcase_add_loop_test(tcase, finds_segments, 0, ARRAY_SIZE(lookups));
	tcase_add_test(tcase, offsets_do_not_wrap_around);
	tcase_add_test(tcase, overlap_goes_to_the_later);
	tcase_add_test(tcase, many_overlaps_end);
	tcase_add_test(tcase, nothing_in_nothing);
	return unit_run("segment", tcase);
}
