/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Stored addresses to where a probe is, in images of segments and a base section alone. */
#include <inttypes.h>

#include "base/array.h"
#include "probe/note/adjust.h"
#include "unit.h"

#define TOP (UINT64_MAX - 0xfff)

/* As lld lays it out: code a page from its offset, data two; the last page is code, too. */
static const struct segment layout[] = {
	{ 0x1000, 0x0, 0x1000, 0x1000, PF_R },
	{ 0x3000, 0x1000, 0x2000, 0x2000, PF_R | PF_X },
	{ 0x7000, 0x3000, 0x101, 0x800, PF_R | PF_W },
	{ 0xffffe000, 0x4000, 0x1000, 0x1000, PF_R | PF_X },
	{ TOP, 0x5000, 0xfff, 0xfff, PF_R | PF_X },
};

#define NONE UINT64_MAX /* no such section, semaphore or offset */

static const struct {
	const char *name;
	unsigned word;
	uint64_t section, base; /* addresses of .stapsdt.base: now, and in the note */
	uint64_t location_raw, semaphore_raw;
	int64_t delta;
	uint64_t location, semaphore, file_offset, semaphore_offset;
	unsigned flaws;
} cases[] = {
	{ "not moved", 8, 0x1500, 0x1500, 0x3010, 0x7010, 0, 0x3010, 0x7010, 0x1010,
	  0x3010, 0 },
	{ "no semaphore", 8, 0x1500, 0x1500, 0x3010, NONE, 0, 0x3010, NONE, 0x1010, NONE,
	  0 },
	{ "moved up", 8, 0x1500, 0x14e0, 0x3010, 0x7010, 0x20, 0x3030, 0x7030, 0x1030,
	  0x3030, 0 },
	{ "moved down", 8, 0x1500, 0x1510, 0x3110, 0x7020, -0x10, 0x3100, 0x7010, 0x1100,
	  0x3010, 0 },
	{ "moved without a semaphore", 8, 0x1500, 0x1510, 0x3110, NONE, -0x10, 0x3100,
	  NONE, 0x1100, NONE, 0 },
	{ "the semaphore out of the file", 8, 0x1500, 0x1400, 0x3010, 0x7010, 0x100,
	  0x3110, 0x7110, 0x1110, NONE, ADJUST_SEMAPHORE_UNMAPPED },
	{ "no base section", 8, NONE, 0x1400, 0x3010, 0x7010, 0, 0x3010, 0x7010, 0x1010,
	  0x3010, 0 },
	{ "no base in the note", 8, 0x1500, 0, 0x3010, 0x7010, 0, 0x3010, 0x7010, 0x1010,
	  0x3010, 0 },
	{ "the base section has no address", 8, 0, 0x1500, 0x4510, 0x7010, 0, 0x4510,
	  0x7010, 0x2510, 0x3010, 0 },
	{ "only the stored location is code", 8, 0x5500, 0x1500, 0x3010, 0x7010, 0,
	  0x3010, 0x7010, 0x1010, 0x3010, ADJUST_FELL_BACK },
	{ "neither location is code", 8, 0x1500, 0x14f0, 0x7010, 0x7010, 0x10, 0x7020,
	  0x7020, 0x3020, 0x3020, ADJUST_LOCATION_UNMAPPED },
	{ "in no segment", 8, 0x1500, 0x1500, 0x6000, NONE, 0, 0x6000, NONE, NONE, NONE,
	  ADJUST_LOCATION_UNMAPPED },
	{ "the first byte of code", 8, 0x1500, 0x1500, 0x3000, NONE, 0, 0x3000, NONE,
	  0x1000, NONE, 0 },
	{ "the last byte of code", 8, 0x1500, 0x1500, 0x4fff, NONE, 0, 0x4fff, NONE,
	  0x2fff, NONE, 0 },
	{ "behind the code", 8, 0x1500, 0x1500, 0x5000, NONE, 0, 0x5000, NONE, NONE, NONE,
	  ADJUST_LOCATION_UNMAPPED },
	{ "a semaphore that is only read", 8, 0x1500, 0x1500, 0x3010, 0x1010, 0, 0x3010,
	  0x1010, 0x1010, 0x10, ADJUST_SEMAPHORE_UNMAPPED },
	{ "a semaphore in .bss", 8, 0x1500, 0x1500, 0x3010, 0x7400, 0, 0x3010, 0x7400,
	  0x1010, NONE, ADJUST_SEMAPHORE_UNMAPPED },
	{ "half of a semaphore in .bss", 8, 0x1500, 0x1500, 0x3010, 0x7100, 0, 0x3010,
	  0x7100, 0x1010, 0x3100, ADJUST_SEMAPHORE_UNMAPPED },
	{ "a semaphore just before .bss", 8, 0x1500, 0x1500, 0x3010, 0x70ff, 0, 0x3010,
	  0x70ff, 0x1010, 0x30ff, 0 },
	{ "down by a page", 8, 0x1500, 0x3500, 0x5010, 0x9010, -0x2000, 0x3010, 0x7010,
	  0x1010, 0x3010, 0 },
	{ "32 bits wrap around upwards", 4, 0x3500, 0xfffff500, 0xfffff010, 0x3010,
	  0x4000, 0x3010, 0x7010, 0x1010, 0x3010, 0 },
	{ "32 bits wrap around downwards", 4, 0xfffff500, 0x1500, 0x10, 0x9010, -0x2000,
	  0xffffe010, 0x7010, 0x4010, 0x3010, 0 },
	{ "64 bits do not wrap around at 32", 8, 0x1500, 0x1500, 0x100003010, NONE, 0,
	  0x100003010, NONE, NONE, NONE, ADJUST_LOCATION_UNMAPPED },
	{ "64 bits wrap around", 8, TOP + 0x500, 0x500, 0x10, 0x8010, -0x1000, TOP + 0x10,
	  0x7010, 0x5010, 0x3010, 0 },
};

