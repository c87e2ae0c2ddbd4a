/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Load biases from mappings, as loaders make them and as they never would. */
#include <unistd.h>

#include "base/array.h"
#include "find/process/loaded.h"
#include "unit.h"

#define R  PF_R
#define RX (PF_R | PF_X)
#define RW (PF_R | PF_W)

struct piece {
	uint64_t start, end, offset;
	const char *permissions;
};

static const struct {
	const char *what;
	struct segment segments[4];
	struct piece pieces[8];
	uint64_t biases[3];
	size_t count;
} cases[] = {
	{ "a library of GNU ld's",
	  { { 0, 0, 0x5f0, 0x5f0, R },
	    { 0x1000, 0x1000, 0x200, 0x200, RX },
	    { 0x2000, 0x2000, 0xa0, 0xa0, R },
	    { 0x3e08, 0x2e08, 0x210, 0x218, RW } },
	  { { 0x7f0000000000, 0x7f0000001000, 0, "r--p" },
	    { 0x7f0000001000, 0x7f0000002000, 0x1000, "r-xp" },
	    { 0x7f0000002000, 0x7f0000003000, 0x2000, "r--p" },
	    { 0x7f0000003000, 0x7f0000004000, 0x2000, "r--p" },
	    { 0x7f0000004000, 0x7f0000005000, 0x3000, "rw-p" } },
	  { 0x7f0000000000 },
	  1 },
	{ "one of lld's, whose segments share pages of the file",
	  { { 0, 0, 0x6e4, 0x6e4, R },
	    { 0x16f0, 0x6f0, 0x1a0, 0x1a0, RX },
	    { 0x2890, 0x890, 0x1a0, 0x770, RW },
	    { 0x3a30, 0xa30, 0x8, 0x9, RW } },
	  { { 0x500000, 0x501000, 0, "r--p" },
	    { 0x501000, 0x502000, 0, "r-xp" },
	    { 0x502000, 0x503000, 0, "r--p" },
	    { 0x503000, 0x504000, 0, "rw-p" } },
	  { 0x500000 },
	  1 },
	{ "a program at its own address",
	  { { 0x400000, 0, 0x1e000, 0x1e000, R },
	    { 0x41f000, 0x1f000, 0x2ac000, 0x2ac000, RX } },
	  { { 0x400000, 0x41f000, 0, "r--p" }, { 0x41f000, 0x6cb000, 0x1f000, "r-xp" } },
	  { 0 },
	  1 },
	{ "one that was moved down",
	  { { 0xffffffff80000000, 0, 0x1000, 0x1000, RX } },
	  { { 0x10000, 0x11000, 0, "r-xp" } },
	  { 0x80010000 },
	  1 },
	{ "code of which a part was made writable and back",
	  { { 0, 0, 0x4000, 0x4000, RX } },
	  { { 0x10000, 0x11000, 0, "r-xp" },
	    { 0x11000, 0x12000, 0x1000, "rwxp" },
	    { 0x12000, 0x14000, 0x2000, "r-xp" } },
	  { 0x10000 },
	  1 },
	{ "loaded twice",
	  { { 0, 0, 0x1000, 0x1000, RX }, { 0x2000, 0x1000, 0x100, 0x100, RW } },
	  { { 0x10000, 0x11000, 0, "r-xp" },
	    { 0x12000, 0x13000, 0x1000, "rw-p" },
	    { 0x50000, 0x51000, 0, "r-xp" },
	    { 0x52000, 0x53000, 0x1000, "rw-p" } },
	  { 0x10000, 0x50000 },
	  2 },
	{ "mapped to be read beside",
	  { { 0, 0, 0x1000, 0x1000, RX }, { 0x2000, 0x1000, 0x100, 0x100, RW } },
	  { { 0x10000, 0x11000, 0, "r-xp" },
	    { 0x12000, 0x13000, 0x1000, "rw-p" },
	    { 0x50000, 0x52000, 0, "r--p" } },
	  { 0x10000 },
	  1 },
	{ "mapped to be read only",
	  { { 0, 0, 0x1000, 0x1000, RX }, { 0x2000, 0x1000, 0x100, 0x100, RW } },
	  { { 0x50000, 0x52000, 0, "r--p" } },
	  { 0 },
	  0 },
	{ "data without code, two segments at their distance",
	  { { 0, 0, 0x1000, 0x1000, R }, { 0x2000, 0x1000, 0x100, 0x100, RW } },
	  { { 0x10000, 0x11000, 0, "r--p" }, { 0x12000, 0x13000, 0x1000, "rw-p" } },
	  { 0x10000 },
	  1 },
	{ "two at another distance",
	  { { 0, 0, 0x1000, 0x1000, R }, { 0x2000, 0x1000, 0x100, 0x100, RW } },
	  { { 0x10000, 0x11000, 0, "r--p" }, { 0x14000, 0x15000, 0x1000, "rw-p" } },
	  { 0 },
	  0 },
	{ "a mapping past all segments",
	  { { 0, 0, 0x1000, 0x1000, RX } },
	  { { 0x10000, 0x11000, 0x5000, "r-xp" } },
	  { 0 },
	  0 },
	{ "no segments", { { 0 } }, { { 0x10000, 0x11000, 0, "r-xp" } }, { 0 }, 0 },
	{ "a segment at the end of all offsets",
	  { { 0, UINT64_MAX - 10, UINT64_MAX, UINT64_MAX, RX } },
	  { { 0x10000, 0x11000, 0, "r-xp" } },
	  { 0 },
	  0 },
};

START_TEST(biases)
{
	struct usdtinfo_image *image = calloc(1, sizeof(*image));
	struct mapping mappings[8];
	const struct mapping *pointers[8];
	size_t count = 0, got;
	uint64_t *found;
	struct usdtinfo_error err;
	ck_assert_ptr_nonnull(image);
	for (size_t i = 0; i < ARRAY_SIZE(cases[_i].segments); i++)
		if (cases[_i].segments[i].file_size)
			ck_assert(segments_add(&image->segments, &cases[_i].segments[i]));
	ck_assert(segments_sort(&image->segments));
	for (; count < 8 && cases[_i].pieces[count].permissions; count++) {
		const struct piece *piece = &cases[_i].pieces[count];
		mappings[count] = (struct mapping){
			.start = piece->start,
			.end = piece->end,
			.offset = piece->offset,
			.readable = piece->permissions[0] == 'r',
			.writable = piece->permissions[1] == 'w',
			.executable = piece->permissions[2] == 'x',
		};
		pointers[count] = &mappings[count];
	}
	ck_assert_int_eq(loaded_biases(image, pointers, count, &found, &got, &err), 0);
	ck_assert_msg(got == cases[_i].count, "%s: %zu times", cases[_i].what, got);
	for (size_t i = 0; i < got; i++)
		ck_assert_msg(found[i] == cases[_i].biases[i], "%s: 0x%llx",
		              cases[_i].what, (unsigned long long)found[i]);
	free(found);
	segments_deinit(&image->segments);
	free(image);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("loaded");
	/* The cases are written for pages of 4096 bytes. */
	if (sysconf(_SC_PAGESIZE) != 4096)
		return 77;
	tcase_add_loop_test(tcase, biases, 0, ARRAY_SIZE(cases));
	return unit_run("loaded", tcase);
}
