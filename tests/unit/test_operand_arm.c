/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Operands of ARM. */
#include <string.h>

#include "operand_cases.h"

TARGET(arm, EM_ARM, 32, 4, 0);

static const struct operand_case cases[] = {
	{ &arm, "4@r0 4@lr 4@ip 4@fp 4@sp",
	  "4u reg r0; 4u reg lr; 4u reg r12; 4u reg r11; 4u reg sp" },
	{ &arm, "4@r13 4@r14 4@r15 4@sl 4@sb",
	  "4u reg sp; 4u reg lr; 4u reg pc; 4u reg r10; 4u reg r9" },
	{ &arm, "4@a1 4@a4 4@v1 4@v8", "4u reg r0; 4u reg r3; 4u reg r4; 4u reg r11" },
	{ &arm, "8f@d3 4f@s31 16@q2", "8f reg d3; 4f reg s31; 16u reg q2" },
	{ &arm, "-8@r0 8f@r2", "8s reg r0 pair !; 8f reg r2 pair !" },
	{ &arm, "-4@#5 -4@#-1 1@#-56 -8@#-1 4@5",
	  "4s imm 5; 4s imm -1; 1u imm 200; 8s imm -1; 4u imm 5" },
	{ &arm, "8f@#1.5e+0 4f@#-0.0 8f@#-2.5e-10",
	  "8f imm 1.5e+0; 4f imm -0.0; 8f imm -2.5e-10" },
	{ &arm, "-4@[sp, #16] 4@[r7] -4@[fp, #-220] 4@[r1,#4]",
	  "4s mem base=sp disp=16; 4u mem base=r7 disp=0; 4s mem base=r11 disp=-220; "
	  "4u mem base=r1 disp=4" },
	{ &arm, "-4@[ip, r4, lsl #2] 4@[r0, r2] 1@[r2, ip] 4@[r1, -r2]",
	  "4s mem base=r12 index=r4*4 disp=0; 4u mem base=r0 index=r2*1 disp=0; "
	  "1u mem base=r2 index=r12*1 disp=0; 4u mem base=r1 index=r2*1 subtracted "
	  "disp=0" },
	{ &arm, "4@.L.str 4@sbuf 4@f 4@global_array+12",
	  "4u addr .L.str disp=0 !; 4u addr sbuf disp=0 !; 4u addr f disp=0 !; "
	  "4u addr global_array disp=12 !" },
	{ &arm, "4@#.LANCHOR0+24 4@#callee",
	  "4u addr .LANCHOR0 disp=24 !; 4u addr callee disp=0 !" },
	{ &arm, "4@r0_saved 4@sp.1 4@r16",
	  "4u addr r0_saved disp=0 !; 4u addr sp.1 disp=0 !; 4u addr r16 disp=0 !" },
	{ &arm, "4@a0 4@a5 4@v0 4@v9",
	  "4u addr a0 disp=0 !; 4u addr a5 disp=0 !; 4u addr v0 disp=0 !; 4u addr v9 "
	  "disp=0 !" },
	{ &arm, "8f@.LC0 8f@.LCPI0_0+8",
	  "8f mem disp=0 sym=.LC0 !; 8f mem disp=8 sym=.LCPI0_0 !" },
	{ &arm, "4@[pc, #8]", "4u mem base=pc disp=8 pcrel !" },
	{ &arm, "12@[ip, #68] 8@[fp, #4] 24@[sp]",
	  "12u mem base=r12 disp=68; 8u mem base=r11 disp=4; 24u mem base=sp disp=0" },
	{ &arm, "4@[r0, r1, asr #2] 4@[r0 4@[5] 4@[d0] 4@[r0]! 4@#",
	  "4u unknown !; 4u unknown !; 4u unknown !; 4u unknown !; 4u unknown !; 4u "
	  "unknown !" },
	{ &arm, "r0 [sp, #4] #5", "4u reg r0; 4u mem base=sp disp=4; 4u imm 5" },
};

START_TEST(decodes)
{
	operand_case_check(&cases[_i]);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("arm");
	tcase_add_loop_test(tcase, decodes, 0, ARRAY_SIZE(cases));
	return unit_run("operand-arm", tcase);
}
