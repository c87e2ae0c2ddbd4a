/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Operands of AArch64. */
#include <string.h>

#include "operand_cases.h"

TARGET(aarch64, EM_AARCH64, 64, 8, 0);

static const struct operand_case cases[] = {
	{ &aarch64, "8@x0 4@w1 -4@x30", "8u reg x0; 4u reg x1; 4s reg x30" },
	{ &aarch64, "8@sp 4@wsp 8@xzr 4@wzr",
	  "8u reg sp; 4u reg sp; 8u reg xzr; 4u reg xzr" },
	{ &aarch64, "8@lr 8@fp 8@ip0 8@ip1",
	  "8u reg x30; 8u reg x29; 8u reg x16; 8u reg x17" },
	{ &aarch64, "16@v0 16f@q3 8f@d7 4f@s31 16@v0.2d",
	  "16u reg v0; 16f reg q3; 8f reg d7; 4f reg s31; 16u reg v0" },
	{ &aarch64, "16@x2 16f@x4", "16u reg x2 pair !; 16f reg x4 pair !" },
	{ &aarch64, "8@x31 8@x00 8@x31y",
	  "8u addr x31 disp=0 !; 8u addr x00 disp=0 !; 8u addr x31y disp=0 !" },
	{ &aarch64, "-4@5 8@-1 4@-1 4@#7 1@-56",
	  "4s imm 5; 8u imm 18446744073709551615; 4u imm 4294967295; 4u imm 7; 1u imm "
	  "200" },
	{ &aarch64, "-4@30 -4@31", "4s imm 30; 4s imm 31" },
	{ &aarch64, "8f@1.5e+0 8f@#0.0", "8f imm 1.5e+0; 8f imm 0.0" },
	{ &aarch64, "8@[x6] -8@[x6, 32] -4@[sp, 12]",
	  "8u mem base=x6 disp=0; 8s mem base=x6 disp=32; 4s mem base=sp disp=12" },
	{ &aarch64, "8@[x6,#-16] 8@[ x6 , #0x10 ]",
	  "8u mem base=x6 disp=-16; 8u mem base=x6 disp=16" },
	{ &aarch64, "-1@[x0, x1] 8@[x0, x1, lsl 3] 8@[x0, x1, lsl #3]",
	  "1s mem base=x0 index=x1*1 disp=0; 8u mem base=x0 index=x1*8 disp=0; "
	  "8u mem base=x0 index=x1*8 disp=0" },
	{ &aarch64,
	  "4@[x0, w1, sxtw 2] 4@[x0, w1, uxtw #2] 1@[x0,w1,sxtw] 8@[x0,x1,sxtx 3]",
	  "4u mem base=x0 index=x1*4 sign32 disp=0; 4u mem base=x0 index=x1*4 zero32 "
	  "disp=0; "
	  "1u mem base=x0 index=x1*1 sign32 disp=0; 8u mem base=x0 index=x1*8 disp=0" },
	{ &aarch64, "4@[x7, #:lo12:.LANCHOR0] 4@[x7,:lo12:sv+4]",
	  "4u mem base=x7 disp=0 sym=.LANCHOR0 reloc=LO12 !; "
	  "4u mem base=x7 disp=4 sym=sv reloc=LO12 !" },
	{ &aarch64, "8@sym 8@sym+8", "8u addr sym disp=0 !; 8u addr sym disp=8 !" },
	{ &aarch64, "-4@[sp, 12] -4@[sp, 8] 8@x0",
	  "4s mem base=sp disp=12; 4s mem base=sp disp=8; 8u reg x0" },
	{ &aarch64, "8@[x0, w1] 8@[w0] 8@[x0, x1, lsl 9] 8@[x0, x1, ror 1] 8@[x0] ! 8@[",
	  "8u unknown !; 8u unknown !; 8u unknown !; 8u unknown !; 8u unknown !; 8u "
	  "unknown !" },
	{ &aarch64, "x0 [sp, 8] 5", "8u reg x0; 8u mem base=sp disp=8; 8u imm 5" },
};

START_TEST(decodes)
{
	operand_case_check(&cases[_i]);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("aarch64");
	tcase_add_loop_test(tcase, decodes, 0, ARRAY_SIZE(cases));
	return unit_run("operand-aarch64", tcase);
}