static void image_init(struct usdtinfo_image *image, unsigned word, uint64_t section)
{
	*image = (struct usdtinfo_image){ .address_size = word, .ranges_loaded = true };
	image->header.e_type = ET_DYN;
	if (section != NONE) {
		image->base.name = ".stapsdt.base";
		image->base.header.sh_type = SHT_PROGBITS;
		image->base.header.sh_addr = section;
	}
	for (size_t i = 0; i < ARRAY_SIZE(layout); i++)
		ck_assert(segments_add(&image->segments, &layout[i]));
	ck_assert(segments_sort(&image->segments));
}

static uint64_t value_or_none(struct maybe_u64 number)
{
	return number.known ? number.value : NONE;
}

#define SAME(field)                                                                      \
	ck_assert_msg(value_or_none(probe.field) == cases[_i].field,                     \
	              "%s: " #field " 0x%" PRIx64, cases[_i].name,                       \
	              value_or_none(probe.field))

START_TEST(moves_as_the_base_moved)
{
	static struct usdtinfo_image image;
	image_init(&image, cases[_i].word, cases[_i].section);
	struct usdtinfo_probe probe = {
		.location_raw = cases[_i].location_raw,
		.base = cases[_i].base,
		.semaphore_raw = { cases[_i].semaphore_raw != NONE,
		                   cases[_i].semaphore_raw },
	};
	unsigned flaws = adjust(&image, &probe);
	adjust_places(&image, &probe);
	ck_assert_msg(flaws == cases[_i].flaws, "%s: flaws %u", cases[_i].name, flaws);
	ck_assert_msg(probe.base_delta == cases[_i].delta, "%s: moved by %" PRId64,
	              cases[_i].name, probe.base_delta);
	SAME(location);
	SAME(semaphore);
	SAME(file_offset);
	SAME(semaphore_offset);
	segments_deinit(&image.segments);
}
END_TEST

/* Its semaphores stand in the program that it belongs to. */
START_TEST(debug_info_apart_holds_no_semaphores)
{
	static struct usdtinfo_image image;
	image_init(&image, 8, 0x1500);
	struct usdtinfo_probe probe = {
		.location_raw = 0x3010,
		.base = 0x1500,
		.semaphore_raw = { true, 0x7400 },
	};
	ck_assert_uint_eq(adjust(&image, &probe), ADJUST_SEMAPHORE_UNMAPPED);
	image.base.header.sh_type = SHT_NOBITS;
	ck_assert_uint_eq(adjust(&image, &probe), 0);
	image.base.header.sh_type = SHT_PROGBITS;
	image.probes.name = ".probes";
	image.probes.header.sh_type = SHT_NOBITS;
	ck_assert_uint_eq(adjust(&image, &probe), 0);
	segments_deinit(&image.segments);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("adjust");
	tcase_add_loop_test(tcase, moves_as_the_base_moved, 0, ARRAY_SIZE(cases));
	tcase_add_test(tcase, debug_info_apart_holds_no_semaphores);
	return unit_run("adjust", tcase);
}
