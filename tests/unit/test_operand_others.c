/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Operands of PowerPC, s390, RISC-V, MIPS, LoongArch and SPARC. */
#include <string.h>

#include "elf/object/machine.h"
#include "operand_cases.h"

TARGET(ppc64, EM_PPC64, 64, 8, 0);
TARGET(ppc, EM_PPC, 32, 4, 0);
TARGET(s390x, EM_S390, 64, 8, 0);
TARGET(s390, EM_S390, 32, 4, 0);
TARGET(riscv64, EM_RISCV, 64, 8, 0);
TARGET(riscv32, EM_RISCV, 32, 4, 0);
TARGET(mips_o32, EM_MIPS, 32, 4, 0);
TARGET(mips_n32, EM_MIPS, 32, 8, EF_MIPS_ABI2);
TARGET(mips_n64, EM_MIPS, 64, 8, 0);
TARGET(loongarch64, EM_LOONGARCH, 64, 8, 0);
TARGET(sparc64, EM_SPARCV9, 64, 8, 0);
TARGET(sparc32, EM_SPARC, 32, 4, 0);

static const struct operand_case cases[] = {
	/* PowerPC */
	{ &ppc64, "-4@i5 8@i-1 1@i-56 8@i0x10",
	  "4s imm 5; 8u imm 18446744073709551615; 1u imm 200; 8u imm 16" },
	{ &ppc64, "8@3 -4@31 8@%r3 8@r0 8@%r1",
	  "8u reg r3; 4s reg r31; 8u reg r3; 8u reg r0; 8u reg r1" },
	{ &ppc64, "8@0(9) 4@-12(31) 8@8(%r9)",
	  "8u mem base=r9 disp=0; 4u mem base=r31 disp=-12; 8u mem base=r9 disp=8" },
	{ &ppc64, "4@9,10 8@%r9,%r10 4@0,10",
	  "4u mem base=r9 index=r10*1 disp=0; 8u mem base=r9 index=r10*1 disp=0; "
	  "4u mem index=r10*1 disp=0" },
	{ &ppc64, "8@0(0) 8@16(0)", "8u mem disp=0; 8u mem disp=16" },
	{ &ppc64, "4@sv@toc@l(9) 8@.LC0@toc(2) 4@sv+4@l(9) 8f@.LC0@toc@l(9)",
	  "4u mem base=r9 disp=0 sym=sv reloc=TOC@L !; 8u mem base=r2 disp=0 sym=.LC0 "
	  "reloc=TOC !; "
	  "4u mem base=r9 disp=4 sym=sv reloc=L !; 8f mem base=r9 disp=0 sym=.LC0 "
	  "reloc=TOC@L !" },
	{ &ppc64, "8f@f1 16@%v2 16@vs34 16f@4 8@lr",
	  "8f reg f1; 16u reg v2; 16u reg vs34; 16f reg r4 pair !; 8u reg lr" },
	{ &ppc, "8f@10 -8@4 4@3 4@sv@l(9)",
	  "8f reg r10 pair !; 8s reg r4 pair !; 4u reg r3; 4u mem base=r9 disp=0 sym=sv "
	  "reloc=L !" },
	{ &ppc64, "8@32 8@0(f1) 8@9,f1 8@i 8@isym 8@sym 8@0(9 4@3",
	  "8u unknown !; 8u unknown !; 8u unknown !; 8u unknown !; 8u unknown !; 8u "
	  "unknown !; 8u unknown !; 4u reg r3" },

	/* s390 */
	{ &s390x, "8@%r2 8@224(%r15) -8@-80(%r11)",
	  "8u reg r2; 8u mem base=r15 disp=224; 8s mem base=r11 disp=-80" },
	{ &s390x, "-8@8(%r1,%r11) 8@0(%r0,%r1) 8@0(%r1,%r0) 8@4(%r0) 8@(,%r2)",
	  "8s mem base=r11 index=r1*1 disp=8; 8u mem base=r1 disp=0; 8u mem index=r1*1 "
	  "disp=0; "
	  "8u mem disp=4; 8u mem base=r2 disp=0" },
	{ &s390x, "-4@5 -4@4660 8@-1",
	  "4s imm 5; 4s imm 4660; 8u imm 18446744073709551615" },
	{ &s390x, "8f@%f2 16@%v31 16f@%f0 4@%a0 8@%r0",
	  "8f reg f2; 16u reg v31; 16f reg f0 pair !; 4u reg a0; 8u reg r0" },
	{ &s390, "-8@%r2 8f@%f0 16f@.L28-.L27(%r5)",
	  "8s reg r2 pair !; 8f reg f0; 16f mem base=r5 disp=0 sym=.L28-.L27 !" },
	{ &s390x, "8@%r16 8@0(%f0) 8@0(%r1,%r2,%r3) 8@0() 8@sym",
	  "8u unknown !; 8u unknown !; 8u unknown !; 8u unknown !; 8u addr sym disp=0 "
	  "!" },

	/* RISC-V */
	{ &riscv64, "8@a0 8@8(sp) -4@5 -4@-20(s0) 8@0(t1)",
	  "8u reg a0; 8u mem base=sp disp=8; 4s imm 5; 4s mem base=s0 disp=-20; 8u mem "
	  "base=t1 disp=0" },
	{ &riscv64, "8@x10 8@x2 8@x8 8@x18 8@x31 8@fp",
	  "8u reg a0; 8u reg sp; 8u reg s0; 8u reg s2; 8u reg t6; 8u reg s0" },
	{ &riscv64, "8f@fa0 4f@ft11 8f@f10 8f@f28 8f@a4",
	  "8f reg fa0; 4f reg ft11; 8f reg fa0; 8f reg ft8; 8f reg a4" },
	{ &riscv64, "-4@%tprel_lo(x)(a6) 4@%tprel_lo(.LANCHOR0)(a6)",
	  "4s mem base=a6 disp=0 sym=x reloc=TPREL_LO !; 4u mem base=a6 disp=0 "
	  "sym=.LANCHOR0 reloc=TPREL_LO !" },
	{ &riscv64, "8f@%pcrel_lo(.Lpcrel_hi0)(a5) 8@%lo(sv+4)(a5) 8@%lo(sv)+4(a5)",
	  "8f mem base=a5 disp=0 sym=.Lpcrel_hi0 reloc=PCREL_LO !; 8u mem base=a5 disp=4 "
	  "sym=sv reloc=LO !; "
	  "8u mem base=a5 disp=4 sym=sv reloc=LO !" },
	{ &riscv64, "4@16(zero) 4@0(x0) 8@zero",
	  "4u mem disp=16; 4u mem disp=0; 8u reg zero" },
	{ &riscv32, "8f@a3 -8@s0 12@0(a5)",
	  "8f reg a3 pair !; 8s reg s0 pair !; 12u mem base=a5 disp=0" },
	{ &riscv64, "8@%lo(5)(a5) 8@%lo(sv) 8@0(fa0) 8@a8 8@%(a5) 8@%lo(a)(a5",
	  "8u unknown !; 8u unknown !; 8u unknown !; 8u addr a8 disp=0 !; 8u unknown !; "
	  "8u unknown !" },

	/* MIPS */
	{ &mips_n64, "8@$4 4@8($sp) -4@5 4@4660($0) 8@$sp",
	  "8u reg a0; 4u mem base=sp disp=8; 4s imm 5; 4u mem disp=4660; 8u reg sp" },
	{ &mips_n64, "8@$8 8@$11 8@$12 8@$25 8@$30 8@$28",
	  "8u reg a4; 8u reg a7; 8u reg t0; 8u reg t9; 8u reg fp; 8u reg gp" },
	{ &mips_o32, "4@$8 4@$11 4@$12 4@$16 4@$2",
	  "4u reg t0; 4u reg t3; 4u reg t4; 4u reg s0; 4u reg v0" },
	{ &mips_n32, "4@$8 8@$4 -8@16($29)",
	  "4u reg a4; 8u reg a0; 8s mem base=sp disp=16" },
	{ &mips_o32, "4@$a0 4@$t7 4@$zero 4@$ra",
	  "4u reg a0; 4u reg t7; 4u reg zero; 4u reg ra" },
	{ &mips_o32, "-8@$4 8f@$f2 4f@$f31", "8s reg a0 pair !; 8f reg f2; 4f reg f31" },
	{ &mips_n64, "8f@%got_ofst(.LC0)($3) 4@%tprel_lo(x)($3)",
	  "8f mem base=v1 disp=0 sym=.LC0 reloc=GOT_OFST !; 4u mem base=v1 disp=0 sym=x "
	  "reloc=TPREL_LO !" },
	{ &mips_o32, "8f@%lo($LC1)($2) -4@%lo(global_count+4)($6)",
	  "8f mem base=v0 disp=0 sym=$LC1 reloc=LO !; 4s mem base=a2 disp=4 "
	  "sym=global_count reloc=LO !" },
	{ &mips_o32, "4@$32 4@$a4 4@4($f2) 4@$ 4@4(5)",
	  "4u unknown !; 4u unknown !; 4u unknown !; 4u unknown !; 4u unknown !" },

	/* LoongArch */
	{ &loongarch64, "8@$t5, 0 4@$r22,-20 8@$a0 8@$r4 -4@5",
	  "8u mem base=t5 disp=0; 4u mem base=fp disp=-20; 8u reg a0; 8u reg a0; 4s imm "
	  "5" },
	{ &loongarch64, "8@$r3,8 8@$r12 8@$r23 8f@$fa0 8f@$f0 8f@$f24 16@$vr3",
	  "8u mem base=sp disp=8; 8u reg t0; 8u reg s0; 8f reg fa0; 8f reg fa0; 8f reg "
	  "fs0; 16u reg vr3" },
	{ &loongarch64, "4@$r12,%pc_lo12(sv) 8@$t0,$t1 4@$r0,16",
	  "4u mem base=t0 disp=0 sym=sv reloc=PC_LO12 !; 8u mem base=t0 index=t1*1 "
	  "disp=0; 4u mem disp=16" },
	{ &loongarch64, "16@$a0 8@$r32 8@$a0,$fa0 8@$fa0,8 8@$a0,",
	  "16u reg a0 pair !; 8u unknown !; 8u unknown !; 8u unknown !; 8u unknown !" },

	/* SPARC */
	{ &sparc64, "8@%i0 -8@[%g1+32] 8@[%fp+2255] -4@5",
	  "8u reg i0; 8s mem base=g1 disp=32; 8u mem base=fp disp=2255; 4s imm 5" },
	{ &sparc64, "8@[%g1+%g2] 8@[%g1-32] 8@[%o7] 8@%o6 8@%i6 8@%g0",
	  "8u mem base=g1 index=g2*1 disp=0; 8u mem base=g1 disp=-32; 8u mem base=o7 "
	  "disp=0; 8u reg sp; 8u reg fp; 8u reg g0" },
	{ &sparc64,
	  "4@[%g1+%lo(sv)] 24@[%i0+%l44(global_triple)] 4@[%g4+%lo(x+4)] 4@[%g0+8]",
	  "4u mem base=g1 disp=0 sym=sv reloc=LO !; 24u mem base=i0 disp=0 "
	  "sym=global_triple reloc=L44 !; "
	  "4u mem base=g4 disp=4 sym=x reloc=LO !; 4u mem disp=8" },
	{ &sparc64, "8f@%f2 16f@%q4 16f@%i0 8@%l7",
	  "8f reg f2; 16f reg q4; 16f reg i0 pair !; 8u reg l7" },
	{ &sparc32, "8f@%i0 16f@%o0 4@%g1",
	  "8f reg i0 pair !; 16f reg o0 pair !; 4u reg g1" },
	{ &sparc64, "8@%g8 8@[%g1+%f2] 8@[%g1 8@[] 8@[%g1+%lo(sv]",
	  "8u unknown !; 8u unknown !; 8u unknown !; 8u unknown !; 8u unknown !" },
};

START_TEST(decodes)
{
	operand_case_check(&cases[_i]);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("others");
	tcase_add_loop_test(tcase, decodes, 0, ARRAY_SIZE(cases));
	return unit_run("operand-others", tcase);
}
