/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* Operands of x86-64, x32 and i386. */
#include <string.h>

#include "operand_cases.h"

TARGET(x86_64, EM_X86_64, 64, 8, 0);
TARGET(x32, EM_X86_64, 32, 8, 0);
TARGET(ia32, EM_386, 32, 4, 0);

static const struct operand_case cases[] = {
	/* registers */
	{ &x86_64, "-4@%edi", "4s reg rdi" },
	{ &x86_64, "-2@%r8w 1@%sil", "2s reg r8; 1u reg rsi" },
	{ &x86_64, "1@%r8b 1@%r15b", "1u reg r8; 1u reg r15" },
	{ &x86_64, "1@%ah 1@%bh", "1u reg rax>>8; 1u reg rbx>>8" },
	{ &x86_64, "-4@%rsi", "4s reg rsi" },
	{ &x86_64, "4f@%r10d 8f@%r11", "4f reg r10; 8f reg r11" },
	{ &x86_64, "-16@%rax", "16s reg rax pair !" },
	{ &x86_64, "16@%xmm0 8f@%xmm1 32@%ymm3 64@%zmm31",
	  "16u reg xmm0; 8f reg xmm1; 32u reg ymm3; 64u reg zmm31" },
	{ &x86_64, "16f@%st(1) 8f@%st 16f@%st(7)",
	  "16f reg st(1); 8f reg st(0); 16f reg st(7)" },
	{ &x86_64, "16f@%st(0)", "16f reg st(0)" },
	{ &x86_64, "8@%mm3 2@%k1", "8u reg mm3; 2u reg k1" },
	{ &x86_64, "8@%rip 8@%rbp 8@%rsp", "8u reg rip; 8u reg rbp; 8u reg rsp" },
	{ &x32, "4@%edi 8@%r8 -8@%rax", "4u reg rdi; 8u reg r8; 8s reg rax" },
	{ &ia32, "4@%ax -4@%edi 1@%ah", "4u reg eax; 4s reg edi; 1u reg eax>>8" },
	{ &ia32, "8f@%ebx -8@%eax", "8f reg ebx pair !; 8s reg eax pair !" },
	{ &ia32, "32@%xmm1 12f@%st", "32u reg xmm1; 12f reg st(0)" },
	{ &x86_64, "8@%r16 8@%rzx 1@%r8h 8@%xmm32 16f@%st(8) 8@%xmm01 8@%",
	  "8u unknown !; 8u unknown !; 1u unknown !; 8u unknown !; 16f unknown !; "
	  "8u unknown !; 8u unknown !" },
	{ &ia32, "8@%rax 4@%r8d 4@%e8", "8u unknown !; 4u unknown !; 4u unknown !" },

	/* constants */
	{ &x86_64, "-4@$5 8@$-1 -8@$-9223372036854775808",
	  "4s imm 5; 8u imm 18446744073709551615; 8s imm -9223372036854775808" },
	{ &x86_64, "1@$-56", "1u imm 200" },
	{ &x86_64, "-1@$200 -2@$65535 2@$-1 -4@$4294967295",
	  "1s imm -56; 2s imm -1; 2u imm 65535; 4s imm -1" },
	{ &x86_64, "8@$0x10 8@$010 8@$0 8@$0X1f",
	  "8u imm 16; 8u imm 8; 8u imm 0; 8u imm 31" },
	{ &x86_64, "16f@1.25e+0 8f@$0x3ff8000000000000 8f@4660",
	  "16f imm 1.25e+0; 8f imm 0x3ff8000000000000; 8f mem disp=4660" },
	{ &ia32, "12f@1.25e+0 4f@$0x40200000 4f@$0xzz 4f@$0x",
	  "12f imm 1.25e+0; 4f imm 0x40200000; 4f unknown !; 4f unknown !" },
	{ &x86_64, "16@$-1", "16u imm 340282366920938463463374607431768211455" },
	{ &x86_64, "-16@$-170141183460469231731687303715884105728 -16@$5",
	  "16s imm -170141183460469231731687303715884105728; 16s imm 5" },
	{ &x86_64, "3@$-1 -3@$8388608", "3u imm 16777215; 3s imm -8388608" },
	{ &x86_64,
	  "8@$340282366920938463463374607431768211456 24@$1 0@$1 8@$08 8@$0x 8@$",
	  "8u unknown !; 24u unknown !; 0u unknown !; 8u unknown !; 8u unknown !; 8u "
	  "unknown !" },
	{ &x86_64, "8@$18446744073709551615 -8@$0xffffffffffffffff 8@$3+4-1",
	  "8u imm 18446744073709551615; 8s imm -1; 8u imm 6" },
	{ &ia32, "-8@$-9223372036854775808", "8s imm -9223372036854775808" },

	{ &x86_64, "16f@1.25e+0 8f@$0 8f@-1.5e-3 8@1.25e+0",
	  "16f imm 1.25e+0; 8f imm 0; 8f imm -1.5e-3; 8u unknown !" },
	{ &ia32, "12f@1.25e+0", "12f imm 1.25e+0" },

	/* addresses */
	{ &x86_64, "8@$ge 8@$arr+12 8@$12+arr",
	  "8u addr ge disp=0 !; 8u addr arr disp=12 !; 8u addr arr disp=12 !" },
	{ &x86_64, "8@$.LC0 8@$_ZN3foo3barE-8 8@$a$b",
	  "8u addr .LC0 disp=0 !; 8u addr _ZN3foo3barE disp=-8 !; 8u addr a$b disp=0 !" },
	{ &x86_64, "8@$a-b 8@$-a 8@$a+b 8@$a+",
	  "8u unknown !; 8u unknown !; 8u unknown !; 8u unknown !" },

	/* memory */
	{ &x86_64, "-8@32(%rsi) -4@(%rsi) -8@-104(%rbp)",
	  "8s mem base=rsi disp=32; 4s mem base=rsi disp=0; 8s mem base=rbp disp=-104" },
	{ &x86_64, "-8@8(%rsi,%rdi,8) -4@(%r10,%rdi,4) 1@(%rax,%rbx)",
	  "8s mem base=rsi index=rdi*8 disp=8; 4s mem base=r10 index=rdi*4 disp=0; "
	  "1u mem base=rax index=rbx*1 disp=0" },
	{ &x86_64, "-4@arr(,%rdx,4)", "4s mem index=rdx*4 disp=0 sym=arr !" },
	{ &x86_64, "-4@-8+3+1(%rbp)", "4s mem base=rbp disp=-4" },
	{ &x86_64, "-4@sv(%rip) -4@40+CheckpointStats(%rip)",
	  "4s mem disp=0 sym=sv pcrel !; 4s mem disp=40 sym=CheckpointStats pcrel !" },
	{ &x86_64, "4@sym+40(%rip) 4@sym-2(%rip) 4@sym(%eip)",
	  "4u mem disp=40 sym=sym pcrel !; 4u mem disp=-2 sym=sym pcrel !; "
	  "4u mem disp=0 sym=sym pcrel !" },
	{ &x86_64, "8f@.LC0(%rip) 8f@.LCPI0_0(%rip)",
	  "8f mem disp=0 sym=.LC0 pcrel !; 8f mem disp=0 sym=.LCPI0_0 pcrel !" },
	{ &x86_64, "4@4(%rip)", "4u mem base=rip disp=4 pcrel !" },
	{ &x86_64, "8@\"odd name\"(%rip) 4@%eax",
	  "8u mem disp=0 sym=odd name pcrel !; 4u reg rax" },
	{ &x86_64, "8@ext_fn@GOTPCREL(%rip)",
	  "8u mem disp=0 sym=ext_fn reloc=GOTPCREL pcrel !" },
	{ &x86_64, "8@f@GOTPCREL(%rip) -4@%edi",
	  "8u mem disp=0 sym=f reloc=GOTPCREL pcrel !; 4s reg rdi" },
	{ &x86_64, "8@f@GOTTPOFF(%rip) 8@x@plt 8@x@INDNTPOFF(%eax)",
	  "8u mem disp=0 sym=f reloc=GOTTPOFF pcrel !; 8u mem disp=0 sym=x reloc=PLT !; "
	  "8u mem base=rax disp=0 sym=x reloc=INDNTPOFF !" },
	{ &ia32, "4@ext_fn@GOT(%eax)", "4u mem base=eax disp=0 sym=ext_fn reloc=GOT !" },
	{ &ia32, "-4@4+gs@GOTOFF(%eax) -4@40+CheckpointStats@GOTOFF(%ebx)",
	  "4s mem base=eax disp=4 sym=gs reloc=GOTOFF !; "
	  "4s mem base=ebx disp=40 sym=CheckpointStats reloc=GOTOFF !" },
	{ &ia32, "-4@garr@GOTOFF(%eax,%edx,4) 4@garr@GOTOFF+8(%eax)",
	  "4s mem base=eax index=edx*4 disp=0 sym=garr reloc=GOTOFF !; "
	  "4u mem base=eax disp=8 sym=garr reloc=GOTOFF !" },
	{ &ia32, "4@x@NTPOFF(%eax) 12f@88(%esp) 12@4(%esp)",
	  "4u mem base=eax disp=0 sym=x reloc=NTPOFF !; 12f mem base=esp disp=88; "
	  "12u mem base=esp disp=4" },
	{ &x86_64, "-4@%fs:40 -4@%gs:(%rsi)",
	  "4s mem disp=40 seg=fs; 4s mem base=rsi disp=0 seg=gs" },
	{ &x86_64, "-4@%fs:tls_e@tpoff -4@%gs:tls_e@ntpoff+4",
	  "4s mem disp=0 sym=tls_e reloc=TPOFF seg=fs !; "
	  "4s mem disp=4 sym=tls_e reloc=NTPOFF seg=gs !" },
	{ &x86_64, "-4@%fs:-8(%rax,%rbx,2)",
	  "4s mem base=rax index=rbx*2 disp=-8 seg=fs" },
	{ &x86_64, "-4@4660 4@sv", "4s mem disp=4660 !; 4u mem disp=0 sym=sv !" },
	{ &x86_64, "24@-40(%rsp) 16f@32(%rsp)",
	  "24u mem base=rsp disp=-40; 16f mem base=rsp disp=32" },
	{ &x32, "-4@8(%esp) -8@(%rsp)",
	  "4s mem base=rsp disp=8; 8s mem base=rsp disp=0" },
	{ &x86_64, "8@(%rax,%rbx,3) 8@(%ax) 8@(%xmm0) 8@() 8@(,1) 8@(%rax 4@%ebx",
	  "8u unknown !; 8u unknown !; 8u unknown !; 8u unknown !; 8u unknown !; "
	  "8u unknown !; 4u reg rbx" },
	{ &x86_64, "8@9223372036854775807(%rax) 8@0x7fffffffffffffffff(%rax) 8@-8(%rbp)x",
	  "8u mem base=rax disp=9223372036854775807; 8u unknown !; 8u unknown !" },
	{ &x86_64, "8@%rax:(%rbx) 8@%fs: 8@%eax%ebx",
	  "8u unknown !; 8u unknown !; 8u unknown !" },

	/* without sizes */
	{ &x86_64, "%rdi 8(%rsp) $5", "8u reg rdi; 8u mem base=rsp disp=8; 8u imm 5" },
	{ &ia32, "%edi 8(%esp, %eax, 2) $-1",
	  "4u reg edi; 4u mem base=esp index=eax*2 disp=8; 4u imm 4294967295" },

	/* Intel syntax */
	{ &x86_64, "-4@edi -8@QWORD PTR 16[rsi] -4@3",
	  "4s reg rdi; 8s mem base=rsi disp=16; 4s imm 3" },
	{ &x86_64, "-4@3 -4@edi", "4s imm 3; 4s reg rdi" },
	{ &x86_64, "-4@DWORD PTR -20[rbp] -8@QWORD PTR [rsi+rdi*8+8]",
	  "4s mem base=rbp disp=-20; 8s mem base=rsi index=rdi*8 disp=8" },
	{ &x86_64, "-4@dword ptr [rip + sv] -4@DWORD PTR sv[rip] 4@DWORD PTR sv[rip+40]",
	  "4s mem disp=0 sym=sv pcrel !; 4s mem disp=0 sym=sv pcrel !; "
	  "4u mem disp=40 sym=sv pcrel !" },
	{ &x86_64, "-4@DWORD PTR arr[0+rdx*4] 8@[4*rax - 8] 8@QWORD PTR [rax + rbx]",
	  "4s mem index=rdx*4 disp=0 sym=arr !; 8u mem index=rax*4 disp=-8; "
	  "8u mem base=rax index=rbx*1 disp=0" },
	{ &x86_64, "8@OFFSET FLAT:arr+12 8@QWORD PTR f@GOTPCREL[rip]",
	  "8u addr arr disp=12 !; 8u mem disp=0 sym=f reloc=GOTPCREL pcrel !" },
	{ &x86_64, "-4@DWORD PTR fs:40 4@DWORD PTR fs:x@tpoff 4@DWORD PTR ds:4660 8@rax",
	  "4s mem disp=40 seg=fs; 4u mem disp=0 sym=x reloc=TPOFF seg=fs !; 4u mem "
	  "disp=4660; "
	  "8u reg rax" },
	{ &x86_64, "8f@[rip + offset .LCPI13_0] 8@rax 16f@1.25e+0",
	  "8f mem disp=0 sym=.LCPI13_0 pcrel !; 8u reg rax; 16f imm 1.25e+0" },
	{ &x86_64, "16f@TBYTE PTR 32[rsp] 16f@st(1) 8f@xmm3",
	  "16f mem base=rsp disp=32; 16f reg st(1); 8f reg xmm3" },
	{ &x86_64, "8f@xmm0", "8f reg xmm0" },
	{ &x86_64, "-4@5 32@ymm15", "4s imm 5; 32u reg ymm15" },
	{ &x86_64, "16f@st(1) 4@7", "16f reg st(1); 4u imm 7" },
	{ &x86_64, "4@xmm 8@xmm123 8@st 8@xmm0x",
	  "4u mem disp=0 sym=xmm !; 8u mem disp=0 sym=xmm123 !; 8u mem disp=0 sym=st !; "
	  "8u mem disp=0 sym=xmm0x !" },
	{ &x86_64, "24@[rip + offset sv] 8f@QWORD PTR [rip + offset .LC0 + 8]",
	  "24u mem disp=0 sym=sv pcrel !; 8f mem disp=8 sym=.LC0 pcrel !" },
	{ &x86_64, "8@[rax+rbx+rcx] 8@[rax 8@QWORD PTR [rax*3] 8@-rax",
	  "8u unknown !; 8u unknown !; 8u unknown !; 8u unknown !" },
	{ &ia32, "-4@eax 4@DWORD PTR sv@GOTOFF[ebx]",
	  "4s reg eax; 4u mem base=ebx disp=0 sym=sv reloc=GOTOFF !" },
};

START_TEST(decodes)
{
	operand_case_check(&cases[_i]);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("x86");
	tcase_add_loop_test(tcase, decodes, 0, ARRAY_SIZE(cases));
	return unit_run("operand-x86", tcase);
}
