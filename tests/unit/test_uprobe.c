/* SPDX-License-Identifier: LGPL-2.1-or-later OR BSD-2-Clause */
/* The kernel's names of registers, as regs_query_register_offset() of each machine has them. */
#include <elf.h>

#include "base/array.h"
#include "elf/machine.h"
#include "probe/uprobe.h"
#include "unit.h"

static const struct {
	unsigned machine, elf_class;
	const char *name, *expected; /* NULL: the kernel has no name, or it is not sure */
} cases[] = {
	{ EM_X86_64, 64, "rax", "ax" },
	{ EM_X86_64, 64, "rbx", "bx" },
	{ EM_X86_64, 64, "rcx", "cx" },
	{ EM_X86_64, 64, "rdx", "dx" },
	{ EM_X86_64, 64, "rsi", "si" },
	{ EM_X86_64, 64, "rdi", "di" },
	{ EM_X86_64, 64, "rbp", "bp" },
	{ EM_X86_64, 64, "rsp", "sp" },
	{ EM_X86_64, 64, "r8", "r8" },
	{ EM_X86_64, 64, "r15", "r15" },
	{ EM_X86_64, 64, "r7", NULL },
	{ EM_X86_64, 64, "r16", NULL },
	{ EM_X86_64, 64, "r", NULL },
	{ EM_X86_64, 64, "r1x", NULL },
	{ EM_X86_64, 64, "r100", NULL },
	{ EM_X86_64, 64, "xmm0", NULL },
	{ EM_X86_64, 64, "eax", NULL },
	{ EM_386, 32, "eax", "ax" },
	{ EM_386, 32, "ebx", "bx" },
	{ EM_386, 32, "ecx", "cx" },
	{ EM_386, 32, "edx", "dx" },
	{ EM_386, 32, "esi", "si" },
	{ EM_386, 32, "edi", "di" },
	{ EM_386, 32, "ebp", "bp" },
	{ EM_386, 32, "esp", "sp" },
	{ EM_386, 32, "r8", NULL },
	{ EM_AARCH64, 64, "x0", "x0" },
	{ EM_AARCH64, 64, "x30", "x30" },
	{ EM_AARCH64, 64, "x31", NULL },
	{ EM_AARCH64, 64, "sp", "sp" },
	{ EM_AARCH64, 64, "v0", NULL },
	{ EM_ARM, 32, "r0", "r0" },
	{ EM_ARM, 32, "r10", "r10" },
	{ EM_ARM, 32, "r11", "fp" },
	{ EM_ARM, 32, "r12", "ip" },
	{ EM_ARM, 32, "sp", "sp" },
	{ EM_ARM, 32, "lr", "lr" },
	{ EM_ARM, 32, "pc", "pc" },
	{ EM_ARM, 32, "d0", NULL },
	{ EM_PPC64, 64, "r0", "gpr0" },
	{ EM_PPC64, 64, "r31", "gpr31" },
	{ EM_PPC64, 64, "lr", "link" },
	{ EM_PPC64, 64, "ctr", "ctr" },
	{ EM_PPC64, 64, "r32", NULL },
	{ EM_PPC, 32, "r1", "gpr1" },
	{ EM_PPC, 32, "lr", "link" },
	{ EM_PPC, 32, "ctr", "ctr" },
	{ EM_PPC, 32, "f1", NULL },
	{ EM_S390, 64, "r0", "r0" },
	{ EM_S390, 64, "r15", "r15" },
	{ EM_S390, 64, "r16", NULL },
	{ EM_S390, 64, "f0", NULL },
	{ EM_RISCV, 64, "a0", "a0" },
	{ EM_RISCV, 64, "a7", "a7" },
	{ EM_RISCV, 64, "s0", "s0" },
	{ EM_RISCV, 64, "s11", "s11" },
	{ EM_RISCV, 64, "t6", "t6" },
	{ EM_RISCV, 64, "t7", NULL },
	{ EM_RISCV, 64, "sp", "sp" },
	{ EM_RISCV, 64, "ra", "ra" },
	{ EM_RISCV, 64, "gp", "gp" },
	{ EM_RISCV, 64, "tp", "tp" },
	{ EM_MIPS, 64, "v0", "r2" },
	{ EM_MIPS, 64, "v1", "r3" },
	{ EM_MIPS, 64, "a0", "r4" },
	{ EM_MIPS, 64, "a7", "r11" },
	{ EM_MIPS, 64, "t0", "r12" },
	{ EM_MIPS, 64, "t3", "r15" },
	{ EM_MIPS, 64, "t4", NULL },
	{ EM_MIPS, 64, "t8", "r24" },
	{ EM_MIPS, 64, "t9", "r25" },
	{ EM_MIPS, 64, "s0", "r16" },
	{ EM_MIPS, 64, "s7", "r23" },
	{ EM_MIPS, 64, "gp", "r28" },
	{ EM_MIPS, 64, "sp", "r29" },
	{ EM_MIPS, 64, "fp", "r30" },
	{ EM_MIPS, 64, "ra", "r31" },
	{ EM_MIPS, 64, "at", "r1" },
	{ EM_MIPS, 32, "t4", "r12" },
	{ EM_MIPS, 32, "t7", "r15" },
	{ EM_MIPS, 32, "a3", "r7" },
	/* o32's t0 is register 8, n32's is 12: the class is the same. */
	{ EM_MIPS, 32, "t0", NULL },
	{ EM_LOONGARCH, 64, "a0", "r4" },
	{ EM_LOONGARCH, 64, "a7", "r11" },
	{ EM_LOONGARCH, 64, "t0", "r12" },
	{ EM_LOONGARCH, 64, "t8", "r20" },
	{ EM_LOONGARCH, 64, "s0", "r23" },
	{ EM_LOONGARCH, 64, "s8", "r31" },
	{ EM_LOONGARCH, 64, "r21", "r21" },
	{ EM_LOONGARCH, 64, "fp", "r22" },
	{ EM_LOONGARCH, 64, "sp", "r3" },
	{ EM_LOONGARCH, 64, "ra", "r1" },
	{ EM_LOONGARCH, 64, "tp", "r2" },
	{ EM_SPARCV9, 64, "o0", NULL },
	{ 0, 64, "rax", NULL },
};

START_TEST(names_registers)
{
	struct strbuf out = { 0 };
	bool known = uprobe_register(cases[_i].machine, cases[_i].elf_class,
	                             text_of(cases[_i].name), &out);
	ck_assert_msg(known == (cases[_i].expected != NULL), "%u %s: known: %d",
	              cases[_i].machine, cases[_i].name, known);
	if (known)
		ck_assert_str_eq(strbuf_text(&out).at, cases[_i].expected);
	strbuf_deinit(&out);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("uprobe");
	tcase_add_loop_test(tcase, names_registers, 0, ARRAY_SIZE(cases));
	return unit_run("uprobe", tcase);
}
