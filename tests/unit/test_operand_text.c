/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Operands in words. */
#include <string.h>

#include "base/array.h"
#include "output/list/operand_text.h"
#include "unit.h"

#define TEXT(string)                                                                     \
	{                                                                                \
		string, sizeof(string) - 1                                               \
	}
#define REGISTER .kind = USDTINFO_OPERAND_REGISTER
#define CONSTANT .kind = USDTINFO_OPERAND_CONSTANT
#define MEMORY   .kind = USDTINFO_OPERAND_MEMORY
#define ADDRESS  .kind = USDTINFO_OPERAND_ADDRESS

static uint64_t two_places[] = { 0x4010, 0x4020 };

static const struct {
	const char *words;
	struct operand operand;
	bool unresolvable;
} cases[] = {
	{ "not understood", { .kind = USDTINFO_OPERAND_UNKNOWN }, true },
	{ "in rdi", { REGISTER, .reg = TEXT("rdi") } },
	{ "in rax from bit 8", { REGISTER, .reg = TEXT("rax"), .reg_shift = 8 } },
	{ "in rbx and a second register that the note does not name, cannot be resolved",
	  { REGISTER, .reg = TEXT("rbx"), .reg_pair = true },
	  true },
	{ "constant -5", { CONSTANT, .value = TEXT("-5") } },
	{ "at rsp", { MEMORY, .base = TEXT("rsp") } },
	{ "at rbp - 104", { MEMORY, .base = TEXT("rbp"), .displacement = -104 } },
	{ "at rsi + rdi*8 + 8",
	  { MEMORY, .base = TEXT("rsi"), .index = TEXT("rdi"), .scale = 8,
	    .displacement = 8 } },
	{ "at x0 + x1", { MEMORY, .base = TEXT("x0"), .index = TEXT("x1"), .scale = 1 } },
	{ "at x0 + sign32 x1*4",
	  { MEMORY, .base = TEXT("x0"), .index = TEXT("x1"), .scale = 4,
	    .index_extend = USDTINFO_EXTEND_SIGN32 } },
	{ "at r1 - r2",
	  { MEMORY, .base = TEXT("r1"), .index = TEXT("r2"), .scale = 1,
	    .index_subtracted = true } },
	{ "at 4660", { MEMORY, .displacement = 4660 } },
	{ "at 0", { MEMORY } },
	{ "at -9223372036854775808", { MEMORY, .displacement = INT64_MIN } },
	{ "at fs:40", { MEMORY, .segment = TEXT("fs"), .displacement = 40 } },
	{ "at CheckpointStats + 40 = 0x4068",
	  { MEMORY, .symbol = TEXT("CheckpointStats"), .displacement = 40,
	    .pc_relative = true, .address = { true, 0x4068 } } },
	{ "at rdx*4 + arr = 0x4068 and the index",
	  { MEMORY, .symbol = TEXT("arr"), .index = TEXT("rdx"), .scale = 4,
	    .address = { true, 0x4068 } } },
	{ "at eax + gs@GOTOFF + 4",
	  { MEMORY, .base = TEXT("eax"), .symbol = TEXT("gs"),
	    .relocation = TEXT("GOTOFF"), .displacement = 4 } },
	{ "at ti, one of 0x4010, 0x4020, cannot be resolved",
	  { MEMORY, .symbol = TEXT("ti"), .pc_relative = true, .candidates = two_places,
	    .candidate_count = 2 },
	  true },
	{ "address of arr + 12 = 0x404c",
	  { ADDRESS, .symbol = TEXT("arr"), .displacement = 12,
	    .address = { true, 0x404c } } },
};

START_TEST(describes)
{
	struct usdtinfo_argument argument = {
		.operand = cases[_i].operand,
		.resolvable = !cases[_i].unresolvable,
	};
	struct strbuf words = { 0 };
	operand_describe(&argument, &words);
	ck_assert_str_eq(words.at, cases[_i].words);
	strbuf_deinit(&words);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("operand_text");
	tcase_add_loop_test(tcase, describes, 0, ARRAY_SIZE(cases));
	return unit_run("operand_text", tcase);
}
